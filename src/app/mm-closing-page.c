#include "mm-closing-page.h"

#include "mm-form-problem.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-window.h"

struct _MmClosingPage
{
  AdwBin parent;

  MmField *password;
  MmField *user_id;
  MmFormProblem *problem;
  GtkButton *close;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmClosingPage, mm_closing_page, ADW_TYPE_BIN)

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmClosingPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  GtkRoot *window = gtk_widget_get_root (GTK_WIDGET (page));

  if (g_cancellable_is_cancelled (page->cancellable))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (page), TRUE);
  mm_form_problem_show (page->problem, error, "password", page->password, NULL);
  if (answer == NULL)
    return;
  g_settings_reset (mm_application_get_settings (page->app), "user-id");
  if (MM_IS_WINDOW (window))
    mm_window_toast (MM_WINDOW (window), _ ("Your account is closed."));
  mm_desk_sign_out (mm_application_get_desk (page->app));
}

static void
close_account (MmClosingPage *page)
{
  MmDesk *desk = mm_application_get_desk (page->app);
  gboolean meant = strcmp (mm_field_get_text (page->user_id), mm_desk_get_user_id (desk)) == 0;

  mm_form_problem_show (page->problem, NULL, "password", page->password, NULL);
  mm_field_set_error (page->user_id, meant ? NULL : _ ("This is not your user ID."));
  if (!meant)
    {
      gtk_widget_grab_focus (GTK_WIDGET (page->user_id));
      return;
    }
  gtk_widget_set_sensitive (GTK_WIDGET (page), FALSE);
  mm_api_send_async (mm_desk_get_api (desk), "DELETE", "/api/v1/account",
                     mm_json_new_texts ("password", mm_field_get_text (page->password), NULL),
                     page->cancellable, on_closed, g_object_ref (page));
}

static void
mm_closing_page_dispose (GObject *object)
{
  g_cancellable_cancel (MM_CLOSING_PAGE (object)->cancellable);
  G_OBJECT_CLASS (mm_closing_page_parent_class)->dispose (object);
}

static void
mm_closing_page_finalize (GObject *object)
{
  g_object_unref (MM_CLOSING_PAGE (object)->cancellable);
  G_OBJECT_CLASS (mm_closing_page_parent_class)->finalize (object);
}

static void
mm_closing_page_class_init (MmClosingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_FIELD);
  g_type_ensure (MM_TYPE_FORM_PROBLEM);
  G_OBJECT_CLASS (klass)->dispose = mm_closing_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_closing_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-closing-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmClosingPage, password);
  gtk_widget_class_bind_template_child (widget_class, MmClosingPage, user_id);
  gtk_widget_class_bind_template_child (widget_class, MmClosingPage, problem);
  gtk_widget_class_bind_template_child (widget_class, MmClosingPage, close);
}

static void
mm_closing_page_init (MmClosingPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (page->close, "clicked", G_CALLBACK (close_account), page);
}

GtkWidget *
mm_closing_page_new (MmApplication *app)
{
  MmClosingPage *page = g_object_new (MM_TYPE_CLOSING_PAGE, NULL);

  page->app = app;
  return GTK_WIDGET (page);
}

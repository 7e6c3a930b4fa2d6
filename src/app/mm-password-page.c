#include "mm-password-page.h"

#include "mm-account.h"
#include "mm-form-problem.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-password-checks.h"

struct _MmPasswordPage
{
  AdwBin parent;

  MmField *old_password;
  MmField *password;
  MmPasswordChecks *checks;
  MmField *password_again;
  MmFormProblem *problem;
  GtkButton *change;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmPasswordPage, mm_password_page, ADW_TYPE_BIN)

static void
show (MmPasswordPage *page, const GError *error)
{
  mm_form_problem_show (page->problem, error, "old_password", page->old_password, "password",
                        page->password, "password_again", page->password_again, NULL);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmPasswordPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (g_cancellable_is_cancelled (page->cancellable))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (page), TRUE);
  show (page, error);
  if (answer == NULL)
    return;
  gtk_widget_activate_action (GTK_WIDGET (page), "account.say", "s",
                              _ ("Your password was changed. Everywhere else you are signed out."));
  gtk_widget_activate_action (GTK_WIDGET (page), "account.show", "s", "view");
}

static void
change (MmPasswordPage *page)
{
  show (page, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (page), FALSE);
  mm_api_send_async (mm_desk_get_api (mm_application_get_desk (page->app)), "POST",
                     "/api/v1/account/password",
                     mm_json_new_texts ("old_password", mm_field_get_text (page->old_password),
                                        "password", mm_field_get_text (page->password),
                                        "password_again", mm_field_get_text (page->password_again),
                                        NULL),
                     page->cancellable, on_changed, g_object_ref (page));
}

static void
on_typed (MmPasswordPage *page)
{
  mm_field_set_error (page->password, NULL);
  mm_password_checks_update (page->checks, mm_field_get_text (page->password));
}

/* As soon as the field is left, one sees whether both are the same. */
static void
on_again_left (MmPasswordPage *page)
{
  const char *again = mm_field_get_text (page->password_again);

  mm_field_set_error (page->password_again,
                      *again != '\0' && strcmp (again, mm_field_get_text (page->password)) != 0
                          ? _ ("The two passwords are not the same.")
                          : NULL);
}

static void
on_server (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmPasswordPage) page = user_data;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, NULL);
  gint64 max = mm_json_integer (mm_json_root (answer), "password_max");

  if (g_cancellable_is_cancelled (page->cancellable) || max < MM_PASSWORD_MAX || max > 1024)
    return;
  mm_password_checks_set_max (page->checks, (guint) max);
  on_typed (page);
}

static void
mm_password_page_dispose (GObject *object)
{
  g_cancellable_cancel (MM_PASSWORD_PAGE (object)->cancellable);
  G_OBJECT_CLASS (mm_password_page_parent_class)->dispose (object);
}

static void
mm_password_page_finalize (GObject *object)
{
  g_object_unref (MM_PASSWORD_PAGE (object)->cancellable);
  G_OBJECT_CLASS (mm_password_page_parent_class)->finalize (object);
}

static void
mm_password_page_class_init (MmPasswordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_FIELD);
  g_type_ensure (MM_TYPE_PASSWORD_CHECKS);
  g_type_ensure (MM_TYPE_FORM_PROBLEM);
  G_OBJECT_CLASS (klass)->dispose = mm_password_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_password_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-password-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmPasswordPage, old_password);
  gtk_widget_class_bind_template_child (widget_class, MmPasswordPage, password);
  gtk_widget_class_bind_template_child (widget_class, MmPasswordPage, checks);
  gtk_widget_class_bind_template_child (widget_class, MmPasswordPage, password_again);
  gtk_widget_class_bind_template_child (widget_class, MmPasswordPage, problem);
  gtk_widget_class_bind_template_child (widget_class, MmPasswordPage, change);
}

static void
mm_password_page_init (MmPasswordPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (page->password, "changed", G_CALLBACK (on_typed), page);
  g_signal_connect_swapped (page->password_again, "left", G_CALLBACK (on_again_left), page);
  g_signal_connect_swapped (page->password_again, "activated", G_CALLBACK (change), page);
  g_signal_connect_swapped (page->change, "clicked", G_CALLBACK (change), page);
}

GtkWidget *
mm_password_page_new (MmApplication *app)
{
  MmPasswordPage *page = g_object_new (MM_TYPE_PASSWORD_PAGE, NULL);

  page->app = app;
  mm_api_send_async (mm_desk_get_api (mm_application_get_desk (app)), "GET", "/api/v1/server", NULL,
                     page->cancellable, on_server, g_object_ref (page));
  return GTK_WIDGET (page);
}

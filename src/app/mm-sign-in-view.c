#include "mm-sign-in-view.h"

#include "mm-gettext.h"

struct _MmSignInView
{
  MmPane parent;

  AdwEntryRow *server;
  AdwEntryRow *user_id;
  AdwPasswordEntryRow *password;
  GtkLabel *problem;
  GtkButton *sign_in;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmSignInView, mm_sign_in_view, MM_TYPE_PANE)

static void
show_problem (MmSignInView *view, const char *text)
{
  gtk_label_set_label (view->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (view->problem), text != NULL);
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSignInView) view = user_data;
  g_autoptr (GError) error = NULL;

  if (!mm_desk_sign_in_finish (MM_DESK (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_problem (view, error->message);
  gtk_widget_set_sensitive (GTK_WIDGET (view->sign_in), TRUE);
}

static void
sign_in (MmSignInView *view)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url
      = mm_api_normalise_url (gtk_editable_get_text (GTK_EDITABLE (view->server)), &error);
  g_autoptr (MmApi) api = NULL;
  MmDesk *desk = mm_application_get_desk (view->app);

  show_problem (view, NULL);
  if (url == NULL)
    {
      show_problem (view, error->message);
      return;
    }
  g_settings_set_string (mm_application_get_settings (view->app), "server-url", url);
  api = mm_application_new_api (view->app, url);
  gtk_widget_set_sensitive (GTK_WIDGET (view->sign_in), FALSE);
  mm_desk_sign_in_async (desk, api, gtk_editable_get_text (GTK_EDITABLE (view->user_id)),
                         gtk_editable_get_text (GTK_EDITABLE (view->password)), NULL,
                         view->cancellable, on_signed_in, g_object_ref (view));
}

static void
mm_sign_in_view_dispose (GObject *object)
{
  MmSignInView *view = MM_SIGN_IN_VIEW (object);

  g_cancellable_cancel (view->cancellable);
  g_clear_object (&view->cancellable);
  G_OBJECT_CLASS (mm_sign_in_view_parent_class)->dispose (object);
}

static void
mm_sign_in_view_class_init (MmSignInViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_sign_in_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-sign-in-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, server);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, user_id);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, password);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, problem);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, sign_in);
}

static void
mm_sign_in_view_init (MmSignInView *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (view->sign_in, "clicked", G_CALLBACK (sign_in), view);
  g_signal_connect_swapped (view->password, "entry-activated", G_CALLBACK (sign_in), view);
}

GtkWidget *
mm_sign_in_view_new (MmApplication *app)
{
  MmSignInView *view = g_object_new (MM_TYPE_SIGN_IN_VIEW, NULL);
  g_autofree char *server = g_settings_get_string (mm_application_get_settings (app), "server-url");

  view->app = app;
  gtk_editable_set_text (GTK_EDITABLE (view->server), server);
  gtk_editable_set_text (GTK_EDITABLE (view->user_id),
                         mm_desk_get_user_id (mm_application_get_desk (app)));
  return GTK_WIDGET (view);
}

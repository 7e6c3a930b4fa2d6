#include "mm-forgotten-view.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-server-field.h"
#include "mm-trust-dialog.h"

struct _MmForgottenView
{
  MmPane parent;

  MmServerField *server;
  MmField *user_id;
  GtkButton *send;

  MmApplication *app; /* outlives its windows */
  MmApi *api;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmForgottenView, mm_forgotten_view, MM_TYPE_PANE)

static void ask_server (MmForgottenView *view);

static void
on_trust (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmForgottenView) view = user_data;

  if (mm_trust_dialog_ask_finish (result, NULL))
    ask_server (view);
  else if (!g_cancellable_is_cancelled (view->cancellable))
    mm_pane_show_content (MM_PANE (view));
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmForgottenView) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (g_cancellable_is_cancelled (view->cancellable))
    return;
  if (g_error_matches (error, MM_REACH_ERROR, MM_REACH_ERROR_CERTIFICATE))
    {
      mm_trust_dialog_ask_async (GTK_WIDGET (view), view->app, view->api, view->cancellable,
                                 on_trust, g_object_ref (view));
      return;
    }
  if (answer == NULL)
    {
      mm_pane_show_content (MM_PANE (view));
      mm_field_set_error (view->user_id, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (view->user_id));
      return;
    }
  mm_pane_show_message (MM_PANE (view), "mail-send-symbolic", _ ("Please look at your mail"),
                        _ ("If there is such an account, a mail with a link for a new password is "
                           "on its way to its address. The link is valid for one hour."),
                        _ ("Sign in"), "win.show-view::sign-in");
}

static void
ask_server (MmForgottenView *view)
{
  JsonObject *body = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (body, "user_id", mm_field_get_text (view->user_id));
  json_node_take_object (node, body);
  mm_pane_show_waiting (MM_PANE (view));
  mm_api_send_async (view->api, "POST", "/api/v1/password-resets", node, view->cancellable,
                     on_answer, g_object_ref (view));
}

static void
send (MmForgottenView *view)
{
  g_autofree char *url = NULL;
  gboolean filled = *mm_field_get_text (view->user_id) != '\0';

  mm_field_set_error (view->user_id, filled ? NULL : _ ("Please fill in this field."));
  if (!filled)
    gtk_widget_grab_focus (GTK_WIDGET (view->user_id));
  url = mm_server_field_take_url (view->server);
  if (!filled || url == NULL)
    return;
  g_clear_object (&view->api);
  view->api = mm_application_new_api (view->app, url);
  ask_server (view);
}

static void
mm_forgotten_view_dispose (GObject *object)
{
  g_cancellable_cancel (MM_FORGOTTEN_VIEW (object)->cancellable);
  G_OBJECT_CLASS (mm_forgotten_view_parent_class)->dispose (object);
}

static void
mm_forgotten_view_finalize (GObject *object)
{
  MmForgottenView *view = MM_FORGOTTEN_VIEW (object);

  g_clear_object (&view->api);
  g_clear_object (&view->cancellable);
  G_OBJECT_CLASS (mm_forgotten_view_parent_class)->finalize (object);
}

static void
mm_forgotten_view_class_init (MmForgottenViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_FIELD);
  g_type_ensure (MM_TYPE_SERVER_FIELD);
  G_OBJECT_CLASS (klass)->dispose = mm_forgotten_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_forgotten_view_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-forgotten-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MmForgottenView, server);
  gtk_widget_class_bind_template_child (widget_class, MmForgottenView, user_id);
  gtk_widget_class_bind_template_child (widget_class, MmForgottenView, send);
}

static void
mm_forgotten_view_init (MmForgottenView *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (view->send, "clicked", G_CALLBACK (send), view);
  g_signal_connect_swapped (view->user_id, "activated", G_CALLBACK (send), view);
  g_signal_connect_swapped (view->server, "activated", G_CALLBACK (send), view);
}

GtkWidget *
mm_forgotten_view_new (MmApplication *app)
{
  MmForgottenView *view = g_object_new (MM_TYPE_FORGOTTEN_VIEW, NULL);
  GSettings *settings = mm_application_get_settings (app);
  g_autofree char *url = g_settings_get_string (settings, "server-url");
  g_autofree char *user_id = g_settings_get_string (settings, "user-id");

  view->app = app;
  mm_server_field_set_url (view->server, url);
  mm_field_set_text (view->user_id, user_id);
  return GTK_WIDGET (view);
}

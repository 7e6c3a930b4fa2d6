#define G_LOG_DOMAIN "mm-app"

#include "mm-notifier.h"

#include "mm-alert-news.h"
#include "mm-gettext.h"

struct _MmNotifier
{
  GObject parent;

  GApplication *app; /* owns this */
  MmDesk *desk;
  GSettings *settings;
  MmAlertNews *news;
  MmAlertList *alerts; /* the desk's; NULL when signed out */
  MmLiveFeed *feed;
  gboolean knows; /* what was open before */
  char *awaited;  /* alert to acknowledge after signing in */
};

G_DEFINE_FINAL_TYPE (MmNotifier, mm_notifier, G_TYPE_OBJECT)

static void
on_show (MmNotifier *notifier, MmAlertNotice *notice)
{
  g_autoptr (GNotification) notification = NULL;

  if (!g_settings_get_boolean (notifier->settings, "notifications"))
    return;
  notification = g_notification_new (notice->title);
  g_notification_set_body (notification, notice->body);
  g_notification_set_priority (notification, notice->is_urgent ? G_NOTIFICATION_PRIORITY_URGENT
                                                               : G_NOTIFICATION_PRIORITY_NORMAL);
  if (notice->gateway != NULL)
    g_notification_set_default_action_and_target (notification, "app.open-gateway", "s",
                                                  notice->gateway);
  else
    g_notification_set_default_action_and_target (notification, "app.show-page", "s", "alerts");
  if (notice->alert != NULL)
    g_notification_add_button_with_target (notification, _ ("Acknowledge"), "app.acknowledge", "s",
                                           notice->alert);
  g_application_send_notification (notifier->app, notice->id, notification);
}

static void
on_withdraw (MmNotifier *notifier, const char *id)
{
  g_application_withdraw_notification (notifier->app, id);
}

/* The first whole list is what was open before. */
static void
on_list (MmNotifier *notifier)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (notifier->alerts));

  if (notifier->knows || !mm_alert_list_is_loaded (notifier->alerts))
    return;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MmAlertItem) item = g_list_model_get_item (G_LIST_MODEL (notifier->alerts), i);

      mm_alert_news_know (notifier->news, mm_alert_item_get_alert (item));
    }
  notifier->knows = TRUE;
}

static void
on_alert (MmNotifier *notifier, JsonObject *alert)
{
  mm_alert_news_take (notifier->news, alert);
}

/* What came before the list waits for it. */
static void
on_batch (MmNotifier *notifier)
{
  if (notifier->knows)
    mm_alert_news_settle (notifier->news, g_get_monotonic_time ());
}

static void
unfollow (MmNotifier *notifier)
{
  if (notifier->alerts != NULL)
    g_signal_handlers_disconnect_by_data (notifier->alerts, notifier);
  if (notifier->feed != NULL)
    g_signal_handlers_disconnect_by_data (notifier->feed, notifier);
  g_clear_object (&notifier->alerts);
  g_clear_object (&notifier->feed);
  mm_alert_news_clear (notifier->news);
  notifier->knows = FALSE;
}

static void
on_desk_state (MmNotifier *notifier)
{
  g_autofree char *awaited = NULL;

  unfollow (notifier);
  if (mm_desk_get_state (notifier->desk) != MM_DESK_SIGNED_IN)
    return;
  notifier->alerts = g_object_ref (mm_desk_get_alerts (notifier->desk));
  notifier->feed = g_object_ref (mm_desk_get_feed (notifier->desk));
  g_signal_connect_swapped (notifier->alerts, "changed", G_CALLBACK (on_list), notifier);
  g_signal_connect_swapped (notifier->feed, "alert", G_CALLBACK (on_alert), notifier);
  g_signal_connect_swapped (notifier->feed, "batch", G_CALLBACK (on_batch), notifier);
  on_list (notifier);
  awaited = g_steal_pointer (&notifier->awaited);
  if (awaited != NULL)
    mm_notifier_acknowledge (notifier, awaited);
}

static void
on_acknowledged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  /* It is still open then, and the page says so. */
  if (answer == NULL)
    g_debug ("An alert was not acknowledged: %s", error->message);
}

void
mm_notifier_acknowledge (MmNotifier *notifier, const char *alert)
{
  g_autofree char *id = g_uri_escape_string (alert, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/api/v1/alerts/%s/acknowledge", id);
  JsonNode *body;

  if (mm_desk_get_state (notifier->desk) != MM_DESK_SIGNED_IN)
    {
      g_free (notifier->awaited);
      notifier->awaited = g_strdup (alert);
      return;
    }
  body = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (body, json_object_new ());
  mm_api_send_async (mm_desk_get_api (notifier->desk), "POST", path, body, NULL, on_acknowledged,
                     NULL);
}

static void
mm_notifier_dispose (GObject *object)
{
  MmNotifier *notifier = MM_NOTIFIER (object);

  if (notifier->desk != NULL)
    {
      g_signal_handlers_disconnect_by_data (notifier->desk, notifier);
      unfollow (notifier);
    }
  g_clear_object (&notifier->desk);
  g_clear_object (&notifier->settings);
  g_clear_object (&notifier->news);
  G_OBJECT_CLASS (mm_notifier_parent_class)->dispose (object);
}

static void
mm_notifier_finalize (GObject *object)
{
  g_free (MM_NOTIFIER (object)->awaited);
  G_OBJECT_CLASS (mm_notifier_parent_class)->finalize (object);
}

static void
mm_notifier_class_init (MmNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mm_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_notifier_finalize;
}

static void
mm_notifier_init (MmNotifier *notifier)
{
  notifier->news = mm_alert_news_new ();
  g_signal_connect_swapped (notifier->news, "show", G_CALLBACK (on_show), notifier);
  g_signal_connect_swapped (notifier->news, "withdraw", G_CALLBACK (on_withdraw), notifier);
}

MmNotifier *
mm_notifier_new (GApplication *app, MmDesk *desk, GSettings *settings)
{
  MmNotifier *notifier = g_object_new (MM_TYPE_NOTIFIER, NULL);

  notifier->app = app;
  notifier->desk = g_object_ref (desk);
  notifier->settings = g_object_ref (settings);
  g_signal_connect_swapped (desk, "notify::state", G_CALLBACK (on_desk_state), notifier);
  on_desk_state (notifier);
  return notifier;
}

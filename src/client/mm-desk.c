#define G_LOG_DOMAIN "mm-desk"

#include "mm-desk.h"

#include "mm-fleet-keep.h"
#include "mm-gettext.h"
#include "mm-json.h"

#include <string.h>

struct _MmDesk
{
  GObject parent;

  char *language;
  MmDeskState state;
  MmApi *api;
  gulong refused;
  char *user_id;
  char *session;
  MmLiveFeed *feed;    /* NULL unless signed in */
  MmAlertList *alerts; /* the same */
  MmFleetTable *fleet;
  MmFleetSync *sync;
  MmFleetKeep *keep;
};

G_DEFINE_FINAL_TYPE (MmDesk, mm_desk, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
  N_PROPS
};

enum
{
  EXPIRED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

GType
mm_desk_state_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { MM_DESK_SIGNED_OUT, "MM_DESK_SIGNED_OUT", "signed-out" },
    { MM_DESK_SIGNING_IN, "MM_DESK_SIGNING_IN", "signing-in" },
    { MM_DESK_SIGNED_IN, "MM_DESK_SIGNED_IN", "signed-in" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("MmDeskState", values));
  return type;
}

/* Ends what follows the server. @forget: and leaves none of it on this computer */
static void
stop_following (MmDesk *desk, gboolean forget)
{
  if (desk->feed == NULL)
    return;
  mm_fleet_keep_stop (desk->keep, forget);
  mm_fleet_sync_stop (desk->sync);
  mm_live_feed_stop (desk->feed);
  g_clear_object (&desk->keep);
  g_clear_object (&desk->sync);
  g_clear_object (&desk->fleet);
  g_clear_object (&desk->alerts);
  g_clear_object (&desk->feed);
}

static void
start_following (MmDesk *desk)
{
  desk->feed = mm_live_feed_new (desk->api);
  desk->fleet = mm_fleet_table_new ();
  desk->keep = mm_fleet_keep_new (desk->fleet, mm_api_get_url (desk->api), desk->user_id);
  desk->sync = mm_fleet_sync_new (desk->fleet, desk->api, desk->feed);
  desk->alerts = mm_alert_list_new (desk->api, desk->feed, MM_ALERT_LIST_OPEN);
  mm_live_feed_start (desk->feed);
}

static void
set_state (MmDesk *desk, MmDeskState state)
{
  if (desk->state == state)
    return;
  desk->state = state;
  if (state == MM_DESK_SIGNED_IN)
    start_following (desk);
  else
    stop_following (desk, TRUE);
  g_object_notify_by_pspec (G_OBJECT (desk), props[PROP_STATE]);
}

static void
on_session_refused (MmApi *api, gpointer user_data)
{
  MmDesk *desk = user_data;

  if (desk->state != MM_DESK_SIGNED_IN)
    return;
  g_clear_pointer (&desk->session, g_free);
  set_state (desk, MM_DESK_SIGNED_OUT);
  g_signal_emit (desk, signals[EXPIRED], 0);
}

static void
use_api (MmDesk *desk, MmApi *api)
{
  if (desk->api == api)
    return;
  if (desk->api != NULL)
    g_clear_signal_handler (&desk->refused, desk->api);
  g_set_object (&desk->api, api);
  if (api != NULL)
    desk->refused
        = g_signal_connect (api, "session-refused", G_CALLBACK (on_session_refused), desk);
}

static void
begin_session (MmDesk *desk, MmApi *api, const char *user_id, const char *session)
{
  g_autofree char *kept_id = g_strdup (user_id);
  g_autofree char *kept = g_strdup (session);

  use_api (desk, api);
  mm_api_set_session (api, kept);
  g_free (desk->user_id);
  desk->user_id = g_steal_pointer (&kept_id);
  g_free (desk->session);
  desk->session = g_steal_pointer (&kept);
  set_state (desk, MM_DESK_SIGNED_IN);
}

static void
on_current_session (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MmApi *api = MM_API (source);
  g_autoptr (JsonNode) answer = mm_api_send_finish (api, result, NULL);
  JsonArray *sessions = mm_json_array (mm_json_root (answer), "sessions");

  for (guint i = 0; i < mm_json_length (sessions); i++)
    {
      JsonObject *session = mm_json_element (sessions, i);
      g_autofree char *path = g_strconcat ("/api/v1/sessions/", mm_json_text (session, "id"), NULL);

      if (mm_json_truth (session, "current"))
        mm_api_send_async (api, "DELETE", path, NULL, NULL, NULL, NULL);
    }
}

/* Ends @session at the server of @api, if it can be told. On an API object of its own, so that
 * nothing else can be asked with it. */
static void
end_session (MmApi *api, const char *session)
{
  g_autoptr (MmApi) parting = mm_api_new_like (api);

  mm_api_set_session (parting, session);
  mm_api_send_async (parting, "GET", "/api/v1/sessions", NULL, NULL, on_current_session, NULL);
}

/* Signing in */

typedef struct
{
  MmApi *api;
  char *user_id;
} SignIn;

static void
sign_in_free (SignIn *sign_in)
{
  g_object_unref (sign_in->api);
  g_free (sign_in->user_id);
  g_free (sign_in);
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MmDesk *desk = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (sign_in->api, result, &error);
  JsonObject *session = mm_json_root (answer);

  if (answer != NULL && !mm_api_is_session (mm_json_text (session, "session")))
    error = mm_api_new_strange_error ();
  else if (answer != NULL && strcmp (mm_json_text (session, "kind"), "customer") == 0)
    {
      end_session (sign_in->api, mm_json_text (session, "session"));
      error = mm_error_new (MM_ERROR_FORBIDDEN, "customer",
                            _ ("This is a customer's account. Customers use the pages of the "
                               "server in a web browser."));
    }
  if (error != NULL)
    {
      set_state (desk, MM_DESK_SIGNED_OUT);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  begin_session (desk, sign_in->api, sign_in->user_id, mm_json_text (session, "session"));
  g_task_return_boolean (task, TRUE);
}

void
mm_desk_sign_in_async (MmDesk *desk,
                       MmApi *api,
                       const char *user_id,
                       const char *password,
                       const char *code,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (desk, cancellable, callback, user_data);
  SignIn *sign_in = g_new0 (SignIn, 1);
  JsonObject *body = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  sign_in->api = g_object_ref (api);
  sign_in->user_id = g_strdup (user_id);
  g_task_set_source_tag (task, mm_desk_sign_in_async);
  g_task_set_task_data (task, sign_in, (GDestroyNotify) sign_in_free);
  json_object_set_string_member (body, "user_id", user_id);
  json_object_set_string_member (body, "password", password);
  if (code != NULL)
    json_object_set_string_member (body, "code", code);
  json_node_take_object (node, body);
  set_state (desk, MM_DESK_SIGNING_IN);
  mm_api_set_session (api, NULL);
  mm_api_send_async (api, "POST", "/api/v1/sessions", node, cancellable, on_signed_in, task);
}

gboolean
mm_desk_sign_in_finish (MmDesk *desk, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
mm_desk_resume (MmDesk *desk, MmApi *api, const char *user_id, const char *session)
{
  begin_session (desk, api, user_id, session);
}

/* Signing out */

void
mm_desk_sign_out (MmDesk *desk)
{
  if (desk->state != MM_DESK_SIGNED_IN)
    return;
  end_session (desk->api, desk->session);
  mm_api_set_session (desk->api, NULL);
  g_clear_pointer (&desk->session, g_free);
  set_state (desk, MM_DESK_SIGNED_OUT);
}

/* The object */

MmDeskState
mm_desk_get_state (MmDesk *desk)
{
  return desk->state;
}

const char *
mm_desk_get_language (MmDesk *desk)
{
  return desk->language;
}

MmApi *
mm_desk_get_api (MmDesk *desk)
{
  return desk->api;
}

MmLiveFeed *
mm_desk_get_feed (MmDesk *desk)
{
  return desk->feed;
}

MmAlertList *
mm_desk_get_alerts (MmDesk *desk)
{
  return desk->alerts;
}

void
mm_desk_retry (MmDesk *desk)
{
  if (desk->feed == NULL)
    return;
  if (mm_live_feed_get_state (desk->feed) == MM_LIVE_LIVE)
    mm_fleet_sync_reload (desk->sync);
  else
    mm_live_feed_retry (desk->feed);
}

MmFleetTable *
mm_desk_get_fleet (MmDesk *desk)
{
  return desk->fleet;
}

const char *
mm_desk_get_user_id (MmDesk *desk)
{
  return desk->user_id != NULL ? desk->user_id : "";
}

const char *
mm_desk_get_session (MmDesk *desk)
{
  return desk->session;
}

static void
mm_desk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_enum (value, MM_DESK (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mm_desk_finalize (GObject *object)
{
  MmDesk *desk = MM_DESK (object);

  stop_following (desk, FALSE);
  use_api (desk, NULL);
  g_free (desk->language);
  g_free (desk->user_id);
  g_free (desk->session);
  G_OBJECT_CLASS (mm_desk_parent_class)->finalize (object);
}

static void
mm_desk_class_init (MmDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = mm_desk_finalize;
  object_class->get_property = mm_desk_get_property;
  props[PROP_STATE]
      = g_param_spec_enum ("state", NULL, NULL, MM_TYPE_DESK_STATE, MM_DESK_SIGNED_OUT,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[EXPIRED] = g_signal_new ("expired", MM_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
mm_desk_init (MmDesk *desk)
{
}

MmDesk *
mm_desk_new (const char *language)
{
  MmDesk *desk = g_object_new (MM_TYPE_DESK, NULL);

  desk->language = g_strdup (language);
  return desk;
}

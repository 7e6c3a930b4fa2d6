#define G_LOG_DOMAIN "mm-live"

#include "mm-live-feed.h"

#include "mm-event-stream.h"
#include "mm-json.h"

#include <string.h>

#define CHUNK (32 * 1024)
#define SILENCE 40                           /* seconds; the server's heartbeat comes every 15 */
#define FIRST_DELAY 1000                     /* ms until the second try */
#define LAST_DELAY 30000                     /* ms between tries, however many there were */
#define GOOD_AFTER (10 * G_TIME_SPAN_SECOND) /* of being live: the next break is a first one */

struct _MmLiveFeed
{
  GObject parent;

  MmApi *api;
  gboolean started;
  MmLiveState state;
  GError *error;
  char *cursor; /* where to go on; NULL: from now on */
  gint64 heard;
  gint64 opened; /* monotonic */
  guint failures;

  GCancellable *cancellable; /* of this connection */
  GInputStream *stream;
  MmEventStream *events;
  guint silence;
  guint retry;
  GNetworkMonitor *network;
};

G_DEFINE_FINAL_TYPE (MmLiveFeed, mm_live_feed, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
  N_PROPS
};

enum
{
  GATEWAY,
  ALERT,
  REMOVED,
  BATCH,
  RESET,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static void connect_feed (MmLiveFeed *feed);
static void read_more (MmLiveFeed *feed);

GType
mm_live_state_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { MM_LIVE_CONNECTING, "MM_LIVE_CONNECTING", "connecting" },
    { MM_LIVE_LIVE, "MM_LIVE_LIVE", "live" },
    { MM_LIVE_WAITING, "MM_LIVE_WAITING", "waiting" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("MmLiveState", values));
  return type;
}

static void
set_state (MmLiveFeed *feed, MmLiveState state)
{
  if (feed->state == state)
    return;
  feed->state = state;
  g_object_notify_by_pspec (G_OBJECT (feed), props[PROP_STATE]);
}

/* Connections */

static void
disconnect_feed (MmLiveFeed *feed)
{
  g_clear_handle_id (&feed->silence, g_source_remove);
  g_clear_handle_id (&feed->retry, g_source_remove);
  if (feed->cancellable != NULL)
    g_cancellable_cancel (feed->cancellable);
  g_clear_object (&feed->cancellable);
  g_clear_object (&feed->stream);
  g_clear_pointer (&feed->events, mm_event_stream_free);
}

static gboolean
on_retry (gpointer user_data)
{
  MmLiveFeed *feed = user_data;

  feed->retry = 0;
  connect_feed (feed);
  return G_SOURCE_REMOVE;
}

/* Gives the connection up and waits: twice as long each time, by chance up to half of that less, so
 * that a thousand desks do not come back in the same second. Takes @error, which may be NULL. */
static void
give_up (MmLiveFeed *feed, GError *error)
{
  gboolean was_live = feed->state == MM_LIVE_LIVE;
  guint delay;

  disconnect_feed (feed);
  g_clear_error (&feed->error);
  feed->error = error;
  if (was_live && g_get_monotonic_time () - feed->opened > GOOD_AFTER)
    feed->failures = 0;
  delay = (guint) MIN (FIRST_DELAY << MIN (feed->failures, 10), LAST_DELAY);
  feed->failures++;
  delay = delay / 2 + (guint) g_random_int_range (0, (gint32) delay / 2 + 1);
  g_debug ("not connected, next try in %u ms: %s", delay,
           error != NULL ? error->message : "the stream ended");
  feed->retry = g_timeout_add (delay, on_retry, feed);
  if (was_live)
    g_signal_emit (feed, signals[BATCH], 0);
  if (feed->started)
    set_state (feed, MM_LIVE_WAITING);
}

static gboolean
on_silence (gpointer user_data)
{
  MmLiveFeed *feed = user_data;

  feed->silence = 0;
  give_up (feed, NULL);
  return G_SOURCE_REMOVE;
}

static void
note_heard (MmLiveFeed *feed)
{
  feed->heard = g_get_real_time ();
  g_clear_handle_id (&feed->silence, g_source_remove);
  feed->silence = g_timeout_add_seconds (SILENCE, on_silence, feed);
}

/* Events */

static void
take_event (MmLiveFeed *feed, const MmEvent *event)
{
  g_autoptr (JsonNode) data = mm_json_parse (event->data, event->length);
  JsonObject *object = mm_json_root (data);

  if (object == NULL)
    {
      g_warning ("an event of the live feed was not understood");
      return;
    }
  if (strcmp (event->name, "gateway") == 0)
    g_signal_emit (feed, signals[GATEWAY], 0, object);
  else if (strcmp (event->name, "alert") == 0)
    g_signal_emit (feed, signals[ALERT], 0, object);
  else if (strcmp (event->name, "removed") == 0)
    g_signal_emit (feed, signals[REMOVED], 0, mm_json_text (object, "id"));
  else if (strcmp (event->name, "reset") == 0)
    g_signal_emit (feed, signals[RESET], 0);
  else if (strcmp (event->name, "cursor") == 0)
    g_signal_emit (feed, signals[BATCH], 0);
  else if (strcmp (event->name, "hello") == 0)
    {
      g_clear_error (&feed->error);
      set_state (feed, MM_LIVE_LIVE);
    }
}

static void
take_events (MmLiveFeed *feed)
{
  g_autoptr (GCancellable) connection = g_object_ref (feed->cancellable);
  MmEvent event;

  /* What is told may stop the feed. */
  while (!g_cancellable_is_cancelled (connection) && mm_event_stream_next (feed->events, &event))
    {
      const char *id = mm_event_stream_id (feed->events);

      if (id != NULL && g_strcmp0 (id, feed->cursor) != 0)
        {
          g_free (feed->cursor);
          feed->cursor = g_strdup (id);
        }
      take_event (feed, &event);
    }
  if (!g_cancellable_is_cancelled (connection))
    read_more (feed);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmLiveFeed) feed = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes
      = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (feed->stream != G_INPUT_STREAM (source))
    return;
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      give_up (feed, g_steal_pointer (&error));
      return;
    }
  note_heard (feed);
  mm_event_stream_feed (feed->events, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  take_events (feed);
}

static void
read_more (MmLiveFeed *feed)
{
  g_input_stream_read_bytes_async (feed->stream, CHUNK, G_PRIORITY_DEFAULT, feed->cancellable,
                                   on_read, g_object_ref (feed));
}

/* Which connection an answer belongs to. */
typedef struct
{
  MmLiveFeed *feed;
  GCancellable *cancellable;
} Opening;

static void
opening_free (Opening *opening)
{
  g_object_unref (opening->feed);
  g_object_unref (opening->cancellable);
  g_free (opening);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  MmLiveFeed *feed = opening->feed;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = mm_api_open_finish (MM_API (source), result, &error);

  if (feed->cancellable != opening->cancellable)
    return;
  if (stream == NULL)
    {
      give_up (feed, g_steal_pointer (&error));
      return;
    }
  feed->stream = g_steal_pointer (&stream);
  feed->events = mm_event_stream_new ();
  feed->opened = g_get_monotonic_time ();
  note_heard (feed);
  read_more (feed);
}

static void
connect_feed (MmLiveFeed *feed)
{
  g_autofree char *cursor
      = feed->cursor != NULL ? g_uri_escape_string (feed->cursor, NULL, FALSE) : NULL;
  g_autofree char *path = cursor != NULL ? g_strconcat ("/api/v1/live?cursor=", cursor, NULL)
                                         : g_strdup ("/api/v1/live");
  Opening *opening;

  disconnect_feed (feed);
  set_state (feed, MM_LIVE_CONNECTING);
  feed->cancellable = g_cancellable_new ();
  feed->silence = g_timeout_add_seconds (SILENCE, on_silence, feed);
  opening = g_new0 (Opening, 1);
  opening->feed = g_object_ref (feed);
  opening->cancellable = g_object_ref (feed->cancellable);
  mm_api_open_async (feed->api, path, feed->cancellable, on_opened, opening);
}

void
mm_live_feed_retry (MmLiveFeed *feed)
{
  if (feed->started && feed->state == MM_LIVE_WAITING)
    connect_feed (feed);
}

static void
on_network_changed (MmLiveFeed *feed, gboolean available)
{
  if (available)
    mm_live_feed_retry (feed);
}

void
mm_live_feed_start (MmLiveFeed *feed)
{
  if (feed->started)
    return;
  feed->started = TRUE;
  g_signal_connect_object (feed->network, "network-changed", G_CALLBACK (on_network_changed), feed,
                           G_CONNECT_SWAPPED);
  connect_feed (feed);
}

void
mm_live_feed_stop (MmLiveFeed *feed)
{
  feed->started = FALSE;
  disconnect_feed (feed);
}

/* The object */

MmLiveState
mm_live_feed_get_state (MmLiveFeed *feed)
{
  return feed->state;
}

gint64
mm_live_feed_get_heard (MmLiveFeed *feed)
{
  return feed->heard;
}

const GError *
mm_live_feed_get_error (MmLiveFeed *feed)
{
  return feed->error;
}

static void
mm_live_feed_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_enum (value, MM_LIVE_FEED (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mm_live_feed_dispose (GObject *object)
{
  mm_live_feed_stop (MM_LIVE_FEED (object));
  G_OBJECT_CLASS (mm_live_feed_parent_class)->dispose (object);
}

static void
mm_live_feed_finalize (GObject *object)
{
  MmLiveFeed *feed = MM_LIVE_FEED (object);

  g_clear_object (&feed->api);
  g_clear_error (&feed->error);
  g_free (feed->cursor);
  G_OBJECT_CLASS (mm_live_feed_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, GType argument)
{
  return argument == G_TYPE_NONE ? g_signal_new (name, MM_TYPE_LIVE_FEED, G_SIGNAL_RUN_LAST, 0,
                                                 NULL, NULL, NULL, G_TYPE_NONE, 0)
                                 : g_signal_new (name, MM_TYPE_LIVE_FEED, G_SIGNAL_RUN_LAST, 0,
                                                 NULL, NULL, NULL, G_TYPE_NONE, 1, argument);
}

static void
mm_live_feed_class_init (MmLiveFeedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mm_live_feed_dispose;
  object_class->finalize = mm_live_feed_finalize;
  object_class->get_property = mm_live_feed_get_property;
  props[PROP_STATE]
      = g_param_spec_enum ("state", NULL, NULL, MM_TYPE_LIVE_STATE, MM_LIVE_CONNECTING,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[GATEWAY] = add_signal ("gateway", JSON_TYPE_OBJECT);
  signals[ALERT] = add_signal ("alert", JSON_TYPE_OBJECT);
  signals[REMOVED] = add_signal ("removed", G_TYPE_STRING);
  signals[BATCH] = add_signal ("batch", G_TYPE_NONE);
  signals[RESET] = add_signal ("reset", G_TYPE_NONE);
}

static void
mm_live_feed_init (MmLiveFeed *feed)
{
  feed->network = g_network_monitor_get_default ();
}

MmLiveFeed *
mm_live_feed_new (MmApi *api)
{
  MmLiveFeed *feed = g_object_new (MM_TYPE_LIVE_FEED, NULL);

  feed->api = g_object_ref (api);
  return feed;
}

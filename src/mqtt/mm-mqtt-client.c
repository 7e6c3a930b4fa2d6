/* The thread of a client. Its state is behind a mutex for whoever asks. */
#define G_LOG_DOMAIN "mm-mqtt"

#include "mm-mqtt-client.h"

#include "mm-error.h"

#include <gio/gio.h>
#include <mosquitto.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define OPENING_MAX (15 * MM_SECOND) /* until the broker must have let us in */
#define PAUSE_MAX (60 * MM_SECOND)
#define STEP_MS 1000
#define OPENING_STEP_MS 100

struct _MmMqttClient
{
  MmBroker *broker;
  const MmMqttHandler *handler;
  MmClock *clock;
  gpointer data;
  GThread *thread;
  GCancellable *cancellable;
  int wake_fd;
  MmMqttLink *link; /* the thread's */
  gboolean old;     /* the thread's: the broker knows only MQTT 3.1.1 */
  gboolean forget;
  gint64 ticked; /* by the steady clock */
  GMutex lock;
  MmMqttState state; /* under the lock */
};

static void
use_library (void)
{
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      mosquitto_lib_init ();
      g_once_init_leave (&ready, 1);
    }
}

static gboolean
is_stopping (MmMqttClient *client)
{
  return g_cancellable_is_cancelled (client->cancellable);
}

/* ---- the state ---- */

static void
note_open (MmMqttClient *client)
{
  g_mutex_lock (&client->lock);
  client->state.is_connected = TRUE;
  client->state.n_refused_topics = mm_mqtt_link_n_refused (client->link);
  client->state.connected_since = mm_clock_now (client->clock);
  client->state.n_connects++;
  g_mutex_unlock (&client->lock);
  g_message ("connected to the broker %s", client->broker->name);
}

static void
note_end (MmMqttClient *client, const char *why)
{
  gboolean is_news;

  g_mutex_lock (&client->lock);
  is_news = client->state.is_connected || g_strcmp0 (client->state.last_error, why) != 0;
  client->state.is_connected = FALSE;
  client->state.connected_since = MM_TIME_NONE;
  if (why != NULL)
    {
      g_free (client->state.last_error);
      client->state.last_error = g_strdup (why);
      client->state.last_error_time = mm_clock_now (client->clock);
    }
  g_mutex_unlock (&client->lock);
  if (is_news && why != NULL)
    g_message ("no connection to the broker %s: %s", client->broker->name, why);
}

void
mm_mqtt_client_get_state (MmMqttClient *client, MmMqttState *state)
{
  g_mutex_lock (&client->lock);
  *state = client->state;
  state->last_error = g_strdup (client->state.last_error);
  g_mutex_unlock (&client->lock);
}

/* ---- one connection ---- */

static void
take_message (
    const char *topic, const char *payload, gsize length, gboolean retained, gpointer data)
{
  MmMqttClient *client = data;

  g_mutex_lock (&client->lock);
  client->state.n_messages++;
  client->state.last_message = mm_clock_now (client->clock);
  g_mutex_unlock (&client->lock);
  client->handler->message (topic, payload, length, retained, client->data);
}

static char *
presence_text (gboolean online, gint64 now)
{
  return g_strdup_printf ("{\"online\":%s,\"timestamp\":%" G_GINT64_FORMAT "}",
                          online ? "true" : "false", now / 1000);
}

static void
tell_presence (MmMqttClient *client, gboolean online, gint64 time)
{
  g_autofree char *text = presence_text (online, time);

  if (client->handler->will_topic != NULL)
    mm_mqtt_link_publish (client->link, client->handler->will_topic, text, strlen (text), 1, TRUE);
}

void
mm_mqtt_client_publish (MmMqttClient *client, const char *topic, const void *payload, gsize length)
{
  if (client->link != NULL)
    mm_mqtt_link_publish (client->link, topic, payload, length, 0, FALSE);
}

static void
tick_if_due (MmMqttClient *client)
{
  gint64 now = g_get_monotonic_time ();

  if (now - client->ticked < MM_SECOND)
    return;
  client->ticked = now;
  client->handler->tick (client, client->data);
}

/* Reads, stores, acknowledges; again and again. Returns when the connection has ended, with why, or
 * when the client is to stop. */
static void
run_link (MmMqttClient *client, gint64 begun, GError **error)
{
  gint64 until = g_get_monotonic_time () + OPENING_MAX;
  gboolean open = FALSE;

  while (!is_stopping (client))
    {
      g_autoptr (GError) ended = NULL;
      gboolean there = mm_mqtt_link_read (client->link, client->wake_fd,
                                          open ? STEP_MS : OPENING_STEP_MS, &ended);

      /* What we missed may come before the broker has answered our subscriptions. */
      if (there && !open && mm_mqtt_link_phase (client->link) == MM_MQTT_LINK_SUBSCRIBED)
        {
          open = TRUE;
          note_open (client);
          tell_presence (client, TRUE, begun);
          client->handler->opened (client, client->data);
        }
      if (there && open)
        tick_if_due (client);
      if (!client->handler->settle (client->data, error))
        return;
      if (!there)
        {
          g_propagate_error (error, g_steal_pointer (&ended));
          return;
        }
      if (!mm_mqtt_link_write (client->link, error))
        return;
      if (!open && g_get_monotonic_time () > until)
        {
          mm_error_set (error, MM_ERROR_BUSY, "broker", "the broker does not answer");
          return;
        }
    }
}

/* libmosquitto looks a host up without end; this can be cancelled, and the answer is then at hand.
 */
static gboolean
look_up (MmMqttClient *client, GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GList *addresses;

  if (g_hostname_is_ip_address (client->broker->host))
    return TRUE;
  addresses
      = g_resolver_lookup_by_name (resolver, client->broker->host, client->cancellable, error);
  g_resolver_free_addresses (addresses);
  return addresses != NULL;
}

static void
connect_once (MmMqttClient *client, GError **error)
{
  gint64 begun = mm_clock_now (client->clock);
  g_autofree char *will = presence_text (FALSE, begun);
  const MmMqttLinkConfig config = {
    .broker = client->broker,
    .will_topic = client->handler->will_topic,
    .will = client->handler->will_topic != NULL ? will : NULL,
    .old = client->old,
    .message = take_message,
    .data = client,
  };
  gboolean polite;

  if (!look_up (client, error))
    return;
  client->link = mm_mqtt_link_new (&config, error);
  if (client->link == NULL)
    return;
  run_link (client, begun, error);
  polite = is_stopping (client) && *error == NULL;
  if (polite)
    tell_presence (client, FALSE, begun);
  client->old |= mm_mqtt_link_is_too_new (client->link);
  mm_mqtt_link_free (g_steal_pointer (&client->link), polite, client->forget);
}

/* ---- the thread ---- */

static void
pause_for (MmMqttClient *client, gint64 pause)
{
  struct pollfd fd = { .fd = client->wake_fd, .events = POLLIN };

  poll (&fd, 1, (int) (pause / 1000));
}

static gpointer
client_thread (gpointer data)
{
  MmMqttClient *client = data;
  guint failures = 0;

  while (!is_stopping (client))
    {
      gint64 began = g_get_monotonic_time ();
      gboolean was_old = client->old;
      g_autoptr (GError) error = NULL;
      gint64 pause;

      connect_once (client, &error);
      note_end (client, error != NULL ? error->message : NULL);
      if (is_stopping (client))
        break;
      if (g_get_monotonic_time () - began > PAUSE_MAX)
        failures = 0;
      pause = MIN (PAUSE_MAX, (MM_SECOND / 2) << MIN (failures, 10));
      failures++;
      if (client->old == was_old)
        pause_for (client, (gint64) ((double) pause * g_random_double_range (0.5, 1)));
    }
  return NULL;
}

MmMqttClient *
mm_mqtt_client_new (const MmBroker *broker,
                    const MmMqttHandler *handler,
                    MmClock *clock,
                    gpointer data)
{
  MmMqttClient *client = g_new0 (MmMqttClient, 1);

  use_library ();
  client->broker = mm_broker_copy (broker);
  client->handler = handler;
  client->clock = clock;
  client->data = data;
  client->cancellable = g_cancellable_new ();
  client->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  client->state.connected_since = MM_TIME_NONE;
  client->state.last_message = MM_TIME_NONE;
  client->state.last_error_time = MM_TIME_NONE;
  g_mutex_init (&client->lock);
  client->thread = g_thread_new ("mqtt", client_thread, client);
  return client;
}

void
mm_mqtt_client_free (MmMqttClient *client, gboolean forget)
{
  if (client == NULL)
    return;
  client->forget = forget;
  g_cancellable_cancel (client->cancellable);
  eventfd_write (client->wake_fd, 1);
  g_thread_join (client->thread);
  close (client->wake_fd);
  g_object_unref (client->cancellable);
  mm_broker_free (client->broker);
  g_free (client->state.last_error);
  g_mutex_clear (&client->lock);
  g_free (client);
}

/* ---- a trial ---- */

static void
ignore_message (
    const char *topic, const char *payload, gsize length, gboolean retained, gpointer data)
{
}

static gboolean
try_once (const MmBroker *broker, gboolean *old, gint64 until, GError **error)
{
  const MmMqttLinkConfig config
      = { .broker = broker, .trial = TRUE, .old = *old, .message = ignore_message };
  MmMqttLink *link = mm_mqtt_link_new (&config, error);
  gboolean going = link != NULL;

  while (going && mm_mqtt_link_phase (link) != MM_MQTT_LINK_SUBSCRIBED)
    {
      going = mm_mqtt_link_read (link, -1, OPENING_STEP_MS, error)
              && mm_mqtt_link_write (link, error);
      if (going && g_get_monotonic_time () > until)
        going = mm_error_set (error, MM_ERROR_BUSY, "broker", "the broker does not answer");
    }
  if (going && mm_mqtt_link_n_refused (link) > 0)
    going = mm_error_set (error, MM_ERROR_FORBIDDEN, "subscription",
                          "the broker does not let us subscribe to all of the topics");
  *old = link != NULL && !*old && mm_mqtt_link_is_too_new (link);
  if (link != NULL)
    mm_mqtt_link_free (link, TRUE, TRUE);
  return going;
}

gboolean
mm_mqtt_client_try (const MmBroker *broker, gint64 timeout, GError **error)
{
  gint64 until = g_get_monotonic_time () + timeout;
  g_autoptr (GError) problem = NULL;
  gboolean old = FALSE;

  use_library ();
  if (try_once (broker, &old, until, &problem))
    return TRUE;
  if (old)
    {
      g_clear_error (&problem);
      if (try_once (broker, &old, until, &problem))
        return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

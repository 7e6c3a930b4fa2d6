/* A client that stays with one broker: connects, subscribes, comes back when the connection is
 * lost.
 *
 * It has a thread of its own, on which the handler is called: message() for each message, settle()
 * after some of them (their acknowledgements wait for it), opened() for each new connection, tick()
 * each second. Lost connections are made again with growing pauses of up to a minute, shortened by
 * chance, so that many clients do not come at once.
 */
#pragma once

#include "mm-clock.h"
#include "mm-mqtt-link.h"

G_BEGIN_DECLS

typedef struct _MmMqttClient MmMqttClient;

/* @opened: the broker has let us in: messages may be published
 * @message: one has come
 * @settle: whatever came must be on disk before this returns TRUE. FALSE, with why: it is not, and
 *   must be forgotten; the broker will send again what it can
 * @tick: time passes, at least each second while the connection is open; settle() follows
 * @will_topic: retained there: {"online": …, "timestamp": …} as Sparkplug hosts tell; or NULL */
typedef struct
{
  void (*opened) (MmMqttClient *client, gpointer data);
  MmMqttMessage message;
  gboolean (*settle) (gpointer data, GError **error);
  void (*tick) (MmMqttClient *client, gpointer data);
  const char *will_topic;
} MmMqttHandler;

/* How it stands. @connected_since: MM_TIME_NONE if it is not; so too @last_message,
 * @last_error_time
 * @last_error: in words, or NULL; @n_refused_topics: filters that the broker refused us */
typedef struct
{
  gboolean is_connected;
  gint64 connected_since;
  gint64 last_message;
  guint64 n_messages;
  guint64 n_connects;
  guint n_refused_topics;
  char *last_error;
  gint64 last_error_time;
} MmMqttState;

/* Starts the client. @broker is copied; @handler, @clock and @data outlive it. */
MmMqttClient *mm_mqtt_client_new (const MmBroker *broker,
                                  const MmMqttHandler *handler,
                                  MmClock *clock,
                                  gpointer data);

/* Ends it, within seconds at most. @forget: as for mm_mqtt_link_free(). */
void mm_mqtt_client_free (MmMqttClient *client, gboolean forget);

/* Publishes at QoS 0 while connected; from the handler only. */
void mm_mqtt_client_publish (MmMqttClient *client,
                             const char *topic,
                             const void *payload,
                             gsize length);

/* How it stands now; g_free() the error. Any thread. */
void mm_mqtt_client_get_state (MmMqttClient *client, MmMqttState *state);

/* Tries within @timeout whether @broker lets us in and subscribe. FALSE, with what is in the way.
 */
gboolean mm_mqtt_client_try (const MmBroker *broker, gint64 timeout, GError **error);

G_END_DECLS

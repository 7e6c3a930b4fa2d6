/* One connection to a broker, from the first packet to the last.
 *
 * libmosquitto acknowledges a message of QoS 1 by queueing the acknowledgement before it shows the
 * message, and writes it when its loop comes to write. Here reading and writing are apart:
 * mm_mqtt_link_read() takes all that has come, mm_mqtt_link_write() sends what is queued, and
 * whoever owns the link stores what was read in between. So nothing is acknowledged before it is on
 * disk, and many messages share one transaction. If it cannot be stored the link is freed without
 * a write: the broker keeps the messages and sends them again.
 *
 * Belongs to one thread.
 */
#pragma once

#include "mm-broker.h"

G_BEGIN_DECLS

typedef struct _MmMqttLink MmMqttLink;

/* A message; @retained: the broker had kept it, it may be of any age. Texts live until it returns.
 */
typedef void (*MmMqttMessage) (
    const char *topic, const char *payload, gsize length, gboolean retained, gpointer data);

/* @will_topic, @will: what the broker tells others when we are lost, retained; or NULL
 * @trial: a session beside the one that lasts, which the broker forgets
 * @old: speak MQTT 3.1.1, as the broker does not know 5 */
typedef struct
{
  const MmBroker *broker;
  const char *will_topic;
  const char *will;
  gboolean trial;
  gboolean old;
  MmMqttMessage message;
  gpointer data;
} MmMqttLinkConfig;

typedef enum
{
  MM_MQTT_LINK_OPENING,
  MM_MQTT_LINK_OPEN,       /* the broker has let us in; we subscribe */
  MM_MQTT_LINK_SUBSCRIBED, /* and has answered all of that */
  MM_MQTT_LINK_CLOSED,
} MmMqttLinkPhase;

/* Begins to connect. Looks the host up, which may take seconds. @config is copied, the broker
 * outlives the link. NULL with %MM_ERROR_BUSY or %MM_ERROR_INVALID. */
MmMqttLink *mm_mqtt_link_new (const MmMqttLinkConfig *config, GError **error);

/* Ends the connection: politely, with a last write, if @polite. @forget: the broker need not keep
 * what comes for us from now on. */
void mm_mqtt_link_free (MmMqttLink *link, gboolean polite, gboolean forget);

/* How far it has come. */
MmMqttLinkPhase mm_mqtt_link_phase (MmMqttLink *link);

/* Filters that the broker does not let us subscribe to. */
guint mm_mqtt_link_n_refused (MmMqttLink *link);

/* Whether the broker may have refused us because it does not know MQTT 5. */
gboolean mm_mqtt_link_is_too_new (MmMqttLink *link);

/* Waits at most @timeout_ms for the broker, or for @wake_fd to become readable, and takes what has
 * come, each message by the callback. FALSE, with why, if the connection has ended; what was read
 * before that may be stored all the same. */
gboolean mm_mqtt_link_read (MmMqttLink *link, int wake_fd, int timeout_ms, GError **error);

/* Sends what is queued: acknowledgements of all that was read, and what was published. */
gboolean mm_mqtt_link_write (MmMqttLink *link, GError **error);

/* Queues a message to @topic. Best done while the link is open. */
void mm_mqtt_link_publish (MmMqttLink *link,
                           const char *topic,
                           const void *payload,
                           gsize length,
                           int qos,
                           gboolean retain);

G_END_DECLS

/* What brokers tell, from the message to the disk: one subscriber for each broker.
 *
 * Messages are sorted by gateway and by what they are, turned into batches, and stored by
 * mm-ingesting.h as pushes are; only then the broker gets its acknowledgements
 * (mqtt/mm-mqtt-link.h). Gateways that are not known here are not made: their messages are counted,
 * and acknowledged, as nobody would ever want them.
 */
#pragma once

#include "mm-context.h"
#include "mm-mqtt-client.h"

G_BEGIN_DECLS

typedef struct _MmSubscriber MmSubscriber;

/* Starts to listen to @broker, which is copied. */
MmSubscriber *mm_subscriber_new (MmContext *context, const MmBroker *broker);

/* Ends it. @forget: the broker need not keep anything for us. Any thread but the writer's. */
void mm_subscriber_free (MmSubscriber *subscriber, gboolean forget);

/* A name in topics that stands for no gateway that we know. */
typedef struct
{
  char *name;
  guint64 count;
  gint64 last;
} MmUnknownSource;

/* How a subscriber stands, since the server started.
 * @n_values: stored; @n_events: faults and their ends
 * @n_refused: values and payloads that were not taken; @last_refusal: the last of them in words
 * @n_unknown: messages of unknown gateways; @unknown: of #MmUnknownSource, as many as are kept */
typedef struct
{
  MmMqttState connection;
  guint64 n_values;
  guint64 n_events;
  guint64 n_refused;
  guint64 n_unknown;
  char *last_refusal;
  GPtrArray *unknown;
} MmSubscriberState;

/* Fills in @state; clear it with mm_subscriber_state_clear(). Any thread. */
void mm_subscriber_get_state (MmSubscriber *subscriber, MmSubscriberState *state);
void mm_subscriber_state_clear (MmSubscriberState *state);

G_END_DECLS

/* Whoever stands behind the messages of some topics of a broker: a gateway, a portal of Venus, a
 * node of Sparkplug; with all that must be remembered of it. Belongs to the thread of its
 * subscriber.
 */
#pragma once

#include "mm-mqtt-client.h"
#include "mm-sparkplug-node.h"
#include "mm-venus.h"

G_BEGIN_DECLS

/* @name: as in topics: "GROUP/NODE" of Sparkplug, else one level, or the ID of the topics' gateway
 * @gateway: its row, 0 if it is unknown; @looked: when that was looked up
 * @batch, @mapper: of this round; NULL if it has not spoken
 * @is_lost: it said in this round that it is gone, and nothing after that
 * @began, @heard: of Venus: since when it has been speaking, and when it did last; @stored: when
 * its values were stored; @asked, @n_asked: when it was asked for them, and how often; 0: not yet
 * @reborn: of Sparkplug: when it was asked to tell all of itself again
 * Times are by the steady clock. */
typedef struct
{
  const MmTopics *topics;
  char *name;
  gint64 gateway;
  gint64 looked;
  MmTopicMemory *memory;
  MmVenus *venus;
  MmSparkplugNode *node;
  MmBatch *batch;
  MmMapper mapper;
  gboolean is_lost;
  gint64 began;
  gint64 heard;
  gint64 stored;
  gint64 asked;
  guint n_asked;
  gint64 reborn;
} MmTopicSource;

/* A source that has not said a word. @topics outlive it. */
MmTopicSource *mm_topic_source_new (const MmTopics *topics, const char *name);
void mm_topic_source_free (MmTopicSource *source);

/* The name that a source has, for @topic of @topics, in which {gateway} stands for @level; NULL if
 * the topic is none of theirs. Free with g_free(). */
char *mm_topic_source_name (const MmTopics *topics,
                            const char *topic,
                            const char *level,
                            gsize length);

/* Gives it a batch for this round, and takes it away again. */
void mm_topic_source_begin (MmTopicSource *source, const MmMapping *mapping);
void mm_topic_source_end (MmTopicSource *source);

/* A message. @level, @level_length: what {gateway} stands for in @topic; @now: by the clock,
 * another one for each message; @steady: by the steady clock
 * @tell_cleared: as for mm_topic_memory_take() */
typedef struct
{
  const char *topic;
  const char *level;
  gsize level_length;
  const char *payload;
  gsize length;
  gboolean retained;
  gint64 now;
  gint64 steady;
  gboolean tell_cleared;
} MmTopicMessage;

/* Takes @message into the batch. What must be said in return goes out by @client. Returns about how
 * many values that were. */
guint mm_topic_source_take (MmTopicSource *source,
                            MmMqttClient *client,
                            const MmTopicMessage *message);

/* Venus: asks for values, if it is time to. */
void mm_topic_source_ask (MmTopicSource *source, MmMqttClient *client, gint64 steady);

/* Venus: whether its values must be stored now, as they are each @interval. */
gboolean mm_topic_source_is_due (MmTopicSource *source, gint64 interval, gint64 steady);

/* Venus: stores them into the batch. */
void mm_topic_source_store (MmTopicSource *source, gint64 now, gint64 steady);

G_END_DECLS

/* What the messages of each kind of topics mean for their source. */
#include "mm-topic-source.h"

#include "mm-sparkplug.h"
#include "mm-topic-json.h"
#include "mm-topic.h"

#include <string.h>

/* Venus ceases to tell values a minute after it was last asked. */
#define ASK_AGAIN (30 * MM_SECOND)
#define ASK_WHOLE 20 /* each so many times for all of them */
#define SILENT (90 * MM_SECOND)
#define FIRST_STORED                                                                               \
  (10 * MM_SECOND) /* after the first word, if it does not say that it is done                     \
                    */
#define REBIRTH_AGAIN MM_MINUTE

static const struct
{
  guint source; /* the level that names it */
  guint rest;   /* the first level behind that */
} venus_levels = { 1, 2 };

MmTopicSource *
mm_topic_source_new (const MmTopics *topics, const char *name)
{
  MmTopicSource *source = g_new0 (MmTopicSource, 1);

  source->topics = topics;
  source->name = g_strdup (name);
  source->memory = mm_topic_memory_new ();
  if (topics->kind == MM_TOPICS_VENUS)
    source->venus = mm_venus_new ();
  if (topics->kind == MM_TOPICS_SPARKPLUG)
    source->node = mm_sparkplug_node_new ();
  return source;
}

void
mm_topic_source_free (MmTopicSource *source)
{
  mm_topic_source_end (source);
  mm_topic_memory_free (source->memory);
  mm_venus_free (source->venus);
  mm_sparkplug_node_free (source->node);
  g_free (source->name);
  g_free (source);
}

static char *
level_of (const char *topic, guint n)
{
  const char *level;
  gsize length;

  return mm_topic_level (topic, n, &level, &length) && length > 0 ? g_strndup (level, length)
                                                                  : NULL;
}

char *
mm_topic_source_name (const MmTopics *topics, const char *topic, const char *level, gsize length)
{
  g_autofree char *group = NULL;
  g_autofree char *node = NULL;

  switch (topics->kind)
    {
    case MM_TOPICS_VENUS:
      return level_of (topic, venus_levels.source);
    case MM_TOPICS_SPARKPLUG:
      group = level_of (topic, 1);
      node = level_of (topic, 3);
      return group != NULL && node != NULL ? g_strdup_printf ("%s/%s", group, node) : NULL;
    case MM_TOPICS_JSON:
    case MM_TOPICS_CONTACT:
    case MM_N_TOPICS_KINDS:
      break;
    }
  return level != NULL ? g_strndup (level, length) : g_strdup (topics->gateway);
}

static const char *
protocol_of (MmTopicsKind kind)
{
  return kind == MM_TOPICS_VENUS ? "venus" : kind == MM_TOPICS_SPARKPLUG ? "sparkplug" : "mqtt";
}

void
mm_topic_source_begin (MmTopicSource *source, const MmMapping *mapping)
{
  source->batch = mm_batch_new ();
  mm_mapper_init (&source->mapper, source->batch,
                  mm_mapping_table (mapping, protocol_of (source->topics->kind)));
}

void
mm_topic_source_end (MmTopicSource *source)
{
  if (source->batch != NULL)
    {
      mm_mapper_clear (&source->mapper);
      mm_batch_free (source->batch);
    }
  source->batch = NULL;
  source->is_lost = FALSE;
}

/* ---- messages ---- */

static guint
take_json (MmTopicSource *source, const MmTopicMessage *message)
{
  g_autofree char *name = mm_topic_without (message->topic, message->level, message->level_length);
  guint taken = mm_topic_json_take (source->memory, &source->mapper, name, message->payload,
                                    message->length, source->topics->time, message->retained,
                                    message->now, message->tell_cleared);

  if (taken > 0)
    source->is_lost = FALSE;
  return taken;
}

static void
take_contact (MmTopicSource *source, const MmTopicMessage *message)
{
  int presence = mm_topic_json_presence (message->payload, message->length);

  if (presence >= 0)
    source->is_lost = presence == 0;
}

static guint
take_venus (MmTopicSource *source, const MmTopicMessage *message)
{
  const char *rest;
  gsize length;
  gboolean whole;

  if (message->retained || !mm_topic_level (message->topic, venus_levels.rest, &rest, &length))
    return 0;
  if (source->heard == 0)
    {
      source->began = message->steady;
      source->stored = 0;
    }
  source->heard = message->steady;
  mm_venus_take (source->venus, source->memory, &source->mapper, rest, message->payload,
                 message->length, message->now, message->tell_cleared, &whole);
  if (!whole || source->stored != 0)
    return 1;
  mm_topic_source_store (source, message->now, message->steady);
  return source->batch->values->len;
}

static void
ask_for_rebirth (MmTopicSource *source, MmMqttClient *client, const MmTopicMessage *message)
{
  g_autoptr (GByteArray) command = mm_sparkplug_rebirth_command (message->now);
  const char *slash = strchr (source->name, '/');
  g_autofree char *topic = g_strdup_printf ("spBv1.0/%.*s/NCMD/%s", (int) (slash - source->name),
                                            source->name, slash + 1);

  if (source->reborn != 0 && message->steady - source->reborn < REBIRTH_AGAIN)
    return;
  source->reborn = message->steady;
  mm_mqtt_client_publish (client, topic, command->data, command->len);
}

static guint
take_sparkplug (MmTopicSource *source, MmMqttClient *client, const MmTopicMessage *message)
{
  g_autofree char *type = level_of (message->topic, 2);
  g_autofree char *device = level_of (message->topic, 4);
  MmSparkplugOutcome outcome;

  if (message->retained || type == NULL
      || !mm_sparkplug_node_take (source->node, source->memory, &source->mapper, type, device,
                                  message->payload, message->length, message->now,
                                  message->tell_cleared, &outcome))
    return 0;
  if (outcome.needs_rebirth)
    ask_for_rebirth (source, client, message);
  if (outcome.died)
    source->is_lost = TRUE;
  else if (outcome.taken > 0)
    source->is_lost = FALSE;
  return outcome.taken;
}

guint
mm_topic_source_take (MmTopicSource *source, MmMqttClient *client, const MmTopicMessage *message)
{
  switch (source->topics->kind)
    {
    case MM_TOPICS_JSON:
      return take_json (source, message);
    case MM_TOPICS_VENUS:
      return take_venus (source, message);
    case MM_TOPICS_SPARKPLUG:
      return take_sparkplug (source, client, message);
    case MM_TOPICS_CONTACT:
      take_contact (source, message);
      break;
    case MM_N_TOPICS_KINDS:
      break;
    }
  return 0;
}

/* ---- Venus, now and then ---- */

void
mm_topic_source_ask (MmTopicSource *source, MmMqttClient *client, gint64 steady)
{
  g_autofree char *topic = NULL;
  const char *payload;

  if (source->n_asked != 0 && steady - source->asked < ASK_AGAIN)
    return;
  topic = g_strdup_printf ("R/%s/keepalive", source->name);
  payload = mm_venus_keepalive (source->n_asked % ASK_WHOLE == 0);
  source->asked = steady;
  source->n_asked++;
  mm_mqtt_client_publish (client, topic, payload, strlen (payload));
}

gboolean
mm_topic_source_is_due (MmTopicSource *source, gint64 interval, gint64 steady)
{
  if (source->heard == 0)
    return FALSE;
  if (steady - source->heard > SILENT)
    {
      /* What it told last holds no more; when it is back it must tell all. */
      mm_venus_forget (source->venus);
      source->heard = 0;
      source->n_asked = 0;
      return FALSE;
    }
  if (source->stored == 0)
    return steady - source->began >= FIRST_STORED;
  return steady - source->stored >= interval;
}

void
mm_topic_source_store (MmTopicSource *source, gint64 now, gint64 steady)
{
  source->stored = steady;
  mm_venus_store (source->venus, &source->mapper, now);
}

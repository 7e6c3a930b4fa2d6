/* Births declare names, aliases and types; data refers to them. Belongs to one thread. */
#include "mm-sparkplug-node.h"

#include "mm-sparkplug.h"

#include <string.h>

#define SAME_MOMENT MM_SECOND

/* A metric that was declared. @name: "METRIC" or "DEVICE/METRIC" */
typedef struct
{
  char *name;
  guint type;
} Declared;

struct _MmSparkplugNode
{
  gboolean is_born;
  gboolean has_bdseq;
  guint64 bdseq;       /* of the connection that the last birth came by */
  int next_seq;        /* -1: any */
  GHashTable *aliases; /* guint64: Declared */
  GHashTable *types;   /* name: type, of those without an alias, too */
  GHashTable *devices; /* that are born */
};

/* A message on its way. */
typedef struct
{
  MmSparkplugNode *node;
  MmTopicMemory *memory;
  MmMapper *mapper;
  const char *device;
  const MmSparkplugPayload *payload;
  gint64 now;
  gboolean tell_cleared;
  gboolean is_birth;
  MmSparkplugOutcome *outcome;
} Message;

static void
declared_free (gpointer data)
{
  Declared *declared = data;

  g_free (declared->name);
  g_free (declared);
}

MmSparkplugNode *
mm_sparkplug_node_new (void)
{
  MmSparkplugNode *node = g_new0 (MmSparkplugNode, 1);

  node->next_seq = -1;
  node->aliases = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, declared_free);
  node->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  node->devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return node;
}

void
mm_sparkplug_node_free (MmSparkplugNode *node)
{
  if (node == NULL)
    return;
  g_hash_table_unref (node->aliases);
  g_hash_table_unref (node->types);
  g_hash_table_unref (node->devices);
  g_free (node);
}

static void
forget (MmSparkplugNode *node)
{
  node->is_born = node->has_bdseq = FALSE;
  node->next_seq = -1;
  g_hash_table_remove_all (node->aliases);
  g_hash_table_remove_all (node->types);
  g_hash_table_remove_all (node->devices);
}

/* ---- metrics ---- */

static char *
name_of (const Message *message, const MmSparkplugMetric *metric)
{
  if (message->device == NULL)
    return g_strndup (metric->name, metric->name_length);
  return g_strdup_printf ("%s/%.*s", message->device, (int) metric->name_length, metric->name);
}

/* Names what can be done with a node, not what it measures. */
static gboolean
is_of_the_protocol (const MmSparkplugMetric *metric)
{
  g_autofree char *name = g_strndup (metric->name, metric->name_length);

  return strcmp (name, "bdSeq") == 0 || g_str_has_prefix (name, "Node Control/")
         || g_str_has_prefix (name, "Device Control/");
}

static void
declare (const Message *message, const MmSparkplugMetric *metric)
{
  MmSparkplugNode *node = message->node;
  g_autofree char *name = NULL;

  if (metric->name == NULL || g_hash_table_size (node->types) >= MM_SPARKPLUG_MAX_DECLARED
      || g_hash_table_size (node->aliases) >= MM_SPARKPLUG_MAX_DECLARED)
    return;
  name = name_of (message, metric);
  if (metric->has_alias)
    {
      Declared *declared = g_new0 (Declared, 1);

      declared->name = g_strdup (name);
      declared->type = metric->type;
      g_hash_table_replace (node->aliases, g_memdup2 (&metric->alias, sizeof metric->alias),
                            declared);
    }
  g_hash_table_replace (node->types, g_steal_pointer (&name), GUINT_TO_POINTER (metric->type));
}

/* The name and the type of a metric, by what was declared; NULL if nobody knows it. */
static char *
resolve (const Message *message, const MmSparkplugMetric *metric, guint *type)
{
  const Declared *declared;
  char *name;

  *type = metric->type;
  if (metric->name != NULL)
    {
      name = name_of (message, metric);
      if (*type == 0)
        *type = GPOINTER_TO_UINT (g_hash_table_lookup (message->node->types, name));
      return name;
    }
  declared
      = metric->has_alias ? g_hash_table_lookup (message->node->aliases, &metric->alias) : NULL;
  if (declared == NULL)
    return NULL;
  if (*type == 0)
    *type = declared->type;
  return g_strdup (declared->name);
}

/* Metrics of one message are of one moment, unless they say otherwise. */
static gint64
time_of (const Message *message, const MmSparkplugMetric *metric)
{
  gint64 moment = message->payload->time != MM_TIME_NONE ? message->payload->time : message->now;

  if (metric->time == MM_TIME_NONE
      || (!metric->is_historical && ABS (metric->time - moment) < SAME_MOMENT))
    return moment;
  return metric->time;
}

static void
take_metric (const Message *message, const MmSparkplugMetric *metric)
{
  g_autofree char *name = NULL;
  gboolean taken;
  double number;
  guint type;

  if (metric->name != NULL && is_of_the_protocol (metric))
    return;
  if (message->is_birth)
    declare (message, metric);
  name = resolve (message, metric, &type);
  if (name == NULL)
    {
      message->outcome->needs_rebirth = TRUE;
      return;
    }
  if (!mm_sparkplug_number (metric, type, &number))
    return;
  if (!metric->is_historical)
    taken = mm_topic_memory_take (message->memory, message->mapper, name, "node", number,
                                  time_of (message, metric), message->tell_cleared);
  else
    taken = !mm_topic_memory_is_fault (message->mapper->table, name)
            && mm_mapper_add (message->mapper, name, NULL, 0, "node", time_of (message, metric),
                              number, 0);
  message->outcome->taken += (guint) taken;
}

static void
take_metrics (const Message *message)
{
  const MmSparkplugPayload *payload = message->payload;

  for (guint i = 0; i < payload->metrics->len; i++)
    take_metric (message, &g_array_index (payload->metrics, MmSparkplugMetric, i));
  mm_topic_memory_end_moment (message->memory, message->mapper,
                              payload->time != MM_TIME_NONE ? payload->time : message->now);
}

/* ---- births and deaths ---- */

static gboolean
find_bdseq (const MmSparkplugPayload *payload, guint64 *bdseq)
{
  for (guint i = 0; i < payload->metrics->len; i++)
    {
      const MmSparkplugMetric *metric = &g_array_index (payload->metrics, MmSparkplugMetric, i);

      if (metric->name != NULL && metric->name_length == strlen ("bdSeq")
          && memcmp (metric->name, "bdSeq", metric->name_length) == 0
          && metric->field == MM_SPARKPLUG_IN_INTEGER)
        {
          *bdseq = metric->bits;
          return TRUE;
        }
    }
  return FALSE;
}

/* Each message has the number after the one before it, 0 after 255. */
static void
check_seq (Message *message)
{
  MmSparkplugNode *node = message->node;
  int seq = message->payload->seq;

  if (seq < 0)
    return;
  if (node->next_seq >= 0 && seq != node->next_seq)
    message->outcome->needs_rebirth = TRUE;
  node->next_seq = (seq + 1) % 256;
}

static void
take_node_birth (Message *message)
{
  MmSparkplugNode *node = message->node;

  forget (node);
  node->is_born = TRUE;
  node->has_bdseq = find_bdseq (message->payload, &node->bdseq);
  check_seq (message);
  message->is_birth = TRUE;
  take_metrics (message);
}

static void
take_device_birth (Message *message)
{
  MmSparkplugNode *node = message->node;

  check_seq (message);
  message->outcome->needs_rebirth |= !node->is_born;
  if (g_hash_table_size (node->devices) < MM_BATCH_MAX_NAMES)
    g_hash_table_add (node->devices, g_strdup (message->device));
  message->is_birth = TRUE;
  take_metrics (message);
}

static void
take_data (Message *message)
{
  MmSparkplugNode *node = message->node;

  check_seq (message);
  message->outcome->needs_rebirth
      |= !node->is_born
         || (message->device != NULL && !g_hash_table_contains (node->devices, message->device));
  take_metrics (message);
}

/* A will may come late, after the node has made another connection. */
static void
take_node_death (Message *message)
{
  MmSparkplugNode *node = message->node;
  guint64 bdseq;

  if (node->has_bdseq && find_bdseq (message->payload, &bdseq) && bdseq != node->bdseq)
    return;
  forget (node);
  message->outcome->died = TRUE;
}

static void
take_message (Message *message, const char *type)
{
  if (strcmp (type, "NBIRTH") == 0)
    take_node_birth (message);
  else if (strcmp (type, "DBIRTH") == 0 && message->device != NULL)
    take_device_birth (message);
  else if (strcmp (type, "NDATA") == 0 || (strcmp (type, "DDATA") == 0 && message->device != NULL))
    take_data (message);
  else if (strcmp (type, "NDEATH") == 0)
    take_node_death (message);
  else if (strcmp (type, "DDEATH") == 0 && message->device != NULL)
    {
      check_seq (message);
      g_hash_table_remove (message->node->devices, message->device);
    }
}

gboolean
mm_sparkplug_node_take (MmSparkplugNode *node,
                        MmTopicMemory *memory,
                        MmMapper *mapper,
                        const char *type,
                        const char *device,
                        const char *payload,
                        gsize length,
                        gint64 now,
                        gboolean tell_cleared,
                        MmSparkplugOutcome *outcome)
{
  MmSparkplugPayload parsed;
  Message message = {
    .node = node,
    .memory = memory,
    .mapper = mapper,
    .device = device,
    .payload = &parsed,
    .now = now,
    .tell_cleared = tell_cleared,
    .outcome = outcome,
  };

  memset (outcome, 0, sizeof *outcome);
  /* Commands of other hosts. */
  if (strcmp (type, "NCMD") == 0 || strcmp (type, "DCMD") == 0)
    return TRUE;
  if (!mm_sparkplug_payload_read (&parsed, (const guint8 *) payload, length))
    {
      mm_batch_refuse (mapper->batch, 0, type, "bad-payload", "This is no payload of Sparkplug B.");
      return FALSE;
    }
  if (parsed.is_compressed)
    mm_batch_refuse (mapper->batch, 0, type, "compressed", "Compressed payloads are not read.");
  else
    take_message (&message, type);
  mm_sparkplug_payload_clear (&parsed);
  return TRUE;
}

/* Runs on the thread of the client (mqtt/mm-mqtt-client.h), but for the functions at the end. What
 * comes between two settlements is a round: each source that speaks in it gets a batch. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-subscribing.h"

#include "mm-error.h"
#include "mm-ingesting.h"
#include "mm-live.h"
#include "mm-mappings.h"
#include "mm-store-gateways.h"
#include "mm-topic-source.h"
#include "mm-watching.h"

#include <string.h>

#define MAX_SOURCES 100000
#define MAX_UNKNOWN_KEPT 100
#define KNOWN_FOR MM_MINUTE         /* until a gateway is looked up again */
#define UNKNOWN_FOR (5 * MM_SECOND) /* or looked for again */
#define ROUND_VALUES 50000          /* a round is settled early beyond this */
#define REFUSAL_MAX 300

struct _MmSubscriber
{
  MmContext *context;
  MmBroker *broker;
  MmMqttClient *client;
  MmMqttHandler handler;
  char *will_topic; /* where we tell nodes of Sparkplug that we are there, or NULL */
  gboolean has_venus;
  GHashTable *sources; /* "NUMBER OF TOPICS/NAME": MmTopicSource */
  GPtrArray *speaking; /* MmTopicSource, of this round; borrowed */
  MmMapping *mapping;  /* of this round */
  guint stamp;
  guint round_values; /* about */
  gint64 time;        /* of the last message: no two have the same */
  GError *failed;     /* an early settlement was in vain */
  GMutex lock;
  MmSubscriberState state; /* under the lock, but for its connection */
  GHashTable *unknown;     /* name: MmUnknownSource; under the lock */
};

/* ---- sources ---- */

static void
unknown_free (gpointer data)
{
  MmUnknownSource *unknown = data;

  g_free (unknown->name);
  g_free (unknown);
}

/* The row of the gateway that @id names, or 0. */
static gint64
find_gateway (MmSubscriber *subscriber, const char *id)
{
  g_autoptr (GError) error = NULL;
  MmDatabase *db = mm_readers_take (subscriber->context->readers, &error);
  g_autoptr (MmGatewayRow) row = NULL;

  if (db == NULL)
    return 0;
  row = mm_store_gateway_find (db, id, &error);
  mm_readers_give (subscriber->context->readers, db);
  return row != NULL ? row->row : 0;
}

/* The ID that the name of a source stands for. Nodes of Sparkplug are "GROUP/NODE", or by their own
 * name alone. */
static const char *
id_of (MmSubscriber *subscriber, const MmTopicSource *source)
{
  const char *name = source->name;
  const char *id = source->topics->gateway;

  if (id == NULL)
    id = g_hash_table_lookup (subscriber->broker->gateways, name);
  if (id == NULL && source->topics->kind == MM_TOPICS_SPARKPLUG)
    {
      name = strchr (name, '/') + 1;
      id = g_hash_table_lookup (subscriber->broker->gateways, name);
    }
  return id != NULL ? id : name;
}

static void
look_up (MmSubscriber *subscriber, MmTopicSource *source)
{
  gint64 now = g_get_monotonic_time ();

  if (source->looked != 0
      && now - source->looked < (source->gateway != 0 ? KNOWN_FOR : UNKNOWN_FOR))
    return;
  source->looked = now;
  source->gateway = find_gateway (subscriber, id_of (subscriber, source));
}

static MmTopicSource *
find_source (MmSubscriber *subscriber, const MmTopics *topics, const char *name)
{
  g_autofree char *key = g_strdup_printf ("%p/%s", (void *) topics, name);
  MmTopicSource *source = g_hash_table_lookup (subscriber->sources, key);

  if (source == NULL)
    {
      /* Names of nobody must not fill the memory: then all of them are forgotten, and learnt again.
       */
      if (g_hash_table_size (subscriber->sources) == MAX_SOURCES && subscriber->speaking->len == 0)
        g_hash_table_remove_all (subscriber->sources);
      if (g_hash_table_size (subscriber->sources) >= MAX_SOURCES)
        return NULL;
      source = mm_topic_source_new (topics, name);
      g_hash_table_insert (subscriber->sources, g_steal_pointer (&key), source);
    }
  look_up (subscriber, source);
  return source;
}

static void
count_unknown (MmSubscriber *subscriber, const char *name)
{
  MmUnknownSource *unknown;

  g_mutex_lock (&subscriber->lock);
  subscriber->state.n_unknown++;
  unknown = g_hash_table_lookup (subscriber->unknown, name);
  if (unknown == NULL && g_hash_table_size (subscriber->unknown) < MAX_UNKNOWN_KEPT)
    {
      unknown = g_new0 (MmUnknownSource, 1);
      unknown->name = g_strdup (name);
      g_hash_table_insert (subscriber->unknown, unknown->name, unknown);
    }
  if (unknown != NULL)
    {
      unknown->count++;
      unknown->last = mm_clock_now (subscriber->context->clock);
    }
  g_mutex_unlock (&subscriber->lock);
}

/* ---- a round ---- */

/* The mapping may be changed at any time; what was remembered under another one counts no more. */
static void
begin_round (MmSubscriber *subscriber)
{
  GHashTableIter iter;
  gpointer source;

  if (subscriber->mapping != NULL)
    return;
  subscriber->mapping = mm_mappings_get (subscriber->context->mappings);
  if (mm_mapping_stamp (subscriber->mapping) == subscriber->stamp)
    return;
  subscriber->stamp = mm_mapping_stamp (subscriber->mapping);
  g_hash_table_iter_init (&iter, subscriber->sources);
  while (g_hash_table_iter_next (&iter, NULL, &source))
    mm_topic_memory_clear (((MmTopicSource *) source)->memory);
}

/* Gives the source a batch, if it has none. */
static void
begin_speaking (MmSubscriber *subscriber, MmTopicSource *source)
{
  begin_round (subscriber);
  if (source->batch != NULL)
    return;
  mm_topic_source_begin (source, subscriber->mapping);
  g_ptr_array_add (subscriber->speaking, source);
}

static void
end_round (MmSubscriber *subscriber)
{
  for (guint i = 0; i < subscriber->speaking->len; i++)
    mm_topic_source_end (subscriber->speaking->pdata[i]);
  g_ptr_array_set_size (subscriber->speaking, 0);
  g_clear_pointer (&subscriber->mapping, mm_mapping_unref);
  subscriber->round_values = 0;
}

/* After a round that was not stored: what it changed in memory is not true. */
static void
forget_all (MmSubscriber *subscriber)
{
  end_round (subscriber);
  g_hash_table_remove_all (subscriber->sources);
}

/* ---- settling ---- */

/* What waits for the disk. */
typedef struct
{
  MmSubscriber *subscriber;
  GMutex lock;
  GCond done;
  guint n_waiting;
  GError *error; /* the first */
} Settlement;

static void
count_refusals (MmSubscriber *subscriber, const MmBatch *batch)
{
  const MmRefusal *last;

  subscriber->state.n_refused += batch->n_refused;
  if (batch->refusals->len == 0)
    return;
  last = &g_array_index (batch->refusals, MmRefusal, batch->refusals->len - 1);
  g_free (subscriber->state.last_refusal);
  subscriber->state.last_refusal
      = g_strdup_printf ("%.*s: %s", REFUSAL_MAX, last->field, last->detail);
}

/* On the writer's thread. */
static void
stored (const MmBatch *batch, const MmIngestCounts *counts, const GError *error, gpointer data)
{
  Settlement *settlement = data;
  MmSubscriber *subscriber = settlement->subscriber;

  if (error == NULL)
    {
      g_mutex_lock (&subscriber->lock);
      count_refusals (subscriber, batch);
      subscriber->state.n_values += counts->stored + counts->corrected;
      subscriber->state.n_events += batch->events->len;
      subscriber->state.n_refused += counts->quarantined;
      g_mutex_unlock (&subscriber->lock);
    }
  g_mutex_lock (&settlement->lock);
  if (error != NULL && settlement->error == NULL)
    settlement->error = g_error_copy (error);
  if (--settlement->n_waiting == 0)
    g_cond_signal (&settlement->done);
  g_mutex_unlock (&settlement->lock);
}

/* Sends the batch of @source to the writer, or drops it if there is nothing in it. */
static void
submit (Settlement *settlement, MmTopicSource *source)
{
  MmSubscriber *subscriber = settlement->subscriber;
  MmContext *context = subscriber->context;
  MmBatch *batch = source->batch;
  GError *error = NULL;

  mm_mapper_finish (&source->mapper);
  if (batch->values->len == 0 && batch->events->len == 0 && batch->devices->len == 0)
    {
      g_mutex_lock (&subscriber->lock);
      count_refusals (subscriber, batch);
      g_mutex_unlock (&subscriber->lock);
      return;
    }
  mm_mapper_clear (&source->mapper);
  source->batch = NULL;
  g_mutex_lock (&settlement->lock);
  settlement->n_waiting++;
  g_mutex_unlock (&settlement->lock);
  if (!mm_ingesting_submit (context, source->gateway, batch, mm_clock_now (context->clock), stored,
                            settlement, &error))
    {
      g_mutex_lock (&settlement->lock);
      settlement->n_waiting--;
      if (settlement->error == NULL)
        settlement->error = g_steal_pointer (&error);
      g_mutex_unlock (&settlement->lock);
      g_clear_error (&error);
    }
}

/* Whoever has said that it is gone is missed at once. */
static gboolean
tell_lost (MmSubscriber *subscriber, GError **error)
{
  for (guint i = 0; i < subscriber->speaking->len; i++)
    {
      const MmTopicSource *source = subscriber->speaking->pdata[i];

      if (source->is_lost
          && !mm_watching_lose_contact (subscriber->context, source->gateway, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
settle_round (MmSubscriber *subscriber, GError **error)
{
  Settlement settlement = { .subscriber = subscriber };
  gboolean done;

  if (subscriber->speaking->len == 0)
    return TRUE;
  g_mutex_init (&settlement.lock);
  g_cond_init (&settlement.done);
  for (guint i = 0; i < subscriber->speaking->len; i++)
    submit (&settlement, subscriber->speaking->pdata[i]);
  g_mutex_lock (&settlement.lock);
  while (settlement.n_waiting > 0)
    g_cond_wait (&settlement.done, &settlement.lock);
  g_mutex_unlock (&settlement.lock);
  g_mutex_clear (&settlement.lock);
  g_cond_clear (&settlement.done);
  done = settlement.error == NULL;
  if (!done)
    g_propagate_error (error, settlement.error);
  done = done && tell_lost (subscriber, error);
  if (done)
    end_round (subscriber);
  else
    forget_all (subscriber);
  return done;
}

static gboolean
settle (gpointer data, GError **error)
{
  MmSubscriber *subscriber = data;

  if (subscriber->failed == NULL)
    return settle_round (subscriber, error);
  g_propagate_error (error, g_steal_pointer (&subscriber->failed));
  return FALSE;
}

/* ---- a message ---- */

/* The time of this message: values of one series that come together must not replace each other. */
static gint64
time_of_message (MmSubscriber *subscriber)
{
  subscriber->time = MAX (subscriber->time + 1, mm_clock_now (subscriber->context->clock));
  /* After the clock was set back, it goes first. */
  if (subscriber->time > mm_clock_now (subscriber->context->clock) + MM_MINUTE)
    subscriber->time = mm_clock_now (subscriber->context->clock);
  return subscriber->time;
}

static gboolean
has_open_faults (MmSubscriber *subscriber, gint64 gateway)
{
  MmLive *live = subscriber->context->live;
  const MmLiveGateway *found;
  gboolean open;

  mm_live_lock (live);
  found = mm_live_get (live, gateway);
  open = found != NULL && found->n_open > 0;
  mm_live_unlock (live);
  return open;
}

static void
message (const char *topic, const char *payload, gsize length, gboolean retained, gpointer data)
{
  MmSubscriber *subscriber = data;
  MmTopicMessage taken
      = { .topic = topic, .payload = payload, .length = length, .retained = retained };
  const MmTopics *topics
      = mm_broker_find_topics (subscriber->broker, topic, &taken.level, &taken.level_length);
  g_autofree char *name = NULL;
  MmTopicSource *source;

  /* An earlier session may have had other topics. */
  if (topics == NULL || subscriber->failed != NULL)
    return;
  name = mm_topic_source_name (topics, topic, taken.level, taken.level_length);
  if (name == NULL)
    return;
  source = find_source (subscriber, topics, name);
  if (source == NULL || source->gateway == 0)
    {
      count_unknown (subscriber, name);
      return;
    }
  begin_speaking (subscriber, source);
  taken.now = time_of_message (subscriber);
  taken.steady = mm_clock_steady (subscriber->context->clock);
  taken.tell_cleared = has_open_faults (subscriber, source->gateway);
  subscriber->round_values += mm_topic_source_take (source, subscriber->client, &taken);
  if (subscriber->round_values > ROUND_VALUES)
    settle_round (subscriber, &subscriber->failed);
}

/* ---- Venus, which must be asked ---- */

/* The portals that the operator has named are asked before they have said a word. */
static void
find_portals (MmSubscriber *subscriber, const MmTopics *topics)
{
  g_autofree char *named = mm_topic_source_name (topics, topics->filter, NULL, 0);
  GHashTableIter iter;
  gpointer name;

  if (topics->gateway != NULL)
    {
      find_source (subscriber, topics, named);
      return;
    }
  g_hash_table_iter_init (&iter, subscriber->broker->gateways);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (strchr (name, '/') == NULL)
      find_source (subscriber, topics, name);
}

static void
opened (MmMqttClient *client, gpointer data)
{
  MmSubscriber *subscriber = data;
  GHashTableIter iter;
  gpointer source;

  for (guint i = 0; i < subscriber->broker->topics->len; i++)
    {
      const MmTopics *topics = subscriber->broker->topics->pdata[i];

      if (topics->kind == MM_TOPICS_VENUS)
        find_portals (subscriber, topics);
    }
  g_hash_table_iter_init (&iter, subscriber->sources);
  while (g_hash_table_iter_next (&iter, NULL, &source))
    ((MmTopicSource *) source)->n_asked = 0;
}

static void
tick (MmMqttClient *client, gpointer data)
{
  MmSubscriber *subscriber = data;
  gint64 steady = mm_clock_steady (subscriber->context->clock);
  GHashTableIter iter;
  gpointer value;

  if (!subscriber->has_venus)
    return;
  g_hash_table_iter_init (&iter, subscriber->sources);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      MmTopicSource *source = value;

      if (source->venus == NULL)
        continue;
      look_up (subscriber, source);
      if (source->gateway == 0)
        continue;
      mm_topic_source_ask (source, client, steady);
      if (!mm_topic_source_is_due (source, subscriber->broker->interval_s * MM_SECOND, steady))
        continue;
      begin_speaking (subscriber, source);
      mm_topic_source_store (source, time_of_message (subscriber), steady);
    }
}

/* ---- life, and the state ---- */

static void
set_up_handler (MmSubscriber *subscriber)
{
  for (guint i = 0; i < subscriber->broker->topics->len; i++)
    {
      const MmTopics *topics = subscriber->broker->topics->pdata[i];

      subscriber->has_venus |= topics->kind == MM_TOPICS_VENUS;
      if (topics->kind == MM_TOPICS_SPARKPLUG && subscriber->will_topic == NULL)
        subscriber->will_topic
            = g_strconcat ("spBv1.0/STATE/", subscriber->broker->client_id, NULL);
    }
  subscriber->handler = (MmMqttHandler){
    .opened = opened,
    .message = message,
    .settle = settle,
    .tick = tick,
    .will_topic = subscriber->will_topic,
  };
}

MmSubscriber *
mm_subscriber_new (MmContext *context, const MmBroker *broker)
{
  MmSubscriber *subscriber = g_new0 (MmSubscriber, 1);

  subscriber->context = context;
  subscriber->broker = mm_broker_copy (broker);
  subscriber->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                               (GDestroyNotify) mm_topic_source_free);
  subscriber->speaking = g_ptr_array_new ();
  subscriber->unknown = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, unknown_free);
  g_mutex_init (&subscriber->lock);
  set_up_handler (subscriber);
  subscriber->client
      = mm_mqtt_client_new (broker, &subscriber->handler, context->clock, subscriber);
  return subscriber;
}

void
mm_subscriber_free (MmSubscriber *subscriber, gboolean forget)
{
  if (subscriber == NULL)
    return;
  mm_mqtt_client_free (subscriber->client, forget);
  end_round (subscriber);
  g_hash_table_unref (subscriber->sources);
  g_hash_table_unref (subscriber->unknown);
  g_ptr_array_unref (subscriber->speaking);
  g_clear_error (&subscriber->failed);
  mm_broker_free (subscriber->broker);
  g_free (subscriber->will_topic);
  g_free (subscriber->state.last_refusal);
  g_mutex_clear (&subscriber->lock);
  g_free (subscriber);
}

static int
compare_unknown (gconstpointer a, gconstpointer b)
{
  const MmUnknownSource *p = *(MmUnknownSource *const *) a, *q = *(MmUnknownSource *const *) b;

  if (p->count != q->count)
    return p->count > q->count ? -1 : 1;
  return strcmp (p->name, q->name);
}

void
mm_subscriber_get_state (MmSubscriber *subscriber, MmSubscriberState *state)
{
  GHashTableIter iter;
  gpointer value;

  g_mutex_lock (&subscriber->lock);
  *state = subscriber->state;
  state->last_refusal = g_strdup (subscriber->state.last_refusal);
  state->unknown = g_ptr_array_new_with_free_func (unknown_free);
  g_hash_table_iter_init (&iter, subscriber->unknown);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      MmUnknownSource *copy = g_memdup2 (value, sizeof (MmUnknownSource));

      copy->name = g_strdup (copy->name);
      g_ptr_array_add (state->unknown, copy);
    }
  g_mutex_unlock (&subscriber->lock);
  g_ptr_array_sort (state->unknown, compare_unknown);
  mm_mqtt_client_get_state (subscriber->client, &state->connection);
}

void
mm_subscriber_state_clear (MmSubscriberState *state)
{
  g_free (state->connection.last_error);
  g_free (state->last_refusal);
  g_clear_pointer (&state->unknown, g_ptr_array_unref);
}

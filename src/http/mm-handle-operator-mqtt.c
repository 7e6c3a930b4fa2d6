/* Brokers of MQTT in the operator's API. On a worker. */
#include "mm-handle-operator.h"

#include "mm-body.h"
#include "mm-brokers.h"
#include "mm-error.h"
#include "mm-time-json.h"

/* ---- showing ---- */

static json_t *
topics_json (const MmBroker *broker)
{
  json_t *list = json_array ();

  for (guint i = 0; i < broker->topics->len; i++)
    {
      const MmTopics *topics = broker->topics->pdata[i];

      json_array_append_new (list, json_pack ("{s:s, s:s, s:s?, s:s?}", "kind",
                                              mm_topics_kind_name (topics->kind), "filter",
                                              topics->filter, "gateway", topics->gateway, "time",
                                              topics->time));
    }
  return list;
}

static json_t *
gateways_json (const MmBroker *broker)
{
  json_t *object = json_object ();
  GHashTableIter iter;
  gpointer name, gateway;

  g_hash_table_iter_init (&iter, broker->gateways);
  while (g_hash_table_iter_next (&iter, &name, &gateway))
    json_object_set_new (object, name, json_string (gateway));
  return object;
}

static json_t *
unknown_json (const MmSubscriberState *state)
{
  json_t *list = json_array ();

  for (guint i = 0; i < state->unknown->len; i++)
    {
      const MmUnknownSource *unknown = state->unknown->pdata[i];

      json_array_append_new (list, json_pack ("{s:s, s:I, s:o}", "name", unknown->name, "messages",
                                              (json_int_t) unknown->count, "last",
                                              mm_time_json (unknown->last)));
    }
  return list;
}

static const char *
phase_of (const MmBrokerView *view)
{
  return !view->is_listening                           ? "stopped"
         : !view->state.connection.is_connected        ? "connecting"
         : view->state.connection.n_refused_topics > 0 ? "refused"
                                                       : "connected";
}

static json_t *
state_json (const MmBrokerView *view)
{
  const MmSubscriberState *state = &view->state;
  const MmMqttState *connection = &state->connection;

  if (!view->is_listening)
    return json_pack ("{s:s}", "phase", phase_of (view));
  return json_pack (
      "{s:s, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s?, s:o, s:s?, s:o}", "phase",
      phase_of (view), "connected_since", mm_time_json (connection->connected_since),
      "last_message", mm_time_json (connection->last_message), "connects",
      (json_int_t) connection->n_connects, "messages", (json_int_t) connection->n_messages,
      "values", (json_int_t) state->n_values, "events", (json_int_t) state->n_events, "refused",
      (json_int_t) state->n_refused, "unknown_messages", (json_int_t) state->n_unknown,
      "refused_topics", (json_int_t) connection->n_refused_topics, "last_error",
      connection->last_error, "last_error_time", mm_time_json (connection->last_error_time),
      "last_refusal", state->last_refusal, "unknown", unknown_json (state));
}

static json_t *
view_json (const MmBrokerView *view)
{
  const MmBroker *broker = view->broker;

  return json_pack ("{s:s, s:s, s:s?, s:b, s:b, s:s?, s:s, s:I, s:o, s:o, s:o}", "name",
                    broker->name, "url", broker->url, "user", broker->user, "has_password",
                    broker->password != NULL, "has_ca", broker->ca != NULL, "fingerprint",
                    broker->fingerprint, "client_id", broker->client_id, "interval_s",
                    (json_int_t) broker->interval_s, "topics", topics_json (broker), "gateways",
                    gateways_json (broker), "state", state_json (view));
}

void
mm_handle_operator_brokers (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GPtrArray) views = mm_brokers_list (context->brokers);
  json_t *list = json_array ();

  for (guint i = 0; i < views->len; i++)
    json_array_append_new (list, view_json (views->pdata[i]));
  mm_exchange_answer_json (x, 200, json_pack ("{s:o}", "brokers", list));
}

static void
answer_view (MmExchange *x, MmContext *context, const char *name, guint status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmBrokerView) view = mm_brokers_find (context->brokers, name, &error);

  if (view != NULL)
    mm_exchange_answer_json (x, status, view_json (view));
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_operator_broker (MmExchange *x, gpointer context)
{
  answer_view (x, context, mm_exchange_param (x, "name"), 200);
}

/* ---- changing ---- */

static gboolean
read_topics (json_t *object, MmBroker *broker, GError **error)
{
  json_t *list = json_object_get (object, "topics");
  json_t *item;
  gsize i;

  if (list != NULL && !json_is_array (list))
    return mm_error_set (error, MM_ERROR_INVALID, "type", "The topics must be a list.");
  json_array_foreach (list, i, item)
    {
      const char *kind_name, *filter, *gateway, *time;
      MmTopicsKind kind;

      if (!mm_body_text (item, "kind", &kind_name, error)
          || !mm_body_text (item, "filter", &filter, error)
          || !mm_body_text (item, "gateway", &gateway, error)
          || !mm_body_text (item, "time", &time, error))
        return FALSE;
      if (kind_name == NULL || !mm_topics_kind_from_name (kind_name, &kind))
        {
          g_autofree char *field = g_strdup_printf ("topics[%" G_GSIZE_FORMAT "].kind", i);

          mm_error_add_field (error, field, "unknown",
                              "This must be json, venus, sparkplug or contact.");
          return FALSE;
        }
      g_ptr_array_add (broker->topics, mm_topics_new (kind, filter, gateway, time));
    }
  return TRUE;
}

static gboolean
read_gateways (json_t *object, MmBroker *broker, GError **error)
{
  json_t *gateways = json_object_get (object, "gateways");
  const char *name;
  json_t *id;

  if (gateways != NULL && !json_is_object (gateways))
    return mm_error_set (error, MM_ERROR_INVALID, "type",
                         "The gateways must be an object of names and IDs.");
  json_object_foreach (gateways, name, id)
    {
      if (!json_is_string (id))
        return mm_error_set (error, MM_ERROR_INVALID, "type",
                             "The ID of a gateway must be a text.");
      g_hash_table_insert (broker->gateways, g_strdup (name), g_strdup (json_string_value (id)));
    }
  return TRUE;
}

static MmBroker *
read_broker (json_t *object, GError **error)
{
  const char *name, *url, *user, *password, *ca, *fingerprint, *client_id;
  g_autoptr (MmBroker) broker = NULL;
  gint64 interval;

  if (!mm_body_text (object, "name", &name, error) || !mm_body_text (object, "url", &url, error)
      || !mm_body_text (object, "user", &user, error)
      || !mm_body_text (object, "password", &password, error)
      || !mm_body_text (object, "ca", &ca, error)
      || !mm_body_text (object, "fingerprint", &fingerprint, error)
      || !mm_body_text (object, "client_id", &client_id, error)
      || !mm_body_integer (object, "interval_s", &interval, error))
    return NULL;
  broker = mm_broker_new (name, url);
  broker->user = g_strdup (user);
  broker->password = g_strdup (password);
  broker->ca = g_strdup (ca);
  broker->fingerprint = g_strdup (fingerprint);
  broker->client_id = g_strdup (client_id);
  if (json_is_integer (json_object_get (object, "interval_s")))
    broker->interval_s = (guint) CLAMP (interval, 0, G_MAXUINT);
  if (!read_topics (object, broker, error) || !read_gateways (object, broker, error))
    return NULL;
  return g_steal_pointer (&broker);
}

void
mm_handle_operator_broker_add (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  json_t *object = mm_body_object (x, &error);
  MmBroker *broker = object != NULL ? read_broker (object, &error) : NULL;
  g_autofree char *name = broker != NULL ? g_strdup (broker->name) : NULL;

  json_decref (object);
  if (broker != NULL && mm_brokers_add (context->brokers, broker, &error))
    answer_view (x, context, name, 201);
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_operator_broker_remove (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;

  if (mm_brokers_remove (context->brokers, mm_exchange_param (x, "name"), &error))
    mm_exchange_answer_json (x, 200, json_object ());
  else
    mm_exchange_answer_error (x, error);
}

/* That the broker is not to be had is an answer, not an error of ours. */
void
mm_handle_operator_broker_test (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  gboolean good = mm_brokers_try (context->brokers, mm_exchange_param (x, "name"), &error);

  if (error != NULL && g_error_matches (error, MM_ERROR, MM_ERROR_NOT_FOUND))
    mm_exchange_answer_error (x, error);
  else
    mm_exchange_answer_json (
        x, 200, json_pack ("{s:b, s:s?}", "ok", good, "error", good ? NULL : error->message));
}

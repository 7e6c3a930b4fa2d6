/* libmosquitto in its form for other people's loops. What it says it will write while it is told
 * that there are threads stays queued until mosquitto_loop_write(); that is what acknowledgements
 * wait for (tests/server/test_mqtt.py shows it). */
#define G_LOG_DOMAIN "mm-mqtt"

#include "mm-mqtt-link.h"

#include "mm-error.h"
#include "mm-mqtt-tls.h"
#include "mm-topic-json.h"
#include "mm-topic.h"

#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <string.h>

#define KEEPALIVE_S 30
#define SESSION_S (7 * 24 * 3600) /* how long a broker keeps what we miss */
#define MAX_PACKET (MM_TOPIC_JSON_MAX_BYTES + 64 * 1024)
/* Messages that the broker may send before they are acknowledged, which is also how many share a
 * transaction. */
#define MAX_UNACKNOWLEDGED 1000
/* What is read before it is stored. */
#define MAX_MESSAGES 2000
#define MAX_BYTES (8 * 1024 * 1024)

struct _MmMqttLink
{
  MmMqttLinkConfig config;
  MmMqttTls *tls;
  struct mosquitto *mosquitto;
  MmMqttLinkPhase phase;
  gboolean tcp_up;
  gboolean is_too_new;
  guint n_waiting; /* subscriptions not answered yet */
  guint n_refused;
  guint n_messages; /* of this read */
  gsize n_bytes;
  char *problem; /* why the broker ends it, in words */
};

static gboolean
fail (MmMqttLink *link, int rc, GError **error)
{
  int reason = errno;
  const char *words = mosquitto_strerror (rc);
  g_autofree char *message = NULL;

  link->phase = MM_MQTT_LINK_CLOSED;
  if (link->tls != NULL && mm_mqtt_tls_problem (link->tls) != NULL)
    words = mm_mqtt_tls_problem (link->tls);
  else if (link->problem != NULL)
    words = link->problem;
  else if (rc == MOSQ_ERR_TLS
           || (link->config.broker->tls && rc == MOSQ_ERR_ERRNO && reason == EPROTO))
    words = "no TLS could be agreed on with the broker";
  else if (rc == MOSQ_ERR_ERRNO)
    words = g_strerror (reason);
  else if (rc == MOSQ_ERR_EAI)
    words = "the host is not known";
  message = g_strdup (words);
  return mm_error_set (error, MM_ERROR_BUSY, "broker", message);
}

/* ---- what the broker says ---- */

static void
subscribe (MmMqttLink *link)
{
  const MmBroker *broker = link->config.broker;

  for (guint i = 0; i < broker->topics->len; i++)
    {
      const MmTopics *topics = broker->topics->pdata[i];
      g_autofree char *filter = mm_topic_filter_for_broker (topics->filter);
      int options = link->config.old ? 0 : MQTT_SUB_OPT_SEND_RETAIN_NEW;

      if (mosquitto_subscribe_v5 (link->mosquitto, NULL, filter, 1, options, NULL)
          == MOSQ_ERR_SUCCESS)
        link->n_waiting++;
      else
        link->n_refused++;
    }
}

static void
on_connect (
    struct mosquitto *mosquitto, void *data, int code, int flags, const mosquitto_property *p)
{
  MmMqttLink *link = data;

  if (code == 0)
    {
      link->phase = MM_MQTT_LINK_OPEN;
      subscribe (link);
      if (link->n_waiting == 0)
        link->phase = MM_MQTT_LINK_SUBSCRIBED;
      return;
    }
  link->is_too_new = !link->config.old
                     && (code == MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION
                         || code == CONNACK_REFUSED_PROTOCOL_VERSION);
  g_free (link->problem);
  link->problem = g_strdup_printf ("the broker lets us not in: %s",
                                   link->config.old ? mosquitto_connack_string (code)
                                                    : mosquitto_reason_string (code));
}

static void
on_disconnect (struct mosquitto *mosquitto, void *data, int code, const mosquitto_property *p)
{
  MmMqttLink *link = data;

  /* From 128 on they are the broker's, below those of the library. */
  if (code >= 128 && link->problem == NULL)
    link->problem
        = g_strdup_printf ("the broker ends the connection: %s", mosquitto_reason_string (code));
}

static void
on_subscribe (struct mosquitto *mosquitto,
              void *data,
              int mid,
              int n,
              const int *granted,
              const mosquitto_property *p)
{
  MmMqttLink *link = data;

  for (int i = 0; i < n; i++)
    link->n_refused += (guint) (granted[i] >= 128);
  if (link->n_waiting > 0 && --link->n_waiting == 0)
    link->phase = MM_MQTT_LINK_SUBSCRIBED;
}

static void
on_message (struct mosquitto *mosquitto,
            void *data,
            const struct mosquitto_message *message,
            const mosquitto_property *p)
{
  MmMqttLink *link = data;
  gsize length = (gsize) MAX (message->payloadlen, 0);

  link->n_messages++;
  link->n_bytes += length + strlen (message->topic);
  link->config.message (message->topic, length > 0 ? message->payload : "", length, message->retain,
                        link->config.data);
}

/* ---- connecting ---- */

/* Properties of the connection can only be given to the call that blocks until there is one, and
 * are kept for those that follow. So that call gets an address that nobody can answer at. */
static int
give_properties (MmMqttLink *link)
{
  mosquitto_property *properties = NULL;
  int rc;

  if (link->config.old)
    return MOSQ_ERR_SUCCESS;
  rc = mosquitto_property_add_int16 (&properties, MQTT_PROP_RECEIVE_MAXIMUM, MAX_UNACKNOWLEDGED);
  if (rc == MOSQ_ERR_SUCCESS)
    rc = mosquitto_property_add_int32 (&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE, MAX_PACKET);
  if (rc == MOSQ_ERR_SUCCESS && !link->config.trial)
    rc = mosquitto_property_add_int32 (&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL, SESSION_S);
  if (rc == MOSQ_ERR_SUCCESS)
    mosquitto_connect_bind_v5 (link->mosquitto, "127.0.0.1", 0, KEEPALIVE_S, NULL, properties);
  mosquitto_property_free_all (&properties);
  return rc;
}

static int
set_up (MmMqttLink *link)
{
  const MmMqttLinkConfig *config = &link->config;
  const MmBroker *broker = config->broker;
  int rc;

  mosquitto_connect_v5_callback_set (link->mosquitto, on_connect);
  mosquitto_disconnect_v5_callback_set (link->mosquitto, on_disconnect);
  mosquitto_subscribe_v5_callback_set (link->mosquitto, on_subscribe);
  mosquitto_message_v5_callback_set (link->mosquitto, on_message);
  rc = mosquitto_threaded_set (link->mosquitto, true);
  if (rc == MOSQ_ERR_SUCCESS)
    rc = mosquitto_int_option (link->mosquitto, MOSQ_OPT_PROTOCOL_VERSION,
                               config->old ? MQTT_PROTOCOL_V311 : MQTT_PROTOCOL_V5);
  if (rc == MOSQ_ERR_SUCCESS && broker->user != NULL)
    rc = mosquitto_username_pw_set (link->mosquitto, broker->user, broker->password);
  if (rc == MOSQ_ERR_SUCCESS && config->will != NULL)
    rc = mosquitto_will_set (link->mosquitto, config->will_topic, (int) strlen (config->will),
                             config->will, 1, true);
  if (rc == MOSQ_ERR_SUCCESS)
    rc = give_properties (link);
  if (rc == MOSQ_ERR_SUCCESS && link->tls != NULL)
    rc = mosquitto_int_option (link->mosquitto, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
  if (rc == MOSQ_ERR_SUCCESS && link->tls != NULL)
    rc = mosquitto_void_option (link->mosquitto, MOSQ_OPT_SSL_CTX, mm_mqtt_tls_context (link->tls));
  if (rc == MOSQ_ERR_SUCCESS)
    rc = mosquitto_connect_async (link->mosquitto, broker->host, broker->port, KEEPALIVE_S);
  return rc;
}

MmMqttLink *
mm_mqtt_link_new (const MmMqttLinkConfig *config, GError **error)
{
  MmMqttLink *link = g_new0 (MmMqttLink, 1);
  g_autofree char *id = config->trial ? g_strdup_printf ("%.50s-test-%08x",
                                                         config->broker->client_id, g_random_int ())
                                      : g_strdup (config->broker->client_id);
  int rc;

  link->config = *config;
  if (config->broker->tls)
    link->tls = mm_mqtt_tls_new (config->broker, error);
  link->mosquitto = mosquitto_new (id, config->trial, link);
  if (link->mosquitto == NULL || (config->broker->tls && link->tls == NULL))
    {
      if (link->mosquitto == NULL)
        mm_error_set (error, MM_ERROR_INTERNAL, "mosquitto", "libmosquitto cannot be used");
      mm_mqtt_link_free (link, FALSE, FALSE);
      return NULL;
    }
  rc = set_up (link);
  if (rc == MOSQ_ERR_SUCCESS)
    return link;
  fail (link, rc, error);
  mm_mqtt_link_free (link, FALSE, FALSE);
  return NULL;
}

static void
say_goodbye (MmMqttLink *link, gboolean forget)
{
  mosquitto_property *properties = NULL;

  if (forget && !link->config.old)
    mosquitto_property_add_int32 (&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL, 0);
  mosquitto_disconnect_v5 (link->mosquitto, 0, properties);
  mosquitto_property_free_all (&properties);
  mosquitto_loop_write (link->mosquitto, 1);
}

void
mm_mqtt_link_free (MmMqttLink *link, gboolean polite, gboolean forget)
{
  if (link->mosquitto != NULL)
    {
      if (polite && (link->phase == MM_MQTT_LINK_OPEN || link->phase == MM_MQTT_LINK_SUBSCRIBED))
        say_goodbye (link, forget);
      mosquitto_destroy (link->mosquitto);
    }
  mm_mqtt_tls_free (link->tls);
  g_free (link->problem);
  g_free (link);
}

MmMqttLinkPhase
mm_mqtt_link_phase (MmMqttLink *link)
{
  return link->phase;
}

guint
mm_mqtt_link_n_refused (MmMqttLink *link)
{
  return link->n_refused;
}

gboolean
mm_mqtt_link_is_too_new (MmMqttLink *link)
{
  return link->is_too_new;
}

/* ---- reading and writing ---- */

static gboolean
wait_for_broker (MmMqttLink *link, int wake_fd, int timeout_ms, short *events)
{
  struct pollfd fds[] = {
    { .fd = mosquitto_socket (link->mosquitto), .events = POLLIN },
    { .fd = wake_fd, .events = POLLIN },
  };
  /* While TLS is being agreed on libmosquitto would always like to write. */
  gboolean wants = link->phase == MM_MQTT_LINK_OPENING && link->tls != NULL
                       ? !link->tcp_up
                       : mosquitto_want_write (link->mosquitto);

  if (wants)
    fds[0].events |= POLLOUT;
  if (poll (fds, wake_fd >= 0 ? 2 : 1, timeout_ms) <= 0)
    fds[0].revents = 0;
  *events = fds[0].revents;
  if (*events & POLLOUT)
    link->tcp_up = TRUE;
  return *events != 0;
}

gboolean
mm_mqtt_link_read (MmMqttLink *link, int wake_fd, int timeout_ms, GError **error)
{
  short events;

  link->n_messages = 0;
  link->n_bytes = 0;
  if (mosquitto_socket (link->mosquitto) < 0)
    return fail (link, MOSQ_ERR_CONN_LOST, error);
  while (link->n_messages < MAX_MESSAGES && link->n_bytes < MAX_BYTES
         && wait_for_broker (link, wake_fd, timeout_ms, &events))
    {
      int rc;

      /* Before TLS is agreed on a read goes on with that. */
      if (events == POLLOUT && (link->phase != MM_MQTT_LINK_OPENING || link->tls == NULL))
        break;
      errno = 0;
      rc = mosquitto_loop_read (link->mosquitto, 1);
      if (rc != MOSQ_ERR_SUCCESS || mosquitto_socket (link->mosquitto) < 0)
        return fail (link, rc != MOSQ_ERR_SUCCESS ? rc : MOSQ_ERR_CONN_LOST, error);
      if (link->phase == MM_MQTT_LINK_OPENING)
        break;
      timeout_ms = 0;
      wake_fd = -1;
    }
  return TRUE;
}

gboolean
mm_mqtt_link_write (MmMqttLink *link, GError **error)
{
  int rc;

  if (!link->tcp_up)
    return TRUE;
  errno = 0;
  rc = mosquitto_loop_write (link->mosquitto, 1);
  if (rc == MOSQ_ERR_SUCCESS)
    rc = mosquitto_loop_misc (link->mosquitto);
  if (rc == MOSQ_ERR_SUCCESS && mosquitto_socket (link->mosquitto) >= 0)
    return TRUE;
  return fail (link, rc != MOSQ_ERR_SUCCESS ? rc : MOSQ_ERR_CONN_LOST, error);
}

void
mm_mqtt_link_publish (MmMqttLink *link,
                      const char *topic,
                      const void *payload,
                      gsize length,
                      int qos,
                      gboolean retain)
{
  mosquitto_publish (link->mosquitto, NULL, topic, (int) length, payload, qos, retain);
}

/* What the operator says of a broker, checked. Any thread. */
#include "mm-broker.h"

#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-topic.h"

#include <string.h>

#define NAME_MAX_BYTES 32
#define CLIENT_ID_MAX 64
#define TEXT_MAX 1000
#define CA_MAX (256 * 1024)
#define INTERVAL_DEFAULT 60
#define INTERVAL_MAX 3600
#define PORT 1883
#define PORT_TLS 8883

static const char *const kind_names[MM_N_TOPICS_KINDS] = {
  [MM_TOPICS_JSON] = "json",
  [MM_TOPICS_VENUS] = "venus",
  [MM_TOPICS_SPARKPLUG] = "sparkplug",
  [MM_TOPICS_CONTACT] = "contact",
};

const char *
mm_topics_kind_name (MmTopicsKind kind)
{
  return kind_names[kind];
}

gboolean
mm_topics_kind_from_name (const char *name, MmTopicsKind *kind)
{
  for (guint i = 0; i < MM_N_TOPICS_KINDS; i++)
    if (strcmp (name, kind_names[i]) == 0)
      {
        *kind = (MmTopicsKind) i;
        return TRUE;
      }
  return FALSE;
}

/* ---- life ---- */

MmTopics *
mm_topics_new (MmTopicsKind kind, const char *filter, const char *gateway, const char *time)
{
  MmTopics *topics = g_new0 (MmTopics, 1);

  topics->kind = kind;
  topics->filter = g_strdup (filter);
  topics->gateway = g_strdup (gateway);
  topics->time = g_strdup (time);
  return topics;
}

void
mm_topics_free (MmTopics *topics)
{
  g_free (topics->filter);
  g_free (topics->gateway);
  g_free (topics->time);
  g_free (topics);
}

MmBroker *
mm_broker_new (const char *name, const char *url)
{
  MmBroker *broker = g_new0 (MmBroker, 1);

  broker->name = g_strdup (name);
  broker->url = g_strdup (url);
  broker->interval_s = INTERVAL_DEFAULT;
  broker->topics = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_topics_free);
  broker->gateways = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return broker;
}

void
mm_broker_free (MmBroker *broker)
{
  if (broker == NULL)
    return;
  g_free (broker->name);
  g_free (broker->url);
  g_free (broker->host);
  g_free (broker->user);
  g_free (broker->password);
  g_free (broker->ca);
  g_free (broker->fingerprint);
  g_free (broker->client_id);
  g_ptr_array_unref (broker->topics);
  g_hash_table_unref (broker->gateways);
  g_free (broker);
}

MmBroker *
mm_broker_copy (const MmBroker *broker)
{
  MmBroker *copy = mm_broker_new (broker->name, broker->url);
  GHashTableIter iter;
  gpointer name, gateway;

  copy->host = g_strdup (broker->host);
  copy->port = broker->port;
  copy->tls = broker->tls;
  copy->user = g_strdup (broker->user);
  copy->password = g_strdup (broker->password);
  copy->ca = g_strdup (broker->ca);
  copy->fingerprint = g_strdup (broker->fingerprint);
  copy->client_id = g_strdup (broker->client_id);
  copy->interval_s = broker->interval_s;
  for (guint i = 0; i < broker->topics->len; i++)
    {
      const MmTopics *topics = broker->topics->pdata[i];

      g_ptr_array_add (copy->topics,
                       mm_topics_new (topics->kind, topics->filter, topics->gateway, topics->time));
    }
  g_hash_table_iter_init (&iter, broker->gateways);
  while (g_hash_table_iter_next (&iter, &name, &gateway))
    g_hash_table_insert (copy->gateways, g_strdup (name), g_strdup (gateway));
  return copy;
}

/* ---- checking ---- */

static gboolean
is_name (const char *name)
{
  gsize length = name != NULL ? strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;

  return length > 0 && length <= NAME_MAX_BYTES && name[length] == '\0';
}

static gboolean
is_line (const char *text, gsize max)
{
  if (strlen (text) > max || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return FALSE;
  return TRUE;
}

static void
check_url (MmBroker *broker, GError **wrong)
{
  g_autoptr (GUri) uri = broker->url != NULL && is_line (broker->url, TEXT_MAX)
                             ? g_uri_parse (broker->url, G_URI_FLAGS_HAS_PASSWORD, NULL)
                             : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  gboolean tls = strcmp (scheme, "mqtts") == 0;

  if ((!tls && strcmp (scheme, "mqtt") != 0) || host == NULL || *host == '\0'
      || g_uri_get_port (uri) == 0 || g_uri_get_query (uri) != NULL
      || (*g_uri_get_path (uri) != '\0' && strcmp (g_uri_get_path (uri), "/") != 0))
    mm_error_add_field (wrong, "url", "syntax",
                        "This must be mqtt://HOST:PORT or, with TLS, mqtts://HOST:PORT.");
  else if (g_uri_get_userinfo (uri) != NULL)
    mm_error_add_field (wrong, "url", "userinfo",
                        "User and password do not belong into the URL; give them apart.");
  else
    {
      g_free (broker->host);
      broker->host = g_strdup (host);
      broker->tls = tls;
      broker->port = (guint16) (g_uri_get_port (uri) > 0 ? g_uri_get_port (uri)
                                : tls                    ? PORT_TLS
                                                         : PORT);
    }
}

/* "AB:CD:…" and "abcd…" are the same. */
static void
check_fingerprint (MmBroker *broker, GError **wrong)
{
  g_autoptr (GString) digits = g_string_new (NULL);

  if (broker->fingerprint == NULL)
    return;
  for (const char *c = broker->fingerprint; *c != '\0'; c++)
    if (*c != ':' && *c != ' ')
      g_string_append_c (digits, g_ascii_tolower (*c));
  if (digits->len != 64 || strspn (digits->str, "0123456789abcdef") != 64)
    mm_error_add_field (wrong, "fingerprint", "syntax",
                        "This must be a SHA-256 fingerprint, 64 hexadecimal digits.");
  g_free (broker->fingerprint);
  broker->fingerprint = g_strdup (digits->str);
}

static void
check_trust (MmBroker *broker, GError **wrong)
{
  check_fingerprint (broker, wrong);
  if (broker->ca != NULL
      && (strlen (broker->ca) > CA_MAX
          || strstr (broker->ca, "-----BEGIN CERTIFICATE-----") == NULL))
    mm_error_add_field (wrong, "ca", "syntax", "This must be certificates in PEM form.");
  if (broker->host != NULL && !broker->tls && (broker->ca != NULL || broker->fingerprint != NULL))
    mm_error_add_field (wrong, "url", "no-tls",
                        "A certificate is only looked at with TLS: mqtts://HOST:PORT.");
}

static void
check_login (MmBroker *broker, GError **wrong)
{
  if (broker->user != NULL && !is_line (broker->user, TEXT_MAX))
    mm_error_add_field (wrong, "user", "invalid", "This must be one line.");
  if (broker->password != NULL && !is_line (broker->password, TEXT_MAX))
    mm_error_add_field (wrong, "password", "invalid", "This must be one line.");
  if (broker->password != NULL && broker->user == NULL)
    mm_error_add_field (wrong, "user", "required", "A password needs a user.");
  if (broker->client_id == NULL && is_name (broker->name))
    broker->client_id = g_strconcat ("mimamori-", broker->name, NULL);
  if (broker->client_id != NULL
      && (!is_line (broker->client_id, CLIENT_ID_MAX) || *broker->client_id == '\0'
          || strpbrk (broker->client_id, "/+#") != NULL))
    mm_error_add_field (wrong, "client_id", "invalid",
                        "This must be 1 to 64 characters without /, + and #.");
}

/* ---- topics ---- */

/* Whether the level @n of @filter is @text. */
static gboolean
level_is (const char *filter, guint n, const char *text)
{
  const char *level;
  gsize length;

  return mm_topic_level (filter, n, &level, &length) && length == strlen (text)
         && memcmp (level, text, length) == 0;
}

static gboolean
filter_suits (const MmTopics *topics)
{
  switch (topics->kind)
    {
    case MM_TOPICS_VENUS:
      return level_is (topics->filter, 0, "N") && level_is (topics->filter, 2, "#")
             && !level_is (topics->filter, 1, "+");
    case MM_TOPICS_SPARKPLUG:
      return level_is (topics->filter, 0, "spBv1.0") && level_is (topics->filter, 2, "+")
             && level_is (topics->filter, 4, "#") && !level_is (topics->filter, 1, "{gateway}")
             && !level_is (topics->filter, 3, "+");
    case MM_TOPICS_JSON:
    case MM_TOPICS_CONTACT:
    case MM_N_TOPICS_KINDS:
      break;
    }
  return TRUE;
}

static const char *
usual_filter (MmTopicsKind kind)
{
  return kind == MM_TOPICS_VENUS       ? "N/{gateway}/#"
         : kind == MM_TOPICS_SPARKPLUG ? "spBv1.0/+/+/{gateway}/#"
                                       : "";
}

static void
check_topics (MmTopics *topics, guint n, GError **wrong)
{
  g_autofree char *filter_field = g_strdup_printf ("topics[%u].filter", n);
  g_autofree char *gateway_field = g_strdup_printf ("topics[%u].gateway", n);
  g_autofree char *time_field = g_strdup_printf ("topics[%u].time", n);
  gboolean has_gateway;

  if (topics->filter == NULL || *topics->filter == '\0')
    {
      g_free (topics->filter);
      topics->filter = g_strdup (usual_filter (topics->kind));
    }
  if (!mm_topic_filter_valid (topics->filter, &has_gateway))
    mm_error_add_field (wrong, filter_field, "syntax",
                        "This must be a topic filter; {gateway} may be one level of it.");
  else if (!filter_suits (topics))
    mm_error_add_field (wrong, filter_field, "kind",
                        topics->kind == MM_TOPICS_VENUS
                            ? "For Venus this must be N/{gateway}/# or N/PORTAL/#."
                            : "For Sparkplug this must be spBv1.0/GROUP/+/{gateway}/#.");
  else if (has_gateway && topics->gateway != NULL)
    mm_error_add_field (wrong, gateway_field, "twice",
                        "The filter names the gateway already, by {gateway}.");
  else if (!has_gateway && topics->gateway == NULL)
    mm_error_add_field (wrong, gateway_field, "required",
                        "Name the gateway, or put {gateway} into the filter.");
  if (topics->gateway != NULL)
    g_free (mm_gateway_id_normalise (topics->gateway, gateway_field, wrong));
  if (topics->time != NULL
      && (topics->kind != MM_TOPICS_JSON || *topics->time == '\0' || !is_line (topics->time, 200)))
    mm_error_add_field (wrong, time_field, "invalid",
                        "This must be the way to the time in a JSON payload.");
}

static void
check_gateways (const MmBroker *broker, GError **wrong)
{
  GHashTableIter iter;
  gpointer name, gateway;

  if (g_hash_table_size (broker->gateways) > MM_BROKER_MAX_NAMED)
    mm_error_add_field (wrong, "gateways", "too-many", "There may be at most 10000 names.");
  g_hash_table_iter_init (&iter, broker->gateways);
  while (g_hash_table_iter_next (&iter, &name, &gateway))
    {
      if (*(char *) name == '\0' || !is_line (name, MM_TOPIC_MAX_BYTES))
        mm_error_add_field (wrong, "gateways", "invalid", "A name for a gateway is not fit.");
      g_free (mm_gateway_id_normalise (gateway, "gateways", wrong));
    }
}

gboolean
mm_broker_check (MmBroker *broker, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!is_name (broker->name))
    mm_error_add_field (&wrong, "name", "characters",
                        "This must be 1 to 32 of a-z, 0-9 and the hyphen.");
  check_url (broker, &wrong);
  check_trust (broker, &wrong);
  check_login (broker, &wrong);
  if (broker->interval_s < 1 || broker->interval_s > INTERVAL_MAX)
    mm_error_add_field (&wrong, "interval_s", "range", "This must be from 1 to 3600 seconds.");
  if (broker->topics->len == 0 || broker->topics->len > MM_BROKER_MAX_TOPICS)
    mm_error_add_field (&wrong, "topics", "number", "There must be from 1 to 64 topic filters.");
  else
    for (guint i = 0; i < broker->topics->len; i++)
      check_topics (broker->topics->pdata[i], i, &wrong);
  check_gateways (broker, &wrong);
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

const MmTopics *
mm_broker_find_topics (const MmBroker *broker, const char *topic, const char **level, gsize *length)
{
  for (guint i = 0; i < broker->topics->len; i++)
    {
      const MmTopics *topics = broker->topics->pdata[i];

      if (mm_topic_match (topics->filter, topic, level, length))
        return topics;
    }
  return NULL;
}

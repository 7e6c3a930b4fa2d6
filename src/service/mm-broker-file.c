/* The file of brokers. Any thread. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-broker-file.h"

#include "mm-error.h"

#include <string.h>

static const char prefix[] = "broker ";

/* Members of a broker that are texts. */
static const struct
{
  const char *key;
  gsize offset;
} texts[] = {
  { "user", G_STRUCT_OFFSET (MmBroker, user) },
  { "password", G_STRUCT_OFFSET (MmBroker, password) },
  { "ca", G_STRUCT_OFFSET (MmBroker, ca) },
  { "fingerprint", G_STRUCT_OFFSET (MmBroker, fingerprint) },
  { "client-id", G_STRUCT_OFFSET (MmBroker, client_id) },
};

/* ---- reading ---- */

/* Topics are lists of four texts: kind, filter, gateway, time. */
static void
read_topics (MmBroker *broker, GKeyFile *file, const char *group)
{
  for (guint i = 0; i < MM_BROKER_MAX_TOPICS; i++)
    {
      g_autofree char *key = g_strdup_printf ("topics-%u", i);
      gsize n = 0;
      g_auto (GStrv) parts = g_key_file_get_string_list (file, group, key, &n, NULL);
      MmTopicsKind kind;

      if (n == 4 && mm_topics_kind_from_name (parts[0], &kind))
        g_ptr_array_add (broker->topics,
                         mm_topics_new (kind, parts[1], *parts[2] != '\0' ? parts[2] : NULL,
                                        *parts[3] != '\0' ? parts[3] : NULL));
    }
}

/* Names for gateways are a list of name, ID, name, ID … */
static void
read_gateways (MmBroker *broker, GKeyFile *file, const char *group)
{
  gsize n = 0;
  g_auto (GStrv) pairs = g_key_file_get_string_list (file, group, "gateways", &n, NULL);

  for (gsize i = 0; i + 1 < n; i += 2)
    g_hash_table_insert (broker->gateways, g_strdup (pairs[i]), g_strdup (pairs[i + 1]));
}

static MmBroker *
read_broker (GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *url = g_key_file_get_string (file, group, "url", NULL);
  g_autoptr (MmBroker) broker = mm_broker_new (group + strlen (prefix), url);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, broker, texts[i].offset)
        = g_key_file_get_string (file, group, texts[i].key, NULL);
  broker->interval_s = (guint) g_key_file_get_integer (file, group, "interval", NULL);
  read_topics (broker, file, group);
  read_gateways (broker, file, group);
  return mm_broker_check (broker, error) ? g_steal_pointer (&broker) : NULL;
}

GPtrArray *
mm_broker_file_load (const char *path, GError **error)
{
  g_autoptr (GPtrArray) brokers = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_broker_free);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&brokers);
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    return NULL;
  groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++)
    {
      g_autoptr (GError) problem = NULL;
      MmBroker *broker
          = g_str_has_prefix (*group, prefix) ? read_broker (file, *group, &problem) : NULL;

      if (broker != NULL)
        g_ptr_array_add (brokers, broker);
      else
        g_warning ("the group [%s] of %s is no sound broker: %s", *group, path,
                   problem != NULL ? problem->message : "it has another name");
    }
  return g_steal_pointer (&brokers);
}

/* ---- writing ---- */

static void
write_topics (const MmBroker *broker, GKeyFile *file, const char *group)
{
  for (guint i = 0; i < broker->topics->len; i++)
    {
      const MmTopics *topics = broker->topics->pdata[i];
      g_autofree char *key = g_strdup_printf ("topics-%u", i);
      const char *const parts[] = {
        mm_topics_kind_name (topics->kind),
        topics->filter,
        topics->gateway != NULL ? topics->gateway : "",
        topics->time != NULL ? topics->time : "",
      };

      g_key_file_set_string_list (file, group, key, parts, G_N_ELEMENTS (parts));
    }
}

static void
write_broker (const MmBroker *broker, GKeyFile *file)
{
  g_autofree char *group = g_strconcat (prefix, broker->name, NULL);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name, gateway;

  g_key_file_set_string (file, group, "url", broker->url);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = G_STRUCT_MEMBER (char *, broker, texts[i].offset);

      if (text != NULL)
        g_key_file_set_string (file, group, texts[i].key, text);
    }
  g_key_file_set_integer (file, group, "interval", (int) broker->interval_s);
  write_topics (broker, file, group);
  g_hash_table_iter_init (&iter, broker->gateways);
  while (g_hash_table_iter_next (&iter, &name, &gateway))
    {
      g_ptr_array_add (pairs, name);
      g_ptr_array_add (pairs, gateway);
    }
  if (pairs->len > 0)
    g_key_file_set_string_list (file, group, "gateways", (const char *const *) pairs->pdata,
                                pairs->len);
}

gboolean
mm_broker_file_save (const char *path, const GPtrArray *brokers, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize length;

  for (guint i = 0; i < brokers->len; i++)
    write_broker (brokers->pdata[i], file);
  text = g_key_file_to_data (file, &length, NULL);
  return g_file_set_contents_full (path, text, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

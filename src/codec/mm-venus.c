/* The values of a portal, by the names of their topics. Belongs to one thread. */
#include "mm-venus.h"

#include "mm-quantity.h"

#include <jansson.h>
#include <string.h>

#define MAX_PAYLOAD 65536
#define MAX_DEVICES MM_BATCH_MAX_DEVICES
#define TEXT_MAX 128

/* What a device says of itself. @told: as it is, in some batch */
typedef struct
{
  char *service;
  char *model;
  char *serial;
  gboolean told;
} Device;

struct _MmVenus
{
  GHashTable *values;  /* name: double */
  GHashTable *devices; /* "SERVICEINSTANCE", as the mapping calls it: Device */
};

static void
device_free (gpointer data)
{
  Device *device = data;

  g_free (device->service);
  g_free (device->model);
  g_free (device->serial);
  g_free (device);
}

MmVenus *
mm_venus_new (void)
{
  MmVenus *venus = g_new0 (MmVenus, 1);

  venus->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  venus->devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, device_free);
  return venus;
}

void
mm_venus_free (MmVenus *venus)
{
  if (venus == NULL)
    return;
  g_hash_table_unref (venus->values);
  g_hash_table_unref (venus->devices);
  g_free (venus);
}

void
mm_venus_forget (MmVenus *venus)
{
  g_hash_table_remove_all (venus->values);
}

const char *
mm_venus_keepalive (gboolean whole)
{
  return whole ? "" : "{\"keepalive-options\":[\"suppress-republish\"]}";
}

/* ---- names ---- */

/* The path of "SERVICE/INSTANCE/PATH", or NULL if it is none. */
static const char *
path_of (const char *name)
{
  const char *instance = strchr (name, '/');
  const char *path = instance != NULL ? strchr (instance + 1, '/') : NULL;

  if (path == NULL || instance == name || path == instance + 1 || path[1] == '\0')
    return NULL;
  return path + 1;
}

/* Figures that are no measurements: settings, and what is said of the device once and for all. */
static gboolean
is_of_no_interest (const char *name, const char *path)
{
  static const char *const services[] = { "settings/", "platform/", "logger/", "hub4/" };
  static const char *const trees[] = { "Mgmt/", "Devices/", "History/Daily/", "Settings/" };
  static const char *const paths[]
      = { "DeviceInstance", "ProductId", "FirmwareVersion", "HardwareVersion", "Connected" };

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (g_str_has_prefix (name, services[i]))
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (trees); i++)
    if (g_str_has_prefix (path, trees[i]))
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (strcmp (path, paths[i]) == 0)
      return TRUE;
  return FALSE;
}

/* What a device does rather than what it measures: when that changes, the moment counts. */
static gboolean
is_state (const char *path)
{
  const char *slash = strrchr (path, '/');
  const char *last = slash != NULL ? slash + 1 : path;

  return strcmp (last, "State") == 0 || strcmp (last, "Mode") == 0
         || strcmp (last, "ActiveInput") == 0;
}

/* ---- devices ---- */

static void
note_text (MmVenus *venus, const char *name, const char *path, const char *text)
{
  gboolean is_model = strcmp (path, "ProductName") == 0;
  const char *slash = strchr (name, '/');
  g_autofree char *key = NULL;
  Device *device;
  char **member;

  if ((!is_model && strcmp (path, "Serial") != 0) || strlen (text) > TEXT_MAX)
    return;
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return;
  key = g_strdup_printf ("%.*s%.*s", (int) (slash - name), name, (int) (path - slash - 2),
                         slash + 1);
  device = g_hash_table_lookup (venus->devices, key);
  if (device == NULL)
    {
      if (g_hash_table_size (venus->devices) == MAX_DEVICES || strlen (key) > TEXT_MAX)
        return;
      device = g_new0 (Device, 1);
      device->service = g_strndup (name, (gsize) (slash - name));
      g_hash_table_insert (venus->devices, g_steal_pointer (&key), device);
    }
  member = is_model ? &device->model : &device->serial;
  if (g_strcmp0 (*member, text) == 0)
    return;
  g_free (*member);
  *member = g_strdup (text);
  device->told = FALSE;
}

static void
tell_devices (MmVenus *venus, MmBatch *batch)
{
  GHashTableIter iter;
  gpointer key, data;

  g_hash_table_iter_init (&iter, venus->devices);
  while (g_hash_table_iter_next (&iter, &key, &data))
    {
      Device *device = data;
      MmDevice told = { 0 };

      if (device->told || device->model == NULL || batch->devices->len == MM_BATCH_MAX_DEVICES)
        continue;
      device->told = TRUE;
      told.device = g_strdup (key);
      told.kind = g_strdup (device->service);
      told.maker = g_strdup ("Victron Energy");
      told.model = g_strdup (device->model);
      told.serial = g_strdup (device->serial);
      g_array_append_val (batch->devices, told);
    }
}

/* ---- messages ---- */

static void
take_number (MmVenus *venus,
             MmTopicMemory *memory,
             MmMapper *mapper,
             const char *name,
             const char *path,
             double number,
             gint64 now,
             gboolean tell_cleared)
{
  double *value = g_hash_table_lookup (venus->values, name);
  gboolean changed = value == NULL || *value != number;

  if (mm_topic_memory_is_fault (mapper->table, name))
    {
      mm_topic_memory_take (memory, mapper, name, "venus", number, now, tell_cleared);
      return;
    }
  if (value == NULL)
    {
      if (is_of_no_interest (name, path))
        return;
      if (g_hash_table_size (venus->values) == MM_VENUS_MAX_VALUES)
        {
          mm_batch_refuse (mapper->batch, 0, name, "too-many-values",
                           "This portal has too many different values.");
          return;
        }
      value = g_new (double, 1);
      g_hash_table_insert (venus->values, g_strdup (name), value);
    }
  *value = number;
  if (changed && is_state (path))
    mm_mapper_add (mapper, name, NULL, 0, "venus", now, number, 0);
}

gboolean
mm_venus_take (MmVenus *venus,
               MmTopicMemory *memory,
               MmMapper *mapper,
               const char *name,
               const char *payload,
               gsize length,
               gint64 now,
               gboolean tell_cleared,
               gboolean *whole)
{
  const char *path = path_of (name);
  json_t *json;
  const json_t *value;

  *whole = strcmp (name, "full_publish_completed") == 0;
  /* The portal's own words, as "heartbeat" and "keepalive". */
  if (path == NULL)
    return TRUE;
  if (length == 0)
    {
      g_hash_table_remove (venus->values, name);
      return TRUE;
    }
  json = length <= MAX_PAYLOAD ? json_loadb (payload, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
  value = json_object_get (json, "value");
  if (value == NULL)
    mm_batch_refuse (mapper->batch, 0, name, "bad-payload", "This is no payload of Venus OS.");
  else if (json_is_number (value) || json_is_boolean (value))
    take_number (venus, memory, mapper, name, path,
                 json_is_number (value) ? json_number_value (value) : json_is_true (value), now,
                 tell_cleared);
  else
    {
      /* null and [] say that there is no value, and a text or a list is none. */
      g_hash_table_remove (venus->values, name);
      if (json_is_string (value))
        note_text (venus, name, path, json_string_value (value));
    }
  json_decref (json);
  return value != NULL;
}

/* ---- storing ---- */

static gboolean
is_canonical (const MmMappingTable *table, const char *name)
{
  MmMappingTarget target;
  g_autofree char *quantity = NULL;

  if (!mm_mapping_find (table, 0, name, strlen (name), NULL, 0, &target))
    return FALSE;
  quantity = g_strndup (target.quantity, target.quantity_length);
  return mm_quantity_find (quantity) != NULL;
}

void
mm_venus_store (MmVenus *venus, MmMapper *mapper, gint64 now)
{
  for (int canonical = 1; canonical >= 0; canonical--)
    {
      GHashTableIter iter;
      gpointer name, value;

      g_hash_table_iter_init (&iter, venus->values);
      while (g_hash_table_iter_next (&iter, &name, &value))
        if (is_canonical (mapper->table, name) == canonical)
          mm_mapper_add (mapper, name, NULL, 0, "venus", now, *(double *) value, 0);
    }
  tell_devices (venus, mapper->batch);
}

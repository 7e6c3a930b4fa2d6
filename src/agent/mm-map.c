/* Mappings as key files:
 *
 *   [time]                         [value meter grid_power]
 *   column=timestamp               column=P_Grid
 *   format=epoch                   scale=1
 *
 *   [gateway]                      [device meter]
 *   interval=60                    kind=meter
 *
 * The headings are values, not group names, because a heading may hold anything ("Power [W]") and a
 * group name may not. Any thread.
 */
#include "mm-map.h"

#include "mm-batch.h"
#include "mm-clock.h"
#include "mm-number.h"
#include "mm-time.h"

#include <math.h>
#include <string.h>

#define MAX_INTERVAL_S 86400
#define MIN_TIME (G_GINT64_CONSTANT (946684800) * MM_SECOND)  /* 2000-01-01 */
#define MAX_TIME (G_GINT64_CONSTANT (4102444800) * MM_SECOND) /* 2100-01-01 */

static void
clear_value (gpointer data)
{
  MmMapValue *value = data;

  g_free (value->column);
  g_free (value->device);
  g_free (value->quantity);
}

static void
clear_device (gpointer data)
{
  MmDevice *device = data;

  g_free (device->device);
  g_free (device->kind);
  g_free (device->maker);
  g_free (device->model);
  g_free (device->serial);
}

static gboolean
refuse (GError **error, const char *group, const char *why)
{
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "[%s]: %s", group, why);
  return FALSE;
}

/* Refuses keys that nobody would read: a typing error must not pass in silence. */
static gboolean
check_keys (GKeyFile *file, const char *group, const char *const *known, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, error);

  if (keys == NULL)
    return FALSE;
  for (char **key = keys; *key != NULL; key++)
    {
      if (!g_strv_contains (known, *key))
        {
          g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                       "[%s]: unknown key \"%s\"", group, *key);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_name (const char *text)
{
  gsize length = strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-");

  return length > 0 && length <= MM_NAME_MAX_BYTES && text[length] == '\0';
}

static gboolean
load_time (MmMap *map, GKeyFile *file, GError **error)
{
  static const char *const known[] = { "column", "format", NULL };
  g_autofree char *format = NULL;

  if (!check_keys (file, "time", known, error))
    return FALSE;
  map->time_column = g_key_file_get_string (file, "time", "column", error);
  if (map->time_column == NULL)
    return FALSE;
  format = g_key_file_get_string (file, "time", "format", error);
  if (format == NULL)
    return FALSE;
  if (strcmp (format, "epoch") == 0)
    map->time_format = MM_MAP_TIME_EPOCH;
  else if (strcmp (format, "rfc3339") == 0)
    map->time_format = MM_MAP_TIME_RFC3339;
  else
    return refuse (error, "time", "format is neither epoch nor rfc3339");
  return TRUE;
}

static gboolean
load_gateway (MmMap *map, GKeyFile *file, GError **error)
{
  static const char *const known[] = { "interval", NULL };
  g_autoptr (GError) local = NULL;
  int interval;

  if (!check_keys (file, "gateway", known, error))
    return FALSE;
  interval = g_key_file_get_integer (file, "gateway", "interval", &local);
  if (local != NULL || interval < 1 || interval > MAX_INTERVAL_S)
    return refuse (error, "gateway", "interval is not 1 to 86400 seconds");
  map->interval_s = (guint) interval;
  return TRUE;
}

static gboolean
load_device (MmMap *map, GKeyFile *file, const char *group, GError **error)
{
  static const char *const known[] = { "kind", "maker", "model", "serial", NULL };
  const char *name = group + strlen ("device ");
  MmDevice device = { 0 };

  if (!check_keys (file, group, known, error))
    return FALSE;
  if (!is_name (name))
    return refuse (error, group, "the device's name is not made of A-Z a-z 0-9 . _ -");
  if (map->devices->len == MM_BATCH_MAX_DEVICES)
    return refuse (error, group, "too many devices");
  device.device = g_strdup (name);
  device.kind = g_key_file_get_string (file, group, "kind", NULL);
  device.maker = g_key_file_get_string (file, group, "maker", NULL);
  device.model = g_key_file_get_string (file, group, "model", NULL);
  device.serial = g_key_file_get_string (file, group, "serial", NULL);
  g_array_append_val (map->devices, device);
  return TRUE;
}

static gboolean
load_value (MmMap *map, GKeyFile *file, const char *group, GError **error)
{
  static const char *const known[] = { "column", "scale", NULL };
  g_auto (GStrv) words = g_strsplit (group, " ", -1);
  g_autofree char *column = NULL;
  g_autofree char *scale = NULL;
  MmMapValue value = { .scale = 1.0 };

  if (!check_keys (file, group, known, error))
    return FALSE;
  if (g_strv_length (words) != 3 || !is_name (words[1]) || !is_name (words[2]))
    return refuse (error, group, "is not \"value DEVICE QUANTITY\" in A-Z a-z 0-9 . _ -");
  column = g_key_file_get_string (file, group, "column", error);
  if (column == NULL)
    return FALSE;
  scale = g_key_file_get_string (file, group, "scale", NULL);
  if (scale != NULL
      && (!mm_number_parse (scale, strlen (scale), &value.scale) || value.scale == 0.0))
    return refuse (error, group, "scale is not a number other than 0");
  value.column = g_steal_pointer (&column);
  value.device = g_strdup (words[1]);
  value.quantity = g_strdup (words[2]);
  g_array_append_val (map->values, value);
  return TRUE;
}

static int
compare_devices (gconstpointer a, gconstpointer b)
{
  return strcmp (((const MmMapValue *) a)->device, ((const MmMapValue *) b)->device);
}

static gboolean
load_groups (MmMap *map, GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (char **group = groups; *group != NULL; group++)
    {
      gboolean loaded;

      if (strcmp (*group, "time") == 0)
        loaded = load_time (map, file, error);
      else if (strcmp (*group, "gateway") == 0)
        loaded = load_gateway (map, file, error);
      else if (g_str_has_prefix (*group, "device "))
        loaded = load_device (map, file, *group, error);
      else if (g_str_has_prefix (*group, "value "))
        loaded = load_value (map, file, *group, error);
      else
        loaded = refuse (error, *group, "unknown group");
      if (!loaded)
        return FALSE;
    }
  /* Values of one device side by side make one reading of a row. */
  g_array_sort (map->values, compare_devices);
  if (map->time_column == NULL)
    return refuse (error, "time", "is missing");
  if (map->values->len == 0)
    return refuse (error, "value DEVICE QUANTITY", "there is none");
  return TRUE;
}

MmMap *
mm_map_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (MmMap) map = g_new0 (MmMap, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;

  map->values = g_array_new (FALSE, TRUE, sizeof (MmMapValue));
  map->devices = g_array_new (FALSE, TRUE, sizeof (MmDevice));
  g_array_set_clear_func (map->values, clear_value);
  g_array_set_clear_func (map->devices, clear_device);
  map->digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
  if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &local)
      || !load_groups (map, file, &local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&map);
}

MmMap *
mm_map_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;
  MmMap *map;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  map = mm_map_parse (text, length, error);
  if (map == NULL)
    g_prefix_error (error, "%s: ", path);
  return map;
}

void
mm_map_free (MmMap *map)
{
  g_free (map->time_column);
  g_array_unref (map->values);
  g_array_unref (map->devices);
  g_free (map->digest);
  g_free (map);
}

static gboolean
read_number (const char *cell, double *number)
{
  gsize length;

  while (*cell == ' ')
    cell++;
  length = strlen (cell);
  while (length > 0 && cell[length - 1] == ' ')
    length--;
  return mm_number_parse (cell, length, number);
}

const char *
mm_map_read_time (const MmMap *map, const char *cell, gint64 *time)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (cell));
  double seconds;

  if (map->time_format == MM_MAP_TIME_RFC3339)
    {
      if (!mm_time_parse (trimmed, time))
        return "not an RFC 3339 time";
    }
  else
    {
      if (!read_number (trimmed, &seconds))
        return "not a number of seconds";
      if (fabs (seconds) > (double) (MAX_TIME / MM_SECOND))
        return "a time outside the years 2000 to 2099";
      /* A double of today's seconds is exact to a quarter of a microsecond. */
      *time = llround (seconds * (double) MM_SECOND);
    }
  if (*time < MIN_TIME || *time >= MAX_TIME)
    return "a time outside the years 2000 to 2099";
  return NULL;
}

const char *
mm_map_read_value (const MmMapValue *value, const char *cell, double *number)
{
  if (!read_number (cell, number))
    return "not a number";
  *number *= value->scale;
  if (!isfinite (*number))
    return "too large once scaled";
  *number += 0.0; /* -0 becomes 0 */
  return NULL;
}

#include "mm-fleet-file.h"

#include "mm-gateway.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#define MAX_BYTES (16 * 1024 * 1024)
#define MAX_KEY_BYTES 512
#define MAX_REGION_BYTES 64

/* Where in the file we are, for errors. */
typedef struct
{
  gsize index;
  json_t *house;
  GError **error;
} Place;

static const char *const members[]
    = { "id",        "key",        "region",     "latitude", "longitude", "timezone",
        "pv_peak_w", "battery_wh", "interval_s", "habit",    "story" };

static gboolean refuse (const Place *place, const char *member, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
refuse (const Place *place, const char *member, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (place->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "houses[%" G_GSIZE_FORMAT "]%s%s: %s", place->index, *member != '\0' ? "." : "",
               member, why);
  return FALSE;
}

/* A text that may be missing: *@text is NULL then. */
static gboolean
get_text (const Place *place, const char *member, gsize max, const char **text)
{
  json_t *value = json_object_get (place->house, member);

  *text = NULL;
  if (value == NULL)
    return TRUE;
  if (!json_is_string (value) || json_string_length (value) == 0
      || json_string_length (value) > max)
    return refuse (place, member, "not a text of 1 to %" G_GSIZE_FORMAT " bytes", max);
  for (const char *at = json_string_value (value); *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return refuse (place, member, "has control characters");
  *text = json_string_value (value);
  return TRUE;
}

/* A number that may be missing: *@number is untouched then. */
static gboolean
get_number (const Place *place, const char *member, double least, double most, double *number)
{
  json_t *value = json_object_get (place->house, member);

  if (value == NULL)
    return TRUE;
  if (!json_is_number (value) || json_number_value (value) < least
      || json_number_value (value) > most)
    return refuse (place, member, "not a number from %g to %g", least, most);
  *number = json_number_value (value);
  return TRUE;
}

static gboolean
get_names (const Place *place, const char **id, const char **key)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *normal = NULL;

  if (!get_text (place, "id", MM_GATEWAY_ID_MAX, id)
      || !get_text (place, "key", MAX_KEY_BYTES, key))
    return FALSE;
  if (*id == NULL || *key == NULL)
    return refuse (place, *id == NULL ? "id" : "key", "missing");
  normal = mm_gateway_id_normalise (*id, "id", &local);
  if (g_strcmp0 (normal, *id) != 0)
    return refuse (place, "id", "not 1 to 64 of A-Z a-z 0-9 . _ -");
  /* It becomes part of a header line. */
  for (const char *at = *key; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      return refuse (place, "key", "not of printable ASCII characters");
  return TRUE;
}

/* Region first, as it places the house; then what is said more exactly. */
static gboolean
get_place (const Place *place, MmHouse *house)
{
  const char *region, *zone;

  if (!get_text (place, "region", MAX_REGION_BYTES, &region)
      || !get_text (place, "timezone", MAX_REGION_BYTES, &zone))
    return FALSE;
  if (region != NULL)
    mm_house_move (house, region);
  if (zone != NULL)
    {
      g_time_zone_unref (house->zone);
      house->zone = g_time_zone_new_identifier (zone);
      if (house->zone == NULL)
        return refuse (place, "timezone", "no time zone that this computer knows");
    }
  return get_number (place, "latitude", -90, 90, &house->latitude)
         && get_number (place, "longitude", -180, 180, &house->longitude);
}

static gboolean
get_people (const Place *place, MmHouse *house)
{
  const char *habit, *story;
  double interval = house->interval_s;

  if (!get_number (place, "interval_s", MM_INTERVAL_MIN_S, MM_INTERVAL_MAX_S, &interval)
      || !get_text (place, "habit", MAX_REGION_BYTES, &habit)
      || !get_text (place, "story", MAX_REGION_BYTES, &story))
    return FALSE;
  house->interval_s = (guint) interval;
  if (house->interval_s != interval)
    return refuse (place, "interval_s", "not a whole number of seconds");
  if (habit != NULL && !mm_habit_from_name (habit, &house->habit))
    return refuse (place, "habit", "not one of family, couple, single, senior, shop");
  if (story != NULL && !mm_story_from_name (story, &house->story))
    return refuse (place, "story",
                   "not one of normal, fault, warning, silent, never, region-grid-loss, curtailed, "
                   "old");
  return TRUE;
}

static MmHouse *
parse_house (const Place *place)
{
  g_autoptr (MmHouse) house = NULL;
  const char *id, *key, *member;
  json_t *value;

  if (!json_is_object (place->house))
    {
      refuse (place, "", "not an object");
      return NULL;
    }
  json_object_foreach (place->house, member, value)
    {
      gboolean known = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (members) && !known; i++)
        known = strcmp (members[i], member) == 0;
      if (!known)
        {
          refuse (place, "", "has a member that is none of a house: \"%.40s\"", member);
          return NULL;
        }
    }
  if (!get_names (place, &id, &key))
    return NULL;
  house = mm_house_new (id, key);
  if (!get_place (place, house) || !get_number (place, "pv_peak_w", 100, 1e6, &house->pv_peak_w)
      || !get_number (place, "battery_wh", 0, 1e6, &house->battery_wh)
      || !get_people (place, house))
    return NULL;
  mm_house_settle (house);
  return g_steal_pointer (&house);
}

static GPtrArray *
parse_list (json_t *root, GError **error)
{
  g_autoptr (GPtrArray) houses = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_house_free);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  json_t *list = json_object_get (root, "houses");
  Place place = { .error = error };

  if (!json_is_array (list) || json_array_size (list) == 0
      || json_array_size (list) > MM_FLEET_FILE_MAX_HOUSES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "houses: not a list of 1 to %d houses", MM_FLEET_FILE_MAX_HOUSES);
      return NULL;
    }
  json_array_foreach (list, place.index, place.house)
    {
      MmHouse *house = parse_house (&place);

      if (house == NULL)
        return NULL;
      g_ptr_array_add (houses, house);
      if (!g_hash_table_add (ids, house->id))
        {
          refuse (&place, "id", "there is another house with it");
          return NULL;
        }
    }
  return g_steal_pointer (&houses);
}

GPtrArray *
mm_fleet_file_parse (const char *text, gsize length, GError **error)
{
  json_error_t problem;
  json_t *root = json_loadb (text, length, JSON_REJECT_DUPLICATES, &problem);
  GPtrArray *houses = NULL;

  if (root == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "no valid JSON: line %d, column %d: %s", problem.line, problem.column,
                 problem.text);
  else
    houses = parse_list (root, error);
  json_decref (root);
  return houses;
}

GPtrArray *
mm_fleet_file_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  GPtrArray *houses = NULL;
  GStatBuf info;
  gsize length;

  if (g_stat (path, &info) == 0 && info.st_size > MAX_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: larger than 16 MiB", path);
      return NULL;
    }
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  if (g_stat (path, &info) == 0 && (info.st_mode & 0077) != 0)
    g_printerr ("%s: holds keys, and others than its owner may read it\n", path);
  houses = mm_fleet_file_parse (text, length, error);
  if (houses == NULL)
    g_prefix_error (error, "%s: ", path);
  return houses;
}

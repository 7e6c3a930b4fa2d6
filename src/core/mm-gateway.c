#include "mm-gateway.h"

#include <string.h>

#include "mm-error.h"
#include "mm-text.h"
#include "mm-words.h"

#define CODE_CHARACTERS 16
#define OFFLINE_INTERVALS 3
#define OFFLINE_LEAST (5 * MM_MINUTE)

/* Without I, L, O (read as digits) and U. */
static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *
mm_gateway_id_normalise (const char *text, const char *field, GError **error)
{
  g_autofree char *id = mm_text_take (text, field, error);
  gboolean right;

  if (id == NULL)
    return NULL;
  right = strcmp (id, ".") != 0 && strcmp (id, "..") != 0;
  for (const char *p = id; *p != '\0'; p++)
    right = right && (g_ascii_isalnum (*p) || strchr ("._-", *p) != NULL);
  if (!right)
    {
      mm_error_add_field (error, field, "characters",
                          N_ ("A gateway ID may contain only the letters A-Z and a-z, digits, "
                              "the dot, _ and -."));
      return NULL;
    }
  if (strlen (id) > MM_GATEWAY_ID_MAX)
    {
      mm_error_add_field (error, field, "too-long", N_ ("A gateway ID has at most 64 characters."));
      return NULL;
    }
  return g_steal_pointer (&id);
}

/* @symbols (16 of them) in groups of four. */
static char *
group_code (const char *symbols)
{
  return g_strdup_printf ("%.4s-%.4s-%.4s-%.4s", symbols, symbols + 4, symbols + 8, symbols + 12);
}

char *
mm_activation_code_normalise (const char *text, const char *field, GError **error)
{
  g_autofree char *taken = mm_text_take (text, field, error);
  g_autofree char *half = NULL;
  char symbols[CODE_CHARACTERS];
  gsize n = 0;
  gboolean right = TRUE;

  if (taken == NULL)
    return NULL;
  half = mm_text_halfwidth (taken);
  for (const char *p = half; *p != '\0' && right; p++)
    {
      char c = g_ascii_toupper (*p);

      if (c == '-' || c == ' ')
        continue;
      if (c == 'O')
        c = '0';
      else if (c == 'I' || c == 'L')
        c = '1';
      right = n < CODE_CHARACTERS && strchr (crockford, c) != NULL;
      if (right)
        symbols[n++] = c;
    }
  if (!right || n < CODE_CHARACTERS)
    {
      mm_error_add_field (error, field, "syntax",
                          N_ ("An activation code has 16 letters and digits, as printed on the "
                              "label."));
      return NULL;
    }
  return group_code (symbols);
}

char *
mm_activation_code_format (const guint8 bytes[MM_ACTIVATION_CODE_BYTES])
{
  char symbols[CODE_CHARACTERS];

  for (guint i = 0; i < CODE_CHARACTERS; i++)
    {
      guint value = 0;

      for (guint bit = i * 5; bit < i * 5 + 5; bit++)
        value = value << 1 | (bytes[bit / 8] >> (7 - bit % 8) & 1);
      symbols[i] = crockford[value];
    }
  return group_code (symbols);
}

char *
mm_zone_normalise (const char *text, const char *field, GError **error)
{
  g_autofree char *name = mm_text_take (text, field, error);
  g_autoptr (GTimeZone) zone = NULL;
  gboolean right;

  if (name == NULL)
    return NULL;
  /* GLib would also take offsets ("+09:00"), rules ("JST-9") and paths. */
  right = strcmp (name, "UTC") == 0 || strchr (name, '/') != NULL;
  for (const char *p = name; *p != '\0'; p++)
    right = right && (g_ascii_isalnum (*p) || strchr ("/_+-", *p) != NULL);
  if (right && g_ascii_isalpha (name[0]))
    zone = g_time_zone_new_identifier (name);
  if (zone == NULL)
    {
      mm_error_add_field (error, field, "unknown",
                          N_ ("This time zone is not known. It looks like Asia/Tokyo."));
      return NULL;
    }
  return g_steal_pointer (&name);
}

/* Seconds that @zone is ahead of UTC at @seconds since 1970. */
static gint64
zone_offset (GTimeZone *zone, gint64 seconds)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);

  return g_time_zone_get_offset (zone, interval);
}

/* The first second at which the wall clock in @zone shows midnight of the day that starts at
 * @midnight in UTC. g_date_time_new() is no help where a clock shows midnight twice: it takes the
 * second. */
static gint64
first_second (GTimeZone *zone, gint64 midnight)
{
  gint64 offset_before = zone_offset (zone, midnight - 86400);
  gint64 offset_after = zone_offset (zone, midnight + 86400);
  gint64 by_before = midnight - offset_before;
  gint64 by_after = midnight - offset_after;

  if (zone_offset (zone, by_before) == offset_before)
    return by_before;
  if (zone_offset (zone, by_after) == offset_after)
    return by_after;
  /* The clock skipped midnight: the day starts with the leap, between the two. */
  while (by_before - by_after > 1)
    {
      gint64 middle = by_after + (by_before - by_after) / 2;

      if (zone_offset (zone, middle) == offset_after)
        by_before = middle;
      else
        by_after = middle;
    }
  return by_before;
}

gboolean
mm_site_day_bounds (GTimeZone *zone, int year, int month, int day, gint64 *from, gint64 *to)
{
  g_autoptr (GDateTime) midnight = NULL;
  gint64 seconds;

  if (year < 1 || year > 9998)
    return FALSE;
  midnight = g_date_time_new_utc (year, month, day, 0, 0, 0);
  if (midnight == NULL)
    return FALSE;
  seconds = g_date_time_to_unix (midnight);
  *from = first_second (zone, seconds) * MM_SECOND;
  *to = first_second (zone, seconds + 86400) * MM_SECOND;
  return TRUE;
}

gboolean
mm_interval_valid (gint64 interval_s)
{
  return interval_s >= MM_INTERVAL_MIN_S && interval_s <= MM_INTERVAL_MAX_S;
}

gint64
mm_offline_after (guint interval_s)
{
  gint64 interval = interval_s != 0 ? interval_s : MM_INTERVAL_DEFAULT_S;

  return MAX (OFFLINE_INTERVALS * interval * MM_SECOND, OFFLINE_LEAST);
}

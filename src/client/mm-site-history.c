#include "mm-site-history.h"

#include "mm-clock.h"
#include "mm-json.h"

#include <math.h>
#include <string.h>

/* A value of one device stands so long beside those of others when they are added up. */
#define CARRIES (10 * MM_MINUTE)
#define QUARTER_HOURS 0.25

static void
line_free (MmSiteLine *line)
{
  g_free (line->quantity);
  g_array_unref (line->points);
  g_free (line);
}

static MmSiteLine *
line_new (const char *quantity)
{
  MmSiteLine *line = g_new0 (MmSiteLine, 1);

  line->quantity = g_strdup (quantity);
  line->points = g_array_new (FALSE, FALSE, sizeof (MmSitePoint));
  return line;
}

static MmSiteHistory *
history_new (void)
{
  MmSiteHistory *history = g_new0 (MmSiteHistory, 1);

  history->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  return history;
}

void
mm_site_history_free (MmSiteHistory *history)
{
  g_ptr_array_unref (history->lines);
  g_free (history->timezone);
  g_free (history);
}

/* Whether what several devices tell of @quantity adds up. */
static gboolean
adds_up (const char *quantity)
{
  return g_str_has_prefix (quantity, "pv_") || strcmp (quantity, "battery_power") == 0
         || g_str_has_prefix (quantity, "battery_charge_")
         || g_str_has_prefix (quantity, "battery_discharge_");
}

/* Reading */

/* A point is [time, value] or [time, value, true]. */
static void
read_points (MmSiteLine *line, JsonArray *points)
{
  for (guint i = 0; i < mm_json_length (points); i++)
    {
      JsonNode *node = json_array_get_element (points, i);
      JsonArray *point = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
      MmSitePoint read = { 0 };

      if (mm_json_length (point) < 2)
        continue;
      read.time = mm_json_moment (json_array_get_element (point, 0));
      read.value = mm_json_value (json_array_get_element (point, 1));
      if (read.time == 0 || isnan (read.value))
        continue;
      read.lowest = read.highest = read.value;
      read.late = mm_json_length (point) > 2;
      g_array_append_val (line->points, read);
    }
}

static void
read_spans (MmSiteLine *line, JsonArray *spans)
{
  for (guint i = 0; i < mm_json_length (spans); i++)
    {
      JsonObject *span = mm_json_element (spans, i);
      double energy = mm_json_number (span, "energy");
      gboolean is_energy = span != NULL && json_object_has_member (span, "energy");
      gint64 from = mm_json_time (span, "from");
      gint64 to = mm_json_time (span, "to");
      MmSitePoint read = { from + (to - from) / 2, mm_json_number (span, "mean"),
                           mm_json_number (span, "min"), mm_json_number (span, "max"), FALSE };

      if (is_energy)
        read.value = read.lowest = read.highest = energy;
      if (from != 0 && to > from && isfinite (read.value))
        g_array_append_val (line->points, read);
    }
}

/* Both in order of time; at each time of either the sum of what is known then. */
static void
add_line (MmSiteLine *sum, const MmSiteLine *other)
{
  g_autoptr (GArray) a = g_steal_pointer (&sum->points);
  const GArray *b = other->points;
  MmSitePoint last_a = { G_MININT64 / 2, 0, 0, 0, FALSE };
  MmSitePoint last_b = last_a;
  guint i = 0, j = 0;

  sum->points = g_array_sized_new (FALSE, FALSE, sizeof (MmSitePoint), a->len + b->len);
  while (i < a->len || j < b->len)
    {
      gint64 time_a = i < a->len ? g_array_index (a, MmSitePoint, i).time : G_MAXINT64;
      gint64 time_b = j < b->len ? g_array_index (b, MmSitePoint, j).time : G_MAXINT64;
      MmSitePoint point = { MIN (time_a, time_b), 0, 0, 0, FALSE };

      if (time_a == point.time)
        last_a = g_array_index (a, MmSitePoint, i++);
      if (time_b == point.time)
        last_b = g_array_index (b, MmSitePoint, j++);
      for (guint k = 0; k < 2; k++)
        {
          const MmSitePoint *part = k == 0 ? &last_a : &last_b;

          if (point.time - part->time > CARRIES)
            continue;
          point.value += part->value;
          point.lowest += part->lowest;
          point.highest += part->highest;
          point.late = point.late || part->late;
        }
      g_array_append_val (sum->points, point);
    }
}

static void
take_line (MmSiteHistory *history, MmSiteLine *line)
{
  for (guint i = 0; i < history->lines->len; i++)
    {
      MmSiteLine *there = g_ptr_array_index (history->lines, i);

      if (strcmp (there->quantity, line->quantity) != 0)
        continue;
      if (adds_up (line->quantity))
        add_line (there, line);
      else if (line->points->len > there->points->len)
        {
          GArray *shorter = there->points;

          there->points = line->points;
          line->points = shorter;
        }
      line_free (line);
      return;
    }
  g_ptr_array_add (history->lines, line);
}

MmSiteHistory *
mm_site_history_new (JsonNode *answer)
{
  MmSiteHistory *history = history_new ();
  JsonObject *root = mm_json_root (answer);
  JsonArray *series = mm_json_array (root, "series");

  history->from = mm_json_time (root, "from");
  history->to = mm_json_time (root, "to");
  history->timezone = g_strdup (mm_json_text (root, "timezone"));
  for (guint i = 0; i < mm_json_length (series); i++)
    {
      JsonObject *one = mm_json_element (series, i);
      MmSiteLine *line = line_new (mm_json_text (one, "quantity"));

      read_points (line, mm_json_array (one, "points"));
      read_spans (line, mm_json_array (one, "spans"));
      take_line (history, line);
    }
  return history;
}

const MmSiteLine *
mm_site_history_find (const MmSiteHistory *history, const char *quantity)
{
  for (guint i = 0; i < history->lines->len; i++)
    {
      const MmSiteLine *line = g_ptr_array_index (history->lines, i);

      if (strcmp (line->quantity, quantity) == 0)
        return line;
    }
  return NULL;
}

/* Days */

/* Which energies a power makes, by its sign. */
static const struct
{
  const char *power;
  int sign;
  const char *energy;
} energies[] = {
  { "pv_power", 1, "pv_energy_total" },
  { "load_power", 1, "load_energy_total" },
  { "grid_power", 1, "grid_import_energy_total" },
  { "grid_power", -1, "grid_export_energy_total" },
  { "battery_power", 1, "battery_discharge_energy_total" },
  { "battery_power", -1, "battery_charge_energy_total" },
};

/* The noon of the site's day in which @time lies. */
static gint64
noon_of (gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / MM_SECOND);
  g_autoptr (GDateTime) there = g_date_time_to_timezone (utc, zone);
  g_autoptr (GDateTime) noon
      = g_date_time_new (zone, g_date_time_get_year (there), g_date_time_get_month (there),
                         g_date_time_get_day_of_month (there), 12, 0, 0);

  return g_date_time_to_unix (noon) * MM_SECOND;
}

MmSiteHistory *
mm_site_history_days_of_powers (const MmSiteHistory *quarters)
{
  MmSiteHistory *days = history_new ();
  g_autoptr (GTimeZone) site = g_time_zone_new_identifier (quarters->timezone);
  g_autoptr (GTimeZone) zone = site != NULL ? g_steal_pointer (&site) : g_time_zone_new_utc ();

  days->from = quarters->from;
  days->to = quarters->to;
  days->timezone = g_strdup (quarters->timezone);
  for (guint e = 0; e < G_N_ELEMENTS (energies); e++)
    {
      const MmSiteLine *power = mm_site_history_find (quarters, energies[e].power);
      MmSiteLine *line;

      if (power == NULL)
        continue;
      line = line_new (energies[e].energy);
      for (guint i = 0; i < power->points->len; i++)
        {
          const MmSitePoint *point = &g_array_index (power->points, MmSitePoint, i);
          gint64 noon = noon_of (point->time, zone);
          MmSitePoint *last = line->points->len > 0 ? &g_array_index (line->points, MmSitePoint,
                                                                      line->points->len - 1)
                                                    : NULL;
          double energy = MAX (0, point->value * energies[e].sign) * QUARTER_HOURS;
          MmSitePoint first = { noon, energy, energy, energy, FALSE };

          if (last != NULL && last->time == noon)
            last->value = last->lowest = last->highest = last->value + energy;
          else
            g_array_append_val (line->points, first);
        }
      g_ptr_array_add (days->lines, line);
    }
  return days;
}

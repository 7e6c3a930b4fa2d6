#include "mm-history-spans.h"

#include "mm-energy.h"
#include "mm-gateway.h"

#include <math.h>

#define QUARTER (15 * MM_MINUTE)

/* Floor of a division, also below zero. */
static gint64
floor_to (gint64 value, gint64 step)
{
  gint64 rest = value % step;

  return value - (rest < 0 ? rest + step : rest);
}

static gint64
offset_at (GTimeZone *zone, gint64 time)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL,
                                            floor_to (time, MM_SECOND) / MM_SECOND);

  return g_time_zone_get_offset (zone, interval) * MM_SECOND;
}

gboolean
mm_history_day_of (GTimeZone *zone, gint64 time, gint64 *from, gint64 *to)
{
  g_autoptr (GDateTime) utc
      = g_date_time_new_from_unix_utc (floor_to (time, MM_SECOND) / MM_SECOND);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  return local != NULL
         && mm_site_day_bounds (zone, g_date_time_get_year (local), g_date_time_get_month (local),
                                g_date_time_get_day_of_month (local), from, to);
}

static void
begin (MmHistorySpan *span, gint64 from, gint64 to)
{
  *span = (MmHistorySpan){ .from = from, .to = to, .energy = NAN };
}

/* @mean is the sum until the span ends. */
static void
add (MmHistorySpan *span, double value)
{
  if (span->count++ == 0)
    {
      span->min = span->max = span->first = value;
      span->mean = 0;
    }
  span->min = MIN (span->min, value);
  span->max = MAX (span->max, value);
  span->mean += value;
  span->last = value;
}

static void
end (MmHistorySpan *span, GArray *spans)
{
  if (span->count == 0)
    return;
  span->mean /= span->count;
  g_array_append_val (spans, *span);
}

void
mm_history_quarters (const GArray *points, GTimeZone *zone, GArray *spans)
{
  MmHistorySpan span;

  begin (&span, G_MININT64, G_MININT64);
  for (guint i = 0; i < points->len; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);

      if (point->time >= span.to)
        {
          gint64 offset = offset_at (zone, point->time);
          gint64 from = floor_to (point->time + offset, QUARTER) - offset;

          end (&span, spans);
          begin (&span, from, from + QUARTER);
        }
      add (&span, point->value);
    }
  end (&span, spans);
}

/* The day in which @time lies, which is not before the last of @spans; NULL for years beyond
 * 1–9998.
 */
static MmHistorySpan *
day_at (GArray *spans, GTimeZone *zone, gint64 time)
{
  MmHistorySpan span;
  gint64 from, to;

  if (spans->len == 0 || time >= g_array_index (spans, MmHistorySpan, spans->len - 1).to)
    {
      if (!mm_history_day_of (zone, time, &from, &to))
        return NULL;
      begin (&span, from, to);
      g_array_append_val (spans, span);
    }
  return &g_array_index (spans, MmHistorySpan, spans->len - 1);
}

void
mm_history_days (const GArray *points,
                 const MmBlockPoint *before,
                 gboolean is_counter,
                 GTimeZone *zone,
                 gint64 from,
                 gint64 to,
                 GArray *spans)
{
  gboolean counting = before != NULL;
  double reached = counting ? before->value : 0;
  MmHistorySpan *day;

  for (guint i = 0; i < points->len; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);

      if (is_counter && counting)
        {
          double step = mm_energy_step (reached, point->value, &reached);

          /* The step to a point at midnight is the old day's. */
          day = point->time > from ? day_at (spans, zone, point->time - 1) : NULL;
          if (day != NULL)
            day->energy = isnan (day->energy) ? step : day->energy + step;
        }
      else
        reached = point->value;
      counting = TRUE;
      day = point->time < to ? day_at (spans, zone, point->time) : NULL;
      if (day != NULL)
        add (day, point->value);
    }
  for (guint i = 0; i < spans->len; i++)
    {
      day = &g_array_index (spans, MmHistorySpan, i);
      if (day->count > 0)
        day->mean /= day->count;
    }
}

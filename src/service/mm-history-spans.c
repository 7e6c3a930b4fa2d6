#include "mm-history-spans.h"

#include "mm-gateway.h"

#include <math.h>

/* Floor of a division, also below zero. */
static gint64
floor_to (gint64 value, gint64 step)
{
  gint64 rest = value % step;

  return value - (rest < 0 ? rest + step : rest);
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

/* ---- grids ---- */

static gint32
julian_day (GTimeZone *zone, gint64 time)
{
  g_autoptr (GDateTime) utc
      = g_date_time_new_from_unix_utc (floor_to (time, MM_SECOND) / MM_SECOND);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  GDate date;

  if (local == NULL)
    return -1;
  g_date_set_dmy (&date, (GDateDay) g_date_time_get_day_of_month (local),
                  (GDateMonth) g_date_time_get_month (local),
                  (GDateYear) g_date_time_get_year (local));
  return (gint32) g_date_get_julian (&date);
}

static gboolean
begin_of_day (GTimeZone *zone, gint32 julian, gint64 *from)
{
  GDate date;
  gint64 to;

  if (julian < 1)
    return FALSE;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) julian);
  return mm_site_day_bounds (zone, g_date_get_year (&date), (int) g_date_get_month (&date),
                             g_date_get_day (&date), from, &to);
}

/* Groups of days are counted from a day that is the same for all. */
static gboolean
days_at (MmSpanGrid *grid, gint64 time, gint64 *from, gint64 *to)
{
  gint32 n = (gint32) (grid->width / MM_DAY), day = julian_day (grid->zone, time);

  if (n == 1)
    return mm_history_day_of (grid->zone, time, from, to);
  return day > 0 && begin_of_day (grid->zone, day - day % n, from)
         && begin_of_day (grid->zone, day - day % n + n, to);
}

gboolean
mm_span_grid_at (MmSpanGrid *grid, gint64 time, gint64 *from, gint64 *to)
{
  if (grid->width >= MM_DAY)
    return days_at (grid, time, from, to);
  if ((time < grid->day_from || time >= grid->day_to)
      && !mm_history_day_of (grid->zone, time, &grid->day_from, &grid->day_to))
    return FALSE;
  *from = grid->day_from + floor_to (time - grid->day_from, grid->width);
  *to = MIN (*from + grid->width, grid->day_to);
  return TRUE;
}

/* ---- spans ---- */

/* The span in which @time lies, which is not before the last one; NULL if it is outside. */
static MmHistorySpan *
span_at (MmSpans *spans, gint64 time)
{
  GArray *all = spans->spans;
  MmHistorySpan span = { .energy = NAN };

  if (time < spans->from || time >= spans->to)
    return NULL;
  if (all->len == 0 || time >= g_array_index (all, MmHistorySpan, all->len - 1).to)
    {
      if (!mm_span_grid_at (spans->grid, time, &span.from, &span.to))
        return NULL;
      g_array_append_val (all, span);
    }
  return &g_array_index (all, MmHistorySpan, all->len - 1);
}

static void
add_energy (MmHistorySpan *span, double energy)
{
  if (span != NULL)
    span->energy = isnan (span->energy) ? energy : span->energy + energy;
}

static void
count_on (MmSpans *spans, const MmRollup *rollup)
{
  MmRollupStep step = { .within = rollup->counted, .reached = rollup->reached };

  if (spans->is_counting)
    {
      step = mm_rollup_step (spans->reached, rollup);
      /* The step to a point at midnight is the old day's. */
      add_energy (span_at (spans, rollup->first_time - 1), step.to_first);
    }
  if (rollup->count > 1)
    add_energy (span_at (spans, rollup->first_time), step.within);
  spans->is_counting = TRUE;
  spans->reached = step.reached;
}

void
mm_spans_take (MmSpans *spans, const MmRollup *rollup)
{
  MmHistorySpan *span;

  /* Of what is behind the end only a point at the end itself says something of what is before. */
  if (rollup->first_time > spans->to)
    return;
  if (spans->is_counter)
    count_on (spans, rollup);
  span = span_at (spans, rollup->first_time);
  if (span == NULL)
    return;
  if (span->count == 0)
    {
      span->min = rollup->min;
      span->max = rollup->max;
      span->first = rollup->first;
    }
  span->min = MIN (span->min, rollup->min);
  span->max = MAX (span->max, rollup->max);
  span->mean += rollup->sum;
  span->last = rollup->last;
  span->count += rollup->count;
}

void
mm_spans_finish (MmSpans *spans)
{
  for (guint i = 0; i < spans->spans->len; i++)
    {
      MmHistorySpan *span = &g_array_index (spans->spans, MmHistorySpan, i);

      if (span->count > 0)
        span->mean /= span->count;
    }
}

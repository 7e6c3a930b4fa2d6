/* Quarters and days as plainly as can be, point by point: what roll-ups are held against. */
#pragma once

#include "mm-block.h"
#include "mm-energy.h"
#include "mm-gateway.h"
#include "mm-history-spans.h"

#include <math.h>

#define PLAIN_QUARTER (15 * MM_MINUTE)

/* Floor of a division, also below zero. */
static inline gint64
plain_floor (gint64 value, gint64 step)
{
  gint64 rest = value % step;

  return value - (rest < 0 ? rest + step : rest);
}

static inline gint64
plain_offset (GTimeZone *zone, gint64 time)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL,
                                            plain_floor (time, MM_SECOND) / MM_SECOND);

  return g_time_zone_get_offset (zone, interval) * MM_SECOND;
}

static inline void
plain_begin (MmHistorySpan *span, gint64 from, gint64 to)
{
  *span = (MmHistorySpan){ .from = from, .to = to, .energy = NAN };
}

/* @mean is the sum until the span ends. */
static inline void
plain_add (MmHistorySpan *span, double value)
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

static inline void
plain_end (MmHistorySpan *span, GArray *spans)
{
  if (span->count == 0)
    return;
  span->mean /= span->count;
  g_array_append_val (spans, *span);
}

/* Appends to @spans the quarters in which @points (ascending) lie. */
static inline void
plain_quarters (const GArray *points, GTimeZone *zone, GArray *spans)
{
  MmHistorySpan span;

  plain_begin (&span, G_MININT64, G_MININT64);
  for (guint i = 0; i < points->len; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);

      if (point->time >= span.to)
        {
          gint64 offset = plain_offset (zone, point->time);
          gint64 from = plain_floor (point->time + offset, PLAIN_QUARTER) - offset;

          plain_end (&span, spans);
          plain_begin (&span, from, from + PLAIN_QUARTER);
        }
      plain_add (&span, point->value);
    }
  plain_end (&span, spans);
}

/* The span in which @time lies, which is not before the last of @spans; NULL for years beyond
 * 1–9998.
 */
static inline MmHistorySpan *
plain_span (GArray *spans, MmSpanGrid *grid, gint64 time)
{
  MmHistorySpan span;
  gint64 from, to;

  if (spans->len == 0 || time >= g_array_index (spans, MmHistorySpan, spans->len - 1).to)
    {
      if (!mm_span_grid_at (grid, time, &from, &to))
        return NULL;
      plain_begin (&span, from, to);
      g_array_append_val (spans, span);
    }
  return &g_array_index (spans, MmHistorySpan, spans->len - 1);
}

/* Appends to the empty @spans those of @width from @from to @to (beginnings of them) in which
 * @points (ascending; the last may be at @to) lie. @before: the point before them, or NULL */
static inline void
plain_spans (const GArray *points,
             const MmBlockPoint *before,
             gboolean is_counter,
             GTimeZone *zone,
             gint64 width,
             gint64 from,
             gint64 to,
             GArray *spans)
{
  MmSpanGrid grid = { .zone = zone, .width = width };
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
          day = point->time > from ? plain_span (spans, &grid, point->time - 1) : NULL;
          if (day != NULL)
            day->energy = isnan (day->energy) ? step : day->energy + step;
        }
      else
        reached = point->value;
      counting = TRUE;
      day = point->time < to ? plain_span (spans, &grid, point->time) : NULL;
      if (day != NULL)
        plain_add (day, point->value);
    }
  for (guint i = 0; i < spans->len; i++)
    {
      day = &g_array_index (spans, MmHistorySpan, i);
      if (day->count > 0)
        day->mean /= day->count;
    }
}

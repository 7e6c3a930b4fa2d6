/* From stretches of time to the spans that are asked for; see mm-history.h for the rules. Pure
 * functions, any thread. */
#pragma once

#include "mm-history.h"
#include "mm-rollup.h"

G_BEGIN_DECLS

/* The day of the site in which @time lies: [from, to). FALSE for years beyond 1–9998. */
gboolean mm_history_day_of (GTimeZone *zone, gint64 time, gint64 *from, gint64 *to);

/* Where spans lie: so wide from the beginning of each day of the site on, or whole days.
 * @width: less than a day, or a multiple of %MM_DAY
 * @day_from, @day_to: the last day that was looked at; 0 at first */
typedef struct
{
  GTimeZone *zone;
  gint64 width;
  gint64 day_from;
  gint64 day_to;
} MmSpanGrid;

/* The span in which @time lies: [from, to). FALSE for years beyond 1–9998. */
gboolean mm_span_grid_at (MmSpanGrid *grid, gint64 time, gint64 *from, gint64 *to);

/* One series on its way to spans.
 * @spans: of MmHistorySpan
 * @from, @to: where spans are made, [from, to)
 * @is_counter: each span has an energy
 * @is_counting: the counter stands at @reached */
typedef struct
{
  MmSpanGrid *grid;
  GArray *spans;
  gint64 from;
  gint64 to;
  gboolean is_counter;
  gboolean is_counting;
  double reached;
} MmSpans;

/* Takes the next stretch, all of which lies in one span. */
void mm_spans_take (MmSpans *spans, const MmRollup *rollup);

/* All has been taken. */
void mm_spans_finish (MmSpans *spans);

G_END_DECLS

/* From points to quarters of an hour and to days; see mm-history.h for the rules. Pure functions,
 * any thread. */
#pragma once

#include "mm-history.h"

G_BEGIN_DECLS

/* The day of the site in which @time lies: [from, to). FALSE for years beyond 1–9998. */
gboolean mm_history_day_of (GTimeZone *zone, gint64 time, gint64 *from, gint64 *to);

/* Appends to @spans the quarters in which @points (ascending) lie. */
void mm_history_quarters (const GArray *points, GTimeZone *zone, GArray *spans);

/* Appends to the empty @spans the days from @from to @to (beginnings of days) in which @points
 * (ascending; the last may be at @to) lie. @before: the point before them, or NULL */
void mm_history_days (const GArray *points,
                      const MmBlockPoint *before,
                      gboolean is_counter,
                      GTimeZone *zone,
                      gint64 from,
                      gint64 to,
                      GArray *spans);

G_END_DECLS

/* Putting points in order, and rows and blocks of them. Pure functions, any thread. */
#pragma once

#include "mm-block.h"
#include "mm-store-readings.h"

G_BEGIN_DECLS

/* Fills @values (#MmLogValue) with what @row holds, in its order. */
gboolean mm_points_row_values (const MmLogRow *row, GArray *values, GError **error);

/* The beginning of the UTC day in which @time lies, G_MININT64 for the first that can be; and its
 * end. */
gint64 mm_points_day_of (gint64 time);
gint64 mm_points_day_end (gint64 time);

/* The place of the first of the ascending @points (#MmBlockPoint) that is not before @time. */
guint mm_points_first_at (const GArray *points, gint64 time);

/* Sorts @points, which stand in the order in which they came; of those with the same time the last
 * is left. */
void mm_points_put_in_order (GArray *points);

/* Turns @points round. */
void mm_points_reverse (GArray *points);

/* Adds @n points @newer to @points, both ascending; of the same time, that of @newer is left. */
void mm_points_merge (GArray *points, const MmBlockPoint *newer, guint n);

G_END_DECLS

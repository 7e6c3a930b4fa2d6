/* A series brought down to the columns of a picture, one for each pixel: nothing that was reached
 * is lost, and a gap stays one.
 *
 * Pure functions, any thread.
 */
#pragma once

#include "mm-series.h"

G_BEGIN_DECLS

/* What a series did in one column.
 * @mean: of the points in the column; between two points that belong together, on the line from one
 *   to the other; NAN where there is nothing
 * @lowest, @highest: what was reached
 * @joined: it goes on from the column before
 * @late: a point of it came late */
typedef struct
{
  double mean;
  double lowest;
  double highest;
  gboolean joined;
  gboolean late;
} MmColumn;

/* The columns from @from to @to (not included), @n_columns of equal length. Points outside count
 * for the lines that lead to them. @columns: of that length, all written. */
void mm_sampling_columns (
    MmSeries *series, gint64 from, gint64 to, guint n_columns, MmColumn *columns);

/* For bars: the sum of the points of each slot. @starts: @n_slots + 1 ascending times, slot i goes
 * from starts[i] to starts[i + 1]. Slots without a point are NAN, none is joined. */
void mm_sampling_sums (MmSeries *series, const gint64 *starts, guint n_slots, MmColumn *slots);

/* Between which values a column's area lies; both the same where it has no height, NAN where there
 * is nothing. */
typedef struct
{
  double base;
  double top;
} MmBand;

/* Puts the columns of several series on each other, in this order: positive means above zero into
 * @above, negative ones below it into @below (top being farther from zero); on the other side the
 * series has no height. Where it has nothing, the next stands on the one before. @above and @below:
 * [series][column], all written. */
void mm_sampling_stack (MmColumn *const *series,
                        guint n_series,
                        guint n_columns,
                        MmBand *const *above,
                        MmBand *const *below);

G_END_DECLS

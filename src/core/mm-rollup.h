/* What the points of a stretch of time come to, such that stretches can be put together: the
 * quarters of an hour to a day, however long the site's day is, the days to a year.
 *
 * Pure functions, any thread. The energy of a counter is that of core/mm-energy.h: within a stretch
 * its steps are known, and the step from a stretch to the next follows from where the one left the
 * counter and where the other begins. So a stretch depends on nothing but its own points. What
 * comes of stretches is what comes of all their points, with one exception: a counter that trembles
 * from one stretch to the next and falls there once more, by little each time but by more than
 * trembling together, is taken to have begun anew at its lowest.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @start: the beginning of the stretch, UTC microseconds
 * @count: points in it; while it is 0 nothing else but @start is set
 * @first_time, @last_time, @first, @last: its first and last point
 * @min, @max, @sum: of the values; @sum is finite
 * @was_reset: taken for a counter, it began anew in the stretch
 * @counted: taken for a counter, the steps within
 * @reached: where the counter stands after the last point
 * @peak: where it stood before it first began anew, else @reached */
typedef struct
{
  gint64 start;
  guint count;
  gboolean was_reset;
  gint64 first_time;
  gint64 last_time;
  double first;
  double last;
  double min;
  double max;
  double sum;
  double counted;
  double reached;
  double peak;
} MmRollup;

/* Takes the next point, which is after those before. */
void mm_rollup_add (MmRollup *rollup, gint64 time, double value);

/* Takes the stretch after it; @next has at least one point. */
void mm_rollup_merge (MmRollup *rollup, const MmRollup *next);

/* Sets what follows from the rest while the counter did not begin anew. */
void mm_rollup_count_on (MmRollup *rollup);

/* @to_first: what a counter counted from where it stood to the first point of a stretch
 * @within: from there to the last; @reached: where it stands then */
typedef struct
{
  double to_first;
  double within;
  double reached;
} MmRollupStep;

/* How a counter that stood at @before came through @next, which has at least one point. */
MmRollupStep mm_rollup_step (double before, const MmRollup *next);

G_END_DECLS

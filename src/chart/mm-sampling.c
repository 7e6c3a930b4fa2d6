#include "mm-sampling.h"

#include <math.h>

static const MmColumn nothing = { NAN, NAN, NAN, FALSE, FALSE };

static void
take (MmColumn *column, const MmPoint *point, guint n_before)
{
  if (n_before == 0)
    *column = (MmColumn){ 0, point->lowest, point->highest, FALSE, FALSE };
  column->mean += (point->value - column->mean) / (n_before + 1);
  column->lowest = fmin (column->lowest, point->lowest);
  column->highest = fmax (column->highest, point->highest);
  column->late = column->late || point->late;
}

/* Fills the empty columns first to last (not included) on the line from one point to the next. */
static void
bridge (MmColumn *columns,
        guint first,
        guint last,
        gint64 from,
        double width,
        const MmPoint *one,
        const MmPoint *other)
{
  for (guint i = first; i < last; i++)
    {
      double time = (double) (from - one->time) + (i + 0.5) * width;
      double part = CLAMP (time / (double) (other->time - one->time), 0, 1);
      double value = one->value + part * (other->value - one->value);

      columns[i] = (MmColumn){ value, value, value, i > 0, one->late && other->late };
    }
}

void
mm_sampling_columns (MmSeries *series, gint64 from, gint64 to, guint n_columns, MmColumn *columns)
{
  guint n_points;
  const MmPoint *points = mm_series_points (series, &n_points);
  gint64 max_gap = mm_series_max_gap (series);
  double width = (double) (to - from) / n_columns;
  guint next = 0;    /* the first column after the one of the last point */
  guint n_taken = 0; /* points in the column before it */
  guint i;

  g_return_if_fail (to > from && n_columns > 0);
  for (guint c = 0; c < n_columns; c++)
    columns[c] = nothing;
  for (i = mm_series_find (series, from); i < n_points && points[i].time < to; i++)
    {
      const MmPoint *point = &points[i];
      guint c = MIN ((guint) ((double) (point->time - from) / width), n_columns - 1);
      gboolean linked = i > 0 && point->time - points[i - 1].time <= max_gap;

      if (c >= next)
        {
          if (linked)
            bridge (columns, next, c, from, width, &points[i - 1], point);
          n_taken = 0;
        }
      take (&columns[c], point, n_taken++);
      if (n_taken == 1)
        columns[c].joined = linked && c > 0;
      next = c + 1;
    }
  if (i > 0 && i < n_points && points[i].time - points[i - 1].time <= max_gap)
    bridge (columns, next, n_columns, from, width, &points[i - 1], &points[i]);
}

void
mm_sampling_sums (MmSeries *series, const gint64 *starts, guint n_slots, MmColumn *slots)
{
  guint n_points;
  const MmPoint *points = mm_series_points (series, &n_points);
  guint i = mm_series_find (series, starts[0]);

  for (guint s = 0; s < n_slots; s++)
    {
      slots[s] = nothing;
      for (; i < n_points && points[i].time < starts[s + 1]; i++)
        {
          slots[s].mean = isnan (slots[s].mean) ? points[i].value : slots[s].mean + points[i].value;
          slots[s].late = slots[s].late || points[i].late;
        }
      slots[s].lowest = slots[s].highest = slots[s].mean;
    }
}

void
mm_sampling_stack (MmColumn *const *series,
                   guint n_series,
                   guint n_columns,
                   MmBand *const *above,
                   MmBand *const *below)
{
  for (guint c = 0; c < n_columns; c++)
    {
      double up = 0, down = 0;

      for (guint s = 0; s < n_series; s++)
        {
          double mean = series[s][c].mean;

          if (isnan (mean))
            {
              above[s][c] = below[s][c] = (MmBand){ NAN, NAN };
              continue;
            }
          above[s][c] = (MmBand){ up, up + fmax (mean, 0) };
          below[s][c] = (MmBand){ down, down + fmin (mean, 0) };
          up = above[s][c].top;
          down = below[s][c].top;
        }
    }
}

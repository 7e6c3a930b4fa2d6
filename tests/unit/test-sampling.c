/* chart/mm-sampling: nothing that was reached is lost, gaps stay, areas stand on each other. */
#include "mm-sampling.h"

#include <math.h>

#define S G_TIME_SPAN_SECOND

static MmSeries *
make_series (gint64 max_gap)
{
  MmSeries *series = mm_series_new ("x", "X", "W", MM_ROLE_OTHER, MM_SHAPE_LINE);

  mm_series_set_max_gap (series, max_gap);
  return series;
}

/* A day of readings every ten seconds: each spike is in the column that it belongs to. */
static void
test_extremes_are_kept (void)
{
  g_autoptr (MmSeries) series = make_series (0);
  MmColumn columns[300];
  double lowest = INFINITY, highest = -INFINITY, sum = 0;

  for (guint i = 0; i < 8640; i++)
    mm_series_add (series, i * 10 * S,
                   i == 5000  ? 9000
                   : i == 100 ? -700
                              : 100 + (int) (i % 7),
                   FALSE);
  mm_sampling_columns (series, 0, 86400 * S, G_N_ELEMENTS (columns), columns);
  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    {
      g_assert_false (isnan (columns[c].mean));
      g_assert_cmpint (columns[c].joined, ==, c > 0);
      g_assert_cmpfloat (columns[c].lowest, <=, columns[c].mean);
      g_assert_cmpfloat (columns[c].highest, >=, columns[c].mean);
      lowest = fmin (lowest, columns[c].lowest);
      highest = fmax (highest, columns[c].highest);
      sum += columns[c].mean;
    }
  g_assert_cmpfloat (lowest, ==, -700);
  g_assert_cmpfloat (highest, ==, 9000);
  g_assert_cmpfloat (columns[5000 * 300 / 8640].highest, ==, 9000);
  /* An area stays as large as the energy is. */
  g_assert_cmpfloat (fabs (sum / 300 - (103 + (9000 - 105 - 700 - 103) / 8640.0)), <, 0.1);
}

/* Readings that are rarer than pixels: a straight line from one to the next. */
static void
test_between_points (void)
{
  g_autoptr (MmSeries) series = make_series (20 * S);
  MmColumn columns[20];

  mm_series_add (series, 0, 0, FALSE);
  mm_series_add (series, 10 * S, 100, FALSE);
  mm_series_add (series, 20 * S, 100, FALSE);
  mm_sampling_columns (series, 0, 20 * S, G_N_ELEMENTS (columns), columns);
  g_assert_false (columns[0].joined);
  for (guint c = 1; c < 10; c++)
    {
      g_assert_true (columns[c].joined);
      g_assert_cmpfloat (fabs (columns[c].mean - (c + 0.5) * 10), <, 1e-6);
    }
  /* The point at the end is not in it, but the line leads there. */
  g_assert_cmpfloat (columns[19].mean, ==, 100);
  g_assert_true (columns[19].joined);
}

static void
test_gap_is_empty (void)
{
  g_autoptr (MmSeries) series = make_series (20 * S);
  MmColumn columns[100];

  for (guint i = 0; i < 100; i++)
    if (i < 30 || i >= 60)
      mm_series_add (series, i * 10 * S, 5, FALSE);
  mm_sampling_columns (series, 0, 1000 * S, G_N_ELEMENTS (columns), columns);
  for (guint c = 0; c < 100; c++)
    g_assert_cmpint (isnan (columns[c].mean), ==, c >= 30 && c < 60);
  g_assert_false (columns[60].joined);
  g_assert_true (columns[61].joined);
  g_assert_true (columns[29].joined);
}

/* A gap that begins in one column and ends in the next parts them, though neither is empty. */
static void
test_gap_narrower_than_a_column (void)
{
  g_autoptr (MmSeries) series = make_series (10 * S);
  MmColumn columns[2];

  mm_series_add (series, 0, 1, FALSE);
  mm_series_add (series, 5 * S, 1, FALSE);
  mm_series_add (series, 150 * S, 1, FALSE);
  mm_sampling_columns (series, 0, 200 * S, 2, columns);
  g_assert_false (isnan (columns[0].mean) || isnan (columns[1].mean));
  g_assert_false (columns[1].joined);
}

static void
test_outside_and_alone (void)
{
  g_autoptr (MmSeries) series = make_series (100 * S);
  MmColumn columns[10];

  mm_sampling_columns (series, 0, 10 * S, 10, columns);
  for (guint c = 0; c < 10; c++)
    g_assert_true (isnan (columns[c].mean));
  /* Both neighbours lie outside: the line runs through. */
  mm_series_add (series, -10 * S, 0, FALSE);
  mm_series_add (series, 20 * S, 30, FALSE);
  mm_sampling_columns (series, 0, 10 * S, 10, columns);
  for (guint c = 0; c < 10; c++)
    g_assert_cmpfloat (fabs (columns[c].mean - (10.5 + c)), <, 1e-6);
  /* Too far apart: nothing. */
  mm_series_set_max_gap (series, 10 * S);
  mm_sampling_columns (series, 0, 10 * S, 10, columns);
  for (guint c = 0; c < 10; c++)
    g_assert_true (isnan (columns[c].mean));
}

static void
test_late_and_spans (void)
{
  g_autoptr (MmSeries) series = make_series (10 * S);
  MmColumn columns[3];

  mm_series_add (series, 0, 1, FALSE);
  mm_series_add (series, 10 * S, 1, TRUE);
  mm_series_add (series, 11 * S, 1, FALSE);
  mm_series_add_span (series, 25 * S, 5, -50, 70);
  mm_sampling_columns (series, 0, 30 * S, 3, columns);
  g_assert_false (columns[0].late);
  g_assert_true (columns[1].late);
  g_assert_false (columns[2].late);
  g_assert_cmpfloat (columns[2].lowest, ==, -50);
  g_assert_cmpfloat (columns[2].mean, ==, 5);
  g_assert_cmpfloat (columns[2].highest, ==, 70);
}

static void
test_sums (void)
{
  g_autoptr (MmSeries) series = make_series (0);
  const gint64 starts[] = { 0, 23 * S, 48 * S, 72 * S };
  MmColumn slots[3];

  mm_series_add (series, -S, 1000, FALSE);
  mm_series_add (series, 0, 1, FALSE);
  mm_series_add (series, 22 * S, 2, FALSE);
  mm_series_add (series, 23 * S, 4, FALSE);
  mm_series_add (series, 72 * S, 1000, FALSE);
  mm_sampling_sums (series, starts, 3, slots);
  g_assert_cmpfloat (slots[0].mean, ==, 3);
  g_assert_cmpfloat (slots[1].mean, ==, 4);
  g_assert_true (isnan (slots[2].mean));
}

/* The sun is missing in one column, the battery turns around. */
static void
test_stack (void)
{
  MmColumn sun[] = { { .mean = 3 }, { .mean = NAN }, { .mean = 1 } };
  MmColumn battery[] = { { .mean = 1 }, { .mean = 2 }, { .mean = -4 } };
  MmColumn grid[] = { { .mean = 2 }, { .mean = 1 }, { .mean = -1 } };
  MmColumn *series[] = { sun, battery, grid };
  MmBand above[3][3], below[3][3];
  MmBand *above_rows[] = { above[0], above[1], above[2] };
  MmBand *below_rows[] = { below[0], below[1], below[2] };

  mm_sampling_stack (series, 3, 3, above_rows, below_rows);
  g_assert_cmpfloat (above[0][0].base, ==, 0);
  g_assert_cmpfloat (above[0][0].top, ==, 3);
  g_assert_cmpfloat (above[1][0].base, ==, 3);
  g_assert_cmpfloat (above[2][0].top, ==, 6);
  g_assert_true (isnan (above[0][1].top) && isnan (below[0][1].top));
  g_assert_cmpfloat (above[1][1].base, ==, 0);
  g_assert_cmpfloat (above[2][1].top, ==, 3);
  g_assert_cmpfloat (below[0][2].top, ==, 0);
  g_assert_cmpfloat (below[1][2].top, ==, -4);
  g_assert_cmpfloat (below[2][2].base, ==, -4);
  g_assert_cmpfloat (below[2][2].top, ==, -5);
  /* On the other side it has no height, in its place. */
  g_assert_cmpfloat (above[1][2].base, ==, 1);
  g_assert_cmpfloat (above[1][2].top, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sampling/extremes-are-kept", test_extremes_are_kept);
  g_test_add_func ("/sampling/between-points", test_between_points);
  g_test_add_func ("/sampling/gap-is-empty", test_gap_is_empty);
  g_test_add_func ("/sampling/gap-narrower-than-a-column", test_gap_narrower_than_a_column);
  g_test_add_func ("/sampling/outside-and-alone", test_outside_and_alone);
  g_test_add_func ("/sampling/late-and-spans", test_late_and_spans);
  g_test_add_func ("/sampling/sums", test_sums);
  g_test_add_func ("/sampling/stack", test_stack);
  return g_test_run ();
}

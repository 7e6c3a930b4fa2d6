/* chart/mm-series: order, gaps, directions, the canonical quantities. */
#include "mm-series.h"

#include <math.h>

#define S G_TIME_SPAN_SECOND

static MmSeries *
make_series (void)
{
  return mm_series_new ("x", "X", "W", MM_ROLE_OTHER, MM_SHAPE_LINE);
}

static void
test_order (void)
{
  g_autoptr (MmSeries) series = make_series ();
  const MmPoint *points;
  guint n_points;

  mm_series_add (series, 30 * S, 3, FALSE);
  mm_series_add (series, 10 * S, 1, FALSE);
  mm_series_add (series, 20 * S, 2, TRUE);
  mm_series_add (series, 10 * S, 5, FALSE); /* said again, otherwise */
  mm_series_add (series, 40 * S, NAN, FALSE);
  mm_series_add (series, 41 * S, INFINITY, FALSE);
  points = mm_series_points (series, &n_points);
  g_assert_cmpuint (n_points, ==, 3);
  g_assert_cmpfloat (points[0].value, ==, 5);
  g_assert_cmpfloat (points[1].value, ==, 2);
  g_assert_true (points[1].late);
  g_assert_cmpint (points[2].time, ==, 30 * S);
}

/* In any order, the same comes out. */
static void
test_any_order (void)
{
  g_autoptr (MmSeries) series = make_series ();
  const MmPoint *points;
  guint n_points;

  for (guint i = 0; i < 2000; i++)
    mm_series_add (series, g_test_rand_int_range (0, 500) * S, i, FALSE);
  points = mm_series_points (series, &n_points);
  g_assert_cmpuint (n_points, <=, 500);
  for (guint i = 1; i < n_points; i++)
    g_assert_cmpint (points[i - 1].time, <, points[i].time);
  for (gint64 time = -S; time <= 501 * S; time += S / 2)
    {
      guint found = mm_series_find (series, time);

      g_assert_true (found == n_points || points[found].time >= time);
      g_assert_true (found == 0 || points[found - 1].time < time);
    }
}

static void
test_gap (void)
{
  g_autoptr (MmSeries) series = make_series ();

  g_assert_cmpint (mm_series_max_gap (series), ==, 30 * S);
  for (guint i = 0; i < 100; i++)
    mm_series_add (series, i * 60 * S, i, FALSE);
  g_assert_cmpint (mm_series_max_gap (series), ==, 180 * S);
  /* A pause of hours does not change what is usual. */
  for (guint i = 0; i < 10; i++)
    mm_series_add (series, (30000 + i * 60) * S, i, FALSE);
  g_assert_cmpint (mm_series_max_gap (series), ==, 180 * S);
  mm_series_set_max_gap (series, 600 * S);
  g_assert_cmpint (mm_series_max_gap (series), ==, 600 * S);
}

static void
test_nearest (void)
{
  g_autoptr (MmSeries) series = make_series ();

  g_assert_null (mm_series_nearest (series, 0, 100 * S));
  mm_series_add (series, 10 * S, 1, FALSE);
  mm_series_add (series, 20 * S, 2, FALSE);
  g_assert_cmpfloat (mm_series_nearest (series, 14 * S, 100 * S)->value, ==, 1);
  g_assert_cmpfloat (mm_series_nearest (series, 16 * S, 100 * S)->value, ==, 2);
  g_assert_cmpfloat (mm_series_nearest (series, 25 * S, 5 * S)->value, ==, 2);
  g_assert_null (mm_series_nearest (series, 25 * S + 1, 5 * S));
  g_assert_null (mm_series_nearest (series, 0, 5 * S));
}

static void
test_directions (void)
{
  g_autoptr (MmLanguages) languages = mm_languages_new_built_in ();
  const MmLanguage *japanese = mm_languages_get (languages, "ja");
  g_autoptr (MmSeries) grid = mm_series_new_for_quantity ("grid_power", japanese);
  g_autoptr (MmSeries) battery = mm_series_new_for_quantity ("battery_power", japanese);
  g_autoptr (MmSeries) house = mm_series_new_for_quantity ("load_power", japanese);

  g_assert_cmpstr (mm_series_word (grid, 1), ==, "買電");
  g_assert_cmpstr (mm_series_word (grid, -1), ==, "売電");
  g_assert_cmpstr (mm_series_word (battery, 1), ==, "放電");
  g_assert_cmpstr (mm_series_word (battery, -1), ==, "充電");
  g_assert_true (mm_series_is_directed (grid));
  g_assert_false (mm_series_is_directed (house));
  g_assert_cmpstr (mm_series_word (house, -1), ==, mm_series_label (house));
  g_assert_cmpstr (mm_series_unit (grid), ==, "W");
}

/* Energies that leave the house hang below zero. */
static void
test_outgoing (void)
{
  g_autoptr (MmLanguages) languages = mm_languages_new ();
  const MmLanguage *english = mm_languages_get (languages, "en");
  g_autoptr (MmSeries) sold = mm_series_new_for_quantity ("grid_export_energy_total", english);
  guint n_points;

  mm_series_add (sold, 0, 1200, FALSE);
  mm_series_add_span (sold, S, 500, 100, 900);
  g_assert_true (mm_series_is_outgoing (sold));
  g_assert_cmpfloat (mm_series_points (sold, &n_points)[0].value, ==, -1200);
  g_assert_cmpfloat (mm_series_points (sold, &n_points)[1].lowest, ==, -900);
  g_assert_cmpfloat (mm_series_points (sold, &n_points)[1].highest, ==, -100);
  g_assert_cmpstr (mm_series_word (sold, -1200), ==, "Sold");
}

/* Anything else can be charted, too. */
static void
test_other_quantities (void)
{
  g_autoptr (MmLanguages) languages = mm_languages_new ();
  const MmLanguage *english = mm_languages_get (languages, "en");
  g_autoptr (MmSeries) heat = mm_series_new_for_quantity ("temperature_inverter", english);
  g_autoptr (MmSeries) odd = mm_series_new_for_quantity ("humidity", english);

  g_assert_cmpstr (mm_series_label (heat), ==, "Inverter temperature");
  g_assert_cmpstr (mm_series_unit (heat), ==, "°C");
  g_assert_cmpint (mm_series_shape (heat), ==, MM_SHAPE_LINE);
  g_assert_cmpstr (mm_series_label (odd), ==, "humidity");
  g_assert_cmpstr (mm_series_unit (odd), ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/series/order", test_order);
  g_test_add_func ("/series/any-order", test_any_order);
  g_test_add_func ("/series/gap", test_gap);
  g_test_add_func ("/series/nearest", test_nearest);
  g_test_add_func ("/series/directions", test_directions);
  g_test_add_func ("/series/outgoing", test_outgoing);
  g_test_add_func ("/series/other-quantities", test_other_quantities);
  return g_test_run ();
}

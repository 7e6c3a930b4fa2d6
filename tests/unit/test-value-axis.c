/* chart/mm-value-axis: round numbers whatever comes. */
#include "mm-value-axis.h"

#include <math.h>

static void
assert_labels (
    double lowest, double highest, const char *unit, guint max_ticks, const char *expected)
{
  g_autoptr (MmLanguages) languages = mm_languages_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  MmValueAxis axis;

  mm_value_axis_fit (&axis, lowest, highest, unit, max_ticks);
  for (guint i = 0; i < mm_value_axis_n_ticks (&axis); i++)
    {
      g_autofree char *label = mm_value_axis_label (&axis, i, mm_languages_get (languages, "en"));

      g_string_append_printf (text, "%s ", label);
    }
  g_string_append (text, axis.unit);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_labels (void)
{
  assert_labels (0, 800, "W", 6, "0 200 400 600 800 W");
  assert_labels (0, 3120, "W", 6, "0 1 2 3 4 kW");
  assert_labels (0, 1000, "W", 6, "0.0 0.2 0.4 0.6 0.8 1.0 kW");
  /* The other direction, told by place and words. */
  assert_labels (-1500, 4200, "W", 5, "2 0 2 4 6 kW");
  assert_labels (200, 800, "W", 6, "0 200 400 600 800 W");
  assert_labels (0, 0, "W", 4, "0 50 100 W");
  assert_labels (0, 18400, "Wh", 5, "0 5 10 15 20 kWh");
  /* Others have a sign, and no zero that nobody needs. */
  assert_labels (-7, 12, "°C", 6, "−10 −5 0 5 10 15 °C");
  assert_labels (202.1, 203.4, "V", 6, "202.0 202.5 203.0 203.5 V");
  assert_labels (21, 21, "°C", 3, "21.0 21.5 22.0 °C");
}

/* For any data: all of it inside, no more ticks than asked for, zero a tick if it is inside. */
static void
test_any (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      double one = g_test_rand_double_range (-1, 1) * pow (10, g_test_rand_int_range (-3, 9));
      double other = g_test_rand_double_range (-1, 1) * pow (10, g_test_rand_int_range (-3, 9));
      double lowest = fmin (one, other), highest = fmax (one, other);
      guint max_ticks = (guint) g_test_rand_int_range (3, 12);
      const char *unit = g_test_rand_bit () ? "W" : "°C";
      gboolean zero = FALSE;
      MmValueAxis axis;
      guint n_ticks;

      mm_value_axis_fit (&axis, lowest, highest, unit, max_ticks);
      n_ticks = mm_value_axis_n_ticks (&axis);
      g_assert_cmpuint (n_ticks, >=, 2);
      g_assert_cmpuint (n_ticks, <=, max_ticks);
      g_assert_cmpfloat (mm_value_axis_position (&axis, lowest), >=, -1e-6);
      g_assert_cmpfloat (mm_value_axis_position (&axis, highest), <=, 1 + 1e-6);
      for (guint i = 0; i < n_ticks; i++)
        zero = zero || mm_value_axis_tick (&axis, i) == 0;
      g_assert_true (zero || axis.lowest > 0 || axis.highest < 0);
    }
}

static void
test_position (void)
{
  MmValueAxis axis;

  mm_value_axis_fit (&axis, -1000, 3000, "W", 5);
  g_assert_cmpfloat (fabs (mm_value_axis_position (&axis, -1000)), <, 1e-9);
  g_assert_cmpfloat (fabs (mm_value_axis_position (&axis, 0) - 0.25), <, 1e-9);
  g_assert_cmpfloat (fabs (mm_value_axis_position (&axis, 3000) - 1), <, 1e-9);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value-axis/labels", test_labels);
  g_test_add_func ("/value-axis/any", test_any);
  g_test_add_func ("/value-axis/position", test_position);
  return g_test_run ();
}

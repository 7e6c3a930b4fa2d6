/* What the sun gives to a roof. */
#include "mm-roof.h"

static void
test_night_is_zero (void)
{
  for (double height = -90; height <= 0; height += 0.5)
    g_assert_cmpfloat (mm_roof_irradiance (height, 180, 0, 30, 180), ==, 0);
}

static void
test_sides (void)
{
  double south = mm_roof_irradiance (40, 180, 0, 30, 180);
  double east = mm_roof_irradiance (40, 180, 0, 30, 90);

  g_assert_cmpfloat (south, >, 850);
  g_assert_cmpfloat (south, <, 1100);
  g_assert_cmpfloat (east, <, south);
  g_assert_cmpfloat (mm_roof_irradiance (40, 180, 0, 30, 0), <, east);
  /* Close to the horizon a wall that faces the sun gets little all the same. */
  g_assert_cmpfloat (mm_roof_irradiance (0.2, 90, 0, 90, 90), <, 100);
}

static void
test_clouds (void)
{
  double clear = mm_roof_irradiance (40, 180, 0, 30, 180);

  for (double cloud = 0; cloud < 1; cloud += 0.1)
    g_assert_cmpfloat (mm_roof_irradiance (40, 180, cloud + 0.1, 30, 180), <,
                       mm_roof_irradiance (40, 180, cloud, 30, 180));
  g_assert_cmpfloat (mm_roof_irradiance (40, 180, 1, 30, 180), <, clear / 3);
  g_assert_cmpfloat (mm_roof_irradiance (40, 180, 1, 30, 180), >, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/roof/night-is-zero", test_night_is_zero);
  g_test_add_func ("/roof/sides", test_sides);
  g_test_add_func ("/roof/clouds", test_clouds);
  return g_test_run ();
}

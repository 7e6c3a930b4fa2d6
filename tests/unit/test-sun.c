/* The sun at places and times that others have computed, and what it gives. */
#include "mm-clock.h"
#include "mm-sun.h"

#include <math.h>

static gint64
at (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return g_date_time_to_unix (time) * MM_SECOND;
}

static void
check (const char *time, double latitude, double longitude, double elevation, double azimuth)
{
  MmSun sun = mm_sun_at (at (time), latitude, longitude);
  double turn = fmod (fabs (sun.azimuth - azimuth), 360);

  g_assert_cmpfloat_with_epsilon (sun.elevation, elevation, 0.5);
  g_assert_cmpfloat (MIN (turn, 360 - turn), <, 1);
}

static void
test_position (void)
{
  /* The worked example of NREL's solar position algorithm, without refraction. */
  check ("2003-10-17T19:30:30Z", 39.742476, -105.1786, 39.87, 194.34);
  /* Solar noon at the solstices: 90° - |latitude - declination|, south in the north. */
  check ("2026-06-21T02:43:02Z", 35.69, 139.69, 77.75, 180);
  check ("2026-12-21T01:53:20Z", -33.87, 151.21, 79.57, 0);
  /* Sunrise in Tokyo on New Year's Day, in the south-east. */
  check ("2025-12-31T21:51:00Z", 35.69, 139.69, -1.0, 118);
  /* Midnight sun. */
  check ("2026-06-20T22:45:00Z", 69.65, 18.96, 3.09, 0);
}

static void
test_night_is_zero (void)
{
  for (double elevation = -90; elevation <= 0; elevation += 0.5)
    {
      const MmSun sun = { elevation, 180 };

      g_assert_cmpfloat (mm_sun_on_roof (&sun, 0, 30, 180), ==, 0);
    }
}

static void
test_roof (void)
{
  const MmSun noon = { 40, 180 }, low = { 0.2, 90 };
  double south = mm_sun_on_roof (&noon, 0, 30, 180);

  g_assert_cmpfloat (south, >, 850);
  g_assert_cmpfloat (south, <, 1100);
  g_assert_cmpfloat (mm_sun_on_roof (&noon, 0, 30, 90), <, south);
  g_assert_cmpfloat (mm_sun_on_roof (&noon, 0, 30, 0), <, mm_sun_on_roof (&noon, 0, 30, 90));
  g_assert_cmpfloat (mm_sun_on_roof (&noon, 1, 30, 180), <, south / 3);
  g_assert_cmpfloat (mm_sun_on_roof (&noon, 1, 30, 180), >, 50);
  g_assert_cmpfloat (mm_sun_on_roof (&low, 0, 90, 90), <, 100);
  for (double cloud = 0; cloud < 1; cloud += 0.1)
    g_assert_cmpfloat (mm_sun_on_roof (&noon, cloud + 0.1, 30, 180), <,
                       mm_sun_on_roof (&noon, cloud, 30, 180));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sun/position", test_position);
  g_test_add_func ("/sun/night-is-zero", test_night_is_zero);
  g_test_add_func ("/sun/roof", test_roof);
  return g_test_run ();
}

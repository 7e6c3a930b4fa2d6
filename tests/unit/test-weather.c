/* The weather: bounded, smooth, shared by neighbours; and the chance behind it. */
#include "mm-clock.h"
#include "mm-noise.h"
#include "mm-weather.h"

#include <math.h>

#define START G_GINT64_CONSTANT (1777593600000000) /* 2026-05-01 */

static void
test_noise (void)
{
  guint64 seed = mm_noise_seed ("GW-1");
  double sum = 0;

  g_assert_cmpuint (seed, ==, mm_noise_seed ("GW-1"));
  g_assert_cmpuint (seed, !=, mm_noise_seed ("GW-2"));
  g_assert_cmpuint (mm_noise_branch (seed, 1), !=, mm_noise_branch (seed, 2));
  for (gint64 n = -500; n < 500; n++)
    {
      double x = mm_noise_pick (seed, n);

      g_assert_cmpfloat (x, >=, 0);
      g_assert_cmpfloat (x, <, 1);
      sum += x;
    }
  g_assert_cmpfloat_with_epsilon (sum / 1000, 0.5, 0.05);
  /* The line goes through its numbers and has no steps, before 1970 too. */
  g_assert_cmpfloat (mm_noise_at (seed, -7 * MM_HOUR, MM_HOUR), ==, mm_noise_pick (seed, -7));
  for (gint64 t = -2 * MM_HOUR; t < 2 * MM_HOUR; t += MM_MINUTE)
    g_assert_cmpfloat (fabs (mm_noise_at (seed, t + MM_MINUTE, MM_HOUR)
                             - mm_noise_at (seed, t, MM_HOUR)),
                       <, 0.03);
}

static void
test_clouds (void)
{
  guint64 here = mm_noise_seed ("長野県"), there = mm_noise_seed ("沖縄県");
  double near = 0, far = 0, least = 1, most = 0;

  for (gint64 t = START; t < START + 60 * MM_DAY; t += 10 * MM_MINUTE)
    {
      double cloud = mm_weather_cloud (here, 1, t);

      g_assert_cmpfloat (cloud, >=, 0);
      g_assert_cmpfloat (cloud, <=, 1);
      least = MIN (least, cloud);
      most = MAX (most, cloud);
      near += fabs (cloud - mm_weather_cloud (here, 2, t));
      far += fabs (cloud - mm_weather_cloud (there, 1, t));
    }
  g_assert_cmpfloat (least, ==, 0);
  g_assert_cmpfloat (most, ==, 1);
  g_assert_cmpfloat (near, >, 0);
  g_assert_cmpfloat (near * 3, <, far);
}

/* The mean of a day in °C. */
static double
mean_of (gint64 day, double latitude)
{
  double sum = 0;

  for (int hour = 0; hour < 24; hour++)
    sum += mm_weather_temperature (1, latitude, 139.7, day + hour * MM_HOUR);
  return sum / 24;
}

static void
test_temperature (void)
{
  const gint64 august = START + 100 * MM_DAY, january = START + 270 * MM_DAY;

  g_assert_cmpfloat (mean_of (august, 35.7), >, 20);
  g_assert_cmpfloat (mean_of (january, 35.7), <, 12);
  g_assert_cmpfloat (mean_of (january, 43), <, mean_of (january, 35.7));
  g_assert_cmpfloat (mean_of (august, -35.7), <, mean_of (january, -35.7));
  /* 14 o'clock in Tokyo is warmer than 2 o'clock. */
  g_assert_cmpfloat (mm_weather_temperature (1, 35.7, 139.7, august + 5 * MM_HOUR), >,
                     mm_weather_temperature (1, 35.7, 139.7, august - 7 * MM_HOUR) + 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weather/noise", test_noise);
  g_test_add_func ("/weather/clouds", test_clouds);
  g_test_add_func ("/weather/temperature", test_temperature);
  return g_test_run ();
}

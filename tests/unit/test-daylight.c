/* core/mm-daylight: known places and days, the far north, the equator. */
#include "mm-daylight.h"

#include <math.h>

typedef struct
{
  const char *day;  /* local */
  const char *zone; /* of the printed times */
  double latitude;
  double longitude;
  const char *rise;
  const char *set;
} Place;

/* Rise and set as almanacs print them, to the minute. */
static const Place places[] = {
  { "2016-06-21", "Asia/Tokyo", 35.6581, 139.7414, "04:25", "19:00" },
  { "2016-12-21", "Asia/Tokyo", 35.6581, 139.7414, "06:47", "16:32" },
  { "2016-03-20", "Asia/Tokyo", 35.6581, 139.7414, "05:45", "17:53" },
  { "2016-06-21", "Asia/Tokyo", 26.2167, 127.6667, "05:38", "19:25" },
  { "2016-06-21", "Europe/London", 51.5074, -0.1278, "04:43", "21:21" },
  { "2016-12-21", "Europe/London", 51.5074, -0.1278, "08:04", "15:53" },
  { "2016-06-21", "America/New_York", 40.7128, -74.0060, "05:25", "20:31" },
  { "2016-12-21", "Australia/Sydney", -33.8688, 151.2093, "05:41", "20:05" },
};

static gint64
at (const char *day, const char *clock, const char *zone_name)
{
  g_autofree char *text = g_strdup_printf ("%sT%s:00", day, clock);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zone_name);
  g_autoptr (GDateTime) moment = g_date_time_new_from_iso8601 (text, zone);

  g_assert_nonnull (moment);
  return g_date_time_to_unix (moment) * G_USEC_PER_SEC;
}

static void
assert_near (gint64 found, gint64 expected)
{
  g_assert_cmpint (ABS (found - expected), <=, 2 * G_TIME_SPAN_MINUTE);
}

static void
test_places (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const Place *place = &places[i];
      gint64 rise = 0, set = 0;

      g_assert_cmpint (mm_daylight_find (at (place->day, "12:00", place->zone), place->latitude,
                                         place->longitude, MM_SUN_HORIZON, &rise, &set),
                       ==, MM_SUN_RISES);
      assert_near (rise, at (place->day, place->rise, place->zone));
      assert_near (set, at (place->day, place->set, place->zone));
    }
}

/* Whatever time of the day is given as noon, the same day of light is meant. */
static void
test_noon_is_roughly_known (void)
{
  gint64 rise, set, other_rise, other_set;

  mm_daylight_find (at ("2016-10-07", "12:00", "Asia/Tokyo"), 36.65, 138.18, MM_SUN_HORIZON, &rise,
                    &set);
  mm_daylight_find (at ("2016-10-07", "17:00", "Asia/Tokyo"), 36.65, 138.18, MM_SUN_HORIZON,
                    &other_rise, &other_set);
  g_assert_cmpint (ABS (rise - other_rise), <, G_TIME_SPAN_SECOND);
  g_assert_cmpint (ABS (set - other_set), <, G_TIME_SPAN_SECOND);
}

static void
test_far_north (void)
{
  gint64 rise = 1, set = 2;

  g_assert_cmpint (mm_daylight_find (at ("2016-06-21", "12:00", "Europe/Oslo"), 69.65, 18.96,
                                     MM_SUN_HORIZON, &rise, &set),
                   ==, MM_SUN_STAYS_UP);
  g_assert_cmpint (mm_daylight_find (at ("2016-12-21", "12:00", "Europe/Oslo"), 69.65, 18.96,
                                     MM_SUN_HORIZON, &rise, &set),
                   ==, MM_SUN_STAYS_DOWN);
  g_assert_cmpint (rise, ==, 1);
  g_assert_cmpint (set, ==, 2);
  /* It is light around noon nevertheless. */
  g_assert_cmpint (mm_daylight_find (at ("2016-12-21", "12:00", "Europe/Oslo"), 69.65, 18.96,
                                     MM_SUN_DARK, &rise, &set),
                   ==, MM_SUN_RISES);
}

/* At rise and set the sun stands at the height that was asked for. */
static void
test_height (void)
{
  for (int day = 0; day < 366; day += 5)
    {
      gint64 noon = at ("2016-01-01", "12:00", "Asia/Tokyo") + day * G_TIME_SPAN_DAY;
      gint64 rise, set, dawn, dusk;

      mm_daylight_find (noon, 43.06, 141.35, MM_SUN_HORIZON, &rise, &set);
      mm_daylight_find (noon, 43.06, 141.35, MM_SUN_DARK, &dawn, &dusk);
      g_assert_cmpfloat (fabs (mm_daylight_height (rise, 43.06, 141.35) - MM_SUN_HORIZON), <, 0.01);
      g_assert_cmpfloat (fabs (mm_daylight_height (set, 43.06, 141.35) - MM_SUN_HORIZON), <, 0.01);
      g_assert_cmpint (dawn, <, rise);
      g_assert_cmpint (rise, <, noon);
      g_assert_cmpint (set, >, noon);
      g_assert_cmpint (dusk, >, set);
    }
  /* Overhead at the equator on the day of equal length; as deep below at midnight. */
  g_assert_cmpfloat (mm_daylight_height (at ("2016-03-20", "12:07", "UTC"), 0, 0), >, 89);
  g_assert_cmpfloat (mm_daylight_height (at ("2016-03-20", "00:07", "UTC"), 0, 0), <, -89);
}

static void
check_stand (gint64 time, double latitude, double longitude, double height, double azimuth)
{
  double found_height, found_azimuth, turn;

  mm_daylight_stand (time, latitude, longitude, &found_height, &found_azimuth);
  g_assert_cmpfloat_with_epsilon (found_height, height, 0.5);
  turn = fmod (fabs (found_azimuth - azimuth), 360);
  g_assert_cmpfloat (MIN (turn, 360 - turn), <, 1);
}

static void
test_stand (void)
{
  /* The worked example of NREL's solar position algorithm, without refraction. */
  check_stand (at ("2003-10-17", "19:30", "UTC") + 30 * G_USEC_PER_SEC, 39.742476, -105.1786, 39.87,
               194.34);
  /* Solar noon at the solstices: south in the north, north in the south. */
  check_stand (at ("2026-06-21", "11:43", "Asia/Tokyo"), 35.69, 139.69, 77.75, 180);
  check_stand (at ("2026-12-21", "01:53", "UTC"), -33.87, 151.21, 79.57, 0);
  /* New Year's sunrise, in the south-east; midnight sun, in the north. */
  check_stand (at ("2026-01-01", "06:51", "Asia/Tokyo"), 35.69, 139.69, -1.0, 118);
  check_stand (at ("2026-06-20", "22:45", "UTC"), 69.65, 18.96, 3.09, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daylight/places", test_places);
  g_test_add_func ("/daylight/noon-is-roughly-known", test_noon_is_roughly_known);
  g_test_add_func ("/daylight/far-north", test_far_north);
  g_test_add_func ("/daylight/height", test_height);
  g_test_add_func ("/daylight/stand", test_stand);
  return g_test_run ();
}

#include "mm-daylight.h"

#include <math.h>

#define DEGREE (G_PI / 180)

/* 2000-01-01 12:00 UTC: the epoch that the formulas count from. */
#define EPOCH G_GINT64_CONSTANT (946728000000000)

/* Degrees that the sun moves on around a place in a day of the clock. */
#define PER_DAY 360.0

static double
days_since_epoch (gint64 time)
{
  return (double) (time - EPOCH) / (double) G_TIME_SPAN_DAY;
}

/* @angle in degrees as −180–180. */
static double
wrap (double angle)
{
  return angle - 360 * floor ((angle + 180) / 360);
}

/* @declination in radians; @hour_angle in degrees, 0 when the sun is highest, positive after. */
static void
sun_at (gint64 time, double longitude, double *declination, double *hour_angle)
{
  double n = days_since_epoch (time);
  double mean_longitude = 280.460 + 0.9856474 * n;
  double anomaly = (357.528 + 0.9856003 * n) * DEGREE;
  double ecliptic = (mean_longitude + 1.915 * sin (anomaly) + 0.020 * sin (2 * anomaly)) * DEGREE;
  double tilt = (23.439 - 0.0000004 * n) * DEGREE;
  double ascension = atan2 (cos (tilt) * sin (ecliptic), cos (ecliptic)) / DEGREE;
  double sidereal = 15 * (18.697374558 + 24.06570982441908 * n);

  *declination = asin (sin (tilt) * sin (ecliptic));
  *hour_angle = wrap (sidereal + longitude - ascension);
}

void
mm_daylight_stand (gint64 time, double latitude, double longitude, double *height, double *azimuth)
{
  double phi = latitude * DEGREE, declination, hour_angle;

  sun_at (time, longitude, &declination, &hour_angle);
  hour_angle *= DEGREE;
  *height = asin (sin (phi) * sin (declination) + cos (phi) * cos (declination) * cos (hour_angle))
            / DEGREE;
  *azimuth
      = 180
        + atan2 (sin (hour_angle), cos (hour_angle) * sin (phi) - tan (declination) * cos (phi))
              / DEGREE;
}

double
mm_daylight_height (gint64 time, double latitude, double longitude)
{
  double height, azimuth;

  mm_daylight_stand (time, latitude, longitude, &height, &azimuth);
  return height;
}

/* Cosine of the hour angle at which the sun stands at @height; beyond ±1 if it never does. */
static double
crossing (double declination, double latitude, double height)
{
  return (sin (height * DEGREE) - sin (latitude * DEGREE) * sin (declination))
         / (cos (latitude * DEGREE) * cos (declination));
}

static gint64
later (gint64 time, double degrees)
{
  return time + (gint64) (degrees / PER_DAY * (double) G_TIME_SPAN_DAY);
}

/* From the highest stand to the crossing on the side of @sign. The declination moves on meanwhile,
 * so that the time is made better a few times. */
static gint64
find_crossing (gint64 highest, double latitude, double longitude, double height, double sign)
{
  gint64 time = highest;

  for (guint i = 0; i < 5; i++)
    {
      double declination, hour_angle, cosine;

      sun_at (time, longitude, &declination, &hour_angle);
      cosine = CLAMP (crossing (declination, latitude, height), -1, 1);
      time = later (time, wrap (sign * acos (cosine) / DEGREE - hour_angle));
    }
  return time;
}

MmSunDay
mm_daylight_find (
    gint64 noon, double latitude, double longitude, double height, gint64 *rise, gint64 *set)
{
  gint64 highest = noon;
  double declination, hour_angle, cosine;

  for (guint i = 0; i < 2; i++)
    {
      sun_at (highest, longitude, &declination, &hour_angle);
      highest = later (highest, -hour_angle);
    }
  cosine = crossing (declination, latitude, height);
  if (cosine <= -1)
    return MM_SUN_STAYS_UP;
  if (!(cosine < 1))
    return MM_SUN_STAYS_DOWN;
  *rise = find_crossing (highest, latitude, longitude, height, -1);
  *set = find_crossing (highest, latitude, longitude, height, 1);
  return MM_SUN_RISES;
}

/* Where the sun stands: height above the horizon, rise and set.
 *
 * By the low-precision formulas of the Astronomical Almanac (0.01° in the years 1950–2050): rise
 * and set come out within a minute where the sun does not graze the horizon. Pure functions, any
 * thread. Times are UTC microseconds; latitude −90–90 (north is positive) and longitude −180–180
 * (east is positive) in degrees.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Heights of the sun's centre in degrees: when its upper rim touches the horizon, refraction
 * included, and when it is dark for the eye (end of civil twilight). */
#define MM_SUN_HORIZON (-0.833)
#define MM_SUN_DARK (-6.0)

typedef enum
{
  MM_SUN_RISES, /* it comes above the height and goes below it again */
  MM_SUN_STAYS_UP,
  MM_SUN_STAYS_DOWN,
} MmSunDay;

/* Height of the sun's centre at @time in degrees, −90–90, without refraction. */
double mm_daylight_height (gint64 time, double latitude, double longitude);

/* The same, and where it stands: @azimuth in degrees from north over east, 0–360. */
void mm_daylight_stand (
    gint64 time, double latitude, double longitude, double *height, double *azimuth);

/* When the sun comes above @height (degrees) and goes below it again, around its highest stand that
 * is nearest to @noon: any time within some hours of the local noon. @rise and @set are left alone
 * unless the sun rises. */
MmSunDay mm_daylight_find (
    gint64 noon, double latitude, double longitude, double height, gint64 *rise, gint64 *set);

G_END_DECLS

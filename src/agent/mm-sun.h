/* Where the sun stands, and what it gives to a roof. Angles are degrees. Pure; any thread.
 *
 * The position is right to about 0.01° between 1950 and 2050 (the low precision formulas of the
 * Astronomical Almanac), without refraction.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @elevation: above the horizon, negative at night
 * @azimuth: from north over east, 0 to 360 */
typedef struct
{
  double elevation;
  double azimuth;
} MmSun;

/* The sun at @time (UTC µs) seen from @latitude (north positive), @longitude (east positive). */
MmSun mm_sun_at (gint64 time, double latitude, double longitude);

/* Irradiance in W/m² on a roof that rises at @tilt and looks towards @azimuth, under a sky covered
 * by the share @cloud (0 clear, 1 overcast). 0 while the sun is down. */
double mm_sun_on_roof (const MmSun *sun, double cloud, double tilt, double azimuth);

G_END_DECLS

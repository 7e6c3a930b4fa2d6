/* What the sun gives to a roof. Angles are degrees; azimuths from north over east. Pure; any
 * thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Irradiance in W/m² on a roof that rises at @tilt and looks towards @azimuth, while the sun stands
 * @sun_height above the horizon at @sun_azimuth, under a sky covered by the share @cloud (0 clear,
 * 1 overcast). 0 while the sun is down. */
double mm_roof_irradiance (
    double sun_height, double sun_azimuth, double cloud, double tilt, double azimuth);

G_END_DECLS

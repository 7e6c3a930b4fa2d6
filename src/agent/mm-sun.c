#include "mm-sun.h"

#include "mm-clock.h"

#include <math.h>

#define RADIANS (G_PI / 180)
#define J2000 G_GINT64_CONSTANT (946728000000000) /* 2000-01-01 12:00 UTC */
#define ALBEDO 0.2

MmSun
mm_sun_at (gint64 time, double latitude, double longitude)
{
  double n = (double) (time - J2000) / (double) MM_DAY;
  double mean_longitude = 280.460 + 0.9856474 * n;
  double anomaly = (357.528 + 0.9856003 * n) * RADIANS;
  double ecliptic = (mean_longitude + 1.915 * sin (anomaly) + 0.020 * sin (2 * anomaly)) * RADIANS;
  double obliquity = (23.439 - 0.0000004 * n) * RADIANS;
  double ascension = atan2 (cos (obliquity) * sin (ecliptic), cos (ecliptic));
  double declination = asin (sin (obliquity) * sin (ecliptic));
  double sidereal = fmod (280.46062 + 360.98564737 * n + longitude, 360) * RADIANS;
  double hour_angle = sidereal - ascension;
  double phi = latitude * RADIANS;
  MmSun sun;

  sun.elevation
      = asin (sin (phi) * sin (declination) + cos (phi) * cos (declination) * cos (hour_angle))
        / RADIANS;
  sun.azimuth
      = atan2 (sin (hour_angle), cos (hour_angle) * sin (phi) - tan (declination) * cos (phi))
            / RADIANS
        + 180;
  return sun;
}

/* Clear sky on the ground after Haurwitz, the share that comes straight from the sun after Meinel;
 * clouds after Kasten and Czeplak: they take the direct light first. */
double
mm_sun_on_roof (const MmSun *sun, double cloud, double tilt, double azimuth)
{
  double height = sin (sun->elevation * RADIANS);
  double clear, direct, ground, beam, diffuse, facing;

  if (height <= 0)
    return 0;
  clear = 1098 * height * exp (-0.057 / height);
  direct = MIN (1353 * pow (0.7, pow (1 / height, 0.678)) * height, clear);
  ground = clear * (1 - 0.75 * pow (cloud, 3.4));
  beam = MIN (direct * (1 - cloud), ground);
  diffuse = ground - beam;
  facing = height * cos (tilt * RADIANS)
           + cos (sun->elevation * RADIANS) * sin (tilt * RADIANS)
                 * cos ((sun->azimuth - azimuth) * RADIANS);
  /* Close to the horizon both are small; their quotient must not become large. */
  return beam / MAX (height, 0.05) * MAX (facing, 0) + diffuse * (1 + cos (tilt * RADIANS)) / 2
         + ground * ALBEDO * (1 - cos (tilt * RADIANS)) / 2;
}

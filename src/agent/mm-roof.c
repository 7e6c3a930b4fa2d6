#include "mm-roof.h"

#include <math.h>

#define RADIANS (G_PI / 180)
#define ALBEDO 0.2

/* Clear sky on the ground after Haurwitz, the share that comes straight from the sun after Meinel;
 * clouds after Kasten and Czeplak: they take the direct light first. */
double
mm_roof_irradiance (
    double sun_height, double sun_azimuth, double cloud, double tilt, double azimuth)
{
  double height = sin (sun_height * RADIANS);
  double clear, direct, ground, beam, diffuse, facing;

  if (height <= 0)
    return 0;
  clear = 1098 * height * exp (-0.057 / height);
  direct = MIN (1353 * pow (0.7, pow (1 / height, 0.678)) * height, clear);
  ground = clear * (1 - 0.75 * pow (cloud, 3.4));
  beam = MIN (direct * (1 - cloud), ground);
  diffuse = ground - beam;
  facing = height * cos (tilt * RADIANS)
           + cos (sun_height * RADIANS) * sin (tilt * RADIANS)
                 * cos ((sun_azimuth - azimuth) * RADIANS);
  /* Close to the horizon both are small; their quotient must not become large. */
  return beam / MAX (height, 0.05) * MAX (facing, 0) + diffuse * (1 + cos (tilt * RADIANS)) / 2
         + ground * ALBEDO * (1 - cos (tilt * RADIANS)) / 2;
}

#include "mm-weather.h"

#include "mm-clock.h"
#include "mm-noise.h"

#include <math.h>

#define YEAR_DAYS 365.2425
#define WARMEST_DAY 216 /* days after New Year, in the north */
#define WARMEST_HOUR 14

enum
{
  SPELL = 1,
  HOURS,
  PASSING,
  OVERHEAD,
  WARMTH,
};

double
mm_weather_cloud (guint64 region, guint64 own, gint64 time)
{
  double spell = mm_noise_at (mm_noise_branch (region, SPELL), time, 55 * MM_HOUR);
  double hours = mm_noise_at (mm_noise_branch (region, HOURS), time, 5 * MM_HOUR);
  double passing = mm_noise_at (mm_noise_branch (region, PASSING), time, 25 * MM_MINUTE);
  double overhead = mm_noise_at (mm_noise_branch (own, OVERHEAD), time, 4 * MM_MINUTE);
  double cover = CLAMP (0.55 + 2.4 * (0.6 * spell + 0.4 * hours - 0.5), 0, 1);
  double broken = 4 * cover * (1 - cover);

  cover += broken * (1.4 * (passing - 0.5) + 0.6 * (overhead - 0.5));
  return CLAMP (cover, 0, 1);
}

double
mm_weather_temperature (guint64 region, double latitude, double longitude, gint64 time)
{
  double days = (double) time / (double) MM_DAY;
  double season = cos (2 * G_PI * (fmod (days, YEAR_DAYS) - WARMEST_DAY) / YEAR_DAYS);
  double solar_hour = fmod (days, 1) * 24 + longitude / 15;
  double hour = cos (2 * G_PI * (solar_hour - WARMEST_HOUR) / 24);
  double spell = mm_noise_at (mm_noise_branch (region, WARMTH), time, 70 * MM_HOUR) - 0.5;

  return 16.5 - 0.9 * (fabs (latitude) - 35) + (latitude >= 0 ? 10.5 : -10.5) * season + 3.5 * hour
         + 7 * spell;
}

#include "mm-noise.h"

/* The finaliser of splitmix64: every bit of the input changes half of the output. */
static guint64
mix (guint64 x)
{
  x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

guint64
mm_noise_seed (const char *text)
{
  guint64 seed = G_GUINT64_CONSTANT (0xcbf29ce484222325); /* FNV-1a */

  for (; *text != '\0'; text++)
    seed = (seed ^ (guint8) *text) * G_GUINT64_CONSTANT (0x100000001b3);
  return mix (seed);
}

guint64
mm_noise_branch (guint64 seed, guint64 purpose)
{
  return mix (seed ^ mix (purpose));
}

double
mm_noise_pick (guint64 seed, gint64 n)
{
  return (double) (mix (seed ^ mix ((guint64) n)) >> 11) * 0x1p-53;
}

double
mm_noise_at (guint64 seed, gint64 time, gint64 period)
{
  gint64 n = time >= 0 ? time / period : -((period - 1 - time) / period);
  double x = (double) (time - n * period) / (double) period;
  double before = mm_noise_pick (seed, n), after = mm_noise_pick (seed, n + 1);

  return before + (after - before) * x * x * (3 - 2 * x);
}

/* A table and a tenth of jitter. Any thread. */
#include "mm-backoff.h"

gint64
mm_backoff (guint tries, gint64 age, double random)
{
  static const int seconds[] = { 0, 30, 120, 600, 1800, 3600, 7200, 14400 };
  gint64 wait = seconds[MIN (tries, G_N_ELEMENTS (seconds) - 1)] * G_TIME_SPAN_SECOND;

  if (age >= MM_BACKOFF_GIVE_UP)
    return -1;
  return wait + (gint64) ((double) wait * (random - 0.5) / 5);
}

#include "mm-clock.h"

struct _MmClock
{
  gint64 offset; /* atomic */
};

MmClock *
mm_clock_new (void)
{
  return g_new0 (MmClock, 1);
}

void
mm_clock_free (MmClock *clock)
{
  g_free (clock);
}

gint64
mm_clock_now (MmClock *clock)
{
  return g_get_real_time () + __atomic_load_n (&clock->offset, __ATOMIC_RELAXED);
}

void
mm_clock_advance (MmClock *clock, gint64 microseconds)
{
  __atomic_fetch_add (&clock->offset, microseconds, __ATOMIC_RELAXED);
}

#include "mm-clock.h"

struct _MmClock
{
  gint64 passed; /* atomic */
  gint64 set;    /* atomic */
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
  return g_get_real_time () + __atomic_load_n (&clock->passed, __ATOMIC_RELAXED)
         + __atomic_load_n (&clock->set, __ATOMIC_RELAXED);
}

gint64
mm_clock_steady (MmClock *clock)
{
  return g_get_monotonic_time () + __atomic_load_n (&clock->passed, __ATOMIC_RELAXED);
}

gint64
mm_clock_ahead (MmClock *clock)
{
  /* Without what passed, or somebody who advances the clock in between would seem to have set it.
   */
  return g_get_real_time () - g_get_monotonic_time ()
         + __atomic_load_n (&clock->set, __ATOMIC_RELAXED);
}

void
mm_clock_advance (MmClock *clock, gint64 microseconds)
{
  __atomic_fetch_add (&clock->passed, microseconds, __ATOMIC_RELAXED);
}

void
mm_clock_set (MmClock *clock, gint64 microseconds)
{
  __atomic_fetch_add (&clock->set, microseconds, __ATOMIC_RELAXED);
}

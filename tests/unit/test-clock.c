/* The product's clock: real time, moved only by tests. */
#include "mm-clock.h"

static void
test_follows_real_time (void)
{
  g_autoptr (MmClock) clock = mm_clock_new ();
  gint64 before = g_get_real_time ();
  gint64 now = mm_clock_now (clock);

  g_assert_cmpint (now, >=, before);
  g_assert_cmpint (now, <=, g_get_real_time ());
}

static void
test_advances (void)
{
  g_autoptr (MmClock) clock = mm_clock_new ();
  gint64 before = g_get_real_time ();

  mm_clock_advance (clock, 3 * MM_DAY);
  mm_clock_advance (clock, -MM_HOUR);
  g_assert_cmpint (mm_clock_now (clock) - before, >=, 3 * MM_DAY - MM_HOUR);
  g_assert_cmpint (mm_clock_now (clock) - g_get_real_time (), <=, 3 * MM_DAY - MM_HOUR);
}

static void
test_set (void)
{
  g_autoptr (MmClock) clock = mm_clock_new ();
  gint64 before = mm_clock_steady (clock);
  gint64 now = mm_clock_now (clock);
  gint64 ahead = mm_clock_ahead (clock);

  mm_clock_set (clock, -MM_DAY);
  g_assert_cmpint (mm_clock_ahead (clock), <, ahead - MM_HOUR);
  g_assert_cmpint (mm_clock_now (clock), <, now - MM_HOUR);
  g_assert_cmpint (mm_clock_steady (clock), >=, before);
  g_assert_cmpint (mm_clock_steady (clock) - before, <, MM_HOUR);
  mm_clock_advance (clock, MM_HOUR);
  g_assert_cmpint (mm_clock_steady (clock) - before, >=, MM_HOUR);
  g_assert_cmpint (mm_clock_ahead (clock), <, ahead - MM_HOUR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/follows-real-time", test_follows_real_time);
  g_test_add_func ("/clock/advances", test_advances);
  g_test_add_func ("/clock/set", test_set);
  return g_test_run ();
}

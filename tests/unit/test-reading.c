/* Late and implausibly early readings. */
#include "mm-reading.h"

static void
test_late (void)
{
  gint64 now = 1000 * MM_HOUR;

  /* Five minutes at least, three intervals beyond that. */
  g_assert_false (mm_reading_is_late (now, now, 60));
  g_assert_false (mm_reading_is_late (now - 5 * MM_MINUTE, now, 60));
  g_assert_true (mm_reading_is_late (now - 5 * MM_MINUTE - 1, now, 60));
  g_assert_false (mm_reading_is_late (now - 5 * MM_MINUTE, now, 1));
  g_assert_false (mm_reading_is_late (now - 90 * MM_MINUTE, now, 1800));
  g_assert_true (mm_reading_is_late (now - 90 * MM_MINUTE - 1, now, 1800));
  g_assert_true (mm_reading_is_late (now - 6 * MM_MINUTE, now, 0)); /* the default interval */
  g_assert_false (mm_reading_is_late (now + MM_HOUR, now, 60));
}

static void
test_ahead (void)
{
  gint64 now = 1000 * MM_HOUR;

  g_assert_false (mm_reading_is_ahead (now - MM_DAY, now));
  g_assert_false (mm_reading_is_ahead (now + 10 * MM_MINUTE, now));
  g_assert_true (mm_reading_is_ahead (now + 10 * MM_MINUTE + 1, now));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reading/late", test_late);
  g_test_add_func ("/reading/ahead", test_ahead);
  return g_test_run ();
}

/* The waiting times between tries of a mail. */
#include "mm-backoff.h"

static void
test_table (void)
{
  static const int seconds[] = { 0, 30, 120, 600, 1800, 3600, 7200, 14400, 14400, 14400 };

  for (guint tries = 0; tries < G_N_ELEMENTS (seconds); tries++)
    g_assert_cmpint (mm_backoff (tries, 0, 0.5), ==, seconds[tries] * G_TIME_SPAN_SECOND);
  g_assert_cmpint (mm_backoff (G_MAXUINT, 0, 0.5), ==, 4 * G_TIME_SPAN_HOUR);
}

static void
test_jitter (void)
{
  g_assert_cmpint (mm_backoff (1, 0, 0), ==, 27 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (mm_backoff (1, 0, 0.75), ==, 31500 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (mm_backoff (1, 0, 0.999999), <=, 33 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (mm_backoff (0, 0, 0.9), ==, 0);
}

static void
test_give_up (void)
{
  g_assert_cmpint (mm_backoff (20, 5 * G_TIME_SPAN_DAY - 1, 0.5), >, 0);
  g_assert_cmpint (mm_backoff (20, 5 * G_TIME_SPAN_DAY, 0.5), ==, -1);
  g_assert_cmpint (mm_backoff (0, G_MAXINT64, 0.5), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backoff/table", test_table);
  g_test_add_func ("/backoff/jitter", test_jitter);
  g_test_add_func ("/backoff/give-up", test_give_up);
  return g_test_run ();
}

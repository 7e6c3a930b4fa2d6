/* How fast a gateway may push: its share, what it may save up, and that others have their own. */
#include "mm-pace.h"

#include "mm-clock.h"
#include "mm-error.h"

static guint
push_until_refused (MmPace *pace, gint64 gateway, gint64 now)
{
  guint n = 0;

  while (mm_pace_push (pace, gateway, now, NULL))
    n++;
  return n;
}

static void
test_pushes (void)
{
  g_autoptr (MmPace) pace = mm_pace_new (10);
  g_autoptr (GError) error = NULL;
  gint64 now = 1000 * MM_SECOND;

  /* What was saved up, and then the share. */
  g_assert_cmpuint (push_until_refused (pace, 1, now), ==, 10 * MM_PACE_SAVED_S + 1);
  g_assert_false (mm_pace_push (pace, 1, now, &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_LIMITED);
  g_assert_cmpstr (mm_error_code (error), ==, "too-fast");
  g_assert_cmpuint (mm_error_retry_after (error), ==, 1);
  g_assert_cmpuint (push_until_refused (pace, 1, now + MM_SECOND), ==, 10);
  /* Others have their own. */
  g_assert_cmpuint (push_until_refused (pace, 2, now), ==, 10 * MM_PACE_SAVED_S + 1);
  /* It comes back to the whole, and to no more. */
  g_assert_cmpuint (push_until_refused (pace, 1, now + MM_DAY), ==, 10 * MM_PACE_SAVED_S + 1);
}

static void
test_values (void)
{
  g_autoptr (MmPace) pace = mm_pace_new (10);
  g_autoptr (GError) error = NULL;
  gint64 now = 1000 * MM_SECOND;

  mm_pace_values (pace, 1, 10 * MM_PACE_VALUES * MM_PACE_SAVED_S, now);
  g_assert_true (mm_pace_push (pace, 1, now, NULL));
  /* However many they are: it is the next that waits. */
  mm_pace_values (pace, 1, 10 * MM_PACE_VALUES * 3, now);
  g_assert_false (mm_pace_push (pace, 1, now, &error));
  g_assert_cmpuint (mm_error_retry_after (error), ==, 4);
  g_assert_false (mm_pace_push (pace, 1, now + 3 * MM_SECOND - 1, NULL));
  g_assert_true (mm_pace_push (pace, 1, now + 3 * MM_SECOND, NULL));
}

static void
test_no_limit (void)
{
  g_autoptr (MmPace) pace = mm_pace_new (0);

  for (int i = 0; i < 10000; i++)
    {
      g_assert_true (mm_pace_push (pace, 1, 0, NULL));
      mm_pace_values (pace, 1, G_MAXUINT, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pace/pushes", test_pushes);
  g_test_add_func ("/pace/values", test_values);
  g_test_add_func ("/pace/no-limit", test_no_limit);
  return g_test_run ();
}

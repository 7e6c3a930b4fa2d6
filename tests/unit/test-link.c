/* What a link allows, and when. */
#include "mm-link.h"

static void
test_grants (void)
{
  g_assert_cmpint (MM_GRANT_SEE, ==, 1);
  g_assert_cmpint (MM_GRANT_TOLD, ==, 2);
  g_assert_cmpint (MM_GRANT_SETTINGS, ==, 4);
  g_assert_cmpint (MM_GRANT_HISTORY, ==, 8);
  g_assert_cmpint (MM_GRANTS_DEFAULT, ==, 7); /* history is not ticked */
  g_assert_cmpint (mm_link_grants (MM_GRANTS_DEFAULT), ==, MM_GRANTS_DEFAULT);
  g_assert_cmpint (mm_link_grants (0), ==, 0);
  g_assert_cmpint (mm_link_grants (MM_GRANT_TOLD), ==, MM_GRANT_SEE | MM_GRANT_TOLD);
  g_assert_cmpint (mm_link_grants (MM_GRANT_SETTINGS), ==, MM_GRANT_SEE | MM_GRANT_SETTINGS);
  g_assert_cmpint (mm_link_grants (MM_GRANT_HISTORY), ==, MM_GRANT_SEE | MM_GRANT_HISTORY);
  g_assert_cmpint (mm_link_grants (16), ==, 0);
  g_assert_cmpint (mm_link_grants (0xFFFF), ==, MM_GRANTS_ALL);
}

static void
test_names (void)
{
  for (guint grant = 1; grant <= MM_GRANT_HISTORY; grant <<= 1)
    {
      g_assert_cmpint (mm_link_grant_from_name (mm_link_grant_name (grant)), ==, grant);
      g_assert_nonnull (mm_link_grant_label (grant));
    }
  g_assert_cmpstr (mm_link_grant_name (MM_GRANT_SEE), ==, "see");
  g_assert_cmpint (mm_link_grant_from_name ("all"), ==, 0);
  g_assert_null (mm_link_grant_name (MM_GRANTS_ALL));
  g_assert_null (mm_link_grant_label (0));
}

static void
test_active (void)
{
  g_assert_true (mm_link_active (10, 10, MM_TIME_NONE, MM_TIME_NONE));
  g_assert_true (mm_link_active (G_MAXINT64, 10, MM_TIME_NONE, MM_TIME_NONE));
  g_assert_false (mm_link_active (9, 10, MM_TIME_NONE, MM_TIME_NONE));
  g_assert_true (mm_link_active (19, 10, 20, MM_TIME_NONE));
  g_assert_false (mm_link_active (20, 10, 20, MM_TIME_NONE));
  g_assert_true (mm_link_active (14, 10, 20, 15));
  g_assert_false (mm_link_active (15, 10, 20, 15)); /* revoked at once */
  g_assert_false (mm_link_active (15, 10, MM_TIME_NONE, 15));
}

static void
test_history (void)
{
  g_assert_cmpint (mm_link_history_start (MM_GRANTS_DEFAULT, 10), ==, 10);
  g_assert_cmpint (mm_link_history_start (MM_GRANTS_ALL, 10), ==, G_MININT64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/grants", test_grants);
  g_test_add_func ("/link/names", test_names);
  g_test_add_func ("/link/active", test_active);
  g_test_add_func ("/link/history", test_history);
  return g_test_run ();
}

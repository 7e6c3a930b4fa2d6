/* Bursts, draining, the growing wait, and the bound on memory. */
#include "mm-throttle.h"

#include "mm-clock.h"
#include "mm-error.h"

#include <string.h>

#define START G_GINT64_CONSTANT (1777636800000000)

static gboolean
try_at (MmThrottle *throttle, const char *who, gint64 when)
{
  return mm_throttle_try (throttle, "sign-in", who, 5, 50, START + when, NULL);
}

static void
test_burst_then_one_by_one (void)
{
  g_autoptr (MmThrottle) throttle = mm_throttle_new ();
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 5; i++)
    g_assert_true (try_at (throttle, "me", 0));
  g_assert_false (mm_throttle_try (throttle, "sign-in", "me", 5, 50, START, &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_LIMITED);
  g_assert_cmpuint (mm_error_retry_after (error), ==, 10);
  g_assert_false (try_at (throttle, "me", 10 * MM_SECOND - 1));
  /* The last try filled it again. */
  g_assert_false (try_at (throttle, "me", 10 * MM_SECOND));
  g_assert_true (try_at (throttle, "me", 20 * MM_SECOND));
  g_assert_false (try_at (throttle, "me", 20 * MM_SECOND));
  /* After a period it is empty. */
  for (int i = 0; i < 5; i++)
    g_assert_true (try_at (throttle, "me", 100 * MM_SECOND));
}

static void
test_apart (void)
{
  g_autoptr (MmThrottle) throttle = mm_throttle_new ();

  for (int i = 0; i < 6; i++)
    try_at (throttle, "me", 0);
  g_assert_false (try_at (throttle, "me", 0));
  g_assert_true (try_at (throttle, "you", 0));
  g_assert_true (mm_throttle_try (throttle, "resend", "me", 5, 50, START, NULL));
  mm_throttle_forget (throttle, "sign-in", "me");
  g_assert_true (try_at (throttle, "me", 0));
}

/* Whoever has one address of an IPv6 network has all of them. */
static void
test_address (void)
{
  static const char *const one[] = { "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:DB8:1:2::3" };
  g_autoptr (MmThrottle) throttle = mm_throttle_new ();

  for (guint i = 0; i < 6; i++)
    g_assert_true (mm_throttle_try_address (throttle, "from", one[i % 3], 5, 50, START, NULL)
                   == (i < 5));
  g_assert_true (mm_throttle_try_address (throttle, "from", "2001:db8:1:3::1", 5, 50, START, NULL));
  for (guint i = 0; i < 6; i++)
    g_assert_true (mm_throttle_try_address (throttle, "from", "192.0.2.1", 5, 50, START, NULL)
                   == (i < 5));
  g_assert_true (mm_throttle_try_address (throttle, "from", "192.0.2.2", 5, 50, START, NULL));
  g_assert_true (mm_throttle_try_address (throttle, "from", NULL, 5, 50, START, NULL));
}

/* A clock that goes back locks nobody out for longer than the period. */
static void
test_clock_back (void)
{
  g_autoptr (MmThrottle) throttle = mm_throttle_new ();

  for (int i = 0; i < 6; i++)
    try_at (throttle, "me", MM_DAY);
  g_assert_false (try_at (throttle, "me", 0));
  g_assert_true (try_at (throttle, "me", 11 * MM_SECOND));
}

/* However many knock, it answers at once and forgets what has drained first. */
static void
test_many_names (void)
{
  g_autoptr (MmThrottle) throttle = mm_throttle_new ();
  g_autofree char *big = g_malloc (1 << 20);
  gint64 began = g_get_monotonic_time ();

  memset (big, 'x', (1 << 20) - 1);
  big[(1 << 20) - 1] = '\0';
  for (int i = 0; i < 5; i++)
    g_assert_true (try_at (throttle, big, 0));
  g_assert_false (try_at (throttle, big, 0));
  /* What begins alike and is as long as that shares its bucket: no memory for megabytes. */
  big[(1 << 20) - 2] = 'y';
  g_assert_false (try_at (throttle, big, 0));
  for (int i = 0; i < 300000; i++)
    {
      char name[16];

      g_snprintf (name, sizeof name, "n%d", i);
      g_assert_true (try_at (throttle, name, i));
    }
  g_assert_cmpint (g_get_monotonic_time () - began, <, 30 * MM_SECOND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/throttle/burst-then-one-by-one", test_burst_then_one_by_one);
  g_test_add_func ("/throttle/apart", test_apart);
  g_test_add_func ("/throttle/address", test_address);
  g_test_add_func ("/throttle/clock-back", test_clock_back);
  g_test_add_func ("/throttle/many-names", test_many_names);
  return g_test_run ();
}

/* Clocks that are right, ahead, behind, jumping; backlogs that look like one, and do not count. */
#include "mm-clock-offset.h"

#include "mm-gateway.h"

#define NOON G_GINT64_CONSTANT (1777636800000000)

/* @n pushes a minute apart by a clock that is @ahead_s ahead. */
static gint64
pushes (MmClockOffset *clock, gint64 now, guint n, gint64 ahead_s, gboolean is_sent)
{
  for (guint i = 0; i < n; i++, now += MM_MINUTE)
    mm_clock_offset_take (clock, now + ahead_s * MM_SECOND, is_sent, now);
  return now;
}

static void
says (const MmClockOffset *clock, gboolean known, gint32 seconds, gboolean off)
{
  gint32 found = 0;
  gboolean is_off;

  g_assert_cmpint (mm_clock_offset_of (clock, 60, &found, &is_off), ==, known);
  g_assert_cmpint (is_off, ==, off);
  if (known)
    g_assert_cmpint (found, ==, seconds);
}

static void
test_sent (void)
{
  MmClockOffset clock = { 0 };
  gint64 now;

  says (&clock, FALSE, 0, FALSE);
  now = pushes (&clock, NOON, 4, -2, TRUE);
  says (&clock, FALSE, 0, FALSE);
  now = pushes (&clock, now, 1, -2, TRUE);
  says (&clock, TRUE, -2, FALSE);
  /* One that was held up for an hour on its way changes nothing. */
  now = pushes (&clock, now, 1, -3600, TRUE);
  says (&clock, TRUE, -2, FALSE);
  /* Just right enough, and no longer. */
  now = pushes (&clock, now, 9, -120, TRUE);
  says (&clock, TRUE, -120, FALSE);
  now = pushes (&clock, now, 9, -121, TRUE);
  says (&clock, TRUE, -121, TRUE);
  now = pushes (&clock, now, 9, 7200, TRUE);
  says (&clock, TRUE, 7200, TRUE);
  /* It was set right: not known for a while, then right. */
  now = pushes (&clock, now, 4, 0, TRUE);
  says (&clock, FALSE, 0, FALSE);
  pushes (&clock, now, 3, 0, TRUE);
  says (&clock, TRUE, 0, FALSE);
}

static void
test_readings (void)
{
  MmClockOffset clock = { 0 };
  gint32 late_s = (gint32) (mm_offline_after (60) / MM_SECOND);
  gint64 now = pushes (&clock, NOON, 9, -30, FALSE);

  /* As old as readings are. */
  says (&clock, FALSE, 0, FALSE);
  now = pushes (&clock, now, 9, -late_s, FALSE);
  says (&clock, FALSE, 0, FALSE);
  now = pushes (&clock, now, 9, -late_s - 1, FALSE);
  says (&clock, TRUE, -late_s - 1, TRUE);
  now = pushes (&clock, now, 9, 121, FALSE);
  says (&clock, TRUE, 121, TRUE);
  pushes (&clock, now, 9, 9 * 3600, FALSE);
  says (&clock, TRUE, 9 * 3600, TRUE);
}

/* What was kept through an outage gets younger with every push, or comes in one go. */
static void
test_backlog (void)
{
  MmClockOffset clock = { 0 };
  gint64 now = NOON;

  for (guint i = 0; i < 50; i++, now += 30 * MM_SECOND)
    {
      mm_clock_offset_take (&clock, now - MM_DAY + i * 10 * MM_MINUTE, FALSE, now);
      says (&clock, FALSE, 0, FALSE);
    }
  clock = (MmClockOffset){ 0 };
  for (guint i = 0; i < 1000; i++)
    mm_clock_offset_take (&clock, NOON - MM_DAY + i * MM_SECOND, FALSE, NOON + i);
  g_assert_cmpuint (clock.n, ==, 1);
}

/* A push that says when it was sent is believed rather than one that does not. */
static void
test_changes_kind (void)
{
  MmClockOffset clock = { 0 };
  gint64 now = pushes (&clock, NOON, 9, 600, FALSE);

  says (&clock, TRUE, 600, TRUE);
  now = pushes (&clock, now, 1, 0, TRUE);
  says (&clock, FALSE, 0, FALSE);
  pushes (&clock, now, 4, 0, TRUE);
  says (&clock, TRUE, 0, FALSE);
}

/* Times from the ends of the world, and our own clock set back. */
static void
test_extremes (void)
{
  MmClockOffset clock = { 0 };
  gint32 seconds;
  gboolean off;

  for (guint i = 0; i < 9; i++)
    mm_clock_offset_take (&clock, i % 2 ? G_MAXINT64 : G_MININT64 + 1, FALSE, NOON + i * MM_HOUR);
  g_assert_false (mm_clock_offset_of (&clock, 0, &seconds, &off));
  g_assert_false (off);
  clock = (MmClockOffset){ 0 };
  pushes (&clock, NOON, 9, 5, TRUE);
  pushes (&clock, NOON - MM_DAY, 9, 5, TRUE);
  says (&clock, TRUE, 5, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock-offset/sent", test_sent);
  g_test_add_func ("/clock-offset/readings", test_readings);
  g_test_add_func ("/clock-offset/backlog", test_backlog);
  g_test_add_func ("/clock-offset/changes-kind", test_changes_kind);
  g_test_add_func ("/clock-offset/extremes", test_extremes);
  return g_test_run ();
}

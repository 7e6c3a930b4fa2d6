/* The life of an alert, row by row of its table. */
#include "mm-alert.h"

#define IN_TIME FALSE
#define LATE TRUE

#define assert_change(state, event, time, late, change)                                            \
  g_assert_cmpint (mm_alert_apply ((state), MM_EVENT_##event, (time), (late)), ==,                 \
                   MM_ALERT_##change)

static void
test_whole_life (void)
{
  MmAlertState state = MM_ALERT_STATE_INIT;

  assert_change (&state, RAISED, 100, IN_TIME, OPENED);
  g_assert_true (state.open);
  g_assert_cmpint (state.raised, ==, 100);
  g_assert_cmpint (state.last_seen, ==, 100);
  g_assert_cmpint (state.cleared, ==, MM_TIME_NONE);
  g_assert_cmpuint (state.count, ==, 1);

  assert_change (&state, RAISED, 110, IN_TIME, REPEATED);
  g_assert_cmpint (state.raised, ==, 100);
  g_assert_cmpint (state.last_seen, ==, 110);
  g_assert_cmpuint (state.count, ==, 2);

  assert_change (&state, CLEARED, 120, IN_TIME, RECOVERED);
  g_assert_false (state.open);
  g_assert_cmpint (state.raised, ==, 100);
  g_assert_cmpint (state.cleared, ==, 120);

  /* A new one. */
  assert_change (&state, RAISED, 130, IN_TIME, OPENED);
  g_assert_cmpint (state.raised, ==, 130);
  g_assert_cmpint (state.cleared, ==, MM_TIME_NONE);
  g_assert_cmpuint (state.count, ==, 1);
}

static void
test_clear_of_nothing (void)
{
  MmAlertState state = MM_ALERT_STATE_INIT;

  assert_change (&state, CLEARED, 100, IN_TIME, UNCHANGED);
  assert_change (&state, CLEARED, 110, LATE, UNCHANGED);
  g_assert_false (state.open);
  g_assert_cmpint (state.newest, ==, 110);
  /* The clear overtook its raise: the fault is over already. */
  assert_change (&state, RAISED, 105, IN_TIME, UNCHANGED);
  g_assert_false (state.open);
}

static void
test_older_than_newest (void)
{
  MmAlertState state = MM_ALERT_STATE_INIT;

  assert_change (&state, RAISED, 100, IN_TIME, OPENED);
  assert_change (&state, RAISED, 120, IN_TIME, REPEATED);
  assert_change (&state, RAISED, 110, IN_TIME, UNCHANGED);
  assert_change (&state, CLEARED, 110, IN_TIME, UNCHANGED);
  assert_change (&state, CLEARED, 110, LATE, UNCHANGED);
  g_assert_true (state.open);
  g_assert_cmpuint (state.count, ==, 2);
  g_assert_cmpint (state.newest, ==, 120);

  assert_change (&state, CLEARED, 130, IN_TIME, RECOVERED);
  assert_change (&state, RAISED, 125, IN_TIME, UNCHANGED);
  g_assert_false (state.open);
}

static void
test_late_raise (void)
{
  MmAlertState state = MM_ALERT_STATE_INIT;

  assert_change (&state, RAISED, 100, LATE, UNCHANGED);
  g_assert_false (state.open);
  g_assert_cmpint (state.newest, ==, 100); /* recorded */
  assert_change (&state, CLEARED, 110, LATE, UNCHANGED);

  /* Of an open alert it is one more sight. */
  assert_change (&state, RAISED, 200, IN_TIME, OPENED);
  assert_change (&state, RAISED, 210, LATE, REPEATED);
  g_assert_cmpint (state.last_seen, ==, 210);
  g_assert_cmpuint (state.count, ==, 2);
}

static void
test_late_clear (void)
{
  MmAlertState state = MM_ALERT_STATE_INIT;

  assert_change (&state, RAISED, 100, IN_TIME, OPENED);
  assert_change (&state, CLEARED, 90, LATE, UNCHANGED);
  assert_change (&state, CLEARED, 100, LATE, UNCHANGED); /* not newer */
  g_assert_true (state.open);
  assert_change (&state, CLEARED, 101, LATE, RECOVERED);
  g_assert_false (state.open);
  g_assert_cmpint (state.cleared, ==, 101);
}

/* An agent that was killed sends again what was not acknowledged. */
static void
test_repeated_push (void)
{
  MmAlertState state = MM_ALERT_STATE_INIT;

  assert_change (&state, RAISED, 100, IN_TIME, OPENED);
  assert_change (&state, RAISED, 100, IN_TIME, UNCHANGED);
  g_assert_cmpuint (state.count, ==, 1);
  assert_change (&state, CLEARED, 100, IN_TIME, RECOVERED); /* within one tick of its clock */
  assert_change (&state, RAISED, 100, IN_TIME, UNCHANGED);
  assert_change (&state, CLEARED, 100, IN_TIME, UNCHANGED);
  g_assert_false (state.open);
}

/* Raised again in the same tick as cleared: that is news. */
static void
test_same_time (void)
{
  MmAlertState state = MM_ALERT_STATE_INIT;

  assert_change (&state, RAISED, 100, IN_TIME, OPENED);
  assert_change (&state, CLEARED, 110, IN_TIME, RECOVERED);
  assert_change (&state, RAISED, 110, IN_TIME, OPENED);
  g_assert_true (state.open);
}

static void
test_cause (void)
{
  g_autofree char *fault = mm_alert_cause (MM_ALERT_FAULT, "pcs1", "E1-0");
  g_autofree char *other_device = mm_alert_cause (MM_ALERT_FAULT, "pcs2", "E1-0");
  g_autofree char *other_code = mm_alert_cause (MM_ALERT_FAULT, "pcs1", "E1-1");
  g_autofree char *moved = mm_alert_cause (MM_ALERT_FAULT, "pcs1E1-0", "");
  g_autofree char *offline = mm_alert_cause (MM_ALERT_OFFLINE, NULL, NULL);
  MmAlertKind kind;

  g_assert_cmpstr (fault, ==, "fault\tpcs1\tE1-0");
  g_assert_cmpstr (offline, ==, "offline\t\t");
  g_assert_cmpstr (fault, !=, other_device);
  g_assert_cmpstr (fault, !=, other_code);
  g_assert_cmpstr (fault, !=, moved);

  g_assert_true (mm_alert_kind_from_name ("fault", &kind));
  g_assert_cmpint (kind, ==, MM_ALERT_FAULT);
  g_assert_true (mm_alert_kind_from_name (mm_alert_kind_name (MM_ALERT_OFFLINE), &kind));
  g_assert_cmpint (kind, ==, MM_ALERT_OFFLINE);
  g_assert_false (mm_alert_kind_from_name ("silence", &kind));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alert/whole-life", test_whole_life);
  g_test_add_func ("/alert/clear-of-nothing", test_clear_of_nothing);
  g_test_add_func ("/alert/older-than-newest", test_older_than_newest);
  g_test_add_func ("/alert/late-raise", test_late_raise);
  g_test_add_func ("/alert/late-clear", test_late_clear);
  g_test_add_func ("/alert/repeated-push", test_repeated_push);
  g_test_add_func ("/alert/same-time", test_same_time);
  g_test_add_func ("/alert/cause", test_cause);
  return g_test_run ();
}

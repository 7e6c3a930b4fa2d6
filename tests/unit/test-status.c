/* The one status by precedence, when it changes, and its words. */
#include "mm-status.h"

#define NOW (1000 * MM_HOUR)

/* A gateway that sent something just now, on a server that has been up for a day. */
static MmStatusInput
healthy (void)
{
  return (MmStatusInput){
    .last_contact = NOW, .server_since = NOW - MM_DAY, .now = NOW, .interval_s = 60
  };
}

/* Everything is wrong at once; what is taken away makes room for the next. */
static void
test_precedence (void)
{
  MmStatusInput input = healthy ();

  input.last_contact = MM_TIME_NONE;
  input.offline_open = TRUE;
  input.worst = MM_SEVERITY_CRITICAL;
  input.islanded = TRUE;
  input.curtailed = TRUE;
  input.underperforming = TRUE;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_NEVER_SEEN);
  input.last_contact = NOW - MM_HOUR;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_OFFLINE);
  input.last_contact = NOW;
  input.offline_open = FALSE;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_FAULT);
  input.worst = MM_SEVERITY_MINOR;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_ISLANDED);
  input.islanded = FALSE;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_WARNING);
  input.worst = MM_SEVERITY_INFO;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_CURTAILED);
  input.curtailed = FALSE;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_UNDERPERFORMING);
  input.underperforming = FALSE;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_NORMAL);
}

static void
test_severity (void)
{
  g_assert_cmpint (mm_severity_status (MM_SEVERITY_NONE), ==, MM_STATUS_NORMAL);
  g_assert_cmpint (mm_severity_status (MM_SEVERITY_INFO), ==, MM_STATUS_NORMAL);
  g_assert_cmpint (mm_severity_status (MM_SEVERITY_WARNING), ==, MM_STATUS_WARNING);
  g_assert_cmpint (mm_severity_status (MM_SEVERITY_MINOR), ==, MM_STATUS_WARNING);
  g_assert_cmpint (mm_severity_status (MM_SEVERITY_MAJOR), ==, MM_STATUS_FAULT);
  g_assert_cmpint (mm_severity_status (MM_SEVERITY_CRITICAL), ==, MM_STATUS_FAULT);
}

static void
test_offline (void)
{
  MmStatusInput input = healthy ();

  g_assert_cmpint (mm_status_next_change (&input), ==, NOW + 5 * MM_MINUTE);
  input.now = NOW + 5 * MM_MINUTE - 1;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_NORMAL);
  input.now = mm_status_next_change (&input);
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_OFFLINE);
  g_assert_cmpint (mm_status_next_change (&input), ==, G_MAXINT64);

  input.interval_s = 1800;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_NORMAL);
  g_assert_cmpint (mm_status_next_change (&input), ==, NOW + 90 * MM_MINUTE);

  /* Our clock was set back: contact in the future is contact. */
  input.now = NOW - MM_DAY;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_NORMAL);
}

static void
test_our_restart (void)
{
  MmStatusInput input = healthy ();

  /* We were away for a day and are back for a minute. */
  input.last_contact = NOW - MM_DAY;
  input.server_since = NOW - MM_MINUTE;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_NORMAL);
  g_assert_cmpint (mm_status_next_change (&input), ==, NOW + 4 * MM_MINUTE);
  input.now = NOW + 4 * MM_MINUTE;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_OFFLINE);

  /* But what was known to be offline before does not come back by our restart. */
  input.now = NOW;
  input.offline_open = TRUE;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_OFFLINE);
  g_assert_cmpint (mm_status_next_change (&input), ==, G_MAXINT64);
}

static void
test_never_seen (void)
{
  MmStatusInput input = healthy ();

  input.last_contact = MM_TIME_NONE;
  g_assert_cmpint (mm_status_of (&input), ==, MM_STATUS_NEVER_SEEN);
  g_assert_cmpint (mm_status_next_change (&input), ==, G_MAXINT64);
}

static void
test_urgency (void)
{
  static const MmStatus order[] = {
    MM_STATUS_FAULT,           MM_STATUS_OFFLINE,   MM_STATUS_ISLANDED, MM_STATUS_WARNING,
    MM_STATUS_UNDERPERFORMING, MM_STATUS_CURTAILED, MM_STATUS_NORMAL,   MM_STATUS_NEVER_SEEN,
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (order) == MM_N_STATUSES);
  g_assert_cmpuint (mm_status_urgency (order[0], FALSE), ==, 0);
  for (gsize i = 1; i < G_N_ELEMENTS (order); i++)
    g_assert_cmpuint (mm_status_urgency (order[i - 1], FALSE), <,
                      mm_status_urgency (order[i], FALSE));

  /* Muted: behind everything wrong, before normal, and normal stays normal. */
  g_assert_cmpuint (mm_status_urgency (MM_STATUS_FAULT, TRUE), >,
                    mm_status_urgency (MM_STATUS_CURTAILED, FALSE));
  g_assert_cmpuint (mm_status_urgency (MM_STATUS_FAULT, TRUE), <,
                    mm_status_urgency (MM_STATUS_NORMAL, FALSE));
  g_assert_cmpuint (mm_status_urgency (MM_STATUS_NORMAL, TRUE), ==,
                    mm_status_urgency (MM_STATUS_NORMAL, FALSE));
  g_assert_cmpuint (mm_status_urgency (MM_STATUS_NEVER_SEEN, TRUE), ==,
                    mm_status_urgency (MM_STATUS_NEVER_SEEN, FALSE));
}

static void
test_names (void)
{
  static const char *const names[] = { "never_seen", "offline",   "fault",           "islanded",
                                       "warning",    "curtailed", "underperforming", "normal" };
  static const char *const words[] = { "Not connected yet", "No contact", "Fault",      "Islanded",
                                       "Warning",           "Curtailed",  "Low output", "Normal" };
  MmSeverity severity;
  MmStatus status;

  for (int i = 0; i < MM_N_STATUSES; i++)
    {
      g_assert_cmpstr (mm_status_name ((MmStatus) i), ==, names[i]);
      g_assert_cmpstr (mm_status_label ((MmStatus) i), ==, words[i]);
      g_assert_true (mm_status_from_name (names[i], &status));
      g_assert_cmpint (status, ==, i);
    }
  g_assert_false (mm_status_from_name ("Fault", &status));
  for (int i = 0; i < MM_N_SEVERITIES; i++)
    {
      g_assert_true (mm_severity_from_name (mm_severity_name ((MmSeverity) i), &severity));
      g_assert_cmpint (severity, ==, i);
      g_assert_nonnull (mm_severity_label ((MmSeverity) i));
    }
  g_assert_false (mm_severity_from_name ("fatal", &severity));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/precedence", test_precedence);
  g_test_add_func ("/status/severity", test_severity);
  g_test_add_func ("/status/offline", test_offline);
  g_test_add_func ("/status/our-restart", test_our_restart);
  g_test_add_func ("/status/never-seen", test_never_seen);
  g_test_add_func ("/status/urgency", test_urgency);
  g_test_add_func ("/status/names", test_names);
  return g_test_run ();
}

/* The constant that moves recorded times to now, and the reading of recordings. */
#include "mm-clock.h"
#include "mm-recording.h"
#include "mm-replay.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FIRST (G_GINT64_CONSTANT (1475690699) * MM_SECOND)
#define LAST (FIRST + 3 * MM_DAY)
#define NOW (G_GINT64_CONSTANT (1790000000) * MM_SECOND)

/* When a row of recorded time @time is due to be sent. */
static gint64
due (gint64 time, double speed)
{
  return speed > 0 ? NOW + (gint64) ((double) (time - FIRST) / speed) : NOW;
}

static void
test_shift (void)
{
  static const double speeds[] = { 0, 0.5, 1, 2, 60, 3600, 1e6 };

  g_assert_cmpint (LAST + mm_replay_shift (FIRST, LAST, NOW, 0), ==, NOW);
  g_assert_cmpint (FIRST + mm_replay_shift (FIRST, LAST, NOW, 1), ==, NOW);
  g_assert_cmpint (FIRST + mm_replay_shift (FIRST, LAST, NOW, 0.5), ==, NOW);
  g_assert_cmpint (LAST + mm_replay_shift (FIRST, LAST, NOW, 72), ==, NOW + MM_HOUR);
  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    {
      gint64 shift = mm_replay_shift (FIRST, LAST, NOW, speeds[i]);

      for (gint64 time = FIRST; time <= LAST; time += MM_HOUR)
        g_assert_cmpint (time + shift, <=, due (time, speeds[i]) + 1);
    }
  g_assert_cmpint (FIRST + mm_replay_shift (FIRST, FIRST, NOW, 60), ==, NOW);
}

static GString *reports;

static void
on_report (gint64 row, const char *column, const char *reason, gpointer user_data)
{
  g_string_append_printf (reports, "%d/%s/%s;", (int) row, column != NULL ? column : "", reason);
}

static MmRecording *
record (const char *text, const MmMap *map, GError **error)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("mimamori-XXXXXX.csv", &path, NULL);
  MmRecording *recording;

  close (fd);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  recording = mm_recording_open (path, map, G_MININT64, G_MAXINT64, error);
  g_unlink (path);
  return recording;
}

static MmMap *
two_values (void)
{
  static const char text[] = "[time]\ncolumn=t\nformat=epoch\n[value a x]\ncolumn=X\n"
                             "[value a y]\ncolumn=Y\nscale=2\n[value b z]\ncolumn=X\n";

  return mm_map_parse (text, sizeof text - 1, NULL);
}

static char *
describe (MmRecording *recording)
{
  g_auto (MmRecordingRow) row = { 0 };
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);

  mm_recording_row_init (&row);
  while (mm_recording_next (recording, &row, &error))
    {
      g_string_append_printf (text, "%d@%d:", (int) row.row,
                              (int) (row.time / MM_SECOND - 1500000000));
      for (guint i = 0; i < row.cells->len; i++)
        {
          const MmRecordingCell *cell = &g_array_index (row.cells, MmRecordingCell, i);

          g_string_append_printf (text, "%u=%g,", cell->value, cell->number);
        }
      g_string_append_printf (text, "%u;", row.readings);
    }
  g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

static void
test_recording (void)
{
  g_autoptr (MmMap) map = two_values ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MmRecording) recording
      = record ("\xef\xbb\xbft,X,other,Y\r\n"
                "1500000001,1,\"a, \"\"b\"\"\nc\",2\r\n" /* quotes, a comma, a line break */
                "1500000003,,,4\n"                       /* a gap */
                "\n"
                "1500000002,x,,5\n" /* no number; out of order */
                "yesterday,1,,2\n"  /* no time */
                "1500000004,,,\n"   /* nothing at all */
                "1500000005,7,,8,9\n"
                "1500000006,9,,1", /* no line end, but whole */
                map, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (mm_recording_unmapped (recording)->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (mm_recording_unmapped (recording), 0), ==, "other");
  g_assert_cmpuint (mm_recording_missing (recording)->len, ==, 0);
  reports = g_string_new (NULL);
  mm_recording_set_report (recording, on_report, NULL);
  text = describe (recording);
  g_assert_cmpstr (text, ==,
                   "2@1:0=1,1=4,2=1,2;3@3:1=8,1;4@2:1=10,1;6@4:0;7@5:0=7,1=16,2=7,2;"
                   "8@6:0=9,1=2,2=9,2;");
  g_assert_cmpstr (reports->str, ==,
                   "4/X/not a number;4/X/not a number;5/t/not a number of seconds;"
                   "7//5 cells instead of 4;");
  g_string_free (reports, TRUE);
}

/* A row that was being written when the logger stopped: its last number may be half a number. */
static void
test_recording_torn (void)
{
  g_autoptr (MmMap) map = two_values ();
  g_autoptr (MmRecording) recording
      = record ("t,Y,X,other\n1500000001,1,2,3\n1500000002,1,23", map, NULL);
  g_autofree char *text = describe (recording);

  g_assert_cmpstr (text, ==, "2@1:0=2,1=2,2=2,2;3@2:1=2,1;");
}

static void
test_recording_refused (void)
{
  static const char *const wrong[] = { "", "X,Y\n1,2\n", "t,U\n1,2\n", "t,X,X\n1,2,3\n" };
  g_autoptr (MmMap) map = two_values ();

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (record (wrong[i], map, &error));
      g_assert_nonnull (error);
    }
}

static void
test_recording_open_quote (void)
{
  g_autoptr (MmMap) map = two_values ();
  g_autoptr (MmRecording) recording = record ("t,X\n1500000001,\"1\n", map, NULL);
  g_auto (MmRecordingRow) row = { 0 };
  g_autoptr (GError) error = NULL;

  mm_recording_row_init (&row);
  g_assert_false (mm_recording_next (recording, &row, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/replay/shift", test_shift);
  g_test_add_func ("/recording/rows", test_recording);
  g_test_add_func ("/recording/torn", test_recording_torn);
  g_test_add_func ("/recording/refused", test_recording_refused);
  g_test_add_func ("/recording/open-quote", test_recording_open_quote);
  return g_test_run ();
}

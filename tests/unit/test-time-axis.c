/* chart/mm-time-axis: days of 23, 24 and 25 hours, months, years, bars. */
#include "mm-time-axis.h"

#define H G_TIME_SPAN_HOUR

static gint64
at (const char *text, GTimeZone *zone)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_iso8601 (text, zone);

  g_assert_nonnull (moment);
  return g_date_time_to_unix (moment) * G_USEC_PER_SEC;
}

/* Labels of all ticks, those of days in brackets. */
static char *
labels (const char *zone_name, const char *from, const char *to, guint max_ticks, const char *tag)
{
  g_autoptr (MmLanguages) languages = mm_languages_new_built_in ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zone_name);
  g_autoptr (GArray) ticks = NULL;
  GString *text = g_string_new (NULL);
  MmTimeAxis axis = { 0 };

  mm_time_axis_set (&axis, at (from, zone), at (to, zone), zone, max_ticks);
  ticks = mm_time_axis_ticks (&axis);
  for (guint i = 0; i < ticks->len; i++)
    {
      const MmTimeTick *tick = &g_array_index (ticks, MmTimeTick, i);
      g_autofree char *label = mm_time_axis_label (&axis, tick, mm_languages_get (languages, tag));

      g_assert_true (i == 0 || tick->time > g_array_index (ticks, MmTimeTick, i - 1).time);
      g_string_append_printf (text, tick->day ? "%s[%s]" : "%s%s", i > 0 ? " " : "", label);
    }
  mm_time_axis_clear (&axis);
  return g_string_free (text, FALSE);
}

static void
assert_labels (const char *zone,
               const char *from,
               const char *to,
               guint max_ticks,
               const char *tag,
               const char *expected)
{
  g_autofree char *found = labels (zone, from, to, max_ticks, tag);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_days (void)
{
  assert_labels ("Asia/Tokyo", "2016-10-07T00:00:00", "2016-10-08T00:00:00", 5, "ja",
                 "[00:00] 06:00 12:00 18:00 [00:00]");
  /* The clock leaps from 2 to 3, and from 3 back to 2. */
  assert_labels ("Europe/Berlin", "2016-03-27T00:00:00", "2016-03-28T00:00:00", 24, "en",
                 "[00:00] 01:00 03:00 04:00 05:00 06:00 07:00 08:00 09:00 10:00 11:00 12:00 13:00 "
                 "14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00 [00:00]");
  assert_labels ("Europe/Berlin", "2016-10-30T00:00:00", "2016-10-30T06:00:00", 7, "en",
                 "[00:00] 01:00 02:00 02:00 03:00 04:00 05:00 06:00");
  assert_labels ("Europe/Berlin", "2016-10-30T00:00:00", "2016-10-31T00:00:00", 13, "en",
                 "[00:00] 02:00 04:00 06:00 08:00 10:00 12:00 14:00 16:00 18:00 20:00 22:00 "
                 "[00:00]");
  assert_labels ("Europe/Berlin", "2016-03-27T00:00:00", "2016-03-28T00:00:00", 13, "en",
                 "[00:00] 04:00 06:00 08:00 10:00 12:00 14:00 16:00 18:00 20:00 22:00 [00:00]");
}

static void
test_parts_of_days (void)
{
  assert_labels ("Asia/Tokyo", "2016-10-07T09:52:00", "2016-10-07T10:21:00", 8, "ja",
                 "09:55 10:00 10:05 10:10 10:15 10:20");
  assert_labels ("Asia/Kolkata", "2016-10-07T08:00:00", "2016-10-07T12:00:00", 5, "en",
                 "08:00 09:00 10:00 11:00 12:00");
  /* An offset that is no full hour. */
  assert_labels ("Asia/Kathmandu", "2016-10-07T00:00:00", "2016-10-08T00:00:00", 5, "en",
                 "[00:00] 06:00 12:00 18:00 [00:00]");
}

static void
test_several_days (void)
{
  assert_labels ("Asia/Tokyo", "2016-10-07T00:00:00", "2016-10-09T00:00:00", 5, "ja",
                 "[10月7日] 12:00 [10月8日] 12:00 [10月9日]");
  assert_labels ("Asia/Tokyo", "2016-10-07T00:00:00", "2016-10-12T00:00:00", 5, "en",
                 "7 Oct 8 Oct 9 Oct 10 Oct 11 Oct 12 Oct");
  /* Nothing crowds against the first of a month. */
  assert_labels ("Asia/Tokyo", "2016-09-20T00:00:00", "2016-11-05T00:00:00", 7, "ja",
                 "22 [10月1日] 8 15 22 [11月1日]");
  assert_labels ("Asia/Tokyo", "2016-01-01T00:00:00", "2017-01-01T00:00:00", 5, "ja",
                 "[2016年] 4月 7月 10月 [2017年]");
  assert_labels ("Asia/Tokyo", "2010-06-01T00:00:00", "2017-01-01T00:00:00", 5, "en",
                 "[2012] [2014] [2016]");
}

/* Midnight that does not exist: the day begins with what comes next. */
static void
test_day_start (void)
{
  g_autoptr (GTimeZone) tokyo = g_time_zone_new_identifier ("Asia/Tokyo");
  g_autoptr (GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GTimeZone) sao_paulo = g_time_zone_new_identifier ("America/Sao_Paulo");
  gint64 day = at ("2016-10-16T12:00:00", sao_paulo);

  g_assert_cmpint (mm_time_day_start (at ("2016-10-07T23:59:59", tokyo), 0, tokyo), ==,
                   at ("2016-10-07T00:00:00", tokyo));
  g_assert_cmpint (mm_time_day_start (at ("2016-03-01T05:00:00", tokyo), -1, tokyo), ==,
                   at ("2016-02-29T00:00:00", tokyo));
  g_assert_cmpint (mm_time_day_start (at ("2016-03-27T12:00:00", berlin), 1, berlin)
                       - mm_time_day_start (at ("2016-03-27T12:00:00", berlin), 0, berlin),
                   ==, 23 * H);
  g_assert_cmpint (mm_time_day_start (at ("2016-10-30T12:00:00", berlin), 1, berlin)
                       - mm_time_day_start (at ("2016-10-30T12:00:00", berlin), 0, berlin),
                   ==, 25 * H);
  g_assert_cmpint (mm_time_day_start (day, 1, sao_paulo) - mm_time_day_start (day, 0, sao_paulo),
                   ==, 23 * H);
}

/* A month has as many bars as days, also with a leap of the clock in it; a year has twelve. */
static void
test_slots (void)
{
  g_autoptr (GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GArray) days = NULL;
  g_autoptr (GArray) year = NULL;
  gboolean months = TRUE;

  days = mm_time_slots (at ("2016-10-01T00:00:00", berlin), at ("2016-11-01T00:00:00", berlin),
                        berlin, &months);
  g_assert_false (months);
  g_assert_cmpuint (days->len, ==, 32);
  g_assert_cmpint (g_array_index (days, gint64, 30), ==, at ("2016-10-31T00:00:00", berlin));
  g_assert_cmpint (g_array_index (days, gint64, 31), ==, at ("2016-11-01T00:00:00", berlin));
  year = mm_time_slots (at ("2016-01-01T00:00:00", berlin), at ("2017-01-01T00:00:00", berlin),
                        berlin, &months);
  g_assert_true (months);
  g_assert_cmpuint (year->len, ==, 13);
  g_assert_cmpint (g_array_index (year, gint64, 3), ==, at ("2016-04-01T00:00:00", berlin));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time-axis/days", test_days);
  g_test_add_func ("/time-axis/parts-of-days", test_parts_of_days);
  g_test_add_func ("/time-axis/several-days", test_several_days);
  g_test_add_func ("/time-axis/day-start", test_day_start);
  g_test_add_func ("/time-axis/slots", test_slots);
  return g_test_run ();
}

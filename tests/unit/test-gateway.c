/* Gateway IDs, activation codes, zones, days of a site, intervals. */
#include "mm-gateway.h"

#include "test-field.h"

static void
test_id (void)
{
  g_autofree char *longest = g_strnfill (64, 'g');
  g_autofree char *longer = g_strnfill (65, 'g');

  assert_normal (mm_gateway_id_normalise, "GW-0A31", "GW-0A31");
  assert_normal (mm_gateway_id_normalise, "a", "a");
  assert_normal (mm_gateway_id_normalise, " Az09._- ", "Az09._-");
  assert_normal (mm_gateway_id_normalise, longest, longest);
  assert_refused (mm_gateway_id_normalise, longer, "too-long");
  assert_refused (mm_gateway_id_normalise, "", "required");
  assert_refused (mm_gateway_id_normalise, ".", "characters");
  assert_refused (mm_gateway_id_normalise, "..", "characters");
  assert_refused (mm_gateway_id_normalise, "a/b", "characters");
  assert_refused (mm_gateway_id_normalise, "a b", "characters");
  assert_refused (mm_gateway_id_normalise, "ＧＷ", "characters");
}

static void
test_activation_code (void)
{
  assert_normal (mm_activation_code_normalise, "0123-4567-89AB-CDEF", "0123-4567-89AB-CDEF");
  assert_normal (mm_activation_code_normalise, "ghjkmnpqrstvwxyz", "GHJK-MNPQ-RSTV-WXYZ");
  assert_normal (mm_activation_code_normalise, "OoIi Ll00-0000 0000", "0011-1100-0000-0000");
  assert_normal (mm_activation_code_normalise, "０１２３－４５６７　８９ａｂ－ｃｄｅｆ",
                 "0123-4567-89AB-CDEF");
  assert_refused (mm_activation_code_normalise, "", "required");
  assert_refused (mm_activation_code_normalise, "----", "syntax");
  assert_refused (mm_activation_code_normalise, "0123-4567-89AB-CDE", "syntax");
  assert_refused (mm_activation_code_normalise, "0123-4567-89AB-CDEF0", "syntax");
  assert_refused (mm_activation_code_normalise, "0123-4567-89AB-CDEU", "syntax");
  assert_refused (mm_activation_code_normalise, "0123-4567-89AB-CDE!", "syntax");
}

static void
test_activation_code_format (void)
{
  static const guint8 zeros[MM_ACTIVATION_CODE_BYTES] = { 0 };
  static const guint8 ones[MM_ACTIVATION_CODE_BYTES]
      = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 };
  /* 0, 1, 2, … 15 in five bits each. */
  static const guint8 count[MM_ACTIVATION_CODE_BYTES]
      = { 0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF };
  g_autofree char *lowest = mm_activation_code_format (zeros);
  g_autofree char *highest = mm_activation_code_format (ones);
  g_autofree char *counted = mm_activation_code_format (count);

  g_assert_cmpstr (lowest, ==, "0000-0000-0000-0000");
  g_assert_cmpstr (highest, ==, "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
  g_assert_cmpstr (counted, ==, "0123-4567-89AB-CDEF");
  assert_normal (mm_activation_code_normalise, highest, highest);
}

static void
test_zone (void)
{
  assert_normal (mm_zone_normalise, "Asia/Tokyo", "Asia/Tokyo");
  assert_normal (mm_zone_normalise, " Europe/Berlin ", "Europe/Berlin");
  assert_normal (mm_zone_normalise, "America/Argentina/Buenos_Aires",
                 "America/Argentina/Buenos_Aires");
  assert_normal (mm_zone_normalise, "UTC", "UTC");
  assert_refused (mm_zone_normalise, "", "required");
  assert_refused (mm_zone_normalise, "Asia/Nagano", "unknown");
  assert_refused (mm_zone_normalise, "JST-9", "unknown");
  assert_refused (mm_zone_normalise, "+09:00", "unknown");
  assert_refused (mm_zone_normalise, "Asia/../../../etc/passwd", "unknown");
  assert_refused (mm_zone_normalise, "/etc/localtime", "unknown");
}

/* The day of @zone starts at @from (RFC 3339) and lasts @minutes. */
static void
assert_day (const char *zone, int year, int month, int day, const char *from, int minutes)
{
  g_autoptr (GTimeZone) tz = g_time_zone_new_identifier (zone);
  g_autoptr (GDateTime) start = g_date_time_new_from_iso8601 (from, NULL);
  gint64 begin;
  gint64 end;

  g_assert_true (mm_site_day_bounds (tz, year, month, day, &begin, &end));
  g_assert_cmpint (begin / MM_SECOND, ==, g_date_time_to_unix (start));
  g_assert_cmpint (end - begin, ==, minutes * MM_MINUTE);
}

static void
test_day_bounds (void)
{
  assert_day ("Asia/Tokyo", 2026, 5, 1, "2026-04-30T15:00:00Z", 24 * 60);
  assert_day ("Asia/Tokyo", 2024, 2, 29, "2024-02-28T15:00:00Z", 24 * 60);
  assert_day ("UTC", 1970, 1, 1, "1970-01-01T00:00:00Z", 24 * 60);
  assert_day ("Europe/Berlin", 2016, 10, 7, "2016-10-06T22:00:00Z", 24 * 60);
  /* Summer time begins and ends in the night; the days beside are whole. */
  assert_day ("Europe/Berlin", 2026, 3, 28, "2026-03-27T23:00:00Z", 24 * 60);
  assert_day ("Europe/Berlin", 2026, 3, 29, "2026-03-28T23:00:00Z", 23 * 60);
  assert_day ("Europe/Berlin", 2026, 3, 30, "2026-03-29T22:00:00Z", 24 * 60);
  assert_day ("Europe/Berlin", 2026, 10, 24, "2026-10-23T22:00:00Z", 24 * 60);
  assert_day ("Europe/Berlin", 2026, 10, 25, "2026-10-24T22:00:00Z", 25 * 60);
  assert_day ("Europe/Berlin", 2026, 10, 26, "2026-10-25T23:00:00Z", 24 * 60);
  /* Half an hour. */
  assert_day ("Australia/Lord_Howe", 2026, 4, 5, "2026-04-04T13:00:00Z", 24 * 60 + 30);
  /* Midnight skipped, and shown twice. */
  assert_day ("America/Sao_Paulo", 2018, 11, 4, "2018-11-04T03:00:00Z", 23 * 60);
  assert_day ("America/Sao_Paulo", 2018, 2, 17, "2018-02-17T02:00:00Z", 25 * 60);
  assert_day ("America/Havana", 2025, 11, 2, "2025-11-02T04:00:00Z", 25 * 60);
  assert_day ("America/Toronto", 1919, 3, 31, "1919-03-31T04:30:00Z", 23 * 60 + 30);
  /* Samoa had no 30 December 2011. */
  assert_day ("Pacific/Apia", 2011, 12, 29, "2011-12-29T10:00:00Z", 24 * 60);
  assert_day ("Pacific/Apia", 2011, 12, 30, "2011-12-30T10:00:00Z", 0);
  assert_day ("Pacific/Apia", 2011, 12, 31, "2011-12-30T10:00:00Z", 24 * 60);
}

static void
test_day_bounds_meet (void)
{
  static const char *const zones[]
      = { "Europe/Berlin", "Asia/Tokyo", "America/Havana", "America/Sao_Paulo", "Pacific/Apia" };

  for (gsize i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zones[i]);
      GDate date;
      gint64 last = MM_TIME_NONE;

      g_date_clear (&date, 1);
      g_date_set_dmy (&date, 1, G_DATE_JANUARY, 2010);
      for (int day = 0; day < 10 * 365; day++, g_date_add_days (&date, 1))
        {
          gint64 from;
          gint64 to;

          g_assert_true (mm_site_day_bounds (zone, g_date_get_year (&date),
                                             (int) g_date_get_month (&date), g_date_get_day (&date),
                                             &from, &to));
          g_assert_true (last == MM_TIME_NONE || from == last);
          g_assert_cmpint (to, >=, from);
          last = to;
        }
    }
}

static void
test_day_bounds_refused (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  gint64 from;
  gint64 to;

  g_assert_false (mm_site_day_bounds (utc, 2026, 2, 29, &from, &to));
  g_assert_false (mm_site_day_bounds (utc, 2026, 13, 1, &from, &to));
  g_assert_false (mm_site_day_bounds (utc, 2026, 1, 0, &from, &to));
  g_assert_false (mm_site_day_bounds (utc, 0, 1, 1, &from, &to));
  g_assert_false (mm_site_day_bounds (utc, 9999, 12, 31, &from, &to));
}

static void
test_interval (void)
{
  g_assert_false (mm_interval_valid (-1));
  g_assert_false (mm_interval_valid (0));
  g_assert_true (mm_interval_valid (1));
  g_assert_true (mm_interval_valid (86400));
  g_assert_false (mm_interval_valid (86401));
}

static void
test_offline_after (void)
{
  g_assert_cmpint (mm_offline_after (1), ==, 5 * MM_MINUTE);
  g_assert_cmpint (mm_offline_after (100), ==, 5 * MM_MINUTE);
  g_assert_cmpint (mm_offline_after (101), ==, 303 * MM_SECOND);
  g_assert_cmpint (mm_offline_after (86400), ==, 3 * MM_DAY);
  g_assert_cmpint (mm_offline_after (0), ==, mm_offline_after (60));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway/id", test_id);
  g_test_add_func ("/gateway/activation-code", test_activation_code);
  g_test_add_func ("/gateway/activation-code/format", test_activation_code_format);
  g_test_add_func ("/gateway/zone", test_zone);
  g_test_add_func ("/gateway/day-bounds", test_day_bounds);
  g_test_add_func ("/gateway/day-bounds/meet", test_day_bounds_meet);
  g_test_add_func ("/gateway/day-bounds/refused", test_day_bounds_refused);
  g_test_add_func ("/gateway/interval", test_interval);
  g_test_add_func ("/gateway/offline-after", test_offline_after);
  return g_test_run ();
}

/* codec/mm-time: RFC 3339 against GDateTime and by hand. */
#include "mm-time.h"

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gint64 time;
  } cases[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "1970-01-01t00:00:00.000001z", 1 },
    { "1969-12-31T23:59:59.9Z", -100000 },
    { "2026-05-01T12:00:30Z", G_GINT64_CONSTANT (1777636830000000) },
    { "2026-05-01 21:00:30+09:00", G_GINT64_CONSTANT (1777636830000000) },
    { "2026-05-01T07:30:30.123456789-04:30", G_GINT64_CONSTANT (1777636830123456) },
    { "2024-02-29T00:00:00Z", G_GINT64_CONSTANT (1709164800000000) },
    { "2000-02-29T00:00:00Z", G_GINT64_CONSTANT (951782400000000) },
    { "2016-12-31T23:59:60Z", G_GINT64_CONSTANT (1483228800000000) },
    { "0000-01-01T00:00:00Z", G_GINT64_CONSTANT (-62167219200000000) },
    { "9999-12-31T23:59:59.999999Z", G_GINT64_CONSTANT (253402300799999999) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 time = 0;

      g_assert_true (mm_time_parse (cases[i].text, &time));
      g_assert_cmpint (time, ==, cases[i].time);
    }
}

static void
test_refuse (void)
{
  static const char *const cases[] = {
    "",
    "2026",
    "2026-05-01",
    "2026-05-01T12:00:30",
    "2026-05-01T12:00Z",
    "2026-05-01T12:00:30 Z",
    "2026-05-01T12:00:30Zx",
    "2026-05-01T12:00:30.Z",
    "2026-05-01T12:00:30,5Z",
    "2026-05-01T12:00:30+0900",
    "2026-05-01T12:00:30+09",
    "2026-05-01T12:00:30+24:00",
    "2026-05-01T12:00:30+09:60",
    "2026-5-01T12:00:30Z",
    "2026-00-01T12:00:30Z",
    "2026-13-01T12:00:30Z",
    "2026-05-00T12:00:30Z",
    "2026-04-31T12:00:30Z",
    "2026-02-29T12:00:30Z",
    "1900-02-29T12:00:30Z",
    "2026-05-01T24:00:00Z",
    "2026-05-01T12:60:00Z",
    "2026-05-01T12:00:61Z",
    "+026-05-01T12:00:30Z",
    "-2026-05-01T12:00:30Z",
    " 2026-05-01T12:00:30Z",
    "２026-05-01T12:00:30Z",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 time = 42;

      g_assert_false (mm_time_parse (cases[i], &time));
      g_assert_cmpint (time, ==, 42);
    }
}

static void
test_format (void)
{
  static const struct
  {
    gint64 time;
    const char *text;
  } cases[] = {
    { 0, "1970-01-01T00:00:00Z" },
    { 500000, "1970-01-01T00:00:00.5Z" },
    { -1, "1969-12-31T23:59:59.999999Z" },
    { G_GINT64_CONSTANT (1777636830000000), "2026-05-01T12:00:30Z" },
    { G_GINT64_CONSTANT (-62167219200000000), "0000-01-01T00:00:00Z" },
  };
  char extreme[MM_TIME_TEXT_SIZE];

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = mm_time_format (cases[i].time);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
  mm_time_write (G_MAXINT64, extreme);
  g_assert_cmpstr (extreme, ==, "294247-01-10T04:00:54.775807Z");
  mm_time_write (G_MININT64, extreme);
  g_assert_true (g_str_has_prefix (extreme, "-290308-12-21T19:59:05.224192"));
}

static void
test_round_trip (void)
{
  /* Every day of the years 1599 to 2401, at a moment that moves. */
  for (gint64 day = -135510; day < 157420; day++)
    {
      gint64 time = day * G_TIME_SPAN_DAY + (day * 7919 % 86400 + 86400) % 86400 * G_USEC_PER_SEC;
      gint64 again = 0;
      char text[MM_TIME_TEXT_SIZE];

      mm_time_write (time, text);
      g_assert_true (mm_time_parse (text, &again));
      g_assert_cmpint (again, ==, time);
      if (day % 97 == 0)
        {
          g_autoptr (GDateTime) other = g_date_time_new_from_iso8601 (text, NULL);

          g_assert_cmpint (g_date_time_to_unix (other) * G_USEC_PER_SEC, ==, time);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time/parse", test_parse);
  g_test_add_func ("/time/refuse", test_refuse);
  g_test_add_func ("/time/format", test_format);
  g_test_add_func ("/time/round-trip", test_round_trip);
  return g_test_run ();
}

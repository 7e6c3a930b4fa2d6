/* Figures and ages as look.md has them. */
#include "mm-clock.h"
#include "mm-figure.h"

#include <math.h>

static const MmLanguage *en;
static const MmLanguage *ja;

static void
check (MmFigure figure, const char *expected)
{
  g_autofree char *text = mm_figure_text (&figure);
  g_autofree char *wanted = g_strdelimit (g_strdup (expected), "_", '\x01');
  g_auto (GStrv) parts = g_strsplit (wanted, "\x01", -1);
  g_autofree char *joined = g_strjoinv ("\u00a0", parts);

  g_assert_cmpstr (text, ==, joined);
}

static void
test_power (void)
{
  check (mm_figure_power (en, 0), "0_W");
  check (mm_figure_power (en, 845.4), "845_W");
  check (mm_figure_power (en, 999.4), "999_W");
  check (mm_figure_power (en, 999.5), "1.00_kW");
  check (mm_figure_power (en, 3120), "3.12_kW");
  check (mm_figure_power (en, 9994), "9.99_kW");
  check (mm_figure_power (en, 9995), "10.0_kW");
  check (mm_figure_power (en, 99950), "100_kW");
  check (mm_figure_power (en, 1234567), "1.23_MW");
  check (mm_figure_power (en, -1200), "−1.20_kW");
  check (mm_figure_power (en, (double) NAN), "–");
}

static void
test_others (void)
{
  check (mm_figure_energy (en, 12400), "12.4_kWh");
  check (mm_figure_percent (ja, 74.4), "74_%");
  check (mm_figure_of (en, 3120, "W"), "3.12_kW");
  check (mm_figure_of (en, 50, "Wh"), "50_Wh");
  check (mm_figure_of (en, 74.6, "%"), "75_%");
  check (mm_figure_of (en, 21.25, "°C"), "21.2_°C");
  check (mm_figure_of (en, 201.8, "V"), "202_V");
  check (mm_figure_of (en, 3.14159, NULL), "3.14");
}

static void
check_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_ages (void)
{
  g_autoptr (GTimeZone) tokyo = g_time_zone_new_identifier ("Asia/Tokyo");
  gint64 now = 1777629600 * MM_SECOND; /* 2026-05-01 19:00 in Tokyo */

  check_text (mm_figure_age (en, now, now - 59 * MM_SECOND, tokyo), "less than a minute ago");
  check_text (mm_figure_age (en, now, now + MM_HOUR, tokyo), "less than a minute ago");
  check_text (mm_figure_age (en, now, now - MM_MINUTE, tokyo), "1 minute ago");
  check_text (mm_figure_age (en, now, now - 59 * MM_MINUTE, tokyo), "59 minutes ago");
  check_text (mm_figure_age (en, now, now - 2 * MM_HOUR, tokyo), "today at 17:00");
  /* Still today in UTC, yesterday in Tokyo */
  check_text (mm_figure_age (en, now, now - 20 * MM_HOUR, tokyo), "30 April 2026");
  check_text (mm_figure_age_short (en, now, now - 12 * MM_SECOND, tokyo), "12 s");
  check_text (mm_figure_age_short (ja, now, now - 12 * MM_SECOND, tokyo), "12秒");
  check_text (mm_figure_age_short (en, now, now - 2 * MM_MINUTE, tokyo), "2 min");
  check_text (mm_figure_age_short (en, now, now - 2 * MM_HOUR, tokyo), "today at 17:00");
}

static void
test_spans (void)
{
  check_text (mm_figure_span (en, 0), "0 s");
  check_text (mm_figure_span (en, 38 * MM_MINUTE), "38 min");
  check_text (mm_figure_span (en, 125 * MM_MINUTE), "2 h 5 min");
  check_text (mm_figure_span (ja, 125 * MM_MINUTE), "2時間5分");
  check_text (mm_figure_span (en, 76 * MM_HOUR), "3 d 4 h");
}

int
main (int argc, char **argv)
{
  g_autoptr (MmLanguages) languages = mm_languages_new_built_in ();

  g_test_init (&argc, &argv, NULL);
  en = mm_languages_get (languages, "en");
  ja = mm_languages_get (languages, "ja");
  g_test_add_func ("/figure/power", test_power);
  g_test_add_func ("/figure/others", test_others);
  g_test_add_func ("/figure/ages", test_ages);
  g_test_add_func ("/figure/spans", test_spans);
  return g_test_run ();
}

/* The history of a house, whatever number of devices measured it. */
#include "mm-clock.h"
#include "mm-site-history.h"
#include "mm-time.h"

#include <math.h>

static MmSiteHistory *
parse (const char *series)
{
  g_autofree char *text = g_strdup_printf (
      "{\"from\":\"2026-05-01T00:00:00+09:00\",\"to\":\"2026-05-02T00:00:00+09:00"
      "\",\"timezone\":\"Asia/Tokyo\",\"series\":[%s]}",
      series);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  return mm_site_history_new (node);
}

static gint64
at (const char *text)
{
  gint64 time;

  g_assert_true (mm_time_parse (text, &time));
  return time;
}

static void
check (const MmSiteHistory *history, const char *quantity, guint i, const char *time, double value)
{
  const MmSiteLine *line = mm_site_history_find (history, quantity);

  g_assert_nonnull (line);
  g_assert_cmpuint (i, <, line->points->len);
  g_assert_cmpint (g_array_index (line->points, MmSitePoint, i).time, ==, at (time));
  g_assert_cmpfloat_with_epsilon (g_array_index (line->points, MmSitePoint, i).value, value, 1e-9);
}

static void
test_one_device (void)
{
  g_autoptr (MmSiteHistory) history
      = parse ("{\"device\":\"a\",\"quantity\":\"pv_power\",\"unit\":\"W\",\"points\":"
               "[[\"2026-05-01T03:00:00Z\",100],[\"2026-05-01T03:05:00Z\",200.5,true]]}");

  check (history, "pv_power", 0, "2026-05-01T03:00:00Z", 100);
  check (history, "pv_power", 1, "2026-05-01T03:05:00Z", 200.5);
  g_assert_false (
      g_array_index (mm_site_history_find (history, "pv_power")->points, MmSitePoint, 0).late);
  g_assert_true (
      g_array_index (mm_site_history_find (history, "pv_power")->points, MmSitePoint, 1).late);
  g_assert_cmpstr (history->timezone, ==, "Asia/Tokyo");
  g_assert_cmpint (history->from, ==, at ("2026-04-30T15:00:00Z"));
  g_assert_null (mm_site_history_find (history, "soc"));
}

/* Two inverters make one roof; what one of them told last stands for ten minutes. */
static void
test_inverters_add_up (void)
{
  g_autoptr (MmSiteHistory) history
      = parse ("{\"device\":\"a\",\"quantity\":\"pv_power\",\"points\":"
               "[[\"2026-05-01T03:00:00Z\",100],[\"2026-05-01T03:02:00Z\",110]]},"
               "{\"device\":\"b\",\"quantity\":\"pv_power\",\"points\":"
               "[[\"2026-05-01T03:01:00Z\",1000],[\"2026-05-01T03:02:00Z\",1010],"
               "[\"2026-05-01T04:00:00Z\",1020]]}");

  check (history, "pv_power", 0, "2026-05-01T03:00:00Z", 100);
  check (history, "pv_power", 1, "2026-05-01T03:01:00Z", 1100);
  check (history, "pv_power", 2, "2026-05-01T03:02:00Z", 1120);
  check (history, "pv_power", 3, "2026-05-01T04:00:00Z", 1020);
}

/* There is one grid: of two that measure it, the one with more to say counts. */
static void
test_meters_do_not_add_up (void)
{
  g_autoptr (MmSiteHistory) history
      = parse ("{\"device\":\"a\",\"quantity\":\"grid_power\",\"points\":"
               "[[\"2026-05-01T03:00:00Z\",100]]},"
               "{\"device\":\"b\",\"quantity\":\"grid_power\",\"points\":"
               "[[\"2026-05-01T03:01:00Z\",-5],[\"2026-05-01T03:02:00Z\",-6]]}");

  check (history, "grid_power", 0, "2026-05-01T03:01:00Z", -5);
  g_assert_cmpuint (mm_site_history_find (history, "grid_power")->points->len, ==, 2);
}

static void
test_days_of_counters (void)
{
  g_autoptr (MmSiteHistory) history
      = parse ("{\"device\":\"a\",\"quantity\":\"pv_energy_total\",\"spans\":["
               "{\"from\":\"2026-04-30T15:00:00Z\",\"to\":\"2026-05-01T15:00:00Z\",\"count\":9,"
               "\"min\":1,\"mean\":2,\"max\":3,\"first\":1,\"last\":3,\"energy\":12400},"
               "{\"from\":\"2026-05-01T15:00:00Z\",\"to\":\"2026-05-02T15:00:00Z\",\"count\":1,"
               "\"min\":1,\"mean\":2,\"max\":3,\"first\":1,\"last\":3,\"energy\":null}]}");

  check (history, "pv_energy_total", 0, "2026-05-01T03:00:00Z", 12400);
  g_assert_cmpuint (mm_site_history_find (history, "pv_energy_total")->points->len, ==, 1);
}

/* Without counters: bought and sold come from the sign, per quarter; days are the site's. */
static void
test_days_of_powers (void)
{
  g_autoptr (MmSiteHistory) quarters = parse (
      "{\"device\":\"a\",\"quantity\":\"grid_power\",\"spans\":["
      "{\"from\":\"2026-05-01T14:30:00Z\",\"to\":\"2026-05-01T14:45:00Z\",\"mean\":400},"
      "{\"from\":\"2026-05-01T14:45:00Z\",\"to\":\"2026-05-01T15:00:00Z\",\"mean\":-800},"
      "{\"from\":\"2026-05-01T15:00:00Z\",\"to\":\"2026-05-01T15:15:00Z\",\"mean\":1000}]}");
  g_autoptr (MmSiteHistory) days = mm_site_history_days_of_powers (quarters);

  check (days, "grid_import_energy_total", 0, "2026-05-01T03:00:00Z", 100);
  check (days, "grid_import_energy_total", 1, "2026-05-02T03:00:00Z", 250);
  check (days, "grid_export_energy_total", 0, "2026-05-01T03:00:00Z", 200);
  check (days, "grid_export_energy_total", 1, "2026-05-02T03:00:00Z", 0);
  g_assert_null (mm_site_history_find (days, "pv_energy_total"));
}

/* A server of another version, or a broken one: nothing is taken for a value that is none. */
static void
test_strange_answers (void)
{
  g_autoptr (MmSiteHistory) nothing = mm_site_history_new (NULL);
  g_autoptr (MmSiteHistory) odd
      = parse ("7, {}, {\"quantity\":\"soc\",\"points\":[1,[],[\"x\",1],[1,1],"
               "[\"2026-05-01T03:00:00Z\",[]],[\"2026-05-01T03:00:00Z\",50]],\"spans\":{}}");

  g_assert_cmpuint (nothing->lines->len, ==, 0);
  g_assert_cmpuint (mm_site_history_find (odd, "soc")->points->len, ==, 1);
  check (odd, "soc", 0, "2026-05-01T03:00:00Z", 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/site-history/one-device", test_one_device);
  g_test_add_func ("/site-history/inverters-add-up", test_inverters_add_up);
  g_test_add_func ("/site-history/meters-do-not-add-up", test_meters_do_not_add_up);
  g_test_add_func ("/site-history/days-of-counters", test_days_of_counters);
  g_test_add_func ("/site-history/days-of-powers", test_days_of_powers);
  g_test_add_func ("/site-history/strange-answers", test_strange_answers);
  return g_test_run ();
}

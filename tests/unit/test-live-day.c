/* What was produced today, push by push: midnight, days of 23 and 25 hours, late values, saving. */
#include "mm-live-day.h"

#include <math.h>

#define BRIDGE (15 * MM_MINUTE)

typedef struct
{
  MmLiveDay day;
  GTimeZone *zone;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_assert_nonnull (f->zone);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mm_live_day_clear (&f->day);
  g_time_zone_unref (f->zone);
}

static gint64
at (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return g_date_time_to_unix (time) * MM_SECOND;
}

static void
power (Fixture *f, gint64 time, double value)
{
  mm_live_day_take (&f->day, f->zone, BRIDGE, 0, FALSE, time, value);
}

static void
counter (Fixture *f, guint32 series, gint64 time, double value)
{
  mm_live_day_take (&f->day, f->zone, BRIDGE, series, TRUE, time, value);
}

static void
assert_produced (Fixture *f, gint64 now, double energy)
{
  g_assert_cmpfloat_with_epsilon (mm_live_day_produced (&f->day, now), energy, 1e-6);
}

static void
assert_unknown (Fixture *f, gint64 now)
{
  g_assert_true (isnan (mm_live_day_produced (&f->day, now)));
}

/* A kilowatt all day long, from an hour before to an hour behind it. */
static void
whole_day (Fixture *f, const char *begin, guint hours)
{
  gint64 from = at (begin), to = from + hours * MM_HOUR;

  for (gint64 time = from - MM_HOUR; time < to; time += MM_MINUTE)
    power (f, time, 1000);
  assert_produced (f, to - 1, 1000 * (hours - 1 / 60.0));
  assert_unknown (f, from - 1);
  assert_unknown (f, to);
  for (gint64 time = to; time < to + MM_HOUR; time += MM_MINUTE)
    power (f, time, 1000);
  assert_unknown (f, to - 1);
  assert_produced (f, to + MM_HOUR, 1000 * 59 / 60.0);
}

static void
test_days (Fixture *f, gconstpointer data)
{
  whole_day (f, "2026-03-28T23:00:00Z", 23);
  mm_live_day_clear (&f->day);
  whole_day (f, "2026-05-01T22:00:00Z", 24);
  mm_live_day_clear (&f->day);
  whole_day (f, "2025-10-25T22:00:00Z", 25);
}

static void
test_counters_first (Fixture *f, gconstpointer data)
{
  gint64 noon = at ("2026-05-01T10:00:00Z");

  assert_unknown (f, noon);
  power (f, noon, 1000);
  counter (f, 1, noon, 100);
  assert_unknown (f, noon);
  power (f, noon + 6 * MM_MINUTE, 1000);
  assert_produced (f, noon, 100);
  counter (f, 1, noon + 6 * MM_MINUTE, 190);
  assert_produced (f, noon, 90);
  /* Another inverter. */
  counter (f, 2, noon, 5000);
  counter (f, 2, noon + MM_MINUTE, 5010);
  assert_produced (f, noon, 100);
  g_assert_false (f->day.is_inexact);
}

/* One series is still on the day before when another has begun the new day. */
static void
test_midnight (Fixture *f, gconstpointer data)
{
  gint64 midnight = at ("2026-05-01T22:00:00Z");

  counter (f, 1, midnight - MM_HOUR, 100);
  counter (f, 2, midnight - MM_HOUR, 700);
  counter (f, 1, midnight + MM_MINUTE, 103);
  counter (f, 2, midnight - MM_MINUTE, 720);
  counter (f, 2, midnight, 721);
  counter (f, 2, midnight + MM_MINUTE, 725);
  assert_produced (f, midnight, 7);
  g_assert_false (f->day.is_inexact);
}

static void
test_late (Fixture *f, gconstpointer data)
{
  gint64 midnight = at ("2026-05-01T22:00:00Z");

  counter (f, 1, midnight - MM_HOUR, 100);
  counter (f, 1, midnight + MM_HOUR, 200);
  /* Long before what the day begins from: changes nothing. */
  counter (f, 1, midnight - 5 * MM_HOUR, 50);
  g_assert_false (f->day.is_inexact);
  /* A nearer beginning, then a value within the day. */
  counter (f, 1, midnight - MM_MINUTE, 150);
  g_assert_true (f->day.is_inexact);
  counter (f, 1, midnight + MM_MINUTE, 160);
  mm_live_day_reset (&f->day);
  counter (f, 1, midnight + MM_MINUTE, 160);
  counter (f, 1, midnight + MM_HOUR, 200);
  g_assert_false (f->day.is_inexact);
  assert_produced (f, midnight, 50);
}

static void
test_saved (Fixture *f, gconstpointer data)
{
  gint64 noon = at ("2026-05-01T10:00:00Z");
  g_autoptr (GByteArray) saved = NULL;

  power (f, noon, 1000);
  power (f, noon + 6 * MM_MINUTE, 1000);
  saved = mm_live_day_save (&f->day);
  mm_live_day_clear (&f->day);
  assert_unknown (f, noon);
  mm_live_day_load (&f->day, saved->data, saved->len);
  assert_produced (f, noon, 100);
  g_assert_false (f->day.is_inexact);
  power (f, noon + 12 * MM_MINUTE, 1000);
  assert_produced (f, noon, 200);

  mm_live_day_load (&f->day, saved->data, saved->len - 1);
  g_assert_true (f->day.is_inexact);
  assert_unknown (f, noon);
  mm_live_day_load (&f->day, NULL, 0);
  g_assert_true (f->day.is_inexact);
}

#define ADD(name, func) g_test_add ("/live-day/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("days", test_days);
  ADD ("counters-first", test_counters_first);
  ADD ("midnight", test_midnight);
  ADD ("late", test_late);
  ADD ("saved", test_saved);
  return g_test_run ();
}

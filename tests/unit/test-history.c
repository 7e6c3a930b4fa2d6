/* Values over time, from a generated log: days of 23 and 25 hours, resets, duplicates, corrections,
 * gaps, what lies before the link, bounds. */
#include "mm-history.h"

#include "mm-config.h"
#include "mm-error.h"
#include "mm-history-spans.h"
#include "mm-ingesting.h"
#include "mm-live.h"
#include "mm-store-gateways.h"
#include "test-houses.h"

#include <math.h>

#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR G_TIME_SPAN_HOUR

typedef struct
{
  char *folder;
  MmConfig *config;
  MmClock *clock;
  MmContext *context;
  gint64 gateway;
} Fixture;

static gboolean
add_gateway (MmDatabase *db, gpointer data, GError **error)
{
  Fixture *f = data;
  g_autoptr (MmGatewayRow) row = mm_gateway_row_new ();
  const guint8 key[MM_GATEWAY_HASH_BYTES] = { 1 };

  g_free (row->public_id);
  row->public_id = g_strdup ("GW-1");
  g_free (row->timezone);
  row->timezone = g_strdup ("Europe/Berlin");
  row->interval_s = 60;
  return mm_store_gateway_add (db, row, key, &f->gateway, error)
         && mm_live_refresh_gateway (f->context->live, db, f->gateway, 0, error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);

  mm_secret_init ();
  f->folder = g_dir_make_tmp ("mm-XXXXXX", &error);
  g_variant_dict_insert (options, "data-dir", "s", f->folder);
  f->config = mm_config_new (options, NULL, &error);
  g_assert_no_error (error);
  f->clock = mm_clock_new ();
  f->context = mm_context_new (f->config, f->clock, &error);
  g_assert_no_error (error);
  g_assert_true (mm_writer_run (f->context->writer, add_gateway, f, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  mm_context_free (f->context);
  mm_clock_free (f->clock);
  mm_config_free (f->config);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
}

/* ---- pushing ---- */

static void
add (MmBatch *batch, const char *quantity, gint64 time, double value)
{
  MmValue v = { .time = time, .value = value };

  g_assert_true (mm_batch_intern (batch, "pcs1", 4, &v.device));
  g_assert_true (mm_batch_intern (batch, quantity, strlen (quantity), &v.quantity));
  mm_batch_add_value (batch, &v);
}

static gboolean
nothing (MmDatabase *db, gpointer data, GError **error)
{
  return TRUE;
}

static void
pushed (const MmBatch *batch, const MmIngestCounts *counts, const GError *error, gpointer data)
{
  g_assert_no_error (error);
}

/* Pushes @batch, received at @received, and waits until it is stored. */
static void
push (Fixture *f, MmBatch *batch, gint64 received)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
      mm_ingesting_submit (f->context, f->gateway, batch, received, pushed, NULL, &error));
  g_assert_true (mm_writer_run (f->context->writer, nothing, NULL, &error));
}

static void
push_one (Fixture *f, const char *quantity, gint64 time, double value)
{
  MmBatch *batch = mm_batch_new ();

  add (batch, quantity, time, value);
  push (f, batch, time);
}

/* ---- asking ---- */

static gint64
at (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time) * G_TIME_SPAN_SECOND;
}

static MmHistory *
ask_from (Fixture *f, gint64 history_from, gint64 from, gint64 to, MmResolution resolution)
{
  g_autoptr (GError) error = NULL;
  MmAccess access = { .gateway = f->gateway, .history_from = history_from };
  MmHistoryQuery query = { .from = from, .to = to, .resolution = resolution };
  MmHistory *history = mm_history_read (f->context, &access, &query, &error);

  g_assert_no_error (error);
  return history;
}

static MmHistory *
ask (Fixture *f, const char *from, const char *to, MmResolution resolution)
{
  return ask_from (f, G_MININT64, at (from), at (to), resolution);
}

static const MmHistorySeries *
only_series (const MmHistory *history)
{
  g_assert_cmpuint (history->series->len, ==, 1);
  return history->series->pdata[0];
}

static const MmHistorySpan *
span (const MmHistorySeries *series, guint i)
{
  g_assert_cmpuint (i, <, series->spans->len);
  return &g_array_index (series->spans, MmHistorySpan, i);
}

static const MmBlockPoint *
point (const MmHistorySeries *series, guint i)
{
  g_assert_cmpuint (i, <, series->points->len);
  return &g_array_index (series->points, MmBlockPoint, i);
}

/* ---- tests ---- */

/* One Wh each minute, from an hour before the day to an hour behind it. */
static void
test_day (Fixture *f, const char *begin, guint hours)
{
  g_autoptr (MmHistory) history = NULL;
  gint64 from = at (begin), to = from + hours * HOUR;
  MmBatch *batch = mm_batch_new ();
  const MmHistorySpan *day;

  for (gint64 time = from - HOUR; time <= to + HOUR; time += MINUTE)
    add (batch, "pv_energy_total", time, 1000 + (time - from) / (double) MINUTE);
  push (f, batch, to + HOUR);
  history = ask_from (f, G_MININT64, from + 5 * HOUR, from + 6 * HOUR, MM_HISTORY_DAY);
  g_assert_cmpint (history->from, ==, from);
  g_assert_cmpint (history->to, ==, to);
  g_assert_cmpuint (only_series (history)->spans->len, ==, 1);
  day = span (only_series (history), 0);
  g_assert_cmpint (day->from, ==, from);
  g_assert_cmpint (day->to, ==, to);
  g_assert_cmpuint (day->count, ==, hours * 60);
  g_assert_cmpfloat_with_epsilon (day->energy, hours * 60, 1e-9);
  g_assert_cmpfloat (day->min, ==, 1000);
  g_assert_cmpfloat (day->max, ==, 1000 + hours * 60 - 1);
}

static void
test_day_of_23_hours (Fixture *f, gconstpointer data)
{
  test_day (f, "2026-03-28T23:00:00Z", 23);
}

static void
test_day_of_24_hours (Fixture *f, gconstpointer data)
{
  test_day (f, "2026-05-01T22:00:00Z", 24);
}

static void
test_day_of_25_hours (Fixture *f, gconstpointer data)
{
  test_day (f, "2025-10-25T22:00:00Z", 25);
}

static void
test_duplicates_and_corrections (Fixture *f, gconstpointer data)
{
  gint64 noon = at ("2026-05-01T10:00:00Z");
  MmBatch *batch = mm_batch_new ();
  g_autoptr (MmHistory) history = NULL;

  push_one (f, "pv_power", noon, 1);
  push_one (f, "pv_power", noon + MINUTE, 2);
  push_one (f, "pv_power", noon, 1);
  push_one (f, "pv_power", noon, 5);
  /* Out of order, and within one push the last wins. */
  add (batch, "pv_power", noon + 30 * G_TIME_SPAN_SECOND, 7);
  add (batch, "pv_power", noon + 30 * G_TIME_SPAN_SECOND, 8);
  push (f, batch, noon + HOUR);
  history = ask (f, "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", MM_HISTORY_RAW);
  g_assert_cmpuint (only_series (history)->points->len, ==, 3);
  g_assert_cmpfloat (point (only_series (history), 0)->value, ==, 5);
  g_assert_cmpfloat (point (only_series (history), 1)->value, ==, 8);
  g_assert_cmpfloat (point (only_series (history), 2)->value, ==, 2);
  g_assert_false (point (only_series (history), 2)->is_late);
  g_assert_true (point (only_series (history), 1)->is_late);
}

static void
test_end_is_not_included (Fixture *f, gconstpointer data)
{
  gint64 noon = at ("2026-05-01T10:00:00Z");
  g_autoptr (MmHistory) history = NULL;

  for (int i = 0; i < 3; i++)
    push_one (f, "pv_power", noon + i * MINUTE, i);
  history = ask_from (f, G_MININT64, noon, noon + 2 * MINUTE, MM_HISTORY_RAW);
  g_assert_cmpuint (only_series (history)->points->len, ==, 2);
}

static void
test_gap_is_an_absent_quarter (Fixture *f, gconstpointer data)
{
  gint64 noon = at ("2026-05-01T10:00:00Z");
  g_autoptr (MmHistory) history = NULL;
  const MmHistorySeries *series;

  push_one (f, "pv_power", noon, 1);
  push_one (f, "pv_power", noon + 14 * MINUTE, 4);
  push_one (f, "pv_power", noon + 45 * MINUTE, 9);
  history = ask (f, "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", MM_HISTORY_15MIN);
  series = only_series (history);
  g_assert_cmpuint (series->spans->len, ==, 2);
  g_assert_cmpint (span (series, 0)->from, ==, noon);
  g_assert_cmpuint (span (series, 0)->count, ==, 2);
  g_assert_cmpfloat (span (series, 0)->mean, ==, 2.5);
  g_assert_cmpfloat (span (series, 0)->first, ==, 1);
  g_assert_cmpfloat (span (series, 0)->last, ==, 4);
  g_assert_true (isnan (span (series, 0)->energy));
  g_assert_cmpint (span (series, 1)->from, ==, noon + 45 * MINUTE);
}

/* The point before the day is found behind a gap of days, also when the pushes were out of order.
 */
static void
test_energy_over_a_gap (Fixture *f, gconstpointer data)
{
  g_autoptr (MmHistory) history = NULL;

  push_one (f, "pv_energy_total", at ("2026-05-01T10:00:00Z"), 100);
  push_one (f, "pv_power", at ("2026-05-02T10:00:00Z"), 1);
  push_one (f, "pv_energy_total", at ("2026-05-05T10:00:00Z"), 400);
  push_one (f, "pv_energy_total", at ("2026-05-01T11:00:00Z"), 150);
  history = ask (f, "2026-05-05T10:00:00Z", "2026-05-05T11:00:00Z", MM_HISTORY_DAY);
  g_assert_cmpfloat (span (only_series (history), 0)->energy, ==, 250);
}

static void
test_midnight_closes_the_day (Fixture *f, gconstpointer data)
{
  g_autoptr (MmHistory) history = NULL;
  gint64 midnight = at ("2026-05-01T22:00:00Z");
  const MmHistorySeries *series;

  push_one (f, "pv_energy_total", midnight - MINUTE, 100);
  push_one (f, "pv_energy_total", midnight, 103);
  push_one (f, "pv_energy_total", midnight + MINUTE, 107);
  history = ask_from (f, G_MININT64, midnight - HOUR, midnight + HOUR, MM_HISTORY_DAY);
  series = only_series (history);
  g_assert_cmpuint (series->spans->len, ==, 2);
  g_assert_cmpfloat (span (series, 0)->energy, ==, 3);
  g_assert_cmpuint (span (series, 0)->count, ==, 1);
  g_assert_cmpfloat (span (series, 1)->energy, ==, 4);
  g_assert_cmpuint (span (series, 1)->count, ==, 2);
}

static void
test_steps_of_counters (void)
{
  static const struct
  {
    double before, after, step, reached;
  } cases[] = {
    { 100, 130, 30, 130 },   /* counts */
    { 100, 100, 0, 100 },    /* rests */
    { 1000, 990, 0, 1000 },  /* trembles: the earlier height stays */
    { 1000, 989, 989, 989 }, /* began anew */
    { 8000, 0, 0, 0 },       /* began anew, nothing yet */
    { 8000, 25, 25, 25 },    /* began anew */
    { 0, 0, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double reached;

      g_assert_cmpfloat (mm_energy_step (cases[i].before, cases[i].after, &reached), ==,
                         cases[i].step);
      g_assert_cmpfloat (reached, ==, cases[i].reached);
    }
}

static void
test_resets_within_a_day (Fixture *f, gconstpointer data)
{
  static const double counts[] = { 5000, 5100, 5099, 5110, 0, 40, 90 };
  gint64 noon = at ("2026-05-01T10:00:00Z");
  g_autoptr (MmHistory) history = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    push_one (f, "pv_energy_total", noon + (gint64) i * MINUTE, counts[i]);
  history = ask (f, "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", MM_HISTORY_DAY);
  g_assert_cmpfloat (span (only_series (history), 0)->energy, ==, 100 + 10 + 0 + 40 + 50);
}

static void
test_nothing_from_before (Fixture *f, gconstpointer data)
{
  gint64 noon = at ("2026-05-01T10:00:00Z");
  g_autoptr (MmHistory) raw = NULL;
  g_autoptr (MmHistory) day = NULL;

  for (int i = 0; i < 4; i++)
    push_one (f, "pv_energy_total", noon + i * MINUTE, 100 + 10 * i);
  raw = ask_from (f, noon + 2 * MINUTE, noon - HOUR, noon + HOUR, MM_HISTORY_RAW);
  g_assert_cmpuint (only_series (raw)->points->len, ==, 2);
  g_assert_cmpint (point (only_series (raw), 0)->time, ==, noon + 2 * MINUTE);
  /* Nor may the energy be reckoned from it. */
  day = ask_from (f, noon + 2 * MINUTE, noon - HOUR, noon + HOUR, MM_HISTORY_DAY);
  g_assert_cmpfloat (span (only_series (day), 0)->energy, ==, 10);
}

static void
test_bounds (Fixture *f, gconstpointer data)
{
  MmAccess access = { .gateway = f->gateway, .history_from = G_MININT64 };
  const struct
  {
    gint64 length;
    const char *code;
  } cases[] = { { 0, "order" }, { -1, "order" }, { 368 * G_TIME_SPAN_DAY, "too-long" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      MmHistoryQuery query = { .from = NOON, .to = NOON + cases[i].length };
      g_autoptr (MmHistory) history = mm_history_read (f->context, &access, &query, &error);
      const MmFieldError *field;

      g_assert_null (history);
      g_assert_error (error, MM_ERROR, MM_ERROR_FIELDS);
      field = mm_error_fields (error)->pdata[0];
      g_assert_cmpstr (field->field, ==, "to");
      g_assert_cmpstr (field->code, ==, cases[i].code);
    }
}

static void
test_filters (Fixture *f, gconstpointer data)
{
  const char *const names[] = { "soc", "other", NULL };
  MmAccess access = { .gateway = f->gateway, .history_from = G_MININT64 };
  MmHistoryQuery query = { .from = NOON, .to = NOON + HOUR, .quantities = names };
  g_autoptr (MmHistory) history = NULL;
  g_autoptr (MmHistory) none = NULL;

  push_one (f, "pv_power", NOON, 1);
  push_one (f, "soc", NOON, 50);
  history = mm_history_read (f->context, &access, &query, NULL);
  g_assert_cmpstr (only_series (history)->quantity, ==, "soc");
  g_assert_cmpstr (only_series (history)->unit, ==, "%");
  query.device = "meter";
  none = mm_history_read (f->context, &access, &query, NULL);
  g_assert_cmpuint (none->series->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/history/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("day-of-23-hours", test_day_of_23_hours);
  ADD ("day-of-24-hours", test_day_of_24_hours);
  ADD ("day-of-25-hours", test_day_of_25_hours);
  ADD ("duplicates-and-corrections", test_duplicates_and_corrections);
  ADD ("end-is-not-included", test_end_is_not_included);
  ADD ("gap-is-an-absent-quarter", test_gap_is_an_absent_quarter);
  ADD ("energy-over-a-gap", test_energy_over_a_gap);
  ADD ("midnight-closes-the-day", test_midnight_closes_the_day);
  ADD ("resets-within-a-day", test_resets_within_a_day);
  ADD ("nothing-from-before", test_nothing_from_before);
  ADD ("bounds", test_bounds);
  ADD ("filters", test_filters);
  g_test_add_func ("/history/steps-of-counters", test_steps_of_counters);
  return g_test_run ();
}

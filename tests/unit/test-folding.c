/* Folding: nothing that is stored changes by it, whatever the points are and wherever it is
 * stopped; the log is trimmed; gateways are folded when they are due; damage stays where it is. */
#include "test-engine.h"

#include "mm-checking.h"
#include "mm-folding.h"
#include "mm-points.h"
#include "test-warnings.h"

#define NOW (1777636800 * MM_SECOND) /* 2026-05-01 12:00 UTC */

/* ---- all that is stored, as text ---- */

static char *
everything (Engine *engine, gint64 gateway)
{
  const MmPointsQuery all = { .from = G_MININT64, .to = G_MAXINT64 };
  g_auto (MmPointsGateway) source = { 0 };
  g_autoptr (GPtrArray) points = NULL;
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);
  MmDatabase *db;

  g_assert_true (mm_points_gateway_init (&source, engine->context->live, gateway));
  db = mm_readers_take (engine->context->readers, &error);
  points = mm_points_read (db, &source, &all, NULL, &error);
  g_assert_no_error (error);
  mm_readers_give (engine->context->readers, db);
  for (guint i = 0; i < points->len; i++)
    for (guint k = 0; k < ((GArray *) points->pdata[i])->len; k++)
      {
        const MmBlockPoint *point = &g_array_index ((GArray *) points->pdata[i], MmBlockPoint, k);

        g_string_append_printf (text, "%s %s %" G_GINT64_FORMAT " %.17g%s\n",
                                source.series[i].device, source.series[i].quantity, point->time,
                                point->value, point->is_late ? " late" : "");
      }
  return g_string_free (text, FALSE);
}

static void
assert_sound (Engine *engine)
{
  g_auto (MmCheck) check = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (mm_checking_run (engine->context, &check, &error));
  g_assert_cmpstr (check.problem, ==, NULL);
}

static MmFoldingCounts
fold_all (Engine *engine)
{
  g_autoptr (GError) error = NULL;
  MmFoldingCounts counts;

  g_assert_true (mm_folding_all (engine->context->folding, &counts, &error));
  g_assert_no_error (error);
  return counts;
}

/* Folds all, and all is as it was. */
static MmFoldingCounts
fold_and_compare (Engine *engine, gint64 gateway)
{
  g_autofree char *before = everything (engine, gateway);
  g_autofree char *after = NULL;
  MmFoldingCounts counts = fold_all (engine);

  after = everything (engine, gateway);
  g_assert_cmpstr (before, ==, after);
  assert_sound (engine);
  return counts;
}

static void
push_values (
    Engine *engine, gint64 gateway, const char *quantity, gint64 time, gint64 step, guint n)
{
  MmBatch *batch = mm_batch_new ();
  g_auto (EngineAnswer) answer = { NULL };

  for (guint i = 0; i < n; i++)
    engine_add_value (batch, "pcs1", quantity, time + i * step, (double) (i % 97) / 4);
  answer = engine_push (engine, gateway, batch, NOW);
  g_assert_cmpstr (answer.error, ==, NULL);
}

/* ---- shapes ---- */

/* More times in a day than a block holds, pushed in pieces, folded in between; and once more, so
 * that all is there already. */
static void
test_dense_day (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");

  for (int piece = 0; piece < 5; piece++)
    {
      push_values (engine, gateway, "pv_power", NOW - 11 * MM_HOUR + piece * MM_HOUR, MM_SECOND,
                   3600);
      fold_and_compare (engine, gateway);
    }
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM block"), >=, 5);
  /* Between and over what is there. */
  push_values (engine, gateway, "pv_power", NOW - 12 * MM_HOUR, 700 * MM_SECOND / 1000, 30000);
  fold_and_compare (engine, gateway);
  push_values (engine, gateway, "soc", NOW - 12 * MM_HOUR, 10 * MM_SECOND, 4000);
  fold_and_compare (engine, gateway);
}

/* More points in a day than a block holds, though the times are few. */
static void
test_many_series (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");

  for (int round = 0; round < 3; round++)
    {
      MmBatch *batch = mm_batch_new ();
      g_auto (EngineAnswer) answer = { NULL };

      for (int time = 0; time < 160; time++)
        for (int series = 0; series < MM_LIVE_MAX_SERIES; series++)
          {
            g_autofree char *quantity = g_strdup_printf ("q%d", series);

            engine_add_value (batch, "pcs1", quantity, NOW - (200 * round + time) * MM_MINUTE,
                              time * series);
          }
      answer = engine_push (engine, gateway, batch, NOW);
      g_assert_cmpuint (answer.counts.stored, ==, 160 * MM_LIVE_MAX_SERIES);
      if (round == 1)
        fold_and_compare (engine, gateway);
    }
  fold_and_compare (engine, gateway);
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM block"), >=, 2);
}

/* Each value on a day of its own, from the beginning of time: more blocks than one job writes. */
static void
test_far_days (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  MmBatch *batch = mm_batch_new ();
  g_auto (EngineAnswer) answer = { NULL };

  engine_add_value (batch, "pcs1", "pv_power", MM_TIME_NONE + 1, 1);
  engine_add_value (batch, "pcs1", "pv_power", MM_TIME_NONE + 3 * MM_DAY, 2);
  engine_add_value (batch, "pcs1", "pv_power", -1, 3);
  engine_add_value (batch, "pcs1", "pv_power", 0, 4);
  for (int day = 1; day < 500; day++)
    engine_add_value (batch, "pcs1", "pv_power", NOW - day * 40 * MM_DAY, day);
  answer = engine_push (engine, gateway, batch, NOW);
  g_assert_cmpuint (answer.counts.stored, ==, 503);
  g_assert_cmpuint (fold_and_compare (engine, gateway).blocks, ==, 503);
  push_values (engine, gateway, "pv_power", MM_TIME_NONE + 1, 1, 2);
  fold_and_compare (engine, gateway);
}

/* Corrections of what is folded, duplicates of it, and what came late. */
static void
test_corrected (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  MmBatch *batch;
  g_autofree char *text = NULL;

  push_values (engine, gateway, "pv_power", NOW - 100 * MM_MINUTE, MM_MINUTE, 100);
  fold_and_compare (engine, gateway);
  for (int round = 0; round < 2; round++)
    {
      g_auto (EngineAnswer) answer = { NULL };

      batch = mm_batch_new ();
      engine_add_value (batch, "pcs1", "pv_power", NOW - 50 * MM_MINUTE, 3000);
      engine_add_value (batch, "pcs1", "pv_power", NOW - 49 * MM_MINUTE, 51.0 / 4);
      engine_add_value (batch, "pcs1", "pv_power", NOW - 50 * MM_MINUTE + 1, 7);
      engine_add_value (batch, "pcs1", "soc", NOW - 50 * MM_MINUTE, 50);
      engine_add_value (batch, "pcs1", "pv_power", NOW - 3 * MM_DAY, 8);
      answer = engine_push (engine, gateway, batch, NOW);
      g_assert_cmpuint (answer.counts.corrected, ==, round == 0 ? 1 : 0);
      g_assert_cmpuint (answer.counts.duplicates, ==, round == 0 ? 1 : 5);
      g_assert_cmpuint (answer.counts.stored, ==, round == 0 ? 3 : 0);
      fold_and_compare (engine, gateway);
    }
  text = everything (engine, gateway);
  g_assert_nonnull (strstr (text, " 3000 late\n"));
  g_assert_nonnull (strstr (text, " 0.5\n"));
}

/* ---- the log ---- */

static void
test_log_is_trimmed (Engine *engine, gconstpointer data)
{
  gint64 busy = engine_add_gateway (engine, "GW-1"), silent = engine_add_gateway (engine, "GW-2");
  gint64 last;

  push_values (engine, silent, "pv_power", NOW - MM_DAY, MM_MINUTE, 10);
  for (int i = 0; i < 50; i++)
    push_values (engine, busy, "pv_power", NOW - MM_DAY + i * MM_MINUTE, 1, 1);
  last = engine_int (engine, "SELECT max(id) FROM reading_log");
  g_assert_cmpuint (fold_and_compare (engine, busy).gateways, ==, 2);
  /* The newest row gives the next its number. */
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM reading_log"), ==, 1);
  push_values (engine, busy, "pv_power", NOW, 1, 1);
  g_assert_cmpint (engine_int (engine, "SELECT max(id) FROM reading_log"), ==, last + 1);
  g_assert_cmpuint (fold_and_compare (engine, silent).gateways, ==, 1);
  g_assert_cmpuint (fold_and_compare (engine, silent).gateways, ==, 0);
  for (int how = 0; how < 2; how++)
    {
      g_autofree char *before = everything (engine, busy);
      g_autofree char *after = NULL;

      g_clear_pointer (&engine->context, mm_context_free);
      engine_start (engine);
      after = everything (engine, busy);
      g_assert_cmpstr (before, ==, after);
      assert_sound (engine);
      push_values (engine, busy, "pv_power", NOW + how + 1, 1, 1);
    }
}

/* Rows that the saved live state does not know yet stay, so that it can be brought up to date. */
static void
test_unsaved_rows_stay (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  g_autoptr (GError) error = NULL;
  MmFoldingCounts counts;

  for (int i = 0; i < 10; i++)
    push_values (engine, gateway, "pv_power", NOW + i, 1, 1);
  g_assert_true (mm_context_save (engine->context, &error));
  for (int i = 10; i < 20; i++)
    push_values (engine, gateway, "pv_power", NOW + i, 1, 1);
  /* By the clock it is long after NOW. */
  g_assert_true (mm_folding_look (engine->context->folding, &counts, &error));
  g_assert_cmpuint (counts.rows, ==, 20);
  g_assert_cmpint (engine_int (engine, "SELECT min(id) FROM reading_log"), ==, 11);
  assert_sound (engine);
}

/* ---- when ---- */

static gboolean
looks_due (Engine *engine)
{
  g_autoptr (GError) error = NULL;
  MmFoldingCounts counts;

  g_assert_true (mm_folding_look (engine->context->folding, &counts, &error));
  g_assert_no_error (error);
  return counts.gateways > 0;
}

static void
push_now (Engine *engine, gint64 gateway, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      MmBatch *batch = mm_batch_new ();
      g_auto (EngineAnswer) answer = { NULL };

      engine_add_value (batch, "pcs1", "pv_power", MM_TIME_NONE, i);
      answer = engine_push (engine, gateway, batch, mm_clock_now (engine->clock));
    }
}

static void
test_due (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");

  g_assert_false (looks_due (engine));
  push_now (engine, gateway, 1);
  g_assert_false (looks_due (engine));
  mm_clock_advance (engine->clock, MM_FOLDING_AGE - MM_MINUTE);
  g_assert_false (looks_due (engine));
  mm_clock_advance (engine->clock, MM_FOLDING_AGE / 4 + MM_MINUTE);
  g_assert_true (looks_due (engine));
  g_assert_false (looks_due (engine));
  push_now (engine, gateway, MM_FOLDING_ROWS - 1);
  g_assert_false (looks_due (engine));
  push_now (engine, gateway, MM_FOLDING_ROWS / 4 + 1);
  g_assert_true (looks_due (engine));
  push_now (engine, gateway, 1);
  g_assert_false (looks_due (engine));
}

/* ---- stopped in the middle ---- */

/* The blocks were written, the mark not yet; or the mark is known and the saved state older. */
static void
test_killed_between (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  MmFoldingCounts counts;

  for (int i = 0; i < 30; i++)
    push_values (engine, gateway, "pv_power", NOW + i * MM_HOUR % (7 * MM_HOUR), 1, 3);
  before = everything (engine, gateway);
  g_assert_true (mm_folding_look (engine->context->folding, &counts, NULL));
  g_assert_cmpuint (counts.rows, >, 0);
  g_clear_pointer (&engine->context, mm_context_free);
  engine_exec_offline (engine, "DELETE FROM folded; DELETE FROM block WHERE id % 2 = 0;"
                               "DELETE FROM live; UPDATE live_mark SET log_row = 0");
  engine_start (engine);
  after = everything (engine, gateway);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (fold_and_compare (engine, gateway).rows, ==, counts.rows);
}

/* A full block that has to be two, each as much as a job: the disk takes the one that replaces it
 * and not the other. */
static void
test_stopped_between_halves (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (GError) error = NULL;
  MmFoldingCounts counts;

  for (int round = 0; round < 2; round++)
    {
      MmBatch *batch = mm_batch_new ();
      g_auto (EngineAnswer) answer = { NULL };

      for (int time = 0; time < 250; time++)
        for (int series = 0; series < MM_LIVE_MAX_SERIES; series++)
          {
            g_autofree char *quantity = g_strdup_printf ("q%d", series);

            engine_add_value (batch, "pcs1", quantity,
                              NOW - 8 * MM_HOUR + (2 * time + round) * MM_MINUTE / 2,
                              g_rand_double (rand));
          }
      answer = engine_push (engine, gateway, batch, NOW);
      g_assert_cmpuint (answer.counts.stored, ==, 250 * MM_LIVE_MAX_SERIES);
      if (round == 0)
        fold_all (engine);
    }
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM block"), ==, 1);
  before = everything (engine, gateway);
  engine_exec (engine, "CREATE TRIGGER full BEFORE INSERT ON block"
                       " WHEN EXISTS (SELECT 1 FROM block WHERE start < NEW.start) BEGIN"
                       " SELECT RAISE (FAIL, 'no space'); END");
  warnings_expect (1);
  g_assert_false (mm_folding_all (engine->context->folding, &counts, &error));
  warnings_came ();
  after = everything (engine, gateway);
  g_assert_cmpstr (before, ==, after);
  engine_exec (engine, "DROP TRIGGER full");
  fold_and_compare (engine, gateway);
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM block"), ==, 2);
}

static void
test_failing_disk (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  MmFoldingCounts counts;

  push_values (engine, gateway, "pv_power", NOW, MM_MINUTE, 5);
  before = everything (engine, gateway);
  engine_exec (engine, "CREATE TRIGGER full BEFORE INSERT ON folded BEGIN"
                       " SELECT RAISE (FAIL, 'no space'); END");
  warnings_expect (1);
  g_assert_true (mm_folding_look (engine->context->folding, &counts, &error));
  warnings_came ();
  g_assert_cmpuint (counts.rows, ==, 0);
  after = everything (engine, gateway);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM block"), ==, 0);
  engine_exec (engine, "DROP TRIGGER full");
  /* After a while it is tried again. */
  g_assert_true (mm_folding_look (engine->context->folding, &counts, &error));
  g_assert_cmpuint (counts.rows, ==, 0);
  mm_clock_advance (engine->clock, 2 * MM_HOUR);
  g_assert_true (mm_folding_look (engine->context->folding, &counts, &error));
  g_assert_cmpuint (counts.rows, ==, 1);
  fold_and_compare (engine, gateway);
}

/* ---- damage ---- */

static guint
count_lines (const char *text, const char *with)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    n += strstr (lines[i], with) != NULL;
  return n;
}

/* Two days of two series; the last byte of the first day is of the second series. */
static gint64
damaged_engine (Engine *engine, const char *sql)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");

  for (int day = 1; day >= 0; day--)
    {
      push_values (engine, gateway, "pv_power", NOW - MM_HOUR - day * MM_DAY, MM_MINUTE, 50);
      push_values (engine, gateway, "soc", NOW - MM_HOUR - day * MM_DAY, MM_MINUTE, 50);
    }
  fold_and_compare (engine, gateway);
  engine_exec (engine, sql);
  return gateway;
}

static void
test_damaged_series (Engine *engine, gconstpointer data)
{
  gint64 gateway
      = damaged_engine (engine,
                        "UPDATE block SET body = CAST (substr (body, 1, length (body) - 1) AS BLOB)"
                        " WHERE start = (SELECT min(start) FROM block)");
  g_auto (MmCheck) check = { 0 };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  warnings_expect (1);
  text = everything (engine, gateway);
  warnings_came ();
  g_assert_cmpuint (count_lines (text, "pv_power"), ==, 100);
  g_assert_cmpuint (count_lines (text, "soc"), ==, 50);
  warnings_expect (2);
  g_assert_true (mm_checking_run (engine->context, &check, &error));
  warnings_came ();
  g_assert_nonnull (strstr (check.problem, "soc of pcs1"));
  g_assert_nonnull (strstr (check.problem, "2026-04-30T00:00:00Z"));
  /* It can be pushed again, and then is whole. */
  push_values (engine, gateway, "soc", NOW - MM_HOUR - MM_DAY, MM_MINUTE, 50);
  warnings_expect (1);
  fold_all (engine);
  warnings_came ();
  g_free (text);
  text = everything (engine, gateway);
  g_assert_cmpuint (count_lines (text, "soc"), ==, 100);
}

static void
test_damaged_block (Engine *engine, gconstpointer data)
{
  gint64 gateway = damaged_engine (engine, "UPDATE block SET body = x'01'"
                                           " WHERE start = (SELECT min(start) FROM block)");
  g_auto (MmCheck) check = { 0 };
  g_autofree char *text = NULL;

  warnings_expect (1);
  text = everything (engine, gateway);
  warnings_came ();
  g_assert_cmpuint (count_lines (text, "pv_power"), ==, 50);
  warnings_expect (1);
  g_assert_true (mm_checking_run (engine->context, &check, NULL));
  warnings_came ();
  g_assert_nonnull (strstr (check.problem, "the block of 2026-04-30T00:00:00Z is damaged"));
}

/* One gateway that cannot be folded does not keep the others from it. */
static void
test_stuck_gateway (Engine *engine, gconstpointer data)
{
  gint64 broken = engine_add_gateway (engine, "GW-1"), sound = engine_add_gateway (engine, "GW-2");
  g_autoptr (GError) error = NULL;
  MmFoldingCounts counts;

  for (int i = 0; i < 5; i++)
    {
      push_values (engine, broken, "pv_power", NOW + i, 1, 1);
      push_values (engine, sound, "pv_power", NOW + i, 1, 1);
    }
  engine_exec (engine, "DELETE FROM reading_log WHERE id = 3");
  warnings_expect (1);
  g_assert_true (mm_folding_look (engine->context->folding, &counts, &error));
  warnings_came ();
  g_assert_cmpuint (counts.rows, ==, 5);
  g_assert_true (mm_folding_look (engine->context->folding, &counts, &error));
  g_assert_cmpuint (counts.rows, ==, 0);
  warnings_expect (1);
  g_assert_false (mm_folding_all (engine->context->folding, &counts, &error));
  warnings_came ();
  g_assert_nonnull (error);
}

/* ---- a database from before there were blocks ---- */

static void
test_old_database (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  for (int i = 0; i < 300; i++)
    push_values (engine, gateway, "pv_power", NOW - i * 7 * MM_HOUR, MM_MINUTE, 20);
  before = everything (engine, gateway);
  g_clear_pointer (&engine->context, mm_context_free);
  engine_exec_offline (engine,
                       "DROP TABLE quarters; DROP TABLE days; DROP TABLE block; DROP TABLE folded;"
                       "DROP TABLE received_time;"
                       "ALTER TABLE live DROP COLUMN tail_rows;"
                       "ALTER TABLE live DROP COLUMN tail_first;"
                       "ALTER TABLE live DROP COLUMN tail_since;"
                       "PRAGMA user_version = 3");
  engine_start (engine);
  after = everything (engine, gateway);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (looks_due (engine));
  g_clear_pointer (&after, g_free);
  after = everything (engine, gateway);
  g_assert_cmpstr (before, ==, after);
  fold_and_compare (engine, gateway);
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM reading_log"), ==, 1);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/folding/" name, Engine, NULL, engine_set_up, function, engine_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  warnings_watch ();
  ADD ("dense-day", test_dense_day);
  ADD ("many-series", test_many_series);
  ADD ("far-days", test_far_days);
  ADD ("corrected", test_corrected);
  ADD ("log-is-trimmed", test_log_is_trimmed);
  ADD ("unsaved-rows-stay", test_unsaved_rows_stay);
  ADD ("due", test_due);
  ADD ("killed-between", test_killed_between);
  ADD ("stopped-between-halves", test_stopped_between_halves);
  ADD ("failing-disk", test_failing_disk);
  ADD ("damaged-series", test_damaged_series);
  ADD ("damaged-block", test_damaged_block);
  ADD ("stuck-gateway", test_stuck_gateway);
  ADD ("old-database", test_old_database);
  return g_test_run ();
}

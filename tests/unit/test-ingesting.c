/* What pushes leave behind, against a model that is a plain hash of (gateway, device, quantity,
 * time) → value. `test-ingesting --pushes N [--game S]` plays longer and other games. */
#include "test-engine.h"

#include "mm-checking.h"
#include "mm-folding.h"
#include "mm-gateway.h"
#include "mm-points.h"
#include "mm-quantity.h"
#include "mm-store-readings.h"
#include "test-warnings.h"

#include <stdlib.h>

#define N_GATEWAYS 4
#define AT_ONCE 12 /* pushes that wait for their answer together */

static int n_pushes = 2000;
static guint32 seed = 20260501;

/* ---- the model ---- */

typedef struct
{
  Engine engine;
  GRand *random;
  gint64 rows[N_GATEWAYS];
  gint64 now;
  GHashTable *points; /* "gateway device quantity time" → double */
  guint64 n_points[N_GATEWAYS];
  guint64 n_quarantined;
  gboolean is_folding;
  guint64 n_folded; /* rows */
} Game;

static char *
point_name (guint gateway, const char *device, const char *quantity, gint64 time)
{
  return g_strdup_printf ("%u %s %s %" G_GINT64_FORMAT, gateway, device, quantity, time);
}

/* What one value has to be counted as. */
static void
model_take (Game *game,
            guint gateway,
            const char *device,
            const char *quantity,
            gint64 time,
            double value,
            MmIngestCounts *counts)
{
  g_autofree char *name = point_name (gateway, device, quantity, time);
  double *known = g_hash_table_lookup (game->points, name);

  if (time > game->now + 10 * MM_MINUTE || !mm_quantity_plausible (quantity, value))
    {
      counts->quarantined++;
      return;
    }
  if (known != NULL && *known == value)
    {
      counts->duplicates++;
      return;
    }
  if (time < game->now - mm_offline_after (60))
    counts->late++;
  if (known != NULL)
    {
      counts->corrected++;
      *known = value;
      return;
    }
  counts->stored++;
  game->n_points[gateway]++;
  g_hash_table_insert (game->points, g_steal_pointer (&name), g_memdup2 (&value, sizeof value));
}

/* ---- random pushes ---- */

static gint64
some_time (Game *game)
{
  gint64 minute = game->now - game->now % MM_MINUTE;

  switch (g_rand_int_range (game->random, 0, 12))
    {
    case 0: /* late */
      return minute - g_rand_int_range (game->random, 0, 5000) * MM_MINUTE;
    case 1: /* out of order */
      return minute - g_rand_int_range (game->random, 0, 5) * MM_MINUTE;
    case 2: /* ahead, but not by too much */
      return game->now + 10 * MM_MINUTE;
    case 3:
      return g_rand_int_range (game->random, 0, 4) == 0 ? game->now + 10 * MM_MINUTE + 1
                                                        : MM_TIME_NONE;
    default:
      return minute;
    }
}

static void
add_random_value (Game *game, guint gateway, gint64 time, MmBatch *batch, MmIngestCounts *counts)
{
  static const char *const devices[] = { "pcs1", "battery", "メーター" };
  static const char *const quantities[] = { "pv_power", "soc", "x_of_the_maker", "grid_power" };
  const char *device = devices[g_rand_int_range (game->random, 0, G_N_ELEMENTS (devices))];
  const char *quantity = quantities[g_rand_int_range (game->random, 0, G_N_ELEMENTS (quantities))];
  double value = g_rand_int_range (game->random, 0, 4) * 0.5;

  if (g_rand_int_range (game->random, 0, 40) == 0)
    value = 1e9; /* plausible for unknown quantities only */
  engine_add_value (batch, device, quantity, time, value);
  model_take (game, gateway, device, quantity, time != MM_TIME_NONE ? time : game->now, value,
              counts);
}

static MmBatch *
random_batch (Game *game, guint gateway, MmIngestCounts *counts)
{
  MmBatch *batch = mm_batch_new ();
  gint64 time = some_time (game);

  for (int n = g_rand_int_range (game->random, 0, 12); n > 0; n--)
    {
      if (g_rand_int_range (game->random, 0, 6) == 0)
        time = some_time (game);
      add_random_value (game, gateway, time, batch, counts);
    }
  return batch;
}

static void
assert_counts (const MmIngestCounts *found, const MmIngestCounts *expected)
{
  g_assert_cmpuint (found->stored, ==, expected->stored);
  g_assert_cmpuint (found->duplicates, ==, expected->duplicates);
  g_assert_cmpuint (found->corrected, ==, expected->corrected);
  g_assert_cmpuint (found->quarantined, ==, expected->quarantined);
  g_assert_cmpuint (found->late, ==, expected->late);
}

static void
play_some (Game *game)
{
  EngineAnswer answers[AT_ONCE];
  MmIngestCounts expected[AT_ONCE] = { { 0 } };
  int n = g_rand_int_range (game->random, 1, AT_ONCE + 1);

  for (int i = 0; i < n; i++)
    {
      guint gateway = (guint) g_rand_int_range (game->random, 0, N_GATEWAYS);
      MmBatch *batch;

      game->now += g_rand_int_range (game->random, 0, 3) * 20 * MM_SECOND;
      batch = random_batch (game, gateway, &expected[i]);
      game->n_quarantined += expected[i].quarantined;
      engine_submit (&game->engine, game->rows[gateway], batch, game->now, &answers[i]);
    }
  engine_wait (&game->engine);
  for (int i = 0; i < n; i++)
    {
      g_assert_cmpstr (answers[i].error, ==, NULL);
      g_assert_cmpuint (answers[i].n_refused, ==, 0);
      assert_counts (&answers[i].counts, &expected[i]);
      engine_answer_clear (&answers[i]);
    }
}

/* ---- what is there ---- */

/* Every point that is read is one of the model. */
static void
check_points (Game *game, guint gateway, const MmPointsGateway *source, const GPtrArray *points)
{
  for (guint i = 0; i < points->len; i++)
    {
      const GArray *series = points->pdata[i];
      gint64 last = G_MININT64;

      for (guint k = 0; k < series->len; k++)
        {
          const MmBlockPoint *point = &g_array_index (series, MmBlockPoint, k);
          g_autofree char *name = point_name (gateway, source->series[i].device,
                                              source->series[i].quantity, point->time);
          const double *expected = g_hash_table_lookup (game->points, name);

          g_assert_nonnull (expected);
          g_assert_cmpfloat (*expected, ==, point->value);
          g_assert_cmpint (point->time, >, last);
          last = point->time;
        }
    }
}

static guint
count (const GPtrArray *points)
{
  guint n = 0;

  for (guint i = 0; i < points->len; i++)
    n += ((GArray *) points->pdata[i])->len;
  return n;
}

/* The newest of each series in memory is the newest that was stored. */
static void
check_latest (Game *game, guint gateway, const MmLiveGateway *live)
{
  gint64 newest = G_MININT64;

  for (guint i = 0; i < live->n_series; i++)
    {
      const MmLiveSeries *series = &live->series[i];
      g_autofree char *name = point_name (gateway, series->device, series->quantity, series->time);
      const double *expected = g_hash_table_lookup (game->points, name);

      newest = MAX (newest, series->time);
      g_assert_nonnull (expected);
      g_assert_cmpfloat (*expected, ==, series->value);
    }
  g_assert_cmpint (live->newest, ==, newest);
}

static void
check_gateway (Game *game, guint i, MmDatabase *db, const MmPointsGateway *source)
{
  const MmPointsQuery all = { .from = G_MININT64, .to = G_MAXINT64 };
  const MmLiveGateway *live = mm_live_get (game->engine.context->live, game->rows[i]);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) points = mm_points_read (db, source, &all, NULL, &error);

  g_assert_no_error (error);
  check_points (game, i, source, points);
  g_assert_cmpuint (count (points), ==, game->n_points[i]);
  g_assert_cmpuint (live->n_values, ==, game->n_points[i]);
  check_latest (game, i, live);
}

static void
check_all (Game *game)
{
  MmContext *context = game->engine.context;
  g_autoptr (GError) error = NULL;
  g_auto (MmCheck) check = { 0 };
  MmDatabase *db = mm_readers_take (context->readers, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < N_GATEWAYS; i++)
    {
      g_auto (MmPointsGateway) source = { 0 };

      g_assert_true (mm_points_gateway_init (&source, context->live, game->rows[i]));
      check_gateway (game, i, db, &source);
    }
  mm_readers_give (context->readers, db);
  g_assert_true (mm_checking_run (context, &check, &error));
  g_assert_cmpstr (check.problem, ==, NULL);
  g_assert_cmpuint (check.values, ==, g_hash_table_size (game->points));
}

/* Ends and starts again: cleanly; as if it had been killed some time after it saved; as if it had
 * never saved, which cannot be where the log was trimmed. */
static void
restart (Game *game)
{
  Engine *engine = &game->engine;
  int how = g_rand_int_range (game->random, 0, game->is_folding ? 2 : 3);

  g_clear_pointer (&engine->context, mm_context_free);
  if (how == 1)
    engine_exec_offline (engine,
                         "DELETE FROM live; INSERT INTO live SELECT * FROM live_before;"
                         "UPDATE live_mark SET log_row = (SELECT log_row FROM mark_before)");
  else if (how == 2)
    engine_exec_offline (engine, "DELETE FROM live; UPDATE live_mark SET log_row = 0");
  engine_start (engine);
}

static void
remember_save (Game *game)
{
  g_assert_true (mm_context_save (game->engine.context, NULL));
  engine_exec (&game->engine, "DROP TABLE IF EXISTS live_before; DROP TABLE IF EXISTS mark_before;"
                              "CREATE TABLE live_before AS SELECT * FROM live;"
                              "CREATE TABLE mark_before AS SELECT * FROM live_mark");
}

/* Folds what is due, which by the clock of the context is everything; or all of it. What was saved
 * before is not there any more then. */
static void
fold (Game *game)
{
  MmFolding *folding = game->engine.context->folding;
  g_autoptr (GError) error = NULL;
  MmFoldingCounts counts;

  if (g_rand_boolean (game->random))
    g_assert_true (mm_folding_look (folding, &counts, &error));
  else
    g_assert_true (mm_folding_all (folding, &counts, &error));
  g_assert_no_error (error);
  game->n_folded += counts.rows;
  remember_save (game);
}

/* Folds while others push. */
static gpointer
fold_beside (gpointer data)
{
  MmFoldingCounts counts;

  g_assert_true (mm_folding_look (data, &counts, NULL));
  return NULL;
}

static void
play_while_folding (Game *game)
{
  GThread *thread = g_thread_new ("beside", fold_beside, game->engine.context->folding);

  play_some (game);
  g_thread_join (thread);
  remember_save (game);
}

static void
test_against_model (gconstpointer is_folding)
{
  Game game = {
    .random = g_rand_new_with_seed (seed),
    .now = NOON,
    .is_folding = is_folding != NULL,
  };
  int played = 0, saved = 0;

  engine_set_up (&game.engine, NULL);
  game.points = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < N_GATEWAYS; i++)
    {
      g_autofree char *id = g_strdup_printf ("GW-%u", i);
      game.rows[i] = engine_add_gateway (&game.engine, id);
    }
  remember_save (&game);
  while (played < n_pushes)
    {
      for (int i = 0; i < 8; i++, played += AT_ONCE / 2)
        play_some (&game);
      if (saved++ % 3 == 0)
        remember_save (&game);
      if (game.is_folding && g_rand_boolean (game.random))
        play_while_folding (&game);
      if (game.is_folding && g_rand_boolean (game.random))
        fold (&game);
      if (g_rand_int_range (game.random, 0, 4) == 0)
        {
          restart (&game);
          remember_save (&game);
        }
      check_all (&game);
    }
  restart (&game);
  check_all (&game);
  g_assert_cmpint (engine_int (&game.engine, "SELECT count(*) FROM quarantine"), <=,
                   game.n_quarantined);
  g_assert_cmpint (engine_int (&game.engine, "SELECT count(*) FROM quarantine"), >, 0);
  g_assert_true (!game.is_folding || game.n_folded > (guint) played / 4);
  g_test_message ("%d pushes, %u points", played, g_hash_table_size (game.points));
  g_hash_table_unref (game.points);
  g_rand_free (game.random);
  engine_tear_down (&game.engine, NULL);
}

/* ---- one by one ---- */

static EngineAnswer
push_one (Engine *engine, gint64 gateway, gint64 time, double value)
{
  MmBatch *batch = mm_batch_new ();

  engine_add_value (batch, "pcs1", "pv_power", time, value);
  return engine_push (engine, gateway, batch, NOON);
}

static double
latest (Engine *engine, gint64 gateway)
{
  double value = NAN;

  mm_live_lock (engine->context->live);
  g_assert_true (
      mm_live_latest (mm_live_get (engine->context->live, gateway), "pv_power", &value, NULL));
  mm_live_unlock (engine->context->live);
  return value;
}

static void
test_new_same_other (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  g_auto (EngineAnswer) first = push_one (engine, gateway, NOON, 1);
  g_auto (EngineAnswer) same = push_one (engine, gateway, NOON, 1);
  g_auto (EngineAnswer) other = push_one (engine, gateway, NOON, 2);
  g_auto (EngineAnswer) older = push_one (engine, gateway, NOON - MM_MINUTE, 3);
  g_auto (EngineAnswer) back = push_one (engine, gateway, NOON, 1);

  assert_counts (&first.counts, &(MmIngestCounts){ .stored = 1 });
  assert_counts (&same.counts, &(MmIngestCounts){ .duplicates = 1 });
  assert_counts (&other.counts, &(MmIngestCounts){ .corrected = 1 });
  assert_counts (&older.counts, &(MmIngestCounts){ .stored = 1 });
  assert_counts (&back.counts, &(MmIngestCounts){ .corrected = 1 });
  g_assert_cmpfloat (latest (engine, gateway), ==, 1);
  /* A duplicate leaves no row. */
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM reading_log"), ==, 4);
}

/* Without a time it is the receiver's, also in quarantine. */
static void
test_no_time (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  MmBatch *batch = mm_batch_new ();
  g_auto (EngineAnswer) answer = { NULL };

  engine_add_value (batch, "pcs1", "pv_power", MM_TIME_NONE, 1);
  engine_add_value (batch, "pcs1", "pv_power", NOON, 1);
  engine_add_value (batch, "pcs1", "pv_power", MM_TIME_NONE, 2);
  engine_add_value (batch, "pcs1", "soc", MM_TIME_NONE, 101);
  answer = engine_push (engine, gateway, batch, NOON);
  assert_counts (&answer.counts, &(MmIngestCounts){
                                     .stored = 1,
                                     .duplicates = 1,
                                     .corrected = 1,
                                     .quarantined = 1,
                                 });
  g_assert_cmpint (engine_int (engine, "SELECT time FROM quarantine"), ==, NOON);
}

static void
test_quarantine_is_bounded (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  gint64 other = engine_add_gateway (engine, "GW-2");

  for (int round = 0; round < 3; round++)
    {
      MmBatch *batch = mm_batch_new ();
      g_auto (EngineAnswer) answer = { NULL };

      for (int i = 0; i < 5000; i++)
        engine_add_value (batch, "pcs1", "soc", NOON - i - round * MM_HOUR, 200);
      engine_add_value (batch, "pcs1", "soc", NOON + round, 50);
      answer = engine_push (engine, round == 2 ? other : gateway, batch, NOON);
      assert_counts (&answer.counts, &(MmIngestCounts){ .stored = 1, .quarantined = 5000 });
    }
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM quarantine"), ==,
                   2 * MM_QUARANTINE_KEPT);
  /* Those of the newer push. */
  g_assert_cmpint (engine_int (engine, "SELECT max(time) FROM quarantine WHERE gateway = 1"), ==,
                   NOON - MM_HOUR);
}

/* 512 series; what is known goes on. */
static void
test_series_limit (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");

  for (int round = 0; round < 2; round++)
    {
      MmBatch *batch = mm_batch_new ();
      g_auto (EngineAnswer) answer = { NULL };

      for (int i = 0; i < 600; i++)
        {
          g_autofree char *quantity = g_strdup_printf ("q%d", i);
          engine_add_value (batch, "pcs1", quantity, NOON + round, i);
        }
      answer = engine_push (engine, gateway, batch, NOON);
      assert_counts (&answer.counts, &(MmIngestCounts){ .stored = MM_LIVE_MAX_SERIES });
      g_assert_cmpuint (answer.n_refused, ==, 600 - MM_LIVE_MAX_SERIES);
      g_assert_cmpstr (answer.first_refusal, ==, "too-many-series");
    }
}

/* An empty push is a sign of life. */
static void
test_empty_is_contact (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  g_auto (EngineAnswer) answer = engine_push (engine, gateway, mm_batch_new (), NOON);

  assert_counts (&answer.counts, &(MmIngestCounts){ 0 });
  g_assert_cmpint (mm_live_get (engine->context->live, gateway)->last_contact, ==, NOON);
  g_assert_cmpuint (mm_live_unsaved (engine->context->live), >, 0);
  g_clear_pointer (&engine->context, mm_context_free);
  engine_start (engine);
  g_assert_cmpint (mm_live_get (engine->context->live, gateway)->last_contact, ==, NOON);
}

/* When the disk fails, nothing of the push is there, in the store or in memory, and the gateway's
 * key stays known. */
static void
test_failing_disk (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  guint8 key[MM_SECRET_HASH_BYTES] = "GW-1";
  g_auto (EngineAnswer) before = push_one (engine, gateway, NOON, 1);

  engine_exec (engine, "CREATE TRIGGER full BEFORE INSERT ON reading_log BEGIN"
                       " SELECT RAISE (FAIL, 'no space'); END");
  for (int i = 1; i < 4; i++)
    {
      g_auto (EngineAnswer) failed = { NULL };

      warnings_expect (1);
      failed = push_one (engine, gateway, NOON + i, 2);
      g_assert_nonnull (failed.error);
      warnings_came ();
      g_assert_cmpint (mm_live_find_key (engine->context->live, key), ==, gateway);
      g_assert_cmpfloat (latest (engine, gateway), ==, 1);
      g_assert_cmpuint (mm_live_get (engine->context->live, gateway)->n_values, ==, 1);
    }
  engine_exec (engine, "DROP TRIGGER full");
  {
    g_auto (EngineAnswer) after = push_one (engine, gateway, NOON + 1, 2);

    assert_counts (&after.counts, &(MmIngestCounts){ .stored = 1 });
    g_assert_cmpfloat (latest (engine, gateway), ==, 2);
  }
}

/* ---- the walk through the log ---- */

static gboolean
count_row (const MmLogRow *row, gpointer data, GError **error)
{
  (*(guint *) data)++;
  return TRUE;
}

static guint
rows_from (Engine *engine, gint64 gateway, gint64 from, GError **error)
{
  gint64 head = mm_live_get (engine->context->live, gateway)->committed_head;
  MmDatabase *db = mm_readers_take (engine->context->readers, NULL);
  guint n = 0;

  mm_reading_log_walk_back (db, head, 0, from, count_row, &n, error);
  mm_readers_give (engine->context->readers, db);
  return n;
}

static void
test_walk (Engine *engine, gconstpointer data)
{
  gint64 gateway = engine_add_gateway (engine, "GW-1");
  gint64 other = engine_add_gateway (engine, "GW-2");
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (rows_from (engine, gateway, NOON, NULL), ==, 0);
  for (int i = 0; i < 10; i++)
    {
      g_auto (EngineAnswer) a = push_one (engine, gateway, NOON - (10 - i) * MM_MINUTE, i);
      g_auto (EngineAnswer) b = push_one (engine, other, NOON - (10 - i) * MM_MINUTE, i);
    }
  g_assert_cmpuint (rows_from (engine, gateway, G_MININT64, NULL), ==, 10);
  /* Walks no further than to the first row before which all is older. */
  g_assert_cmpuint (rows_from (engine, gateway, NOON - 3 * MM_MINUTE, NULL), ==, 3);
  g_assert_cmpuint (rows_from (engine, gateway, NOON, NULL), ==, 1);
  {
    /* A late one in front hides nothing. */
    g_auto (EngineAnswer) late = push_one (engine, gateway, NOON - MM_DAY, 1);
    g_assert_cmpuint (rows_from (engine, gateway, NOON - 3 * MM_MINUTE, NULL), ==, 4);
  }
  engine_exec (engine, "DELETE FROM reading_log WHERE id = 5");
  rows_from (engine, gateway, G_MININT64, &error);
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/ingesting/" name, Engine, NULL, engine_set_up, function, engine_tear_down)

int
main (int argc, char **argv)
{
  for (int i = 1; i + 1 < argc; i++)
    {
      if (g_str_equal (argv[i], "--pushes"))
        n_pushes = atoi (argv[i + 1]);
      if (g_str_equal (argv[i], "--game"))
        seed = (guint32) atoi (argv[i + 1]);
    }
  g_test_init (&argc, &argv, NULL);
  warnings_watch ();
  g_test_add_data_func ("/ingesting/against-model", NULL, test_against_model);
  g_test_add_data_func ("/ingesting/against-model-while-folding", "", test_against_model);
  ADD ("new-same-other", test_new_same_other);
  ADD ("no-time", test_no_time);
  ADD ("quarantine-is-bounded", test_quarantine_is_bounded);
  ADD ("series-limit", test_series_limit);
  ADD ("empty-is-contact", test_empty_is_contact);
  ADD ("failing-disk", test_failing_disk);
  ADD ("walk", test_walk);
  return g_test_run ();
}

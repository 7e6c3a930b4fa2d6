/* Roll-ups as they are stored and read: whatever was pushed in whatever order, folded or not, the
 * spans of the history are those that its points come to, plainly worked out.
 * `test-rolling --rounds N` plays longer. */
#include "plain-spans.h"
#include "test-engine.h"

#include "mm-folding.h"
#include "mm-history.h"
#include "mm-points.h"
#include "mm-rolling.h"

#include <stdlib.h>

#define NOW (1777636800 * MM_SECOND) /* 2026-05-01 12:00 UTC */

static int n_rounds = 12;

/* ---- asking ---- */

static MmHistory *
ask (Engine *engine, gint64 gateway, gint64 history_from, const MmHistoryQuery *query)
{
  const MmAccess access = { .gateway = gateway, .history_from = history_from };
  g_autoptr (GError) error = NULL;
  MmHistory *history = mm_history_read (engine->context, &access, query, &error);

  g_assert_no_error (error);
  return history;
}

/* All points, as GArray of MmBlockPoint by series. */
static GPtrArray *
all_points (Engine *engine, gint64 gateway, MmPointsGateway *source)
{
  const MmPointsQuery all = { .from = G_MININT64, .to = G_MAXINT64 };
  g_autoptr (GError) error = NULL;
  GPtrArray *points;
  MmDatabase *db;

  g_assert_true (mm_points_gateway_init (source, engine->context->live, gateway));
  db = mm_readers_take (engine->context->readers, &error);
  points = mm_points_read (db, source, &all, NULL, &error);
  g_assert_no_error (error);
  mm_readers_give (engine->context->readers, db);
  return points;
}

/* ---- comparing ---- */

static void
assert_near (double a, double b, double scale)
{
  if (isnan (a) && isnan (b))
    return;
  if (!(fabs (a - b) <= 1e-12 * scale))
    g_error ("%.17g is not %.17g", a, b);
}

static void
assert_spans (const GArray *spans, const GArray *plain, gboolean with_energy)
{
  g_assert_cmpuint (spans->len, ==, plain->len);
  for (guint i = 0; i < spans->len; i++)
    {
      const MmHistorySpan *a = &g_array_index (spans, MmHistorySpan, i);
      const MmHistorySpan *b = &g_array_index (plain, MmHistorySpan, i);

      g_assert_cmpint (a->from, ==, b->from);
      g_assert_cmpint (a->to, ==, b->to);
      g_assert_cmpuint (a->count, ==, b->count);
      if (with_energy)
        assert_near (a->energy, b->energy, 1e6);
      if (b->count == 0)
        continue;
      g_assert_true (a->min == b->min);
      g_assert_true (a->max == b->max);
      g_assert_true (a->first == b->first);
      g_assert_true (a->last == b->last);
      assert_near (a->mean, b->mean, MAX (fabs (b->min), fabs (b->max)));
    }
}

/* What of @points is in the range of @history; @before: the last one before it. */
static GArray *
cut (const GArray *points, gint64 history_from, const MmHistory *history, MmBlockPoint *before)
{
  GArray *part = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));

  before->time = MM_TIME_NONE;
  for (guint i = 0; i < points->len; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);

      if (point->time < history_from)
        continue;
      if (point->time < history->from)
        *before = *point;
      else if (point->time <= history->to)
        g_array_append_val (part, *point);
    }
  return part;
}

static const MmHistorySeries *
find (const MmHistory *history, const MmLiveSeries *series)
{
  for (guint i = 0; i < history->series->len; i++)
    {
      const MmHistorySeries *one = history->series->pdata[i];

      if (strcmp (one->device, series->device) == 0
          && strcmp (one->quantity, series->quantity) == 0)
        return one;
    }
  return NULL;
}

static void
compare (Engine *engine, gint64 gateway, gint64 history_from, const MmHistoryQuery *query)
{
  g_autoptr (MmHistory) history = ask (engine, gateway, history_from, query);
  g_auto (MmPointsGateway) source = { 0 };
  g_autoptr (GPtrArray) points = all_points (engine, gateway, &source);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (history->timezone);
  guint n = 0;

  for (guint i = 0; i < points->len; i++)
    {
      const MmHistorySeries *series = find (history, &source.series[i]);
      gboolean is_counter = g_str_has_suffix (source.series[i].quantity, "_total");
      g_autoptr (GArray) plain = g_array_new (FALSE, FALSE, sizeof (MmHistorySpan));
      g_autoptr (GArray) part = NULL;
      MmBlockPoint before;

      part = cut (points->pdata[i], history_from, history, &before);
      if (query->points == 0 && query->resolution == MM_HISTORY_15MIN)
        {
          while (part->len > 0
                 && g_array_index (part, MmBlockPoint, part->len - 1).time >= history->to)
            g_array_set_size (part, part->len - 1);
          plain_quarters (part, zone, plain);
        }
      else
        plain_spans (part, before.time != MM_TIME_NONE ? &before : NULL, is_counter, zone,
                     history->width, history->from, history->to, plain);
      if (plain->len == 0)
        {
          g_assert_null (series);
          continue;
        }
      g_assert_nonnull (series);
      assert_spans (series->spans, plain, is_counter);
      n++;
    }
  g_assert_cmpuint (history->series->len, ==, n);
}

/* ---- playing ---- */

typedef struct
{
  Engine *engine;
  GRand *random;
  gint64 gateway;
  gint64 from; /* of all points */
  gint64 to;
} Play;

static void
fold (Engine *engine)
{
  g_autoptr (GError) error = NULL;
  MmFoldingCounts counts;

  g_assert_true (mm_folding_all (engine->context->folding, &counts, &error));
  g_assert_no_error (error);
}

static void
set_zone (Engine *engine, const char *zone)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE gateway SET timezone = '%s'", zone);

  engine_exec (engine, sql);
}

static gint64
some_time (Play *play)
{
  gint64 hours = (play->to - play->from) / MM_HOUR;
  gint64 time = play->from + g_rand_int_range (play->random, 0, (gint32) hours) * MM_HOUR;

  switch (g_rand_int_range (play->random, 0, 4))
    {
    case 0:
      return time + g_rand_int_range (play->random, 0, 3600) * MM_SECOND;
    case 1:
      return time + g_rand_int_range (play->random, 0, 4) * MM_QUARTER;
    default:
      return time;
    }
}

/* A counter at @time, which was reset and trembles now and then. */
static double
counter_at (Play *play, gint64 time)
{
  double value = (double) ((time - play->from) % (50 * MM_HOUR)) / 1e6;

  if (g_rand_int_range (play->random, 0, 10) == 0)
    value *= 0.9985;
  return round (value * 10) / 10;
}

static void
push (Play *play)
{
  static const gint64 steps[] = { 7 * MM_SECOND, MM_MINUTE, 5 * MM_MINUTE, MM_QUARTER, MM_HOUR };
  MmBatch *batch = mm_batch_new ();
  g_auto (EngineAnswer) answer = { NULL };
  gint64 time = some_time (play), step = steps[g_rand_int_range (play->random, 0, 5)];
  int n = g_rand_int_range (play->random, 1, 600);

  for (int i = 0; i < n && time < play->to; i++, time += step)
    {
      engine_add_value (batch, "meter", "grid_import_energy_total", time, counter_at (play, time));
      if (g_rand_int_range (play->random, 0, 3) == 0)
        engine_add_value (batch, "pcs1", "pv_power", time,
                          g_rand_int_range (play->random, -9999, 9999) / 10.0);
      if (g_rand_int_range (play->random, 0, 50) == 0)
        engine_add_value (batch, "pcs1", "odd", time, g_rand_double (play->random));
    }
  answer = engine_push (play->engine, play->gateway, batch, NOW);
  g_assert_cmpstr (answer.error, ==, NULL);
}

static void
compare_some (Play *play)
{
  gint64 a = some_time (play), b = some_time (play), history_from = MM_TIME_NONE;
  MmHistoryQuery query = { .from = MIN (a, b), .to = MAX (a, b) + 1 };

  if (g_rand_boolean (play->random))
    query = (MmHistoryQuery){ .from = play->from - MM_DAY, .to = play->to + 2 * MM_DAY };
  if (g_rand_int_range (play->random, 0, 3) == 0)
    history_from = some_time (play);
  query.resolution = MM_HISTORY_15MIN;
  compare (play->engine, play->gateway, history_from, &query);
  query.resolution = MM_HISTORY_DAY;
  compare (play->engine, play->gateway, history_from, &query);
  query.points = (guint) g_rand_int_range (play->random, 1, 3000);
  compare (play->engine, play->gateway, history_from, &query);
}

static void
play (Engine *engine, GRand *random, const char *name, const char *zone, gint64 from)
{
  static const char *const zones[]
      = { "Europe/Berlin", "Asia/Tokyo", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia" };
  Play play = { engine, random, engine_add_gateway (engine, name), from, from + 9 * MM_DAY };

  set_zone (engine, zone);
  for (int step = 0; step < 25; step++)
    {
      push (&play);
      if (g_rand_int_range (random, 0, 3) == 0)
        fold (engine);
      if (g_rand_int_range (random, 0, 8) == 0)
        set_zone (engine, zones[g_rand_int_range (random, 0, G_N_ELEMENTS (zones))]);
      compare_some (&play);
    }
  fold (engine);
  g_assert_cmpint (engine_int (engine, "SELECT count(*) FROM days JOIN gateway AS g"
                                       " ON g.id = gateway WHERE zone <> g.timezone"),
                   ==, 0);
  for (int i = 0; i < 5; i++)
    compare_some (&play);
}

static void
test_random (Engine *engine, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261123);

  for (int round = 0; round < n_rounds; round++)
    {
      g_autofree char *name = g_strdup_printf ("GW-%d", round);

      /* Around the clock's changes of 2026-03-29 and 2025-10-26, and the turn of a month. */
      if (round % 3 == 0)
        play (engine, random, name, "Europe/Berlin", 1774483200 * MM_SECOND);
      else if (round % 3 == 1)
        play (engine, random, name, "Europe/Berlin", 1761091200 * MM_SECOND);
      else
        play (engine, random, name, "Asia/Tokyo", 1767225600 * MM_SECOND - 4 * MM_DAY);
    }
}

/* ---- grids ---- */

/* Spans follow each other without a gap, whatever the clock does. */
static void
test_grid (void)
{
  static const gint64 widths[]
      = { MM_SECOND * 30, MM_QUARTER, 4 * MM_HOUR, 12 * MM_HOUR, MM_DAY, 7 * MM_DAY, 31 * MM_DAY };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      MmSpanGrid grid = { .zone = zone, .width = widths[i] };
      gint64 from, to, next_from, next_to;
      gint64 time = 1761091200 * MM_SECOND;

      g_assert_true (mm_span_grid_at (&grid, time, &from, &to));
      for (int k = 0; k < 3000; k++)
        {
          g_assert_cmpint (from, <=, time);
          g_assert_cmpint (to, >, time);
          g_assert_true (mm_span_grid_at (&grid, to, &next_from, &next_to));
          g_assert_cmpint (next_from, ==, to);
          g_assert_true (mm_span_grid_at (&grid, to - 1, &next_from, &next_to));
          g_assert_cmpint (next_from, ==, from);
          g_assert_cmpint (next_to, ==, to);
          time = to;
          g_assert_true (mm_span_grid_at (&grid, time, &from, &to));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc == 3 && strcmp (argv[1], "--rounds") == 0)
    n_rounds = atoi (argv[2]);
  g_test_add ("/rolling/random", Engine, NULL, engine_set_up, test_random, engine_tear_down);
  g_test_add_func ("/rolling/grid", test_grid);
  return g_test_run ();
}

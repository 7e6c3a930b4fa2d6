/* Roll-ups: what comes of stretches put together is what comes of all their points, and it comes
 * back from few bytes, whatever those are. `test-rollups --rounds N` plays longer. */
#include "mm-rollups.h"

#include "mm-energy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define QUARTER (15 * G_TIME_SPAN_MINUTE)
#define N_QUARTERS 96

static int n_rounds = 300;

typedef struct
{
  gint64 time;
  double value;
} Point;

/* ---- making points ---- */

/* Counters that rise, tremble, begin anew and wrap; powers; anything. */
static double
next_value (GRand *random, int kind, double before)
{
  int what = g_rand_int_range (random, 0, 100);

  switch (kind)
    {
    case 0:
    case 1:
      if (what < 2)
        return kind == 0 ? 0 : g_rand_int_range (random, 0, 50);
      if (what < 15)
        return before > 10 ? round (before * 998.5) / 1000 : before;
      return what < 30 ? before : round ((before + g_rand_double (random) * 40) * 1000) / 1000;
    case 2:
      return g_rand_int_range (random, -40000, 40000) / 10.0;
    case 3:
      return 230 + g_rand_double (random);
    case 4:
      return 50;
    default:
      return ldexp (g_rand_double (random) - 0.5, g_rand_int_range (random, -1000, 1000));
    }
}

static GArray *
make_points (GRand *random, int kind)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (Point));
  gint64 step = g_rand_int_range (random, 1, 40) * 30 * G_TIME_SPAN_SECOND;
  gboolean exact = g_rand_boolean (random);
  Point point = { .value = kind < 2 ? 10000 : 0 };

  for (gint64 time = 0; time < N_QUARTERS * QUARTER; time += step)
    {
      point.time = time;
      if (!exact)
        point.time += g_rand_int_range (random, 0, 29999999);
      point.value = next_value (random, kind, point.value);
      if (g_rand_int_range (random, 0, 10) > 0)
        g_array_append_val (points, point);
      if (g_rand_int_range (random, 0, 200) == 0)
        time += g_rand_int_range (random, 1, 12) * QUARTER;
    }
  if (points->len == 0)
    g_array_append_val (points, point);
  return points;
}

static GArray *
roll (const GArray *points, gint64 length)
{
  GArray *rollups = g_array_new (FALSE, FALSE, sizeof (MmRollup));

  for (guint i = 0; i < points->len; i++)
    {
      const Point *point = &g_array_index (points, Point, i);
      MmRollup fresh = { .start = point->time - point->time % length };

      if (rollups->len == 0
          || g_array_index (rollups, MmRollup, rollups->len - 1).start != fresh.start)
        g_array_append_val (rollups, fresh);
      mm_rollup_add (&g_array_index (rollups, MmRollup, rollups->len - 1), point->time,
                     point->value);
    }
  return rollups;
}

/* ---- putting together ---- */

static void
assert_near (double a, double b, double scale)
{
  if (!(fabs (a - b) <= scale * 1e-12))
    g_error ("%.17g is not %.17g", a, b);
}

/* @exact: nothing was added up in another order */
static void
assert_same (const MmRollup *a, const MmRollup *b, gboolean is_counter)
{
  double scale = MAX (fabs (b->min), fabs (b->max));

  g_assert_cmpint (a->start, ==, b->start);
  g_assert_cmpuint (a->count, ==, b->count);
  g_assert_cmpint (a->first_time, ==, b->first_time);
  g_assert_cmpint (a->last_time, ==, b->last_time);
  g_assert_cmpmem (&a->first, sizeof (double), &b->first, sizeof (double));
  g_assert_cmpmem (&a->last, sizeof (double), &b->last, sizeof (double));
  g_assert_true (a->min == b->min);
  g_assert_true (a->max == b->max);
  assert_near (a->sum / a->count, b->sum / b->count, scale);
  if (!is_counter)
    return;
  g_assert_cmpint (a->was_reset, ==, b->was_reset);
  assert_near (a->counted, b->counted, MAX (b->counted, scale));
  g_assert_true (a->reached == b->reached);
  g_assert_true (a->peak == b->peak);
}

static void
test_merge (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261123);

  for (int round = 0; round < n_rounds * 10; round++)
    {
      int kind = g_rand_int_range (random, 0, 6);
      g_autoptr (GArray) points = make_points (random, kind);
      g_autoptr (GArray) quarters = roll (points, QUARTER);
      g_autoptr (GArray) whole = roll (points, N_QUARTERS * QUARTER);
      MmRollup left = { 0 }, right = { 0 };
      guint cut = (guint) g_rand_int_range (random, 0, (gint32) quarters->len + 1);

      /* In whatever order they are put together. */
      for (guint i = 0; i < quarters->len; i++)
        mm_rollup_merge (i < cut ? &left : &right, &g_array_index (quarters, MmRollup, i));
      if (right.count > 0)
        mm_rollup_merge (&left, &right);
      left.start = 0;
      assert_same (&left, &g_array_index (whole, MmRollup, 0), kind < 2);
    }
}

/* Energies of spans, from a stand before them. */
static void
test_step (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);

  for (int round = 0; round < n_rounds * 10; round++)
    {
      g_autoptr (GArray) points = make_points (random, g_rand_int_range (random, 0, 2));
      g_autoptr (GArray) quarters = roll (points, QUARTER);
      double at = 9990 + g_rand_double (random) * 20, reached = at;
      double first = 0, within = 0, energy = 0;
      guint k = 0;

      for (guint i = 0; i < points->len; i++)
        energy += mm_energy_step (reached, g_array_index (points, Point, i).value, &reached);
      for (; k < quarters->len; k++)
        {
          MmRollupStep step = mm_rollup_step (at, &g_array_index (quarters, MmRollup, k));

          first += step.to_first;
          within += step.within;
          at = step.reached;
        }
      g_assert_true (at == reached);
      assert_near (first + within, energy, MAX (energy, 1e4));
    }
}

static void
test_falls (void)
{
  MmRollup next = { 0 };
  MmRollupStep step;

  mm_rollup_add (&next, 1, 99.5);
  mm_rollup_add (&next, 2, 98.8);
  mm_rollup_add (&next, 3, 98.9);
  g_assert_false (next.was_reset);
  /* Each by little, together by more than 1 %: it began anew at 98.8. */
  step = mm_rollup_step (100, &next);
  assert_near (step.to_first + step.within, 98.9, 100);
  assert_near (step.reached, 98.9, 100);
}

/* ---- bytes ---- */

#define MAX_SERIES 9

static void
check (const MmRollupSeries *series, guint n)
{
  g_autoptr (GByteArray) bytes = mm_rollups_encode (series, n);
  g_autoptr (MmBlock) block = mm_block_open (bytes->data, bytes->len, NULL);
  g_autoptr (GArray) rollups = g_array_new (FALSE, FALSE, sizeof (MmRollup));
  g_autoptr (GArray) numbers = NULL;
  g_auto (MmRollupsReader) reader = { 0 };

  g_assert_nonnull (block);
  mm_rollups_reader_init (&reader, block);
  numbers = mm_rollups_series (block);
  g_assert_cmpuint (numbers->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (g_array_index (numbers, guint32, i), ==, series[i].series);
      g_array_set_size (rollups, 1);
      g_assert_true (mm_rollups_read (&reader, series[i].series, rollups, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (rollups->len, ==, series[i].n + 1);
      for (guint k = 0; k < series[i].n; k++)
        assert_same (&g_array_index (rollups, MmRollup, k + 1), &series[i].rollups[k],
                     series[i].is_counter);
    }
  g_array_set_size (rollups, 0);
  g_assert_true (mm_rollups_read (&reader, series[n - 1].series + 1, rollups, NULL));
  g_assert_cmpuint (rollups->len, ==, 0);
}

/* Devices that report together. */
static void
share_times (const GArray *from, GArray *to)
{
  g_array_set_size (to, MIN (from->len, to->len));
  for (guint i = 0; i < to->len; i++)
    {
      const MmRollup *a = &g_array_index (from, MmRollup, i);
      MmRollup *b = &g_array_index (to, MmRollup, i);

      b->start = a->start;
      b->count = a->count;
      b->first_time = a->first_time;
      b->last_time = a->last_time;
      if (b->count <= 2)
        b->sum = b->count == 1 ? b->first : b->first + b->last;
    }
}

static GByteArray *
some_bytes (GRand *random, gboolean verify)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  MmRollupSeries series[MAX_SERIES];
  guint n = (guint) g_rand_int_range (random, 1, MAX_SERIES + 1);

  for (guint i = 0; i < n; i++)
    {
      int kind = g_rand_int_range (random, 0, 6);
      g_autoptr (GArray) points = make_points (random, kind);
      GArray *quarters = roll (points, QUARTER);

      if (i > 0 && g_rand_boolean (random))
        share_times (all->pdata[g_rand_int_range (random, 0, (gint32) i)], quarters);
      g_ptr_array_add (all, quarters);
      series[i] = (MmRollupSeries){ i * 100 + 7, kind < 2, quarters->len,
                                    (const MmRollup *) quarters->data };
    }
  if (verify)
    check (series, n);
  return mm_rollups_encode (series, n);
}

static void
test_bytes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (int round = 0; round < n_rounds; round++)
    {
      g_autoptr (GByteArray) bytes = some_bytes (random, TRUE);

      g_assert_cmpuint (bytes->len, >, 0);
    }
}

static void
test_bounds (void)
{
  static MmRollup rollups[MM_ROLLUPS_MAX];
  MmRollupSeries series[MM_ROLLUPS_MAX_SERIES];

  for (guint i = 0; i < MM_ROLLUPS_MAX; i++)
    {
      rollups[i].start = i * QUARTER;
      for (guint k = 0; k < 5; k++)
        mm_rollup_add (&rollups[i], i * QUARTER + (gint64) k * 100000007 + 1,
                       k % 2 != 0 ? 1e308 : -1e300 - i);
    }
  for (guint i = 0; i < MM_ROLLUPS_MAX_SERIES; i++)
    series[i] = (MmRollupSeries){ i, TRUE, MM_ROLLUPS_MAX, rollups };
  check (series, MM_ROLLUPS_MAX_SERIES);
}

/* Whatever the columns of a block say: it is read, or refused as a whole. */
static void
test_hostile (void)
{
  static const double wild[]
      = { 0, -1, 0.5, 1, 2, 96, 1e6, -1e-9, 4294967295.0, 4294967296.0, 1e300, -1e300 };
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  g_autoptr (GArray) rollups = g_array_new (FALSE, FALSE, sizeof (MmRollup));
  guint n_read = 0;

  for (int round = 0; round < n_rounds * 20; round++)
    {
      MmBlockPoint points[16][3];
      MmBlockSeries columns[16];
      g_auto (MmRollupsReader) reader = { 0 };
      g_autoptr (GByteArray) bytes = NULL;
      g_autoptr (MmBlock) block = NULL;
      guint n = 0;

      for (guint k = 0; k < 16; k++)
        {
          guint some = (guint) g_rand_int_range (random, 0, 4);

          if (some == 0)
            continue;
          for (guint i = 0; i < some; i++)
            points[k][i] = (MmBlockPoint){
              .time = g_rand_int_range (random, 0, 50) == 0 ? G_MAXINT64 - 3 + i : (gint64) i,
              .value = wild[g_rand_int_range (random, 0, G_N_ELEMENTS (wild))],
            };
          for (guint i = 1; i < some; i++)
            points[k][i].time = MAX (points[k][i].time, points[k][i - 1].time + 1);
          columns[n++] = (MmBlockSeries){ k, some, points[k] };
        }
      if (n == 0)
        continue;
      bytes = mm_block_encode (columns, n);
      block = mm_block_open (bytes->data, bytes->len, NULL);
      g_array_set_size (rollups, 0);
      mm_rollups_reader_init (&reader, block);
      if (!mm_rollups_read (&reader, 0, rollups, NULL))
        g_assert_cmpuint (rollups->len, ==, 0);
      for (guint i = 0; i < rollups->len; i++)
        {
          const MmRollup *r = &g_array_index (rollups, MmRollup, i);

          g_assert_cmpuint (r->count, >, 0);
          g_assert_cmpint (r->first_time, >=, r->start);
          g_assert_cmpint (r->last_time, >=, r->first_time);
          n_read++;
        }
    }
  g_assert_cmpuint (n_read, >, 0);
}

/* Single bytes turned, and cut off. */
static void
test_damage (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autoptr (GArray) rollups = g_array_new (FALSE, FALSE, sizeof (MmRollup));

  for (int round = 0; round < n_rounds; round++)
    {
      g_autoptr (GByteArray) bytes = some_bytes (random, FALSE);
      g_autoptr (MmBlock) block = NULL;
      g_auto (MmRollupsReader) reader = { 0 };

      if (round % 2 == 0)
        bytes->data[g_rand_int_range (random, 0, (gint32) bytes->len)] ^= 0x10;
      else
        g_byte_array_set_size (bytes, (guint) g_rand_int_range (random, 0, (gint32) bytes->len));
      block = mm_block_open (bytes->data, bytes->len, NULL);
      mm_rollups_reader_init (&reader, block);
      for (guint i = 0; block != NULL && i < MAX_SERIES; i++)
        mm_rollups_read (&reader, i * 100 + 7, rollups, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc == 3 && strcmp (argv[1], "--rounds") == 0)
    n_rounds = atoi (argv[2]);
  g_test_add_func ("/rollups/merge", test_merge);
  g_test_add_func ("/rollups/step", test_step);
  g_test_add_func ("/rollups/falls", test_falls);
  g_test_add_func ("/rollups/bytes", test_bytes);
  g_test_add_func ("/rollups/bounds", test_bounds);
  g_test_add_func ("/rollups/hostile", test_hostile);
  g_test_add_func ("/rollups/damage", test_damage);
  return g_test_run ();
}

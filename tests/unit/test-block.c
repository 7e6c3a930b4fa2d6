/* Blocks: every finite double and every time comes back bit by bit, what devices report together
 * shares its times, and damage is found and stays where it is. `test-block --rounds N` plays
 * longer. */
#include "mm-block.h"

#include "mm-error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define MAX_SERIES 12

static int n_rounds = 400;

/* ---- making series ---- */

typedef struct
{
  guint n;
  MmBlockSeries series[MAX_SERIES];
  GArray *points[MAX_SERIES];
} Model;

static void
model_clear (Model *model)
{
  for (guint i = 0; i < model->n; i++)
    g_array_unref (model->points[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Model, model_clear)

static double
some_double (GRand *random)
{
  guint64 bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random);
  double value;

  memcpy (&value, &bits, sizeof value);
  return isfinite (value) ? value : 0.5;
}

static double
some_value (GRand *random, int kind)
{
  switch (kind)
    {
    case 0:
      return g_rand_int_range (random, -4000, 4000);
    case 1:
      return g_rand_int_range (random, -400000, 400000) / 100.0;
    case 2: /* as a factor makes them */
      return g_rand_int_range (random, -4000, 4000) * 0.001;
    case 3: /* as a sign turned makes them */
      return g_rand_int_range (random, 0, 3) * -1.0;
    case 4:
      return (double) (float) (230 + g_rand_double (random));
    case 5:
      return g_rand_double (random);
    case 6:
      return 50;
    default:
      return some_double (random);
    }
}

static void
fill (GRand *random, Model *model, guint i, const GArray *times, int share)
{
  int kind = g_rand_int_range (random, 0, 8);
  gboolean late = g_rand_int_range (random, 0, 4) == 0;

  for (guint t = 0; t < times->len; t++)
    if (g_rand_int_range (random, 0, 100) < share
        || (t + 1 == times->len && model->points[i]->len == 0))
      {
        MmBlockPoint point = { .time = g_array_index (times, gint64, t),
                               .value = some_value (random, kind),
                               .is_late = late && g_rand_int_range (random, 0, 3) == 0 };

        g_array_append_val (model->points[i], point);
      }
}

static void
make (GRand *random, Model *model)
{
  guint32 number = (guint32) g_rand_int_range (random, 0, 3);

  model->n = (guint) g_rand_int_range (random, 1, MAX_SERIES + 1);
  for (guint i = 0, clock = 0; i < model->n; i++)
    {
      g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
      gint64 time = clock * 7 * G_TIME_SPAN_SECOND - g_rand_int_range (random, 0, 2) * 100000;
      guint n = (guint) g_rand_int_range (random, 1, 300);

      /* Some report together, others by themselves. */
      clock += g_rand_int_range (random, 0, 3) == 0;
      for (guint t = 0; t < n; t++)
        {
          time += G_TIME_SPAN_MINUTE + (clock % 2 != 0 ? g_rand_int_range (random, 0, 999999) : 0);
          g_array_append_val (times, time);
        }
      model->points[i] = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
      fill (random, model, i, times,
            g_rand_boolean (random) ? 100 : g_rand_int_range (random, 1, 100));
      model->series[i] = (MmBlockSeries){ number, model->points[i]->len,
                                          (const MmBlockPoint *) model->points[i]->data };
      number += (guint32) g_rand_int_range (random, 1, 200);
    }
}

/* ---- comparing ---- */

static void
assert_same (const MmBlockSeries *series, const GArray *points, guint from)
{
  g_assert_cmpuint (points->len - from, ==, series->n);
  for (guint i = 0; i < series->n; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, from + i);

      g_assert_cmpint (point->time, ==, series->points[i].time);
      g_assert_cmpmem (&point->value, sizeof (double), &series->points[i].value, sizeof (double));
      g_assert_cmpint (point->is_late, ==, series->points[i].is_late);
    }
}

static void
check (const MmBlockSeries *series, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = mm_block_encode (series, n);
  g_autoptr (MmBlock) block = mm_block_open (bytes->data, bytes->len, &error);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
  guint place;

  g_assert_no_error (error);
  g_assert_cmpuint (mm_block_n_series (block), ==, n);
  for (guint i = n; i-- > 0;)
    {
      guint before = points->len;

      g_assert_true (mm_block_find (block, series[i].series, &place));
      g_assert_cmpuint (place, ==, i);
      g_assert_cmpuint (mm_block_series (block, i), ==, series[i].series);
      g_assert_cmpuint (mm_block_n_points (block, i), ==, series[i].n);
      g_assert_true (mm_block_read (block, i, points, &error));
      g_assert_no_error (error);
      assert_same (&series[i], points, before);
    }
  g_assert_false (mm_block_find (block, series[n - 1].series + 1, &place));
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260501);

  for (int round = 0; round < n_rounds; round++)
    {
      g_auto (Model) model = { 0 };

      make (random, &model);
      check (model.series, model.n);
    }
}

static void
test_values (void)
{
  static const double values[] = { 0.0,      -0.0,  5e-324,   -5e-324, 1.7976931348623157e308,
                                   -1.7e308, 0.1,   0.1 * 3,  1e15,    9007199254740993.0,
                                   -1e-9,    1e-10, 123456.7, 1e22,    -273.15 };

  for (guint begin = 0; begin < G_N_ELEMENTS (values); begin++)
    for (guint end = begin + 1; end <= G_N_ELEMENTS (values); end++)
      {
        MmBlockPoint points[G_N_ELEMENTS (values)];
        MmBlockSeries series = { 511, end - begin, points };

        for (guint i = begin; i < end; i++)
          points[i - begin] = (MmBlockPoint){ .time = (gint64) i * i - 50, .value = values[i] };
        check (&series, 1);
      }
}

static void
test_times (void)
{
  const gint64 times[] = { G_MININT64 + 1, -1, 0, 1, G_MAXINT64 };
  MmBlockPoint points[MM_BLOCK_MAX_TIMES];
  MmBlockSeries series = { 0, G_N_ELEMENTS (times), points };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    points[i] = (MmBlockPoint){ .time = times[i], .value = 1 };
  check (&series, 1);
  for (guint i = 0; i < MM_BLOCK_MAX_TIMES; i++)
    points[i] = (MmBlockPoint){ .time = (gint64) i * i * i, .value = i, .is_late = i % 3 == 0 };
  series.n = MM_BLOCK_MAX_TIMES;
  check (&series, 1);
}

/* ---- size ---- */

/* Twenty series of a minute clock that trembles cost little more times than one. */
static void
test_times_are_shared (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  MmBlockPoint points[1440];
  MmBlockSeries series[20];
  g_autoptr (GByteArray) one = NULL;
  g_autoptr (GByteArray) all = NULL;

  for (guint i = 0; i < 1440; i++)
    points[i]
        = (MmBlockPoint){ .time = i * G_TIME_SPAN_MINUTE + g_rand_int_range (random, 0, 999999) };
  for (guint i = 0; i < 20; i++)
    series[i] = (MmBlockSeries){ i, i % 2 == 0 ? 1440 : 700, points };
  one = mm_block_encode (series, 1);
  all = mm_block_encode (series, 20);
  g_assert_cmpuint (one->len, >, 1440 * 2);
  g_assert_cmpuint (all->len, <, one->len + 20 * 32);
}

/* ---- damage ---- */

static GByteArray *
three_series (MmBlockPoint *points, guint n)
{
  MmBlockSeries series[3];

  for (guint i = 0; i < n; i++)
    points[i] = (MmBlockPoint){ .time = i * G_TIME_SPAN_MINUTE, .value = i * 37 % 100 };
  for (guint i = 0; i < 3; i++)
    series[i] = (MmBlockSeries){ i, n, points };
  return mm_block_encode (series, 3);
}

/* One damaged byte is found wherever it is, and in a column hurts only that. */
static void
test_one_byte (void)
{
  MmBlockPoint given[200];
  g_autoptr (GByteArray) bytes = three_series (given, 200);
  const MmBlockSeries series = { 0, 200, given };
  guint whole = 0, one = 0;

  for (guint i = 0; i < bytes->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MmBlock) block = NULL;
      guint n_damaged = 0;

      bytes->data[i] ^= 0x10;
      block = mm_block_open (bytes->data, bytes->len, &error);
      if (block == NULL)
        {
          g_assert_error (error, MM_ERROR, MM_ERROR_INTERNAL);
          g_assert_cmpstr (mm_error_code (error), ==, "damaged-block");
          whole++;
        }
      for (guint place = 0; block != NULL && place < 3; place++)
        {
          g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));

          g_clear_error (&error);
          if (mm_block_read (block, place, points, &error))
            {
              assert_same (&series, points, 0);
              continue;
            }
          g_assert_cmpstr (mm_error_code (error), ==, "damaged-block");
          g_assert_cmpuint (points->len, ==, 0);
          n_damaged++;
        }
      if (block != NULL)
        g_assert_cmpuint (n_damaged, ==, 1);
      one += n_damaged;
      bytes->data[i] ^= 0x10;
    }
  g_assert_cmpuint (whole, >, 20);
  g_assert_cmpuint (one, >, 300);
}

static void
test_cut (void)
{
  MmBlockPoint given[200];
  g_autoptr (GByteArray) bytes = three_series (given, 200);

  for (guint length = 0; length < bytes->len; length++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes->data, length);
      g_autoptr (MmBlock) block = mm_block_open (copy, length, NULL);
      g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));

      /* The last column is damaged at least. */
      if (block != NULL)
        g_assert_false (mm_block_read (block, 2, points, NULL));
    }
}

/* Writes the right checksums into the block of one series whose head ends at @column. */
static void
sign (GByteArray *bytes, guint head, guint column)
{
  guint16 low = GUINT16_TO_LE ((guint16) crc32_z (0, bytes->data + column, bytes->len - column));
  guint32 sum;

  memcpy (bytes->data + column - sizeof low, &low, sizeof low);
  sum = GUINT32_TO_LE ((guint32) crc32_z (0, bytes->data + head, column - head));
  memcpy (bytes->data + 1, &sum, sizeof sum);
}

/* Anything may stand in a block whose checksums are right: it is refused, or read within bounds. */
static void
test_hostile (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  guint n_opened = 0, n_read = 0;

  for (int round = 0; round < n_rounds * 20; round++)
    {
      g_auto (Model) model = { 0 };
      g_autoptr (GByteArray) bytes = NULL;
      g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
      g_autoptr (MmBlock) block = NULL;
      g_autofree guint8 *copy = NULL;
      guint head, column;

      make (random, &model);
      bytes = mm_block_encode (model.series, 1);
      head = 5 + (bytes->data[5] < 0x80 ? 1 : 2);
      column = head + (bytes->data[5] & 0x7f) + (head == 7 ? bytes->data[6] * 128u : 0);
      for (int i = g_rand_int_range (random, 1, 4); i > 0; i--)
        bytes->data[g_rand_int_range (random, (gint32) head, (gint32) bytes->len)]
            = (guint8) (g_rand_boolean (random) ? g_rand_int_range (random, 0, 4)
                                                : (gint32) g_rand_int (random));
      sign (bytes, head, column);
      copy = g_memdup2 (bytes->data, bytes->len);
      block = mm_block_open (copy, bytes->len, NULL);
      if (block == NULL)
        continue;
      n_opened++;
      for (guint i = 0; i < mm_block_n_series (block); i++)
        n_read += mm_block_read (block, i, points, NULL);
      for (guint i = 0; i < points->len; i++)
        g_assert_true (isfinite (g_array_index (points, MmBlockPoint, i).value));
    }
  g_assert_cmpuint (n_opened, >, (guint) n_rounds);
  g_assert_cmpuint (n_read, >, (guint) n_rounds);
}

int
main (int argc, char **argv)
{
  for (int i = 1; i + 1 < argc; i++)
    if (g_str_equal (argv[i], "--rounds"))
      n_rounds = atoi (argv[i + 1]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/block/random", test_random);
  g_test_add_func ("/block/values", test_values);
  g_test_add_func ("/block/times", test_times);
  g_test_add_func ("/block/times-are-shared", test_times_are_shared);
  g_test_add_func ("/block/one-byte", test_one_byte);
  g_test_add_func ("/block/cut", test_cut);
  g_test_add_func ("/block/hostile", test_hostile);
  return g_test_run ();
}

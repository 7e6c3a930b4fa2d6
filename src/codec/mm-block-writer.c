/* Writing a block; see mm-block.c for the format. */
#include "mm-block.h"

#include "mm-block-format.h"
#include "mm-integers.h"

#include <math.h>

#define EXACT_INTEGER 9007199254740992.0 /* 2^53 */
#define NEAR 2                           /* doubles */

/* Lists that a series is compared with before it gets one of its own. */
#define LISTS_TRIED 8

/* ---- values ---- */

static inline gint64
decimal (double value, guint exponent)
{
  double scaled = value * mm_block_powers[exponent];

  return fabs (scaled) < EXACT_INTEGER ? (gint64) (scaled < 0 ? scaled - 0.5 : scaled + 0.5)
                                       : G_MAXINT64;
}

/* TRUE if @value is at most @near doubles away from a decimal of @exponent places. */
static inline gboolean
is_decimal (double value, guint exponent, gint64 near)
{
  gint64 integer = decimal (value, exponent);
  gint64 away;

  if (integer == G_MAXINT64)
    return FALSE;
  away = (gint64) ((guint64) mm_block_rank (value)
                   - (guint64) mm_block_rank ((double) integer / mm_block_powers[exponent]));
  return away >= -near && away <= near;
}

/* How many places all of @points need, if they are (or are @near) decimals. */
static gboolean
find_exponent (const MmBlockPoint *points, guint n, gint64 near, guint *exponent)
{
  *exponent = 0;
  for (guint i = 0; i < n; i++)
    /* -0.0, as a sign turned makes of 0, is no reason to give up. */
    while (points[i].value != 0 && !is_decimal (points[i].value, *exponent, near))
      if (++*exponent > MM_BLOCK_MAX_EXPONENT)
        return FALSE;
  /* A value that is exact with few places is so with more, if it is not too large for it. */
  for (guint i = 0; i < n; i++)
    if (points[i].value != 0 && !is_decimal (points[i].value, *exponent, near))
      return FALSE;
  return TRUE;
}

static guint8
write_values (GByteArray *bytes, const MmBlockPoint *points, guint n)
{
  gint64 numbers[MM_BLOCK_MAX_TIMES], away[MM_BLOCK_MAX_TIMES];
  gboolean exact = TRUE;
  guint exponent;
  guint8 e;

  if (!find_exponent (points, n, 0, &exponent) && !find_exponent (points, n, NEAR, &exponent))
    {
      for (guint i = 0; i < n; i++)
        numbers[i] = mm_block_rank (points[i].value);
      mm_integers_pack (bytes, numbers, n);
      return MM_BLOCK_RAW;
    }
  e = (guint8) exponent;
  for (guint i = 0; i < n; i++)
    {
      numbers[i] = decimal (points[i].value, exponent);
      away[i]
          = (gint64) ((guint64) mm_block_rank (points[i].value)
                      - (guint64) mm_block_rank ((double) numbers[i] / mm_block_powers[exponent]));
      exact &= away[i] == 0;
    }
  g_byte_array_append (bytes, &e, 1);
  mm_integers_pack (bytes, numbers, n);
  if (!exact)
    mm_integers_pack (bytes, away, n);
  return exact ? MM_BLOCK_DECIMAL : MM_BLOCK_NEAR_DECIMAL;
}

/* ---- runs ---- */

/* Writes @flags as runs: of those that are not set, then of those that are, in turns. */
static void
write_runs (GByteArray *bytes, const guint8 *flags, guint n)
{
  gint64 off[MM_BLOCK_MAX_TIMES], on[MM_BLOCK_MAX_TIMES];
  guint n_runs = 0;

  for (guint i = 0; i < n; n_runs++)
    {
      guint begin = i;

      while (i < n && !flags[i])
        i++;
      off[n_runs] = i - begin;
      begin = i;
      while (i < n && flags[i])
        i++;
      on[n_runs] = i - begin;
    }
  mm_varint_append (bytes, n_runs);
  mm_integers_pack (bytes, off, n_runs);
  mm_integers_pack (bytes, on, n_runs);
}

/* ---- lists of times ---- */

static GArray *
times_of (const MmBlockSeries *series)
{
  GArray *times = g_array_sized_new (FALSE, FALSE, sizeof (gint64), series->n);

  for (guint i = 0; i < series->n; i++)
    g_array_append_val (times, series->points[i].time);
  return times;
}

/* How many times both have. */
static guint
in_common (const GArray *list, const MmBlockSeries *series)
{
  const gint64 *times = (const gint64 *) list->data;
  guint common = 0;

  for (guint i = 0, j = 0; i < list->len && j < series->n;)
    {
      gint64 time = series->points[j].time;

      common += times[i] == time;
      j += times[i] >= time;
      i += times[i] <= time;
    }
  return common;
}

/* Adds those of @series to @list. */
static void
unite (GArray *list, const MmBlockSeries *series)
{
  g_autoptr (GArray) before = g_array_copy (list);
  const gint64 *times = (const gint64 *) before->data;
  guint i = 0, j = 0;

  g_array_set_size (list, 0);
  while (i < before->len || j < series->n)
    {
      gboolean from_list
          = j == series->n || (i < before->len && times[i] <= series->points[j].time);
      gint64 time = from_list ? times[i] : series->points[j].time;

      j += j < series->n && series->points[j].time == time;
      i += from_list;
      g_array_append_val (list, time);
    }
}

/* Finds a list that has at least half of the series' times, or makes one. */
static guint
choose_list (GPtrArray *lists, const MmBlockSeries *series)
{
  for (guint i = 0; i < MIN (lists->len, LISTS_TRIED); i++)
    {
      guint common = in_common (lists->pdata[i], series);

      if (common < series->n && common * 2 >= series->n)
        unite (lists->pdata[i], series);
      if (common * 2 >= series->n)
        return i;
    }
  g_ptr_array_add (lists, times_of (series));
  return lists->len - 1;
}

static int
longer_first (gconstpointer a, gconstpointer b, gpointer data)
{
  const MmBlockSeries *series = data;
  guint p = *(const guint *) a, q = *(const guint *) b;

  if (series[p].n != series[q].n)
    return series[p].n > series[q].n ? -1 : 1;
  return p < q ? -1 : p > q;
}

/* Returns which list each of the series shall use. */
static guint *
share_lists (GPtrArray *lists, const MmBlockSeries *series, guint n_series)
{
  guint *list_of = g_new (guint, n_series);
  g_autofree guint *by_length = g_new (guint, n_series);

  for (guint i = 0; i < n_series; i++)
    by_length[i] = i;
  g_qsort_with_data (by_length, (int) n_series, sizeof *by_length, longer_first, (gpointer) series);
  for (guint i = 0; i < n_series; i++)
    list_of[by_length[i]] = choose_list (lists, &series[by_length[i]]);
  return list_of;
}

/* ---- bounds ---- */

static guint
n_before (const MmBlockSeries *series, gint64 time)
{
  guint low = 0, high = series->n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (series->points[middle].time < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
few_before (const MmBlockSeries *series, guint n_series, gint64 time)
{
  guint64 n = 0;

  for (guint i = 0; i < n_series; i++)
    n += n_before (&series[i], time);
  return n <= MM_BLOCK_MAX_POINTS;
}

gboolean
mm_block_fits (const MmBlockSeries *series, guint n_series, gint64 *until)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint low = 1, high;
  guint64 n = 0;

  for (guint i = 0; i < n_series; i++)
    {
      n += series[i].n;
      if (in_common (times, &series[i]) < series[i].n)
        unite (times, &series[i]);
    }
  if (times->len <= MM_BLOCK_MAX_TIMES && n <= MM_BLOCK_MAX_POINTS)
    return TRUE;
  /* The largest number of times, but one at least, whose points are not too many. */
  high = MIN (times->len - 1, MM_BLOCK_MAX_TIMES);
  while (low < high)
    {
      guint middle = low + (high - low + 1) / 2;

      if (few_before (series, n_series, g_array_index (times, gint64, middle)))
        low = middle;
      else
        high = middle - 1;
    }
  *until = g_array_index (times, gint64, low);
  return FALSE;
}

/* ---- the whole ---- */

static gboolean
mark_times (const MmBlockSeries *series, const GArray *list, guint8 *is_own)
{
  for (guint i = 0, j = 0; i < list->len; i++)
    {
      is_own[i] = j < series->n && series->points[j].time == g_array_index (list, gint64, i);
      j += is_own[i];
    }
  return series->n < list->len;
}

static gboolean
mark_late (const MmBlockSeries *series, guint8 *is_late)
{
  gboolean any = FALSE;

  for (guint i = 0; i < series->n; i++)
    {
      is_late[i] = series->points[i].is_late != FALSE;
      any |= is_late[i] != 0;
    }
  return any;
}

static void
write_column (GByteArray *bytes, const MmBlockSeries *series, const GArray *list)
{
  guint8 flags[MM_BLOCK_MAX_TIMES], kind = 0;
  guint begin = bytes->len;

  g_byte_array_append (bytes, &kind, 1);
  if (mark_times (series, list, flags))
    {
      kind |= MM_BLOCK_SOME_TIMES;
      write_runs (bytes, flags, list->len);
    }
  if (mark_late (series, flags))
    {
      kind |= MM_BLOCK_SOME_LATE;
      write_runs (bytes, flags, series->n);
    }
  kind |= write_values (bytes, series->points, series->n);
  bytes->data[begin] = kind;
}

GByteArray *
mm_block_encode (const MmBlockSeries *series, guint n_series)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (GByteArray) head = g_byte_array_new ();
  g_autoptr (GByteArray) columns = g_byte_array_new ();
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autofree guint *list_of = share_lists (lists, series, n_series);
  guint8 start[MM_BLOCK_HEAD_AT] = { MM_BLOCK_VERSION };
  guint32 sum;

  mm_varint_append (head, lists->len);
  for (guint i = 0; i < lists->len; i++)
    {
      const GArray *list = lists->pdata[i];

      g_assert (list->len <= MM_BLOCK_MAX_TIMES);
      mm_varint_append (head, list->len);
      mm_integers_pack (head, (const gint64 *) list->data, list->len);
    }
  mm_varint_append (head, n_series);
  for (guint i = 0; i < n_series; i++)
    {
      guint begin = columns->len;
      guint16 low;

      write_column (columns, &series[i], lists->pdata[list_of[i]]);
      low = GUINT16_TO_LE (
          (guint16) mm_block_checksum (columns->data + begin, columns->len - begin));
      mm_varint_append (head, i > 0 ? series[i].series - series[i - 1].series : series[i].series);
      mm_varint_append (head, list_of[i]);
      mm_varint_append (head, series[i].n);
      mm_varint_append (head, columns->len - begin);
      g_byte_array_append (head, (const guint8 *) &low, sizeof low);
    }
  sum = GUINT32_TO_LE (mm_block_checksum (head->data, head->len));
  memcpy (start + 1, &sum, sizeof sum);
  g_byte_array_append (bytes, start, sizeof start);
  mm_varint_append (bytes, head->len);
  g_byte_array_append (bytes, head->data, head->len);
  g_byte_array_append (bytes, columns->data, columns->len);
  return bytes;
}

/* A block.
 *
 *   byte       version, 1
 *   4 bytes    CRC-32 of the head, little-endian
 *   varint     length of the head
 *   the head   varint  number of lists of times
 *              of each: varint number of times, then the times (mm-integers.h)
 *              varint  number of columns, one per series
 *              of each: varint how much higher the series is than the one before (the first: its
 *              number), varint which list, varint number of points, varint length, 2 bytes: the low
 *              half of the CRC-32 of its bytes
 *   columns    one after the other
 *
 * Devices that report together share their times, so a block keeps each list of times once. Series
 * that have most of their times in common share one list, and those that lack some of them say
 * which.
 *
 * A column begins with a byte: bits 0–1 how values are written, bit 2 says that not all times of
 * the list are its own, bit 3 that some of its points came late. Then, as far as the bits call for
 * them:
 *
 *   the times  varint n, then n numbers of times that are skipped and n of times that are taken, in
 *              turns
 *   late       likewise: n numbers of points in time, n of late ones
 *   values     0 decimals: a byte e, then an integer for each, to be divided by 10^e
 *              1 the same, and after it how many doubles further up each value stands
 *              2 the place of each value in the order of all doubles
 */
#include "mm-block.h"

#include "mm-block-format.h"
#include "mm-error.h"
#include "mm-integers.h"

#include <math.h>

static gboolean
damaged (GError **error)
{
  return mm_error_set (error, MM_ERROR_INTERNAL, "damaged-block",
                       "A block of stored values is damaged.");
}

/* ---- the head ---- */

typedef struct
{
  guint n;
  gint64 *times;
} List;

/* @at: NULL if its bytes are not there */
typedef struct
{
  guint32 series;
  guint n;
  List *list;
  guint16 sum;
  const guint8 *at;
  gsize length;
} Column;

struct _MmBlock
{
  GArray *lists;
  GArray *columns;
};

static void
list_clear (gpointer data)
{
  g_free (((List *) data)->times);
}

void
mm_block_free (MmBlock *block)
{
  if (block == NULL)
    return;
  g_array_unref (block->lists);
  g_array_unref (block->columns);
  g_free (block);
}

static gboolean
read_lists (MmBlock *block, const guint8 **at, const guint8 *end)
{
  guint64 n_lists, n, total = 0;

  if (!mm_varint_read (at, end, &n_lists) || n_lists > (guint64) (end - *at))
    return FALSE;
  for (guint64 i = 0; i < n_lists; i++)
    {
      List list = { 0 };

      if (!mm_varint_read (at, end, &n) || n == 0 || n > MM_BLOCK_MAX_TIMES
          || (total += n) > MM_BLOCK_MAX_POINTS)
        return FALSE;
      list.n = (guint) n;
      list.times = g_new (gint64, n);
      g_array_append_val (block->lists, list);
      if (!mm_integers_unpack (at, end, list.times, list.n))
        return FALSE;
      for (guint k = 1; k < list.n; k++)
        if (list.times[k] <= list.times[k - 1])
          return FALSE;
    }
  return TRUE;
}

static gboolean
read_columns (MmBlock *block, const guint8 **at, const guint8 *end)
{
  guint64 n_columns, step, list, n, length, series = 0;

  if (!mm_varint_read (at, end, &n_columns) || n_columns > (guint64) (end - *at))
    return FALSE;
  for (guint64 i = 0; i < n_columns; i++)
    {
      Column column = { 0 };

      if (!mm_varint_read (at, end, &step) || !mm_varint_read (at, end, &list)
          || !mm_varint_read (at, end, &n) || !mm_varint_read (at, end, &length)
          || end - *at < (gssize) sizeof column.sum)
        return FALSE;
      if (step > G_MAXUINT32 || (i > 0 && step == 0) || series + step > G_MAXUINT32
          || list >= block->lists->len)
        return FALSE;
      series += step;
      column.series = (guint32) series;
      column.list = &g_array_index (block->lists, List, list);
      if (n == 0 || n > column.list->n)
        return FALSE;
      column.n = (guint) n;
      column.length = length;
      memcpy (&column.sum, *at, sizeof column.sum);
      column.sum = GUINT16_FROM_LE (column.sum);
      *at += sizeof column.sum;
      g_array_append_val (block->columns, column);
    }
  return *at == end;
}

static void
place_columns (MmBlock *block, const guint8 *at, const guint8 *end)
{
  for (guint i = 0; i < block->columns->len; i++)
    {
      Column *column = &g_array_index (block->columns, Column, i);

      /* What is cut off is damaged, and so is all behind it. */
      if (column->length > (gsize) (end - at))
        return;
      column->at = at;
      at += column->length;
    }
}

/* Checks the head and reads it; says where the columns begin. */
static gboolean
read_head (MmBlock *block, const guint8 *data, gsize length, const guint8 **columns)
{
  const guint8 *at, *end = data + length;
  guint64 head_length;
  guint32 sum;

  at = data + MM_BLOCK_HEAD_AT;
  if (data[0] != MM_BLOCK_VERSION || !mm_varint_read (&at, end, &head_length)
      || head_length > (guint64) (end - at))
    return FALSE;
  *columns = at + head_length;
  memcpy (&sum, data + 1, sizeof sum);
  return GUINT32_FROM_LE (sum) == mm_block_checksum (at, head_length)
         && read_lists (block, &at, *columns) && read_columns (block, &at, *columns);
}

MmBlock *
mm_block_open (const guint8 *data, gsize length, GError **error)
{
  g_autoptr (MmBlock) block = g_new0 (MmBlock, 1);
  const guint8 *columns;

  block->lists = g_array_new (FALSE, FALSE, sizeof (List));
  block->columns = g_array_new (FALSE, FALSE, sizeof (Column));
  g_array_set_clear_func (block->lists, list_clear);
  if (length <= MM_BLOCK_HEAD_AT || !read_head (block, data, length, &columns))
    {
      damaged (error);
      return NULL;
    }
  place_columns (block, columns, data + length);
  return g_steal_pointer (&block);
}

guint
mm_block_n_series (const MmBlock *block)
{
  return block->columns->len;
}

guint32
mm_block_series (const MmBlock *block, guint place)
{
  return g_array_index (block->columns, Column, place).series;
}

guint
mm_block_n_points (const MmBlock *block, guint place)
{
  return g_array_index (block->columns, Column, place).n;
}

static int
compare_series (gconstpointer a, gconstpointer b)
{
  const Column *p = a, *q = b;

  return p->series < q->series ? -1 : p->series > q->series;
}

gboolean
mm_block_find (const MmBlock *block, guint32 series, guint *place)
{
  const Column key = { .series = series };

  return g_array_binary_search (block->columns, &key, compare_series, place);
}

/* ---- columns ---- */

/* Fills the @n @flags; @n_on says how many are set. */
static gboolean
read_runs (const guint8 **at, const guint8 *end, guint8 *flags, guint n, guint *n_on)
{
  gint64 off[MM_BLOCK_MAX_TIMES], on[MM_BLOCK_MAX_TIMES];
  guint64 n_runs;
  guint i = 0;

  *n_on = 0;
  if (!mm_varint_read (at, end, &n_runs) || n_runs > n
      || !mm_integers_unpack (at, end, off, (guint) n_runs)
      || !mm_integers_unpack (at, end, on, (guint) n_runs))
    return FALSE;
  for (guint run = 0; run < n_runs; run++)
    {
      if (off[run] < 0 || off[run] > n - i)
        return FALSE;
      memset (flags + i, 0, (gsize) off[run]);
      i += (guint) off[run];
      if (on[run] < 0 || on[run] > n - i)
        return FALSE;
      memset (flags + i, 1, (gsize) on[run]);
      i += (guint) on[run];
      *n_on += (guint) on[run];
    }
  return i == n;
}

static gboolean
read_decimals (const guint8 **at,
               const guint8 *end,
               gboolean is_near,
               gint64 *numbers,
               MmBlockPoint *points,
               guint n)
{
  double power;

  if (*at == end || **at > MM_BLOCK_MAX_EXPONENT)
    return FALSE;
  power = mm_block_powers[*(*at)++];
  if (!mm_integers_unpack (at, end, numbers, n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    points[i].value = (double) numbers[i] / power;
  if (!is_near)
    return TRUE;
  if (!mm_integers_unpack (at, end, numbers, n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      points[i].value = mm_block_at_rank (
          (gint64) ((guint64) mm_block_rank (points[i].value) + (guint64) numbers[i]));
      if (!isfinite (points[i].value))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_values (const guint8 **at, const guint8 *end, guint8 kind, MmBlockPoint *points, guint n)
{
  gint64 numbers[MM_BLOCK_MAX_TIMES];

  if (kind == MM_BLOCK_DECIMAL || kind == MM_BLOCK_NEAR_DECIMAL)
    return read_decimals (at, end, kind == MM_BLOCK_NEAR_DECIMAL, numbers, points, n);
  if (kind != MM_BLOCK_RAW || !mm_integers_unpack (at, end, numbers, n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      points[i].value = mm_block_at_rank (numbers[i]);
      if (!isfinite (points[i].value))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_times (
    const guint8 **at, const guint8 *end, const Column *column, gboolean some, MmBlockPoint *points)
{
  guint8 is_own[MM_BLOCK_MAX_TIMES];
  const List *list = column->list;
  guint n = list->n;

  if (some && !read_runs (at, end, is_own, list->n, &n))
    return FALSE;
  if (n != column->n)
    return FALSE;
  for (guint i = 0, j = 0; i < list->n; i++)
    if (!some || is_own[i])
      points[j++] = (MmBlockPoint){ .time = list->times[i] };
  return TRUE;
}

static gboolean
read_late (const guint8 **at, const guint8 *end, MmBlockPoint *points, guint n)
{
  guint8 is_late[MM_BLOCK_MAX_TIMES];
  guint n_late;

  if (!read_runs (at, end, is_late, n, &n_late))
    return FALSE;
  for (guint i = 0; i < n; i++)
    points[i].is_late = is_late[i];
  return TRUE;
}

static gboolean
read_column (const Column *column, MmBlockPoint *points)
{
  const guint8 *at = column->at, *end;
  guint8 kind;

  if (at == NULL || column->length == 0
      || column->sum != (guint16) mm_block_checksum (at, column->length))
    return FALSE;
  end = at + column->length;
  kind = *at++;
  return (kind & ~(MM_BLOCK_KIND | MM_BLOCK_SOME_TIMES | MM_BLOCK_SOME_LATE)) == 0
         && read_times (&at, end, column, (kind & MM_BLOCK_SOME_TIMES) != 0, points)
         && ((kind & MM_BLOCK_SOME_LATE) == 0 || read_late (&at, end, points, column->n))
         && read_values (&at, end, kind & MM_BLOCK_KIND, points, column->n) && at == end;
}

gboolean
mm_block_read (MmBlock *block, guint place, GArray *points, GError **error)
{
  const Column *column = &g_array_index (block->columns, Column, place);
  guint before = points->len;

  g_array_set_size (points, before + column->n);
  if (read_column (column, &g_array_index (points, MmBlockPoint, before)))
    return TRUE;
  g_array_set_size (points, before);
  return damaged (error);
}

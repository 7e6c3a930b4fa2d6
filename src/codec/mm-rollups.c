/* The column number k of the series s is number 16 s + k of the block; its points stand at the
 * starts of the roll-ups. Only that of the first values is always there. One that is not:
 *
 *   counts       are 1
 *   first times  are the starts; the column holds seconds after them
 *   last times   are the first ones; the column holds seconds after the starts
 *   last values  are the first ones
 *   lowest, highest  are the lower and higher of first and last
 *   sums         are those of first and last if there are no more than two
 *   counted, reached, peak  follow from the rest; they are there for the roll-ups only in which a
 *                counter began anew
 */
#include "mm-rollups.h"

#include "mm-error.h"

#include <math.h>
#include <string.h>

enum
{
  FIRST,
  COUNT,
  FIRST_TIME,
  LAST_TIME,
  LAST,
  MINIMUM,
  MAXIMUM,
  SUM,
  COUNTED,
  REACHED,
  PEAK,
  N_COLUMNS,
};

#define COLUMNS_SHIFT 4

/* Decimals that a sum may be rounded to. */
#define MAX_DECIMALS 9

/* Within this, in seconds, after the start points of a roll-up must be: a year. */
#define MAX_SECONDS 31622400.0

/* ---- writing ---- */

static double
default_sum (const MmRollup *rollup)
{
  return rollup->count == 1 ? rollup->first : rollup->first + rollup->last;
}

/* The sum, without what adding up made of its last digits. */
static double
plain_sum (const MmRollup *rollup)
{
  double bound = MAX (fabs (rollup->min), fabs (rollup->max)) * rollup->count * 1e-15;

  for (int i = 0; i <= MAX_DECIMALS; i++)
    {
      static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
      double whole = round (rollup->sum * powers[i]);

      if (fabs (whole) > 1e15)
        break;
      if (fabs (whole / powers[i] - rollup->sum) <= bound)
        return whole / powers[i];
    }
  return rollup->sum;
}

static double
seconds_after (gint64 time, gint64 start)
{
  return (double) (time - start) / G_TIME_SPAN_SECOND;
}

/* What stands in @column for @rollup; FALSE if it can be told from the columns before. */
static gboolean
column_value (const MmRollup *rollup, guint column, double *value)
{
  double told;

  switch (column)
    {
    case FIRST:
      *value = rollup->first;
      return TRUE;
    case COUNT:
      *value = rollup->count;
      told = 1;
      break;
    case FIRST_TIME:
      *value = seconds_after (rollup->first_time, rollup->start);
      told = 0;
      break;
    case LAST_TIME:
      *value = seconds_after (rollup->last_time, rollup->start);
      told = seconds_after (rollup->first_time, rollup->start);
      break;
    case LAST:
      *value = rollup->last;
      told = rollup->first;
      break;
    case MINIMUM:
      *value = rollup->min;
      told = MIN (rollup->first, rollup->last);
      break;
    case MAXIMUM:
      *value = rollup->max;
      told = MAX (rollup->first, rollup->last);
      break;
    case SUM:
      if (rollup->count <= 2)
        {
          *value = default_sum (rollup);
          return FALSE;
        }
      *value = plain_sum (rollup);
      return TRUE;
    case COUNTED:
      *value = rollup->counted;
      return rollup->was_reset;
    case REACHED:
      *value = rollup->reached;
      return rollup->was_reset;
    default:
      *value = rollup->peak;
      return rollup->was_reset;
    }
  /* Zeros have signs. */
  return memcmp (value, &told, sizeof told) != 0;
}

/* Appends @column to @points if it is called for; those of resets only where there was one. */
static guint
write_column (const MmRollupSeries *series, guint column, GArray *points)
{
  guint before = points->len;
  gboolean any = FALSE;

  for (guint i = 0; i < series->n; i++)
    {
      MmBlockPoint point = { .time = series->rollups[i].start };
      gboolean told = !column_value (&series->rollups[i], column, &point.value);

      any |= !told;
      if (column < COUNTED || !told)
        g_array_append_val (points, point);
    }
  if (!any)
    g_array_set_size (points, before);
  return points->len - before;
}

GByteArray *
mm_rollups_encode (const MmRollupSeries *series, guint n_series)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (MmBlockSeries));
  guint at = 0;

  g_assert (n_series <= MM_ROLLUPS_MAX_SERIES);
  for (guint i = 0; i < n_series; i++)
    for (guint k = 0; k < (series[i].is_counter ? N_COLUMNS : COUNTED); k++)
      {
        MmBlockSeries column = { .series = series[i].series << COLUMNS_SHIFT | k };

        g_assert (series[i].n <= MM_ROLLUPS_MAX);
        column.n = write_column (&series[i], k, points);
        if (column.n > 0)
          g_array_append_val (columns, column);
      }
  for (guint i = 0; i < columns->len; i++)
    {
      MmBlockSeries *column = &g_array_index (columns, MmBlockSeries, i);

      column->points = &g_array_index (points, MmBlockPoint, at);
      at += column->n;
    }
  return mm_block_encode ((const MmBlockSeries *) columns->data, columns->len);
}

/* ---- reading ---- */

static gboolean
damaged (GError **error)
{
  return mm_error_set (error, MM_ERROR_INTERNAL, "damaged-block",
                       "A block of stored values is damaged.");
}

/* Takes a time after the start; FALSE if it cannot be one. */
static gboolean
take_time (gint64 start, double seconds, gint64 *time)
{
  if (!(seconds >= 0 && seconds <= MAX_SECONDS) || start > G_MAXINT64 - G_TIME_SPAN_DAY * 366)
    return FALSE;
  *time = start + llround (seconds * G_TIME_SPAN_SECOND);
  return TRUE;
}

/* Takes the value of @column, or without @value what it is if the column is not there. */
static gboolean
take (MmRollup *rollup, guint column, const double *value)
{
  switch (column)
    {
    case COUNT:
      rollup->count = 1;
      if (value == NULL)
        return TRUE;
      if (!(*value >= 1 && *value <= G_MAXUINT32) || *value != floor (*value))
        return FALSE;
      rollup->count = (guint) *value;
      return TRUE;
    case FIRST_TIME:
      return take_time (rollup->start, value != NULL ? *value : 0, &rollup->first_time);
    case LAST_TIME:
      rollup->last_time = rollup->first_time;
      return value == NULL
             || (take_time (rollup->start, *value, &rollup->last_time)
                 && rollup->last_time >= rollup->first_time);
    case LAST:
      rollup->last = value != NULL ? *value : rollup->first;
      return TRUE;
    case MINIMUM:
      rollup->min = value != NULL ? *value : MIN (rollup->first, rollup->last);
      return TRUE;
    case MAXIMUM:
      rollup->max = value != NULL ? *value : MAX (rollup->first, rollup->last);
      return TRUE;
    case SUM:
      rollup->sum = value != NULL ? *value : default_sum (rollup);
      mm_rollup_count_on (rollup);
      return TRUE;
    case COUNTED:
      rollup->was_reset = TRUE;
      rollup->counted = *value;
      return TRUE;
    case REACHED:
      rollup->reached = *value;
      return TRUE;
    default:
      rollup->peak = *value;
      return TRUE;
    }
}

/* Takes a column that has a value for every roll-up, or none at all. */
static gboolean
take_whole (MmRollup *rollups, guint n, guint column, const GArray *points)
{
  if (points->len != 0 && points->len != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const MmBlockPoint *point
          = points->len != 0 ? &g_array_index (points, MmBlockPoint, i) : NULL;

      if ((point != NULL && point->time != rollups[i].start)
          || !take (&rollups[i], column, point != NULL ? &point->value : NULL))
        return FALSE;
    }
  return TRUE;
}

/* Takes a column that has values only for some. */
static gboolean
take_some (MmRollup *rollups, guint n, guint column, const GArray *points)
{
  for (guint i = 0, k = 0; k < points->len; k++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, k);

      while (i < n && rollups[i].start < point->time)
        i++;
      if (i == n || rollups[i].start != point->time)
        return FALSE;
      take (&rollups[i], column, &point->value);
    }
  return TRUE;
}

static gboolean
read_column (MmBlock *block, guint32 series, guint column, GArray *points)
{
  guint place;

  g_array_set_size (points, 0);
  return !mm_block_find (block, series << COLUMNS_SHIFT | column, &place)
         || mm_block_read (block, place, points, NULL);
}

static gboolean
read_columns (MmBlock *block, guint32 series, GArray *points, GArray *rollups)
{
  guint before = rollups->len, n;
  MmRollup *added;

  if (!read_column (block, series, FIRST, points))
    return FALSE;
  n = points->len;
  g_array_set_size (rollups, before + n);
  added = &g_array_index (rollups, MmRollup, before);
  for (guint i = 0; i < n; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);

      added[i] = (MmRollup){ .start = point->time, .first = point->value };
    }
  for (guint k = COUNT; n > 0 && k < N_COLUMNS; k++)
    if (!read_column (block, series, k, points)
        || !(k < COUNTED ? take_whole : take_some) (added, n, k, points))
      return FALSE;
  return TRUE;
}

gboolean
mm_rollups_read (MmBlock *block, guint32 series, GArray *rollups, GError **error)
{
  g_autoptr (GArray) points = g_array_sized_new (FALSE, FALSE, sizeof (MmBlockPoint), 96);
  guint before = rollups->len;

  if (read_columns (block, series, points, rollups))
    return TRUE;
  g_array_set_size (rollups, before);
  return damaged (error);
}

GArray *
mm_rollups_series (const MmBlock *block)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < mm_block_n_series (block); i++)
    {
      guint32 column = mm_block_series (block, i), series = column >> COLUMNS_SHIFT;

      if (column % (1 << COLUMNS_SHIFT) == FIRST)
        g_array_append_val (all, series);
    }
  return all;
}

/* The column number k of the series s is number 16 s + k of the block; its points stand at the
 * starts of the roll-ups. Only that of the first values is always there. One that is not:
 *
 *   counts       are 1
 *   first times  are the starts; the column holds seconds after them
 *   last times   are the first ones; the column holds seconds after the starts
 *   last values  are the first ones
 *   lowest, highest  are the lower and higher of first and last
 *   sums         are those of first and last if there are no more than two
 *   times of     the column has one point: the number of an earlier series, which has the same
 * starts, counts, first and last times; then this one has no columns of them counted, reached, peak
 * follow from the rest; they are there for the roll-ups only in which a counter began anew
 */
#include "mm-rollups.h"

#include "mm-error.h"

#include <math.h>
#include <string.h>

enum
{
  FIRST,
  TIMES_OF,
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

static gboolean
have_same_times (const MmRollupSeries *a, const MmRollupSeries *b)
{
  if (a->n != b->n)
    return FALSE;
  for (guint i = 0; i < a->n; i++)
    if (a->rollups[i].start != b->rollups[i].start || a->rollups[i].count != b->rollups[i].count
        || a->rollups[i].first_time != b->rollups[i].first_time
        || a->rollups[i].last_time != b->rollups[i].last_time)
      return FALSE;
  return TRUE;
}

/* The first of the series before @series that has the same times; NULL if there is none. */
static const MmRollupSeries *
find_same_times (const MmRollupSeries *all, const MmRollupSeries *series)
{
  for (const MmRollupSeries *other = all; other < series; other++)
    if (have_same_times (other, series))
      return other;
  return NULL;
}

static guint
write_times_of (const MmRollupSeries *series, const MmRollupSeries *other, GArray *points)
{
  MmBlockPoint point = { .time = series->rollups[0].start };

  if (other == NULL)
    return 0;
  point.value = other->series;
  g_array_append_val (points, point);
  return 1;
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
    {
      const MmRollupSeries *other = find_same_times (series, &series[i]);

      g_assert (series[i].n <= MM_ROLLUPS_MAX);
      for (guint k = 0; k < (series[i].is_counter ? N_COLUMNS : COUNTED); k++)
        {
          MmBlockSeries column = { .series = series[i].series << COLUMNS_SHIFT | k };

          if (k == TIMES_OF)
            column.n = write_times_of (&series[i], other, points);
          else if (other == NULL || (k != COUNT && k != FIRST_TIME && k != LAST_TIME))
            column.n = write_column (&series[i], k, points);
          if (column.n > 0)
            g_array_append_val (columns, column);
        }
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

/* ---- series ---- */

void
mm_rollups_reader_init (MmRollupsReader *reader, MmBlock *block)
{
  *reader = (MmRollupsReader){
    .block = block,
    .points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint)),
    .times = g_array_new (FALSE, FALSE, sizeof (MmRollup)),
    .times_of = G_MAXUINT32,
  };
}

void
mm_rollups_reader_clear (MmRollupsReader *reader)
{
  g_clear_pointer (&reader->points, g_array_unref);
  g_clear_pointer (&reader->times, g_array_unref);
}

static gboolean
read_column (MmRollupsReader *reader, guint32 series, guint column)
{
  guint place;

  g_array_set_size (reader->points, 0);
  return !mm_block_find (reader->block, series << COLUMNS_SHIFT | column, &place)
         || mm_block_read (reader->block, place, reader->points, NULL);
}

/* Appends the roll-ups, of which only @start and @first are set, and says how many they are. */
static gboolean
read_first (MmRollupsReader *reader, guint32 series, GArray *rollups, guint *n)
{
  if (!read_column (reader, series, FIRST))
    return FALSE;
  *n = reader->points->len;
  for (guint i = 0; i < *n; i++)
    {
      const MmBlockPoint *point = &g_array_index (reader->points, MmBlockPoint, i);
      MmRollup rollup = { .start = point->time, .first = point->value };

      g_array_append_val (rollups, rollup);
    }
  return TRUE;
}

static gboolean
read_times (MmRollupsReader *reader, guint32 series, MmRollup *rollups, guint n)
{
  for (guint k = COUNT; k <= LAST_TIME; k++)
    if (!read_column (reader, series, k) || !take_whole (rollups, n, k, reader->points))
      return FALSE;
  return TRUE;
}

/* Reads the times of the series @other, unless that was done before. */
static gboolean
look_up_times (MmRollupsReader *reader, guint32 other)
{
  guint n;

  if (reader->times_of == other)
    return TRUE;
  reader->times_of = G_MAXUINT32;
  g_array_set_size (reader->times, 0);
  if (!read_first (reader, other, reader->times, &n)
      || !read_times (reader, other, (MmRollup *) reader->times->data, n))
    return FALSE;
  reader->times_of = other;
  return TRUE;
}

/* Takes the times that the series @number, if it is one, has. */
static gboolean
take_times_of (MmRollupsReader *reader, double number, MmRollup *rollups, guint n)
{
  if (!(number >= 0 && number <= G_MAXUINT32 >> COLUMNS_SHIFT)
      || !look_up_times (reader, (guint32) number) || reader->times->len != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const MmRollup *times = &g_array_index (reader->times, MmRollup, i);

      if (times->start != rollups[i].start)
        return FALSE;
      rollups[i].count = times->count;
      rollups[i].first_time = times->first_time;
      rollups[i].last_time = times->last_time;
    }
  return TRUE;
}

static gboolean
read_columns (MmRollupsReader *reader, guint32 series, GArray *rollups)
{
  guint before = rollups->len, n;
  MmRollup *added;

  if (!read_first (reader, series, rollups, &n))
    return FALSE;
  if (n == 0)
    return TRUE;
  added = &g_array_index (rollups, MmRollup, before);
  if (!read_column (reader, series, TIMES_OF))
    return FALSE;
  if (reader->points->len > 0
          ? !take_times_of (reader, g_array_index (reader->points, MmBlockPoint, 0).value, added, n)
          : !read_times (reader, series, added, n))
    return FALSE;
  for (guint k = LAST; k < N_COLUMNS; k++)
    if (!read_column (reader, series, k)
        || !(k < COUNTED ? take_whole : take_some) (added, n, k, reader->points))
      return FALSE;
  return TRUE;
}

gboolean
mm_rollups_read (MmRollupsReader *reader, guint32 series, GArray *rollups, GError **error)
{
  guint before = rollups->len;

  if (read_columns (reader, series, rollups))
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

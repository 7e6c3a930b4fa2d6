/* The log is walked back from the newest row, and each row from its last value, so what is met
 * first is what counts; the points of each series are turned round afterwards and, where pushes
 * came out of order, sorted. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-points.h"

#include "mm-clock.h"
#include "mm-error.h"
#include "mm-log-body.h"
#include "mm-points-order.h"
#include "mm-reading.h"
#include "mm-store-blocks.h"
#include "mm-store-readings.h"
#include "mm-time.h"

/* How many rows and blocks before a moment may be read for the last points before it. */
#define MAX_ROWS_BEFORE 10000
#define MAX_BLOCKS_BEFORE 400

gboolean
mm_points_gateway_init (MmPointsGateway *gateway, MmLive *live, gint64 id)
{
  const MmLiveGateway *found;

  *gateway = (MmPointsGateway){ .id = id };
  mm_live_lock (live);
  found = mm_live_get (live, id);
  if (found != NULL)
    {
      gateway->head = found->committed_head;
      gateway->interval_s = found->interval_s;
      gateway->n_values = found->n_values;
      gateway->is_settled = found->head == found->committed_head;
      gateway->n_series = found->n_series;
      gateway->series = g_memdup2 (found->series, found->n_series * sizeof *found->series);
    }
  mm_live_unlock (live);
  return found != NULL;
}

void
mm_points_gateway_clear (MmPointsGateway *gateway)
{
  g_clear_pointer (&gateway->series, g_free);
}

/* ---- reading ---- */

/* @tail: of each series those of the log, newest first
 * @newest_before: the newest time before the rows that were read
 * @column: of the block that is read, kept between blocks */
typedef struct
{
  const MmPointsGateway *gateway;
  const MmPointsQuery *query;
  MmPointsReport *report;
  GPtrArray *points;
  GPtrArray *tail;
  GArray *of_row; /* MmLogValue */
  GArray *column; /* MmBlockPoint */
  gint64 newest_before;
  guint64 n;
} Reading;

static GPtrArray *
new_arrays (guint n)
{
  GPtrArray *arrays = g_ptr_array_new_full (n, (GDestroyNotify) g_array_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (arrays, g_array_new (FALSE, FALSE, sizeof (MmBlockPoint)));
  return arrays;
}

static gboolean
is_wanted (const Reading *reading, guint32 series)
{
  return reading->query->wanted == NULL || reading->query->wanted[series];
}

static gboolean
count_points (Reading *reading, guint n, GError **error)
{
  reading->n += n;
  if (reading->query->max == 0 || reading->n <= reading->query->max)
    return TRUE;
  return mm_error_set (error, MM_ERROR_TOO_LARGE, "too-many-points", "These are too many points.");
}

static gboolean
take_value (Reading *reading, const MmLogValue *value, gint64 received, GError **error)
{
  const MmPointsGateway *gateway = reading->gateway;
  MmBlockPoint point = { .time = value->time, .value = value->value };

  if (value->series >= gateway->n_series)
    return mm_error_set (error, MM_ERROR_INTERNAL, "damaged-log",
                         "the reading log names a series that does not exist");
  if (value->time < reading->query->from || value->time >= reading->query->to
      || !is_wanted (reading, value->series))
    return TRUE;
  point.is_late = mm_reading_is_late (value->time, received, gateway->interval_s);
  g_array_append_val ((GArray *) reading->tail->pdata[value->series], point);
  return count_points (reading, 1, error);
}

static gboolean
take_row (const MmLogRow *row, gpointer data, GError **error)
{
  Reading *reading = data;

  reading->newest_before = row->newest_before;
  if (reading->report != NULL)
    reading->report->added += row->added;
  if (!mm_points_row_values (row, reading->of_row, error))
    return FALSE;
  for (guint i = reading->of_row->len; i > 0; i--)
    if (!take_value (reading, &g_array_index (reading->of_row, MmLogValue, i - 1), row->received,
                     error))
      return FALSE;
  return TRUE;
}

/* Notes that the block of @start is damaged: all of it, or the series @name. */
static void
note_damage (MmPointsReport *report, gint64 gateway, gint64 start, const MmLiveSeries *series)
{
  char time[MM_TIME_TEXT_SIZE];
  g_autofree char *problem = NULL;

  mm_time_write (start, time);
  problem = series == NULL
                ? g_strdup_printf ("gateway %" G_GINT64_FORMAT ": the block of %s is damaged",
                                   gateway, time)
                : g_strdup_printf ("gateway %" G_GINT64_FORMAT
                                   ": %s of %s is damaged in the block of %s",
                                   gateway, series->quantity, series->device, time);
  g_warning ("%s", problem);
  if (report != NULL && report->damage == NULL)
    report->damage = g_steal_pointer (&problem);
}

/* Appends to @points what of the ascending @column is in the range. */
static guint
append_range (GArray *points, const GArray *column, gint64 from, gint64 to)
{
  const MmBlockPoint *all = (const MmBlockPoint *) column->data;
  guint begin = mm_points_first_at (column, from), end = column->len;

  if (end > 0 && all[end - 1].time >= to)
    end = mm_points_first_at (column, to);
  if (begin < end)
    g_array_append_vals (points, all + begin, end - begin);
  return begin < end ? end - begin : 0;
}

static gboolean
take_column (Reading *reading, MmBlock *block, guint place, gint64 start, GError **error)
{
  guint32 series = mm_block_series (block, place);

  if (reading->report != NULL)
    reading->report->added += mm_block_n_points (block, place);
  if (series >= reading->gateway->n_series
      || (!is_wanted (reading, series) && reading->report == NULL))
    return TRUE;
  g_array_set_size (reading->column, 0);
  if (!mm_block_read (block, place, reading->column, NULL))
    {
      note_damage (reading->report, reading->gateway->id, start, &reading->gateway->series[series]);
      return TRUE;
    }
  if (!is_wanted (reading, series))
    return TRUE;
  return count_points (reading,
                       append_range (reading->points->pdata[series], reading->column,
                                     reading->query->from, reading->query->to),
                       error);
}

static gboolean
take_block (const MmBlockRow *row, gboolean *more, gpointer data, GError **error)
{
  Reading *reading = data;
  g_autoptr (MmBlock) block = mm_block_open (row->body, row->body_length, NULL);

  if (block == NULL)
    note_damage (reading->report, row->gateway, row->start, NULL);
  for (guint i = 0; block != NULL && i < mm_block_n_series (block); i++)
    if (!take_column (reading, block, i, row->start, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_all (Reading *reading, MmDatabase *db, GError **error)
{
  const MmPointsGateway *gateway = reading->gateway;
  gint64 from = reading->query->from, mark;

  if (!mm_folded_get (db, gateway->id, &mark, error)
      || !mm_reading_log_walk_back (db, gateway->head, mark, from, take_row, reading, error))
    return FALSE;
  if (reading->report != NULL)
    reading->report->is_newer = mark > gateway->head;
  if (mark != 0 && reading->newest_before >= from
      && !mm_block_rows_each (db, gateway->id, mm_points_day_of (from), reading->query->to,
                              take_block, reading, error))
    return FALSE;
  for (guint i = 0; i < gateway->n_series; i++)
    {
      GArray *tail = reading->tail->pdata[i];

      mm_points_reverse (tail);
      mm_points_put_in_order (tail);
      mm_points_merge (reading->points->pdata[i], (const MmBlockPoint *) tail->data, tail->len);
    }
  return TRUE;
}

GPtrArray *
mm_points_read (MmDatabase *db,
                const MmPointsGateway *gateway,
                const MmPointsQuery *query,
                MmPointsReport *report,
                GError **error)
{
  g_autoptr (GPtrArray) points = new_arrays (gateway->n_series);
  g_autoptr (GPtrArray) tail = new_arrays (gateway->n_series);
  g_autoptr (GArray) of_row = g_array_new (FALSE, FALSE, sizeof (MmLogValue));
  g_autoptr (GArray) column = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
  Reading reading = {
    .gateway = gateway,
    .query = query,
    .report = report,
    .points = points,
    .tail = tail,
    .of_row = of_row,
    .column = column,
    .newest_before = G_MAXINT64,
  };

  return read_all (&reading, db, error) ? g_steal_pointer (&points) : NULL;
}

/* ---- all series together ---- */

static int
compare (gconstpointer a, gconstpointer b)
{
  const MmSeriesPoint *p = a, *q = b;

  if (p->time != q->time)
    return p->time < q->time ? -1 : 1;
  return p->series < q->series ? -1 : p->series > q->series;
}

GArray *
mm_points_by_time (const GPtrArray *points)
{
  GArray *by_time = g_array_new (FALSE, FALSE, sizeof (MmSeriesPoint));
  guint n_series = 0;

  for (guint i = 0; i < points->len; i++)
    {
      const GArray *series = points->pdata[i];

      n_series += series->len > 0;
      for (guint k = 0; k < series->len; k++)
        {
          const MmBlockPoint *point = &g_array_index (series, MmBlockPoint, k);
          MmSeriesPoint one = { point->time, i, point->value };

          g_array_append_val (by_time, one);
        }
    }
  if (n_series > 1)
    g_array_sort (by_time, compare);
  return by_time;
}

/* ---- the first time ---- */

typedef struct
{
  gint64 from;
  gint64 first;
  gint64 newest_before;
  GArray *column;
} First;

static void
note_first (First *first, gint64 time)
{
  if (time >= first->from && (first->first == MM_TIME_NONE || time < first->first))
    first->first = time;
}

static gboolean
look_for_first (const MmLogRow *row, gpointer data, GError **error)
{
  First *first = data;
  MmLogReader reader;
  MmLogValue value;

  first->newest_before = row->newest_before;
  mm_log_reader_init (&reader, row->body, row->body_length);
  while (mm_log_reader_next (&reader, &value))
    note_first (first, value.time);
  return mm_log_reader_finish (&reader, error);
}

static gboolean
look_for_first_in_block (const MmBlockRow *row, gboolean *more, gpointer data, GError **error)
{
  First *first = data;
  g_autoptr (MmBlock) block = mm_block_open (row->body, row->body_length, NULL);
  gint64 before = first->first;

  first->first = MM_TIME_NONE;
  for (guint i = 0; block != NULL && i < mm_block_n_series (block); i++)
    {
      guint place;

      g_array_set_size (first->column, 0);
      mm_block_read (block, i, first->column, NULL);
      place = mm_points_first_at (first->column, first->from);
      if (place < first->column->len)
        note_first (first, g_array_index (first->column, MmBlockPoint, place).time);
    }
  /* Blocks come in order. */
  *more = first->first == MM_TIME_NONE;
  if (before != MM_TIME_NONE)
    note_first (first, before);
  return TRUE;
}

gboolean
mm_points_first (
    MmDatabase *db, const MmPointsGateway *gateway, gint64 from, gint64 *first, GError **error)
{
  g_autoptr (GArray) column = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
  First looking = {
    .from = from,
    .first = MM_TIME_NONE,
    .newest_before = G_MAXINT64,
    .column = column,
  };
  gint64 mark;

  if (!mm_folded_get (db, gateway->id, &mark, error)
      || !mm_reading_log_walk_back (db, gateway->head, mark, from, look_for_first, &looking, error))
    return FALSE;
  if (mark != 0 && looking.newest_before >= from
      && !mm_block_rows_each (db, gateway->id, mm_points_day_of (from), G_MAXINT64,
                              look_for_first_in_block, &looking, error))
    return FALSE;
  *first = looking.first;
  return TRUE;
}

/* ---- the last points before a moment ---- */

typedef struct
{
  const MmPointsGateway *gateway;
  const guint8 *wanted;
  gint64 from;
  gint64 before;
  MmBlockPoint *last;
  GArray *of_row;
  GArray *column;
  gint64 next;
  gint64 newest_before;
  guint n_blocks;
} Before;

/* The earliest of the last points, which a row or block with only older ones cannot better. */
static gint64
oldest_last (const Before *before)
{
  gint64 oldest = G_MAXINT64;

  for (guint i = 0; i < before->gateway->n_series; i++)
    if (before->wanted[i])
      oldest = MIN (oldest, before->last[i].time);
  return oldest;
}

static void
note_last (Before *before, guint32 series, const MmBlockPoint *point)
{
  if (point->time < before->before && point->time >= before->from
      && point->time > before->last[series].time)
    before->last[series] = *point;
}

static gboolean
look_before_in_row (const MmLogRow *row, gpointer data, GError **error)
{
  Before *before = data;

  before->next = row->previous;
  before->newest_before = row->newest_before;
  if (!mm_points_row_values (row, before->of_row, error))
    return FALSE;
  /* Newest first: of the same time, the one that was met first counts. */
  for (guint i = before->of_row->len; i > 0; i--)
    {
      const MmLogValue *value = &g_array_index (before->of_row, MmLogValue, i - 1);
      MmBlockPoint point = { .time = value->time, .value = value->value };

      if (value->series < before->gateway->n_series && before->wanted[value->series])
        note_last (before, value->series, &point);
    }
  return TRUE;
}

static gboolean
look_before_in_block (const MmBlockRow *row, gboolean *more, gpointer data, GError **error)
{
  Before *before = data;
  g_autoptr (MmBlock) block = mm_block_open (row->body, row->body_length, NULL);

  if (block == NULL)
    note_damage (NULL, row->gateway, row->start, NULL);
  for (guint i = 0; block != NULL && i < mm_block_n_series (block); i++)
    {
      guint32 series = mm_block_series (block, i);
      guint end;

      if (series >= before->gateway->n_series || !before->wanted[series])
        continue;
      g_array_set_size (before->column, 0);
      if (!mm_block_read (block, i, before->column, NULL))
        note_damage (NULL, row->gateway, row->start, &before->gateway->series[series]);
      end = mm_points_first_at (before->column, before->before);
      if (end > 0)
        note_last (before, series, &g_array_index (before->column, MmBlockPoint, end - 1));
    }
  *more = oldest_last (before) < row->start && ++before->n_blocks < MAX_BLOCKS_BEFORE;
  return TRUE;
}

static gboolean
can_be_bettered (const Before *before)
{
  return oldest_last (before) <= before->newest_before && before->newest_before >= before->from;
}

static gboolean
look_back (Before *before, MmDatabase *db, GError **error)
{
  gint64 mark;
  guint n = 0;

  if (!mm_folded_get (db, before->gateway->id, &mark, error))
    return FALSE;
  for (; n < MAX_ROWS_BEFORE && before->next > mark && can_be_bettered (before); n++)
    /* Nothing is that new before this row, so it is the only one. */
    if (!mm_reading_log_walk_back (db, before->next, mark, G_MAXINT64, look_before_in_row, before,
                                   error))
      return FALSE;
  if (mark == 0 || n == MAX_ROWS_BEFORE || !can_be_bettered (before))
    return TRUE;
  return mm_block_rows_back (db, before->gateway->id, mm_points_day_of (before->from),
                             before->before, look_before_in_block, before, error);
}

gboolean
mm_points_last_before (MmDatabase *db,
                       const MmPointsGateway *gateway,
                       const guint8 *wanted,
                       gint64 from,
                       gint64 before,
                       MmBlockPoint *last,
                       GError **error)
{
  g_autoptr (GArray) of_row = g_array_new (FALSE, FALSE, sizeof (MmLogValue));
  g_autoptr (GArray) column = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
  Before looking = {
    .gateway = gateway,
    .wanted = wanted,
    .from = from,
    .before = before,
    .last = last,
    .of_row = of_row,
    .column = column,
    .next = gateway->head,
    .newest_before = G_MAXINT64,
  };

  for (guint i = 0; i < gateway->n_series; i++)
    last[i] = (MmBlockPoint){ .time = MM_TIME_NONE };
  return look_back (&looking, db, error);
}

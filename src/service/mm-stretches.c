/* The roll-ups of a UTC day are up to date unless the tail of the log has a point in it: then the
 * points of that day are read. So are those of quarters that are only asked for in part. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-stretches.h"

#include "mm-clock.h"
#include "mm-history-spans.h"
#include "mm-points-order.h"
#include "mm-rolling.h"
#include "mm-rollups.h"
#include "mm-store-blocks.h"
#include "mm-time.h"

/* How many rows of roll-ups before a moment may be read for the points before it. */
#define MAX_ROWS_BEFORE 400

/* @ranges: of Range, those to be read from points
 * @left: points that may still be read */
typedef struct
{
  MmDatabase *db;
  const MmPointsGateway *gateway;
  const MmStretchesQuery *query;
  MmStretchFunc func;
  gpointer data;
  GArray *ranges;
  GArray *of_row; /* MmLogValue */
  GArray *rollups;
  guint left;
} Reading;

/* [from, to). */
typedef struct
{
  gint64 from;
  gint64 to;
} Range;

/* ---- what is to be read from points ---- */

static void
add_range (Reading *reading, gint64 from, gint64 to)
{
  Range range = { MAX (from, reading->query->from), MIN (to, reading->query->to) };

  if (range.from < range.to)
    g_array_append_val (reading->ranges, range);
}

static gboolean
take_row (const MmLogRow *row, gpointer data, GError **error)
{
  Reading *reading = data;
  const MmStretchesQuery *query = reading->query;
  gint64 day = G_MAXINT64;

  if (!mm_points_row_values (row, reading->of_row, error))
    return FALSE;
  for (guint i = 0; i < reading->of_row->len; i++)
    {
      const MmLogValue *value = &g_array_index (reading->of_row, MmLogValue, i);

      if (value->series >= reading->gateway->n_series || !query->wanted[value->series]
          || value->time < query->from || value->time >= query->to
          || mm_points_day_of (value->time) == day)
        continue;
      day = mm_points_day_of (value->time);
      add_range (reading, day, mm_points_day_end (day));
    }
  return TRUE;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const Range *p = a, *q = b;

  return p->from < q->from ? -1 : p->from > q->from;
}

/* Puts the ranges in order and makes one of those that touch. */
static void
join_ranges (GArray *ranges)
{
  Range *all = (Range *) ranges->data;
  guint kept = 0;

  g_array_sort (ranges, compare_ranges);
  for (guint i = 0; i < ranges->len; i++)
    if (kept > 0 && all[i].from <= all[kept - 1].to)
      all[kept - 1].to = MAX (all[kept - 1].to, all[i].to);
    else
      all[kept++] = all[i];
  g_array_set_size (ranges, kept);
}

static gboolean
find_ranges (Reading *reading, gint64 mark, GError **error)
{
  const MmStretchesQuery *query = reading->query;

  if (query->from != mm_quarter_of (query->from))
    add_range (reading, query->from, mm_quarter_of (query->from) + MM_QUARTER);
  if (query->to != mm_quarter_of (query->to))
    add_range (reading, mm_quarter_of (query->to), query->to);
  if (!mm_reading_log_walk_back (reading->db, reading->gateway->head, mark, query->from, take_row,
                                 reading, error))
    return FALSE;
  join_ranges (reading->ranges);
  return TRUE;
}

/* ---- from points ---- */

static gboolean
give_points (Reading *reading, guint32 series, const GArray *points, GError **error)
{
  MmRollup rollup = { 0 };

  for (guint i = 0; i < points->len; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);
      gint64 start = mm_quarter_of (point->time);

      if (rollup.count > 0 && start != rollup.start)
        {
          if (!reading->func (series, &rollup, reading->data, error))
            return FALSE;
          rollup.count = 0;
        }
      rollup.start = start;
      mm_rollup_add (&rollup, point->time, point->value);
    }
  return rollup.count == 0 || reading->func (series, &rollup, reading->data, error);
}

static gboolean
read_points (Reading *reading, const Range *range, GError **error)
{
  const MmPointsQuery query = {
    .from = range->from,
    .to = range->to,
    .wanted = reading->query->wanted,
    .max = reading->left,
  };
  g_autoptr (GPtrArray) points
      = mm_points_read (reading->db, reading->gateway, &query, NULL, error);

  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const GArray *series = points->pdata[i];

      /* Never 0, which would be no bound. */
      reading->left = MAX (reading->left, series->len + 1) - series->len;
      if (!give_points (reading, i, series, error))
        return FALSE;
    }
  return points != NULL;
}

/* ---- from roll-ups ---- */

/* @range: what of the rows is asked for */
typedef struct
{
  Reading *reading;
  Range range;
  const char *kind;
} Rows;

static void
warn_of_damage (const Rows *rows, const MmRollupRow *row)
{
  char time[MM_TIME_TEXT_SIZE];

  mm_time_write (row->start, time);
  g_warning ("gateway %" G_GINT64_FORMAT ": the %s of %s are damaged", row->gateway, rows->kind,
             time);
}

static gboolean
give_rollups (Rows *rows, guint32 series, GError **error)
{
  Reading *reading = rows->reading;

  for (guint i = 0; i < reading->rollups->len; i++)
    {
      const MmRollup *rollup = &g_array_index (reading->rollups, MmRollup, i);

      if (rollup->start >= rows->range.from && rollup->start < rows->range.to
          && !reading->func (series, rollup, reading->data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_rollups (const MmRollupRow *row, gboolean *more, gpointer data, GError **error)
{
  Rows *rows = data;
  Reading *reading = rows->reading;
  guint begin = row->part * MM_ROLLUPS_MAX_SERIES;
  guint end = MIN (begin + MM_ROLLUPS_MAX_SERIES, reading->gateway->n_series);
  g_autoptr (MmBlock) block = NULL;
  g_auto (MmRollupsReader) reader = { 0 };
  guint i = begin;

  while (i < end && !reading->query->wanted[i])
    i++;
  if (i >= end)
    return TRUE;
  block = mm_block_open (row->body, row->body_length, NULL);
  if (block == NULL)
    warn_of_damage (rows, row);
  mm_rollups_reader_init (&reader, block);
  for (; block != NULL && i < end; i++)
    {
      if (!reading->query->wanted[i])
        continue;
      g_array_set_size (reading->rollups, 0);
      if (!mm_rollups_read (&reader, i, reading->rollups, NULL))
        warn_of_damage (rows, row);
      if (!give_rollups (rows, i, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_quarters (Reading *reading, gint64 from, gint64 to, GError **error)
{
  Rows rows = { reading, { from, to }, "quarters" };

  return from >= to
         || mm_rollup_rows_each (reading->db, MM_ROLLUP_QUARTERS, reading->gateway->id,
                                 mm_points_day_of (from), to, take_rollups, &rows, error);
}

/* Whether all days from @from to @to are in the zone that is asked for. */
static gboolean
look_at_zone (const MmRollupRow *row, gboolean *more, gpointer data, GError **error)
{
  const char **zone = data;

  *more = g_strcmp0 (row->zone, *zone) == 0;
  if (!*more)
    *zone = NULL;
  return TRUE;
}

static gboolean
read_days (Reading *reading, gint64 from, gint64 to, GError **error)
{
  Rows rows = { reading, { from, to }, "days" };
  const char *zone = reading->query->zone_name;

  if (from >= to)
    return TRUE;
  if (!mm_rollup_rows_each (reading->db, MM_ROLLUP_DAYS, reading->gateway->id, mm_month_of (from),
                            to, look_at_zone, &zone, error))
    return FALSE;
  /* The zone of the site was changed, and the days have not been made anew yet. */
  if (zone == NULL)
    return read_quarters (reading, from, to, error);
  return mm_rollup_rows_each (reading->db, MM_ROLLUP_DAYS, reading->gateway->id, mm_month_of (from),
                              to, take_rollups, &rows, error);
}

/* The first day of the site that begins at @from or after it, and the end of the last that ends at
 * @to or before. FALSE if no whole day is between. */
static gboolean
whole_days (GTimeZone *zone, gint64 from, gint64 to, Range *days)
{
  Range first, last;

  if (!mm_history_day_of (zone, from, &first.from, &first.to)
      || !mm_history_day_of (zone, to, &last.from, &last.to))
    return FALSE;
  *days = (Range){ first.from == from ? from : first.to, last.from };
  return days->from < days->to;
}

static gboolean
read_rollups (Reading *reading, gint64 from, gint64 to, GError **error)
{
  GTimeZone *zone = reading->query->zone;
  Range days;

  if (from >= to)
    return TRUE;
  if (zone == NULL || !whole_days (zone, from, to, &days))
    return read_quarters (reading, from, to, error);
  return read_quarters (reading, from, days.from, error)
         && read_days (reading, days.from, days.to, error)
         && read_quarters (reading, days.to, to, error);
}

/* ---- the whole ---- */

static gboolean
read_all (Reading *reading, GError **error)
{
  gint64 at = reading->query->from, mark;

  if (!mm_folded_get (reading->db, reading->gateway->id, &mark, error)
      || !find_ranges (reading, mark, error))
    return FALSE;
  for (guint i = 0; i < reading->ranges->len; i++)
    {
      const Range *range = &g_array_index (reading->ranges, Range, i);

      if (!read_rollups (reading, at, range->from, error) || !read_points (reading, range, error))
        return FALSE;
      at = range->to;
    }
  return read_rollups (reading, at, reading->query->to, error);
}

gboolean
mm_stretches_read (MmDatabase *db,
                   const MmPointsGateway *gateway,
                   const MmStretchesQuery *query,
                   MmStretchFunc func,
                   gpointer data,
                   GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  g_autoptr (GArray) of_row = g_array_new (FALSE, FALSE, sizeof (MmLogValue));
  g_autoptr (GArray) rollups = g_array_new (FALSE, FALSE, sizeof (MmRollup));
  Reading reading = {
    .db = db,
    .gateway = gateway,
    .query = query,
    .func = func,
    .data = data,
    .ranges = ranges,
    .of_row = of_row,
    .rollups = rollups,
    .left = query->max,
  };

  return query->from >= query->to || read_all (&reading, error);
}

/* ---- the last points before a moment ---- */

typedef struct
{
  const MmPointsGateway *gateway;
  const guint8 *wanted;
  gint64 from;
  gint64 before;
  MmBlockPoint *last;
  GArray *scratch;
  guint n_rows;
} Before;

static void
note_last (Before *before, guint32 series, gint64 time, double value)
{
  if (time < before->before && time >= before->from && time > before->last[series].time)
    before->last[series] = (MmBlockPoint){ .time = time, .value = value };
}

static gboolean
look_in_tail (const MmLogRow *row, gpointer data, GError **error)
{
  Before *before = data;

  if (!mm_points_row_values (row, before->scratch, error))
    return FALSE;
  /* Newest first: of the same time, the one that was met first counts. */
  for (guint i = before->scratch->len; i > 0; i--)
    {
      const MmLogValue *value = &g_array_index (before->scratch, MmLogValue, i - 1);

      if (value->series < before->gateway->n_series && before->wanted[value->series])
        note_last (before, value->series, value->time, value->value);
    }
  return TRUE;
}

/* Whether a row at @start, or before it, could tell of a later point. */
static gboolean
can_be_bettered (const Before *before, gint64 start)
{
  for (guint i = 0; i < before->gateway->n_series; i++)
    if (before->wanted[i] && before->last[i].time < start)
      return TRUE;
  return FALSE;
}

static gboolean
look_in_rollups (const MmRollupRow *row, gboolean *more, gpointer data, GError **error)
{
  Before *before = data;
  guint begin = row->part * MM_ROLLUPS_MAX_SERIES;
  guint end = MIN (begin + MM_ROLLUPS_MAX_SERIES, before->gateway->n_series);
  g_autoptr (MmBlock) block = mm_block_open (row->body, row->body_length, NULL);
  g_auto (MmRollupsReader) reader = { 0 };

  mm_rollups_reader_init (&reader, block);
  for (guint i = begin; block != NULL && i < end; i++)
    {
      if (!before->wanted[i])
        continue;
      g_array_set_size (before->scratch, 0);
      mm_rollups_read (&reader, i, before->scratch, NULL);
      for (guint k = 0; k < before->scratch->len; k++)
        {
          const MmRollup *rollup = &g_array_index (before->scratch, MmRollup, k);

          note_last (before, i, rollup->last_time, rollup->last);
        }
    }
  *more = row->start > before->from && can_be_bettered (before, row->start)
          && ++before->n_rows < MAX_ROWS_BEFORE;
  return TRUE;
}

static gboolean
look_back (Before *before, MmDatabase *db, MmRollupKind kind, GError **error)
{
  g_autoptr (GArray) rollups = g_array_new (FALSE, FALSE, sizeof (MmRollup));

  before->scratch = rollups;
  before->n_rows = 0;
  return mm_rollup_rows_back (db, kind, before->gateway->id, G_MININT64, before->before,
                              look_in_rollups, before, error);
}

static gboolean
look_back_in_tail (Before *before, MmDatabase *db, GError **error)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (MmLogValue));
  gint64 mark;

  before->scratch = values;
  return mm_folded_get (db, before->gateway->id, &mark, error)
         && mm_reading_log_walk_back (db, before->gateway->head, mark, before->from, look_in_tail,
                                      before, error);
}

gboolean
mm_stretches_last_before (MmDatabase *db,
                          const MmPointsGateway *gateway,
                          const guint8 *wanted,
                          gint64 from,
                          gint64 before,
                          MmBlockPoint *last,
                          GError **error)
{
  Before looking = {
    .gateway = gateway,
    .wanted = wanted,
    .from = from,
    .before = before,
    .last = last,
  };

  for (guint i = 0; i < gateway->n_series; i++)
    last[i] = (MmBlockPoint){ .time = MM_TIME_NONE };
  if (!look_back_in_tail (&looking, db, error)
      || !look_back (&looking, db, MM_ROLLUP_QUARTERS, error))
    return FALSE;
  /* Days reach back further than quarters do. */
  for (guint i = 0; i < gateway->n_series; i++)
    if (wanted[i] && last[i].time == MM_TIME_NONE)
      return look_back (&looking, db, MM_ROLLUP_DAYS, error);
  return TRUE;
}

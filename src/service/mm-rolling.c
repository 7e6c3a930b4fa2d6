#include "mm-rolling.h"

#include "mm-gateway.h"
#include "mm-history-spans.h"
#include "mm-points-order.h"
#include "mm-quantity.h"
#include "mm-rollups.h"
#include "mm-store-blocks.h"

/* No calendar goes further: from the year 1 to 9998. */
#define FIRST_TIME (G_GINT64_CONSTANT (-62135596800) * MM_SECOND)
#define LAST_TIME (G_GINT64_CONSTANT (253370764800) * MM_SECOND)

/* @quarters: UTC day → quarters of each series; those that were made or read
 * @fresh: the keys of those that were made
 * @counters: of each series, whether it is one */
typedef struct
{
  MmDatabase *db;
  const MmPointsGateway *gateway;
  const char *zone_name;
  GTimeZone *zone;
  GHashTable *quarters;
  GHashTable *fresh;
  gboolean *counters;
  GArray *rows;
} Roll;

/* A day of the site, [from, to). */
typedef struct
{
  gint64 from;
  gint64 to;
} Day;

gint64
mm_quarter_of (gint64 time)
{
  gint64 rest = time % MM_QUARTER;

  return time - (rest < 0 ? rest + MM_QUARTER : rest);
}

gint64
mm_month_of (gint64 time)
{
  gint64 day = mm_points_day_of (time);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (day / MM_SECOND);

  return utc != NULL ? day - (g_date_time_get_day_of_month (utc) - 1) * MM_DAY : day;
}

static gint64
month_end (gint64 month)
{
  return mm_month_of (month + 31 * MM_DAY) > month ? mm_month_of (month + 31 * MM_DAY)
                                                   : month + 31 * MM_DAY;
}

static void
row_clear (gpointer data)
{
  g_byte_array_unref (((MmRolledRow *) data)->body);
}

GArray *
mm_rolled_rows_new (void)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (MmRolledRow));

  g_array_set_clear_func (rows, row_clear);
  return rows;
}

/* ---- sets of roll-ups, an array for each series ---- */

static GPtrArray *
new_set (const Roll *roll)
{
  GPtrArray *set = g_ptr_array_new_full (roll->gateway->n_series, (GDestroyNotify) g_array_unref);

  for (guint i = 0; i < roll->gateway->n_series; i++)
    g_ptr_array_add (set, g_array_new (FALSE, FALSE, sizeof (MmRollup)));
  return set;
}

/* The last roll-up of @series if it begins at @start, else a new one after it. */
static MmRollup *
at_start (GArray *series, gint64 start)
{
  MmRollup fresh = { .start = start };

  if (series->len == 0 || g_array_index (series, MmRollup, series->len - 1).start != start)
    g_array_append_val (series, fresh);
  return &g_array_index (series, MmRollup, series->len - 1);
}

/* Makes rows of @set, one for each group of series that has any. */
static void
write_set (Roll *roll, MmRollupKind kind, gint64 start, const GPtrArray *set)
{
  for (guint begin = 0; begin < set->len; begin += MM_ROLLUPS_MAX_SERIES)
    {
      MmRolledRow row = { .kind = kind, .start = start, .part = begin / MM_ROLLUPS_MAX_SERIES };
      MmRollupSeries all[MM_ROLLUPS_MAX_SERIES];
      guint n = 0;

      for (guint i = begin; i < set->len && i < begin + MM_ROLLUPS_MAX_SERIES; i++)
        {
          const GArray *series = set->pdata[i];

          if (series->len > 0)
            all[n++] = (MmRollupSeries){ i, roll->counters[i], series->len,
                                         (const MmRollup *) series->data };
        }
      if (n == 0)
        continue;
      row.body = mm_rollups_encode (all, n);
      g_array_append_val (roll->rows, row);
    }
}

/* Adds what is in @row to the set @data. What is damaged is left out: the reader said so. */
static gboolean
read_row (const MmRollupRow *row, gboolean *more, gpointer data, GError **error)
{
  GPtrArray *set = data;
  g_autoptr (MmBlock) block = mm_block_open (row->body, row->body_length, NULL);
  g_autoptr (GArray) numbers = block != NULL ? mm_rollups_series (block) : NULL;
  g_auto (MmRollupsReader) reader = { 0 };

  mm_rollups_reader_init (&reader, block);
  for (guint i = 0; numbers != NULL && i < numbers->len; i++)
    {
      guint32 series = g_array_index (numbers, guint32, i);

      if (series < set->len)
        mm_rollups_read (&reader, series, set->pdata[series], NULL);
    }
  return TRUE;
}

/* ---- quarters, from blocks ---- */

static void
roll_block (Roll *roll, const guint8 *body, gsize length, GArray *points, GPtrArray *set)
{
  g_autoptr (MmBlock) block = mm_block_open (body, length, NULL);

  for (guint i = 0; block != NULL && i < mm_block_n_series (block); i++)
    {
      guint32 series = mm_block_series (block, i);

      g_array_set_size (points, 0);
      if (series >= set->len || !mm_block_read (block, i, points, NULL))
        continue;
      for (guint k = 0; k < points->len; k++)
        {
          const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, k);

          mm_rollup_add (at_start (set->pdata[series], mm_quarter_of (point->time)), point->time,
                         point->value);
        }
    }
}

/* @fresh, @end: those of the day; the next of them is at @at */
typedef struct
{
  Roll *roll;
  const GArray *fresh;
  guint at;
  guint end;
  GArray *points;
  GPtrArray *set;
} DayBlocks;

static const MmFoldBlock *
next_fresh (const DayBlocks *day)
{
  return day->at < day->end ? &g_array_index (day->fresh, MmFoldBlock, day->at) : NULL;
}

static void
roll_fresh (DayBlocks *day)
{
  const MmFoldBlock *fresh = next_fresh (day);

  roll_block (day->roll, fresh->body->data, fresh->body->len, day->points, day->set);
  day->at++;
}

static gboolean
roll_there (const MmBlockRow *row, gboolean *more, gpointer data, GError **error)
{
  DayBlocks *day = data;
  const MmFoldBlock *fresh;
  gboolean is_replaced = FALSE;

  while ((fresh = next_fresh (day)) != NULL && fresh->start <= row->start)
    {
      is_replaced = fresh->start == row->start;
      roll_fresh (day);
    }
  if (!is_replaced)
    roll_block (day->roll, row->body, row->body_length, day->points, day->set);
  return TRUE;
}

/* Makes the quarters of the UTC day @start, of which the blocks from @begin to @end are new. */
static gboolean
roll_day (Roll *roll, gint64 start, const GArray *blocks, guint begin, guint end, GError **error)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
  GPtrArray *set = new_set (roll);
  DayBlocks day = { roll, blocks, begin, end, points, set };

  g_hash_table_insert (roll->quarters, g_memdup2 (&start, sizeof start), set);
  g_hash_table_add (roll->fresh, g_memdup2 (&start, sizeof start));
  if (!mm_block_rows_each (roll->db, roll->gateway->id, start, mm_points_day_end (start),
                           roll_there, &day, error))
    return FALSE;
  while (next_fresh (&day) != NULL)
    roll_fresh (&day);
  write_set (roll, MM_ROLLUP_QUARTERS, start, set);
  return TRUE;
}

/* The quarters of the UTC day @start, new or as they are stored; NULL only with @error. */
static GPtrArray *
quarters_of (Roll *roll, gint64 start, GError **error)
{
  GPtrArray *set = g_hash_table_lookup (roll->quarters, &start);

  if (set != NULL)
    return set;
  set = new_set (roll);
  g_hash_table_insert (roll->quarters, g_memdup2 (&start, sizeof start), set);
  return mm_rollup_rows_each (roll->db, MM_ROLLUP_QUARTERS, roll->gateway->id, start, start + 1,
                              read_row, set, error)
             ? set
             : NULL;
}

/* ---- days, from quarters ---- */

/* Appends to the ascending @days those of the site of which there is something in the UTC day
 * @start. */
static void
add_days (const Roll *roll, gint64 start, GArray *days)
{
  gint64 end = mm_points_day_end (start);
  Day day;

  for (gint64 time = start; time < end; time = day.to)
    {
      if (!mm_history_day_of (roll->zone, time, &day.from, &day.to))
        return;
      if (days->len == 0 || g_array_index (days, Day, days->len - 1).from < day.from)
        g_array_append_val (days, day);
    }
}

/* Puts in the place of the days [@day.from, @day.to) in @series what its quarters come to. */
static gboolean
make_day (Roll *roll, const Day *day, GPtrArray *days, GError **error)
{
  g_autoptr (GPtrArray) fresh = new_set (roll);

  for (gint64 utc = mm_points_day_of (day->from); utc < day->to; utc += MM_DAY)
    {
      const GPtrArray *set = quarters_of (roll, utc, error);

      if (set == NULL)
        return FALSE;
      for (guint i = 0; i < set->len; i++)
        {
          const GArray *quarters = set->pdata[i];

          for (guint k = 0; k < quarters->len; k++)
            {
              const MmRollup *quarter = &g_array_index (quarters, MmRollup, k);

              if (quarter->start >= day->from && quarter->start < day->to)
                mm_rollup_merge (at_start (fresh->pdata[i], day->from), quarter);
            }
        }
    }
  for (guint i = 0; i < days->len; i++)
    {
      GArray *there = days->pdata[i];
      const GArray *made = fresh->pdata[i];
      guint place = 0;

      while (place < there->len && g_array_index (there, MmRollup, place).start < day->from)
        place++;
      while (place < there->len && g_array_index (there, MmRollup, place).start < day->to)
        g_array_remove_index (there, place);
      if (made->len > 0)
        g_array_insert_val (there, place, g_array_index (made, MmRollup, 0));
    }
  return TRUE;
}

/* @others: rows are there that are in another zone */
typedef struct
{
  const char *zone;
  GPtrArray *set;
  gboolean others;
} Month;

static gboolean
read_month_row (const MmRollupRow *row, gboolean *more, gpointer data, GError **error)
{
  Month *month = data;

  if (g_strcmp0 (row->zone, month->zone) == 0)
    return read_row (row, more, month->set, error);
  month->others = TRUE;
  return TRUE;
}

static gboolean
note_start (const MmRollupRow *row, gboolean *more, gpointer data, GError **error)
{
  GArray *starts = data;

  if (starts->len == 0 || g_array_index (starts, gint64, starts->len - 1) != row->start)
    g_array_append_val (starts, row->start);
  return TRUE;
}

/* Appends to @starts the UTC days of which there are quarters stored. */
static gboolean
list_quarters (Roll *roll, gint64 from, gint64 to, GArray *starts, GError **error)
{
  return mm_rollup_rows_each (roll->db, MM_ROLLUP_QUARTERS, roll->gateway->id, from, to, note_start,
                              starts, error);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *p = a, *q = b;

  return *p < *q ? -1 : *p > *q;
}

/* All days of the site of which anything is stored or new around the UTC month @start. */
static GArray *
all_days (Roll *roll, gint64 start, GError **error)
{
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) days = g_array_new (FALSE, FALSE, sizeof (Day));
  gint64 end = month_end (start);
  GHashTableIter iter;
  gpointer key;

  if (!list_quarters (roll, start - 2 * MM_DAY, end + 2 * MM_DAY, starts, error))
    return NULL;
  g_hash_table_iter_init (&iter, roll->fresh);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_val (starts, *(const gint64 *) key);
  g_array_sort (starts, compare_times);
  for (guint i = 0; i < starts->len; i++)
    add_days (roll, g_array_index (starts, gint64, i), days);
  return g_steal_pointer (&days);
}

/* Makes those of the ascending @days that begin in the UTC month @start. */
static gboolean
make_month (Roll *roll, gint64 start, const GArray *days, GError **error)
{
  gint64 end = month_end (start);
  g_autoptr (GPtrArray) set = new_set (roll);
  g_autoptr (GArray) all = NULL;
  Month month = { roll->zone_name, set, FALSE };

  if (!mm_rollup_rows_each (roll->db, MM_ROLLUP_DAYS, roll->gateway->id, start, start + 1,
                            read_month_row, &month, error))
    return FALSE;
  if (month.others)
    {
      all = all_days (roll, start, error);
      if (all == NULL)
        return FALSE;
      days = all;
    }
  for (guint i = 0; i < days->len; i++)
    {
      const Day *day = &g_array_index (days, Day, i);

      if (day->from >= start && day->from < end && !make_day (roll, day, set, error))
        return FALSE;
    }
  write_set (roll, MM_ROLLUP_DAYS, start, set);
  return TRUE;
}

/* Years of quarters would take much memory. */
static gboolean
is_only_read (gpointer key, gpointer value, gpointer fresh)
{
  return !g_hash_table_contains (fresh, key);
}

/* Makes the @days anew, and with them whole months of which the days are in another zone. */
static gboolean
make_days (Roll *roll, const GArray *days, GError **error)
{
  gint64 done = G_MININT64;

  for (guint i = 0; i < days->len; i++)
    {
      gint64 month = mm_month_of (g_array_index (days, Day, i).from);

      if (month == done)
        continue;
      if (!make_month (roll, month, days, error))
        return FALSE;
      done = month;
      g_hash_table_foreach_remove (roll->quarters, is_only_read, roll->fresh);
    }
  return TRUE;
}

/* ---- the whole ---- */

static void
roll_init (Roll *roll)
{
  guint n = roll->gateway->n_series;

  roll->zone = g_time_zone_new_identifier (roll->zone_name);
  if (roll->zone == NULL)
    roll->zone = g_time_zone_new_utc ();
  roll->quarters = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                          (GDestroyNotify) g_ptr_array_unref);
  roll->fresh = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  roll->counters = g_new0 (gboolean, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const MmQuantity *known = mm_quantity_find (roll->gateway->series[i].quantity);

      roll->counters[i] = known != NULL && known->kind == MM_QUANTITY_COUNTER;
    }
}

static void
roll_clear (Roll *roll)
{
  g_clear_pointer (&roll->zone, g_time_zone_unref);
  g_clear_pointer (&roll->quarters, g_hash_table_unref);
  g_clear_pointer (&roll->fresh, g_hash_table_unref);
  g_clear_pointer (&roll->counters, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Roll, roll_clear)

gboolean
mm_rolling_blocks (MmDatabase *db,
                   const MmPointsGateway *gateway,
                   const char *zone,
                   const GArray *blocks,
                   GArray *rows,
                   GError **error)
{
  g_auto (Roll) roll = { .db = db, .gateway = gateway, .zone_name = zone, .rows = rows };
  g_autoptr (GArray) days = g_array_new (FALSE, FALSE, sizeof (Day));
  guint end;

  roll_init (&roll);
  for (guint begin = 0; begin < blocks->len; begin = end)
    {
      gint64 start = mm_points_day_of (g_array_index (blocks, MmFoldBlock, begin).start);

      for (end = begin + 1;
           end < blocks->len
           && mm_points_day_of (g_array_index (blocks, MmFoldBlock, end).start) == start;)
        end++;
      if (start < FIRST_TIME || start > LAST_TIME)
        continue;
      if (!roll_day (&roll, start, blocks, begin, end, error))
        return FALSE;
      add_days (&roll, start, days);
    }
  return make_days (&roll, days, error);
}

gboolean
mm_rolling_zone (MmDatabase *db,
                 const MmPointsGateway *gateway,
                 const char *zone,
                 GArray *rows,
                 gint64 *from,
                 GError **error)
{
  g_auto (Roll) roll = { .db = db, .gateway = gateway, .zone_name = zone, .rows = rows };
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) days = g_array_new (FALSE, FALSE, sizeof (Day));

  roll_init (&roll);
  if (!list_quarters (&roll, FIRST_TIME, LAST_TIME, starts, error))
    return FALSE;
  for (guint i = 0; i < starts->len; i++)
    add_days (&roll, g_array_index (starts, gint64, i), days);
  *from = days->len > 0 ? mm_month_of (g_array_index (days, Day, 0).from) : G_MAXINT64;
  return make_days (&roll, days, error);
}

#define G_LOG_DOMAIN "mm-service"

#include "mm-fold.h"

#include "mm-log-body.h"
#include "mm-points-order.h"
#include "mm-reading.h"
#include "mm-rolling.h"
#include "mm-store-blocks.h"
#include "mm-store-gateways.h"
#include "mm-store-readings.h"
#include "mm-time.h"

/* Values that are folded at once; a single push may have more. */
#define SOME_VALUES 50000

static gboolean
note_row (const MmLogRow *row, gpointer data, GError **error)
{
  g_array_append_val ((GArray *) data, row->id);
  return TRUE;
}

gboolean
mm_fold_tail_init (MmFoldTail *tail, MmContext *context, gint64 id, GError **error)
{
  MmDatabase *db;
  gboolean read;

  *tail = (MmFoldTail){ .rows = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  if (!mm_points_gateway_init (&tail->gateway, context->live, id))
    return FALSE;
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return FALSE;
  read = mm_folded_get (db, id, &tail->mark, error)
         && mm_reading_log_walk_back (db, tail->gateway.head, tail->mark, G_MININT64, note_row,
                                      tail->rows, error);
  mm_readers_give (context->readers, db);
  return read;
}

void
mm_fold_tail_clear (MmFoldTail *tail)
{
  mm_points_gateway_clear (&tail->gateway);
  g_clear_pointer (&tail->rows, g_array_unref);
}

static void
block_clear (gpointer data)
{
  g_byte_array_unref (((MmFoldBlock *) data)->body);
}

void
mm_folded_free (MmFolded *folded)
{
  if (folded == NULL)
    return;
  g_array_unref (folded->blocks);
  g_array_unref (folded->rolled);
  g_free (folded->zone);
  g_free (folded);
}

/* ---- the rows ---- */

/* @fresh: of each series the points of the rows, ascending; @at: those that are in blocks already
 * @there: of each series the points of the stretch that is folded */
typedef struct
{
  const MmPointsGateway *gateway;
  MmDatabase *db;
  MmFolded *folded;
  GPtrArray *fresh;
  GPtrArray *there;
  guint *at;
  guint n_values;
  gint64 start;
  gint64 end;
} Fold;

static gboolean
take_row (const MmLogRow *row, gpointer data, GError **error)
{
  Fold *fold = data;
  g_autoptr (GError) problem = NULL;
  MmLogReader reader;
  MmLogValue value;

  mm_log_reader_init (&reader, row->body, row->body_length);
  while (mm_log_reader_next (&reader, &value))
    {
      MmBlockPoint point
          = { value.time, value.value,
              mm_reading_is_late (value.time, row->received, fold->gateway->interval_s) };

      if (value.series >= fold->gateway->n_series)
        continue;
      g_array_append_val ((GArray *) fold->fresh->pdata[value.series], point);
      fold->n_values++;
    }
  /* What is damaged stays damaged; the rest shall not wait for it. */
  if (!mm_log_reader_finish (&reader, &problem))
    g_warning ("gateway %" G_GINT64_FORMAT ", row %" G_GINT64_FORMAT ": %s", row->gateway, row->id,
               problem->message);
  fold->folded->mark = row->id;
  fold->folded->since = row->received;
  fold->folded->n_rows++;
  return TRUE;
}

static gboolean
take_rows (Fold *fold, MmFoldTail *tail, GError **error)
{
  guint left = tail->rows->len;

  while (left > 0 && fold->n_values < SOME_VALUES)
    if (!mm_reading_log_read (fold->db, g_array_index (tail->rows, gint64, --left), take_row, fold,
                              error))
      return FALSE;
  g_array_set_size (tail->rows, left);
  for (guint i = 0; i < fold->fresh->len; i++)
    mm_points_put_in_order (fold->fresh->pdata[i]);
  return TRUE;
}

/* ---- a stretch of time ---- */

static void
warn_of_damage (const Fold *fold, const MmLiveSeries *series)
{
  char time[MM_TIME_TEXT_SIZE];

  mm_time_write (fold->start, time);
  g_warning ("gateway %" G_GINT64_FORMAT ", block of %s: %s%s%s is damaged and given up",
             fold->gateway->id, time, series != NULL ? series->device : "all of it",
             series != NULL ? " " : "", series != NULL ? series->quantity : "");
}

static gboolean
take_block (const MmBlockRow *row, gboolean *more, gpointer data, GError **error)
{
  Fold *fold = data;
  g_autoptr (MmBlock) block = mm_block_open (row->body, row->body_length, NULL);

  *more = FALSE;
  fold->start = row->start;
  if (block == NULL)
    warn_of_damage (fold, NULL);
  for (guint i = 0; block != NULL && i < mm_block_n_series (block); i++)
    {
      guint32 series = mm_block_series (block, i);

      if (series < fold->there->len && !mm_block_read (block, i, fold->there->pdata[series], NULL))
        warn_of_damage (fold, &fold->gateway->series[series]);
    }
  return TRUE;
}

static gboolean
take_end (const MmBlockRow *row, gboolean *more, gpointer data, GError **error)
{
  *more = FALSE;
  ((Fold *) data)->end = row->start;
  return TRUE;
}

/* Reads the block that @time belongs to, if there is one, and finds its bounds. */
static gboolean
find_stretch (Fold *fold, gint64 time, GError **error)
{
  for (guint i = 0; i < fold->there->len; i++)
    g_array_set_size (fold->there->pdata[i], 0);
  fold->start = mm_points_day_of (time);
  fold->end = mm_points_day_end (time);
  return mm_block_rows_back (fold->db, fold->gateway->id, fold->start, time + 1, take_block, fold,
                             error)
         && mm_block_rows_each (fold->db, fold->gateway->id, fold->start + 1, fold->end, take_end,
                                fold, error);
}

/* Puts the fresh points of the stretch to those that are there. */
static void
merge_stretch (Fold *fold)
{
  for (guint i = 0; i < fold->fresh->len; i++)
    {
      const GArray *fresh = fold->fresh->pdata[i];
      guint begin = fold->at[i];

      fold->at[i] = mm_points_first_at (fresh, fold->end);
      mm_points_merge (fold->there->pdata[i], (const MmBlockPoint *) fresh->data + begin,
                       fold->at[i] - begin);
    }
}

/* Makes one block of what is there, or several if it is too much for one. */
static void
write_stretch (Fold *fold)
{
  g_autofree MmBlockSeries *all = g_new (MmBlockSeries, fold->there->len + 1);
  g_autofree MmBlockSeries *part = g_new (MmBlockSeries, fold->there->len + 1);
  gboolean goes_on = FALSE;
  guint n = 0;

  for (guint i = 0; i < fold->there->len; i++)
    {
      const GArray *points = fold->there->pdata[i];

      if (points->len > 0)
        all[n++] = (MmBlockSeries){ i, points->len, (const MmBlockPoint *) points->data };
    }
  for (gboolean fits = FALSE; !fits;)
    {
      MmFoldBlock block = { .start = fold->start, .goes_on = goes_on };
      guint n_part = 0, left = 0;

      fits = mm_block_fits (all, n, &fold->start);
      for (guint i = 0; i < n; i++)
        {
          guint taken = all[i].n;

          if (!fits)
            for (taken = 0; taken < all[i].n && all[i].points[taken].time < fold->start;)
              taken++;
          if (taken > 0)
            part[n_part++] = (MmBlockSeries){ all[i].series, taken, all[i].points };
          if (taken < all[i].n)
            all[left++] = (MmBlockSeries){ all[i].series, all[i].n - taken, all[i].points + taken };
        }
      n = left;
      block.body = mm_block_encode (part, n_part);
      g_array_append_val (fold->folded->blocks, block);
      goes_on = TRUE;
    }
}

/* The earliest fresh point that is in no block yet; FALSE if there is none. */
static gboolean
next_time (const Fold *fold, gint64 *time)
{
  gboolean any = FALSE;

  for (guint i = 0; i < fold->fresh->len; i++)
    {
      const GArray *fresh = fold->fresh->pdata[i];

      if (fold->at[i] == fresh->len)
        continue;
      if (!any || g_array_index (fresh, MmBlockPoint, fold->at[i]).time < *time)
        *time = g_array_index (fresh, MmBlockPoint, fold->at[i]).time;
      any = TRUE;
    }
  return any;
}

static gboolean
fold_rows (Fold *fold, MmFoldTail *tail, GError **error)
{
  gint64 time = 0;

  if (!take_rows (fold, tail, error))
    return FALSE;
  while (next_time (fold, &time))
    {
      if (!find_stretch (fold, time, error))
        return FALSE;
      merge_stretch (fold);
      write_stretch (fold);
    }
  return mm_rolling_blocks (fold->db, fold->gateway, fold->folded->zone, fold->folded->blocks,
                            fold->folded->rolled, error);
}

static gboolean
take_zone (Fold *fold, GError **error)
{
  g_autoptr (MmGatewayRow) site = mm_store_gateway_get (fold->db, fold->gateway->id, error);

  if (site == NULL)
    return FALSE;
  fold->folded->zone = g_strdup (site->timezone);
  return TRUE;
}

/* ---- the whole ---- */

static GPtrArray *
new_arrays (guint n)
{
  GPtrArray *arrays = g_ptr_array_new_full (n, (GDestroyNotify) g_array_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (arrays, g_array_new (FALSE, FALSE, sizeof (MmBlockPoint)));
  return arrays;
}

static MmFolded *
folded_new (gint64 gateway)
{
  MmFolded *folded = g_new0 (MmFolded, 1);

  folded->gateway = gateway;
  folded->blocks = g_array_new (FALSE, FALSE, sizeof (MmFoldBlock));
  g_array_set_clear_func (folded->blocks, block_clear);
  folded->rolled = mm_rolled_rows_new ();
  return folded;
}

MmFolded *
mm_fold_some (MmContext *context, MmFoldTail *tail, GError **error)
{
  g_autoptr (MmFolded) folded = folded_new (tail->gateway.id);
  g_autoptr (GPtrArray) fresh = new_arrays (tail->gateway.n_series);
  g_autoptr (GPtrArray) there = new_arrays (tail->gateway.n_series);
  g_autofree guint *at = g_new0 (guint, tail->gateway.n_series + 1);
  Fold fold = {
    .gateway = &tail->gateway,
    .folded = folded,
    .fresh = fresh,
    .there = there,
    .at = at,
  };
  gboolean done;

  folded->mark_before = folded->mark = tail->mark;
  fold.db = mm_readers_take (context->readers, error);
  if (fold.db == NULL)
    return NULL;
  done = take_zone (&fold, error) && fold_rows (&fold, tail, error);
  mm_readers_give (context->readers, fold.db);
  if (!done)
    return NULL;
  tail->mark = folded->mark;
  return g_steal_pointer (&folded);
}

MmFolded *
mm_fold_zone (MmContext *context, gint64 id, GError **error)
{
  g_autoptr (MmFolded) folded = folded_new (id);
  g_auto (MmPointsGateway) gateway = { 0 };
  Fold fold = { .gateway = &gateway, .folded = folded };
  gboolean done;

  folded->is_zone = TRUE;
  if (!mm_points_gateway_init (&gateway, context->live, id))
    return NULL;
  fold.db = mm_readers_take (context->readers, error);
  if (fold.db == NULL)
    return NULL;
  done = take_zone (&fold, error)
         && mm_rolling_zone (fold.db, &gateway, folded->zone, folded->rolled, &folded->from, error);
  mm_readers_give (context->readers, fold.db);
  return done ? g_steal_pointer (&folded) : NULL;
}

#define G_LOG_DOMAIN "mm-service"

#include "mm-points-find.h"

#include "mm-log-body.h"
#include "mm-points-order.h"
#include "mm-store-blocks.h"

static guint
sought_hash (gconstpointer data)
{
  const MmSoughtPoint *point = data;

  return (guint) ((guint64) point->time * 0x9e3779b97f4a7c15u >> 32)
         ^ (point->series * 0x85ebca6bu);
}

static gboolean
sought_equal (gconstpointer a, gconstpointer b)
{
  const MmSoughtPoint *p = a, *q = b;

  return p->time == q->time && p->series == q->series;
}

GHashTable *
mm_points_sought_new (void)
{
  return g_hash_table_new_full (sought_hash, sought_equal, NULL, g_free);
}

/* ---- in the log ---- */

/* Rows come newest first and the last of equals in a row is the valid one, so a point that has its
 * value from a newer row keeps it. */
typedef struct
{
  GHashTable *sought;
  GArray *of_row; /* MmSoughtPoint *: those that this row gave a value */
  gint64 newest_before;
} Lookup;

static gboolean
look_in_row (const MmLogRow *row, gpointer data, GError **error)
{
  Lookup *lookup = data;
  MmLogReader reader;
  MmLogValue value;

  lookup->newest_before = row->newest_before;
  g_array_set_size (lookup->of_row, 0);
  mm_log_reader_init (&reader, row->body, row->body_length);
  while (mm_log_reader_next (&reader, &value))
    {
      MmSoughtPoint key = { .time = value.time, .series = value.series };
      MmSoughtPoint *point = g_hash_table_lookup (lookup->sought, &key);

      if (point == NULL || point->is_known)
        continue;
      point->value = value.value;
      g_array_append_val (lookup->of_row, point);
    }
  for (guint i = 0; i < lookup->of_row->len; i++)
    g_array_index (lookup->of_row, MmSoughtPoint *, i)->is_known = TRUE;
  return mm_log_reader_finish (&reader, error);
}

/* ---- in the blocks ---- */

static int
latest_first (gconstpointer a, gconstpointer b)
{
  const MmSoughtPoint *p = *(MmSoughtPoint *const *) a, *q = *(MmSoughtPoint *const *) b;

  if (p->time != q->time)
    return p->time > q->time ? -1 : 1;
  return p->series < q->series ? -1 : p->series > q->series;
}

static int
by_series (gconstpointer a, gconstpointer b)
{
  const MmSoughtPoint *p = *(MmSoughtPoint *const *) a, *q = *(MmSoughtPoint *const *) b;

  return p->series < q->series ? -1 : p->series > q->series;
}

/* @unknown: latest first; those before @at are done with */
typedef struct
{
  GPtrArray *unknown;
  guint at;
} Remaining;

static void
look_in_column (MmBlock *block, guint32 series, MmSoughtPoint **points, guint n)
{
  g_autoptr (GArray) column = NULL;
  guint place;

  if (!mm_block_find (block, series, &place))
    return;
  column = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
  /* What is damaged is as good as not there: it may be pushed again. */
  mm_block_read (block, place, column, NULL);
  for (guint i = 0; i < n; i++)
    {
      guint found = mm_points_first_at (column, points[i]->time);
      const MmBlockPoint *point = &g_array_index (column, MmBlockPoint, found);

      if (found == column->len || point->time != points[i]->time)
        continue;
      points[i]->is_known = TRUE;
      points[i]->value = point->value;
    }
}

/* @row is the last that begins before the latest unknown point: all those from its beginning on
 * belong to it. */
static gboolean
look_in_block (const MmBlockRow *row, gboolean *more, gpointer data, GError **error)
{
  Remaining *remaining = data;
  MmSoughtPoint **points = (MmSoughtPoint **) remaining->unknown->pdata;
  g_autoptr (MmBlock) block = mm_block_open (row->body, row->body_length, NULL);
  guint begin = remaining->at, end = begin;

  while (end < remaining->unknown->len && points[end]->time >= row->start)
    end++;
  remaining->at = end;
  *more = FALSE;
  if (block == NULL)
    return TRUE;
  qsort (points + begin, end - begin, sizeof *points, by_series);
  while (begin < end)
    {
      guint first = begin;

      while (begin < end && points[begin]->series == points[first]->series)
        begin++;
      look_in_column (block, points[first]->series, points + first, begin - first);
    }
  return TRUE;
}

static gboolean
look_in_blocks (MmDatabase *db, gint64 gateway, GHashTable *sought, GError **error)
{
  g_autoptr (GPtrArray) unknown = g_ptr_array_new ();
  Remaining remaining = { .unknown = unknown };
  GHashTableIter iter;
  gpointer point;

  g_hash_table_iter_init (&iter, sought);
  while (g_hash_table_iter_next (&iter, &point, NULL))
    if (!((MmSoughtPoint *) point)->is_known)
      g_ptr_array_add (unknown, point);
  g_ptr_array_sort (unknown, latest_first);
  while (remaining.at < unknown->len)
    {
      guint before = remaining.at;
      gint64 time = ((MmSoughtPoint *) unknown->pdata[before])->time;
      gint64 day = mm_points_day_of (time);

      if (!mm_block_rows_back (db, gateway, day, time + 1, look_in_block, &remaining, error))
        return FALSE;
      /* No block, so there is none for the rest of the day either. */
      if (remaining.at == before)
        while (remaining.at < unknown->len
               && ((MmSoughtPoint *) unknown->pdata[remaining.at])->time >= day)
          remaining.at++;
    }
  return TRUE;
}

gboolean
mm_points_find (
    MmDatabase *db, const MmLiveGateway *gateway, GHashTable *sought, gint64 from, GError **error)
{
  g_autoptr (GArray) of_row = g_array_new (FALSE, FALSE, sizeof (MmSoughtPoint *));
  Lookup lookup = { .sought = sought, .of_row = of_row, .newest_before = gateway->newest };
  gint64 mark = gateway->tail.folded;

  if (gateway->newest < from)
    return TRUE;
  if (!mm_reading_log_walk_back (db, gateway->head, mark, from, look_in_row, &lookup, error))
    return FALSE;
  return mark == 0 || lookup.newest_before < from
         || look_in_blocks (db, gateway->id, sought, error);
}

/* How the live state is saved, and read again with what the log says since. Writer's thread, or
 * before it starts. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-live-private.h"

#include "mm-log-body.h"
#include "mm-store-blocks.h"
#include "mm-store-readings.h"

#include <string.h>

/* In place of the number of rows that are not folded. */
#define TAIL_UNKNOWN 1000000

/* The series of one gateway, which come one after the other. */
typedef struct
{
  MmLive *live;
  MmLiveGateway *gateway;
  GArray *series; /* MmLiveSeries */
} Loading;

static void
end_gateway (Loading *loading)
{
  MmLiveGateway *gateway = loading->gateway;

  if (gateway == NULL)
    return;
  gateway->n_series = loading->series->len;
  gateway->series = g_memdup2 (loading->series->data, loading->series->len * sizeof (MmLiveSeries));
  g_array_set_size (loading->series, 0);
}

static gboolean
load_series (gint64 id,
             guint number,
             const char *device,
             const char *quantity,
             gpointer data,
             GError **error)
{
  Loading *loading = data;
  GArray *all = loading->series;
  MmLiveSeries series = { .time = G_MININT64 };

  if (loading->gateway == NULL || loading->gateway->id != id)
    {
      end_gateway (loading);
      loading->gateway = mm_live_find (loading->live, id);
    }
  if (loading->gateway == NULL)
    return TRUE;
  if (number != all->len)
    {
      g_set_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED, "gateway %s lacks series %u",
                   loading->gateway->public_id, all->len);
      return FALSE;
    }
  /* Most are of the same device as the one before. */
  if (all->len > 0)
    series.device = g_array_index (all, MmLiveSeries, all->len - 1).device;
  if (series.device == NULL || strcmp (series.device, device) != 0)
    series.device = g_intern_string (device);
  series.quantity = g_intern_string (quantity);
  g_array_append_val (all, series);
  return TRUE;
}

static gboolean
load_all_series (MmLive *live, MmDatabase *db, GError **error)
{
  g_autoptr (GArray) series = g_array_new (FALSE, FALSE, sizeof (MmLiveSeries));
  Loading loading = { .live = live, .series = series };

  if (!mm_series_each (db, load_series, &loading, error))
    return FALSE;
  end_gateway (&loading);
  return TRUE;
}

/* The saved newest values: time and value of each series by number, in host byte order. A value
 * lives 16 bytes; a database does not move between byte orders. */
typedef struct
{
  gint64 time;
  double value;
} SavedSeries;

static gboolean
load_row (const MmLiveRow *row, gpointer data, GError **error)
{
  MmLive *live = data;
  MmLiveGateway *gateway = mm_live_find (live, row->gateway);
  guint n = (guint) (row->series_length / sizeof (SavedSeries));

  if (gateway == NULL)
    return TRUE;
  gateway->head = row->head;
  gateway->newest = row->newest;
  gateway->last_contact = row->last_contact;
  gateway->n_values = row->n_values;
  gateway->tail = (MmLiveTail){
    .first = row->tail_first,
    .since = row->tail_since,
    .rows = (guint) row->tail_rows,
  };
  mm_live_day_load (&gateway->day, row->day, row->day_length);
  for (guint i = 0; i < MIN (n, gateway->n_series); i++)
    {
      SavedSeries saved;

      memcpy (&saved, row->series + i * sizeof saved, sizeof saved);
      gateway->series[i].time = saved.time;
      gateway->series[i].value = saved.value;
    }
  return TRUE;
}

static void
take_mark (gint64 id, gint64 log_row, gpointer data)
{
  MmLiveGateway *gateway = mm_live_find (data, id);

  if (gateway != NULL)
    gateway->tail.folded = log_row;
}

/* What was saved of a tail may be older than the mark, or from before there were tails. */
static void
settle_tail (MmLiveGateway *gateway)
{
  MmLiveTail *tail = &gateway->tail;

  if (gateway->head <= tail->folded)
    tail->rows = 0;
  else if (tail->rows == 0)
    *tail = (MmLiveTail){ .folded = tail->folded, .since = G_MININT64, .rows = TAIL_UNKNOWN };
  tail->first = MAX (tail->first, tail->folded + 1);
}

static gboolean
replay_row (const MmLogRow *row, gpointer data, GError **error)
{
  MmLive *live = data;
  MmLiveGateway *gateway = mm_live_find (live, row->gateway);
  MmLogReader reader;
  MmLogValue value;

  live->last_row = row->id;
  g_atomic_int_inc (&live->unsaved);
  if (gateway == NULL)
    return TRUE;
  gateway->head = row->id;
  if (row->id > gateway->tail.folded)
    mm_live_tail_grow (&gateway->tail, row->id, row->received);
  gateway->last_contact = MAX (gateway->last_contact, row->received);
  gateway->n_values += row->added;
  gateway->unsaved = TRUE;
  mm_log_reader_init (&reader, row->body, row->body_length);
  while (mm_log_reader_next (&reader, &value))
    {
      MmLiveSeries *series
          = value.series < gateway->n_series ? &gateway->series[value.series] : NULL;

      gateway->newest = MAX (gateway->newest, value.time);
      if (series != NULL && value.time >= series->time)
        {
          series->time = value.time;
          series->value = value.value;
        }
      mm_live_take_into_day (live, gateway, value.series, value.time, value.value);
    }
  return mm_log_reader_finish (&reader, error);
}

gboolean
mm_live_read_saved (MmLive *live, MmDatabase *db, GError **error)
{
  gint64 mark;

  if (!load_all_series (live, db, error) || !mm_live_row_each (db, load_row, live, error)
      || !mm_folded_each (db, take_mark, live, error) || !mm_live_mark_get (db, &mark, error))
    return FALSE;
  for (guint i = 0; i < live->all->len; i++)
    settle_tail (live->all->pdata[i]);
  live->last_row = live->saved_row = mark;
  return mm_reading_log_walk_after (db, mark, replay_row, live, error);
}

gboolean
mm_live_save (MmLive *live, MmDatabase *db, GError **error)
{
  g_autoptr (GArray) saved = g_array_new (FALSE, FALSE, sizeof (SavedSeries));

  for (guint i = 0; i < live->all->len; i++)
    {
      MmLiveGateway *gateway = live->all->pdata[i];
      g_autoptr (GByteArray) day = NULL;
      MmLiveRow row = {
        .gateway = gateway->id,
        .head = gateway->head,
        .newest = gateway->newest,
        .last_contact = gateway->last_contact,
        .n_values = gateway->n_values,
        .tail_rows = gateway->tail.rows,
        .tail_first = gateway->tail.first,
        .tail_since = gateway->tail.since,
      };

      if (!gateway->unsaved)
        continue;
      g_array_set_size (saved, 0);
      for (guint n = 0; n < gateway->n_series; n++)
        {
          SavedSeries value
              = { .time = gateway->series[n].time, .value = gateway->series[n].value };
          g_array_append_val (saved, value);
        }
      row.series = (const guint8 *) saved->data;
      row.series_length = saved->len * sizeof (SavedSeries);
      day = mm_live_day_save (&gateway->day);
      row.day = day->data;
      row.day_length = day->len;
      if (!mm_live_row_save (db, &row, error))
        return FALSE;
      /* If the transaction is undone, everything is loaded again and replayed. */
      gateway->unsaved = FALSE;
    }
  g_atomic_int_set (&live->unsaved, 0);
  live->saved_row = live->last_row;
  return mm_live_mark_set (db, live->saved_row, error);
}

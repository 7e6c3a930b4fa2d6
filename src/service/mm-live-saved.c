/* How the live state is saved, and read again with what the log says since. Writer's thread, or
 * before it starts. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-live-private.h"

#include "mm-log-body.h"
#include "mm-store-readings.h"

#include <string.h>

static gboolean
load_series (gint64 id,
             guint number,
             const char *device,
             const char *quantity,
             gpointer data,
             GError **error)
{
  MmLive *live = data;
  MmLiveGateway *gateway = mm_live_find (live, id);
  MmLiveSeries *series;

  if (gateway == NULL)
    return TRUE;
  if (number != gateway->n_series)
    {
      g_set_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED, "gateway %s lacks series %u",
                   gateway->public_id, gateway->n_series);
      return FALSE;
    }
  gateway->series = g_renew (MmLiveSeries, gateway->series, gateway->n_series + 1);
  series = &gateway->series[gateway->n_series++];
  series->device = g_intern_string (device);
  series->quantity = g_intern_string (quantity);
  series->time = G_MININT64;
  series->value = 0;
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

  if (!mm_series_each (db, load_series, live, error)
      || !mm_live_row_each (db, load_row, live, error) || !mm_live_mark_get (db, &mark, error))
    return FALSE;
  live->last_row = mark;
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
  return mm_live_mark_set (db, live->last_row, error);
}

/* The log is walked back from the newest row, and each row from its last value, so what is met
 * first is what counts. */
#include "mm-log-points.h"

#include "mm-clock.h"
#include "mm-error.h"
#include "mm-log-body.h"
#include "mm-store-readings.h"

gboolean
mm_log_gateway_init (MmLogGateway *gateway, MmLive *live, gint64 id)
{
  const MmLiveGateway *found;

  *gateway = (MmLogGateway){ .id = id };
  mm_live_lock (live);
  found = mm_live_get (live, id);
  if (found != NULL)
    {
      gateway->head = found->committed_head;
      gateway->n_values = found->n_values;
      gateway->is_settled = found->head == found->committed_head;
      gateway->n_series = found->n_series;
      gateway->series = g_memdup2 (found->series, found->n_series * sizeof *found->series);
    }
  mm_live_unlock (live);
  return found != NULL;
}

void
mm_log_gateway_clear (MmLogGateway *gateway)
{
  g_clear_pointer (&gateway->series, g_free);
}

typedef struct
{
  const MmLogGateway *gateway;
  gint64 from;
  gint64 to;
  GArray *points;
  guint64 added;
  guint32 order;
} Reading;

static gboolean
take_row (const MmLogRow *row, gpointer data, GError **error)
{
  Reading *reading = data;
  MmLogReader reader;
  MmLogValue value;
  guint32 n;

  mm_log_reader_init (&reader, row->body, row->body_length);
  n = reader.left;
  reading->added += row->added;
  while (mm_log_reader_next (&reader, &value))
    {
      MmLogPoint point = {
        .time = value.time,
        .series = value.series,
        .order = reading->order + reader.left,
        .value = value.value,
      };

      if (value.series >= reading->gateway->n_series)
        return mm_error_set (error, MM_ERROR_INTERNAL, "damaged-log",
                             "the reading log names a series that does not exist");
      if (value.time >= reading->from && value.time < reading->to)
        g_array_append_val (reading->points, point);
    }
  reading->order += n;
  return mm_log_reader_finish (&reader, error);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const MmLogPoint *p = a, *q = b;

  if (p->time != q->time)
    return p->time < q->time ? -1 : 1;
  if (p->series != q->series)
    return p->series < q->series ? -1 : 1;
  return p->order < q->order ? -1 : p->order > q->order;
}

/* Keeps of the same time and series the first. */
static void
keep_once (GArray *points)
{
  MmLogPoint *all = (MmLogPoint *) points->data;
  guint kept = 0;

  g_array_sort (points, compare);
  for (guint i = 0; i < points->len; i++)
    if (kept == 0 || all[kept - 1].time != all[i].time || all[kept - 1].series != all[i].series)
      all[kept++] = all[i];
  g_array_set_size (points, kept);
}

GArray *
mm_log_points_read (MmDatabase *db,
                    const MmLogGateway *gateway,
                    gint64 from,
                    gint64 to,
                    guint64 *added,
                    GError **error)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MmLogPoint));
  Reading reading = { .gateway = gateway, .from = from, .to = to, .points = points };

  if (!mm_reading_log_walk_back (db, gateway->head, from, take_row, &reading, error))
    return NULL;
  keep_once (points);
  if (added != NULL)
    *added = reading.added;
  return g_steal_pointer (&points);
}

typedef struct
{
  gint64 from;
  gint64 first;
} First;

static gboolean
look_for_first (const MmLogRow *row, gpointer data, GError **error)
{
  First *first = data;
  MmLogReader reader;
  MmLogValue value;

  mm_log_reader_init (&reader, row->body, row->body_length);
  while (mm_log_reader_next (&reader, &value))
    if (value.time >= first->from && (first->first == MM_TIME_NONE || value.time < first->first))
      first->first = value.time;
  return mm_log_reader_finish (&reader, error);
}

gboolean
mm_log_points_first (
    MmDatabase *db, const MmLogGateway *gateway, gint64 from, gint64 *first, GError **error)
{
  First looking = { .from = from, .first = MM_TIME_NONE };

  if (!mm_reading_log_walk_back (db, gateway->head, from, look_for_first, &looking, error))
    return FALSE;
  *first = looking.first;
  return TRUE;
}

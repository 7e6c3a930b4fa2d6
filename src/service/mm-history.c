/* The log is walked back from the newest row, so what is met first is what counts; the points of
 * each series are turned round afterwards and, where pushes came out of order, sorted. */
#include "mm-history.h"

#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-history-spans.h"
#include "mm-live.h"
#include "mm-log-body.h"
#include "mm-quantity.h"
#include "mm-reading.h"
#include "mm-store-gateways.h"
#include "mm-store-readings.h"
#include "mm-words.h"

#include <math.h>
#include <string.h>

/* How many rows before the range may be read for the points before the first ones in it; only a
 * counter that is new in the range needs so many. */
#define MAX_ROWS_BEFORE 10000

gboolean
mm_resolution_from_name (const char *name, MmResolution *resolution)
{
  static const char *const names[] = { "raw", "15min", "day" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0)
      {
        *resolution = (MmResolution) i;
        return TRUE;
      }
  return FALSE;
}

static void
series_free (gpointer data)
{
  MmHistorySeries *series = data;

  g_free (series->device);
  g_free (series->quantity);
  g_array_unref (series->points);
  g_array_unref (series->spans);
  g_free (series);
}

void
mm_history_free (MmHistory *history)
{
  if (history == NULL)
    return;
  g_free (history->timezone);
  g_ptr_array_unref (history->series);
  g_free (history);
}

/* ---- what is read ---- */

/* @wanted: series by their number in the log, NULL for those that are not asked for (not owned)
 * @before: for each, the newest point before the range; its time is G_MININT64 while unknown */
typedef struct
{
  MmHistory *history;
  gint64 history_from;
  gint64 to; /* not included */
  guint interval_s;
  gint64 head;
  gint64 next; /* the row before the last one that was read */
  GPtrArray *wanted;
  GArray *before;
  GArray *of_row; /* of MmLogValue, kept between rows */
  guint n_points;
  guint max_points;
} Reading;

static void
reading_clear (Reading *reading)
{
  g_clear_pointer (&reading->wanted, g_ptr_array_unref);
  g_clear_pointer (&reading->before, g_array_unref);
  g_clear_pointer (&reading->of_row, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static gboolean
is_wanted (const MmHistoryQuery *query, const MmLiveSeries *series)
{
  return (query->device == NULL || strcmp (query->device, series->device) == 0)
         && (query->quantities == NULL || g_strv_contains (query->quantities, series->quantity));
}

static MmHistorySeries *
new_series (const MmLiveSeries *live)
{
  MmHistorySeries *series = g_new0 (MmHistorySeries, 1);
  const MmQuantity *known = mm_quantity_find (live->quantity);

  series->device = g_strdup (live->device);
  series->quantity = g_strdup (live->quantity);
  series->unit = known != NULL ? known->unit : NULL;
  series->is_counter = known != NULL && known->kind == MM_QUANTITY_COUNTER;
  series->points = g_array_new (FALSE, FALSE, sizeof (MmHistoryPoint));
  series->spans = g_array_new (FALSE, FALSE, sizeof (MmHistorySpan));
  return series;
}

/* Takes what the live state knows: the last row that readers can see, and the series. To be called
 * before the read transaction begins, or the row might not be in it. */
static void
look_at_live (Reading *reading, MmContext *context, gint64 id, const MmHistoryQuery *query)
{
  const MmLiveGateway *gateway;

  reading->wanted = g_ptr_array_new ();
  reading->before = g_array_new (FALSE, TRUE, sizeof (MmHistoryPoint));
  reading->of_row = g_array_new (FALSE, FALSE, sizeof (MmLogValue));
  mm_live_lock (context->live);
  gateway = mm_live_get (context->live, id);
  if (gateway != NULL)
    {
      reading->head = gateway->committed_head;
      reading->interval_s = gateway->interval_s;
      for (guint i = 0; i < gateway->n_series; i++)
        {
          MmHistorySeries *series = NULL;
          MmHistoryPoint none = { .time = G_MININT64 };

          if (is_wanted (query, &gateway->series[i]))
            {
              series = new_series (&gateway->series[i]);
              g_ptr_array_add (reading->history->series, series);
            }
          g_ptr_array_add (reading->wanted, series);
          g_array_append_val (reading->before, none);
        }
    }
  mm_live_unlock (context->live);
}

static gboolean
refuse_long (GError **error)
{
  mm_error_add_field (error, "to", "too-long",
                      N_ ("This is more than one answer holds. Please ask for a shorter time or "
                          "fewer quantities."));
  return FALSE;
}

static gboolean
take_value (Reading *reading, const MmLogRow *row, const MmLogValue *value, GError **error)
{
  MmHistorySeries *series
      = value->series < reading->wanted->len ? reading->wanted->pdata[value->series] : NULL;
  MmHistoryPoint point = { .time = value->time, .value = value->value };

  if (series == NULL || value->time >= reading->to || value->time < reading->history_from)
    return TRUE;
  if (value->time < reading->history->from)
    {
      MmHistoryPoint *before = &g_array_index (reading->before, MmHistoryPoint, value->series);

      /* Of the same time, the one that was met first is the newer. */
      if (value->time > before->time)
        *before = point;
      return TRUE;
    }
  if (++reading->n_points > reading->max_points)
    return refuse_long (error);
  point.late = mm_reading_is_late (value->time, row->received, reading->interval_s);
  g_array_append_val (series->points, point);
  return TRUE;
}

/* Newest first: the last value of a row before its first. */
static gboolean
take_row (const MmLogRow *row, gpointer data, GError **error)
{
  Reading *reading = data;
  MmLogReader reader;
  MmLogValue value;

  reading->next = row->previous;
  g_array_set_size (reading->of_row, 0);
  mm_log_reader_init (&reader, row->body, row->body_length);
  while (mm_log_reader_next (&reader, &value))
    g_array_append_val (reading->of_row, value);
  if (!mm_log_reader_finish (&reader, error))
    return FALSE;
  for (guint i = reading->of_row->len; i > 0; i--)
    if (!take_value (reading, row, &g_array_index (reading->of_row, MmLogValue, i - 1), error))
      return FALSE;
  return TRUE;
}

/* ---- the points before the range ---- */

/* The earliest time that could still be bettered by an earlier row; G_MAXINT64 if none can. */
static gint64
oldest_before (const Reading *reading)
{
  gint64 oldest = G_MAXINT64;

  for (guint i = 0; i < reading->wanted->len; i++)
    {
      const MmHistorySeries *series = reading->wanted->pdata[i];

      if (series != NULL && series->is_counter && series->points->len > 0)
        oldest = MIN (oldest, g_array_index (reading->before, MmHistoryPoint, i).time);
    }
  return oldest;
}

typedef struct
{
  Reading *reading;
  gint64 newest_before;
} Stepping;

static gboolean
step_row (const MmLogRow *row, gpointer data, GError **error)
{
  Stepping *stepping = data;

  stepping->newest_before = row->newest_before;
  return take_row (row, stepping->reading, error);
}

/* Goes on back, row by row, until no earlier row can hold a nearer point. */
static gboolean
look_before (Reading *reading, MmDatabase *db, GError **error)
{
  Stepping stepping = { .reading = reading, .newest_before = G_MAXINT64 };

  for (guint i = 0; i < MAX_ROWS_BEFORE && reading->next != 0; i++)
    {
      if (oldest_before (reading) > stepping.newest_before
          || stepping.newest_before < reading->history_from)
        return TRUE;
      /* Nothing is that new before this row, so it is the only one. */
      if (!mm_reading_log_walk_back (db, reading->next, G_MAXINT64, step_row, &stepping, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- putting in order ---- */

static int
compare_time (gconstpointer a, gconstpointer b)
{
  const MmHistoryPoint *p = a, *q = b;

  return p->time < q->time ? -1 : p->time > q->time;
}

/* Turns the points round, oldest first, and keeps the newest of those with the same time. */
static void
put_in_order (GArray *points)
{
  MmHistoryPoint *all = (MmHistoryPoint *) points->data;
  gboolean ordered = TRUE;
  guint kept = 0;

  for (guint a = 0, b = points->len; a + 1 < b; a++, b--)
    {
      MmHistoryPoint swap = all[a];

      all[a] = all[b - 1];
      all[b - 1] = swap;
    }
  for (guint i = 1; i < points->len && ordered; i++)
    ordered = all[i - 1].time < all[i].time;
  if (ordered)
    return;
  /* Stable: of the same time, the newest stays the last. */
  g_array_sort (points, compare_time);
  for (guint i = 0; i < points->len; i++)
    if (i + 1 == points->len || all[i].time != all[i + 1].time)
      all[kept++] = all[i];
  g_array_set_size (points, kept);
}

static int
compare_series (gconstpointer a, gconstpointer b)
{
  const MmHistorySeries *p = *(MmHistorySeries *const *) a, *q = *(MmHistorySeries *const *) b;
  int by_device = strcmp (p->device, q->device);

  return by_device != 0 ? by_device : strcmp (p->quantity, q->quantity);
}

static void
work_out (Reading *reading, MmResolution resolution, GTimeZone *zone)
{
  GPtrArray *all = reading->history->series;

  for (guint i = 0; i < reading->wanted->len; i++)
    {
      MmHistorySeries *series = reading->wanted->pdata[i];
      const MmHistoryPoint *before = &g_array_index (reading->before, MmHistoryPoint, i);

      if (series == NULL)
        continue;
      put_in_order (series->points);
      if (resolution == MM_HISTORY_15MIN)
        mm_history_quarters (series->points, zone, series->spans);
      else if (resolution == MM_HISTORY_DAY)
        mm_history_days (series->points, before->time != G_MININT64 ? before : NULL,
                         series->is_counter, zone, reading->history->from, reading->history->to,
                         series->spans);
      if (resolution != MM_HISTORY_RAW)
        g_array_set_size (series->points, 0);
    }
  for (guint i = all->len; i > 0; i--)
    {
      const MmHistorySeries *series = all->pdata[i - 1];

      if (series->points->len == 0 && series->spans->len == 0)
        g_ptr_array_remove_index (all, i - 1);
    }
  g_ptr_array_sort (all, compare_series);
}

/* ---- the whole ---- */

static gboolean
check_range (const MmHistoryQuery *query, GError **error)
{
  if (query->to <= query->from)
    {
      mm_error_add_field (error, "to", "order", N_ ("The end must lie behind the beginning."));
      return FALSE;
    }
  /* An hour more, for years that end on summer time. */
  if (query->to > query->from + MM_HISTORY_MAX_DAYS * MM_DAY + MM_HOUR)
    {
      mm_error_add_field (error, "to", "too-long", N_ ("At most 366 days at once."));
      return FALSE;
    }
  return TRUE;
}

/* Widens the range to whole days of the site. */
static void
widen (MmHistory *history, GTimeZone *zone)
{
  gint64 from, to;

  if (mm_history_day_of (zone, history->from, &from, &to))
    history->from = from;
  if (mm_history_day_of (zone, history->to - 1, &from, &to))
    history->to = to;
}

static gboolean
read_log (Reading *reading, MmDatabase *db, const MmHistoryQuery *query, GError **error)
{
  MmHistory *history = reading->history;
  gboolean by_day = query->resolution == MM_HISTORY_DAY;
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (history->timezone);

  if (zone == NULL)
    zone = g_time_zone_new_utc ();
  if (by_day)
    widen (history, zone);
  /* A point at the last midnight closes the last day. */
  reading->to = history->to + (by_day ? 1 : 0);
  if (reading->head != 0
      && !mm_reading_log_walk_back (db, reading->head, MAX (history->from, reading->history_from),
                                    take_row, reading, error))
    return FALSE;
  if (by_day && !look_before (reading, db, error))
    return FALSE;
  work_out (reading, query->resolution, zone);
  return TRUE;
}

MmHistory *
mm_history_read (MmContext *context,
                 const MmAccess *access,
                 const MmHistoryQuery *query,
                 GError **error)
{
  g_autoptr (MmHistory) history = g_new0 (MmHistory, 1);
  g_auto (Reading) reading = { .history = history, .history_from = access->history_from };
  g_autoptr (MmGatewayRow) site = NULL;
  MmDatabase *db;
  gboolean read;

  history->series = g_ptr_array_new_with_free_func (series_free);
  history->from = query->from;
  history->to = query->to;
  if (!check_range (query, error))
    return NULL;
  reading.max_points
      = query->resolution == MM_HISTORY_RAW ? MM_HISTORY_MAX_RAW : MM_HISTORY_MAX_SCANNED;
  look_at_live (&reading, context, access->gateway, query);
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  site = mm_store_gateway_get (db, access->gateway, error);
  if (site != NULL)
    history->timezone = g_strdup (site->timezone);
  read = site != NULL && read_log (&reading, db, query, error);
  mm_readers_give (context->readers, db);
  return read ? g_steal_pointer (&history) : NULL;
}

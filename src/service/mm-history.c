/* Points come from mm-points.h; here is which of them are asked for, and what is made of them. */
#include "mm-history.h"

#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-history-spans.h"
#include "mm-live.h"
#include "mm-points.h"
#include "mm-quantity.h"
#include "mm-store-gateways.h"
#include "mm-words.h"

#include <math.h>
#include <string.h>

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
 * @before: for each, the last point before the range; its time is MM_TIME_NONE if there is none */
typedef struct
{
  MmHistory *history;
  gint64 history_from;
  gint64 to; /* not included */
  guint max_points;
  MmPointsGateway gateway;
  GPtrArray *wanted;
  MmBlockPoint *before;
} Reading;

static void
reading_clear (Reading *reading)
{
  mm_points_gateway_clear (&reading->gateway);
  g_clear_pointer (&reading->wanted, g_ptr_array_unref);
  g_clear_pointer (&reading->before, g_free);
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
  series->points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
  series->spans = g_array_new (FALSE, FALSE, sizeof (MmHistorySpan));
  return series;
}

/* Takes what the live state knows: the last row that readers can see, and the series. To be called
 * before the read transaction begins, or the row might not be in it. */
static void
look_at_live (Reading *reading, MmContext *context, gint64 id, const MmHistoryQuery *query)
{
  mm_points_gateway_init (&reading->gateway, context->live, id);
  reading->wanted = g_ptr_array_new ();
  reading->before = g_new (MmBlockPoint, reading->gateway.n_series + 1);
  for (guint i = 0; i < reading->gateway.n_series; i++)
    {
      MmHistorySeries *series = NULL;

      reading->before[i] = (MmBlockPoint){ .time = MM_TIME_NONE };
      if (is_wanted (query, &reading->gateway.series[i]))
        {
          series = new_series (&reading->gateway.series[i]);
          g_ptr_array_add (reading->history->series, series);
        }
      g_ptr_array_add (reading->wanted, series);
    }
}

/* Fills the points of the series that are asked for. */
static gboolean
read_range (Reading *reading, MmDatabase *db, GError **error)
{
  guint n = reading->gateway.n_series;
  g_autofree guint8 *wanted = g_new0 (guint8, n + 1);
  const MmPointsQuery query = {
    .from = MAX (reading->history->from, reading->history_from),
    .to = reading->to,
    .wanted = wanted,
    .max = reading->max_points,
  };
  g_autoptr (GPtrArray) points = NULL;
  g_autoptr (GError) problem = NULL;

  for (guint i = 0; i < n; i++)
    wanted[i] = reading->wanted->pdata[i] != NULL;
  points = mm_points_read (db, &reading->gateway, &query, NULL, &problem);
  if (points == NULL && g_error_matches (problem, MM_ERROR, MM_ERROR_TOO_LARGE))
    mm_error_add_field (error, "to", "too-long",
                        N_ ("This is more than one answer holds. Please ask for a shorter time or "
                            "fewer quantities."));
  else if (points == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  for (guint i = 0; points != NULL && i < n; i++)
    {
      MmHistorySeries *series = reading->wanted->pdata[i];

      if (series == NULL)
        continue;
      g_array_unref (series->points);
      series->points = g_array_ref (points->pdata[i]);
    }
  return points != NULL;
}

/* Finds what the counters that have points began from. */
static gboolean
read_before (Reading *reading, MmDatabase *db, GError **error)
{
  guint n = reading->gateway.n_series;
  g_autofree guint8 *wanted = g_new0 (guint8, n + 1);
  gboolean any = FALSE;

  for (guint i = 0; i < n; i++)
    {
      const MmHistorySeries *series = reading->wanted->pdata[i];

      wanted[i] = series != NULL && series->is_counter && series->points->len > 0;
      any |= wanted[i] != 0;
    }
  return !any
         || mm_points_last_before (db, &reading->gateway, wanted, reading->history_from,
                                   reading->history->from, reading->before, error);
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
      const MmBlockPoint *before = &reading->before[i];

      if (series == NULL)
        continue;
      if (resolution == MM_HISTORY_15MIN)
        mm_history_quarters (series->points, zone, series->spans);
      else if (resolution == MM_HISTORY_DAY)
        mm_history_days (series->points, before->time != MM_TIME_NONE ? before : NULL,
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
read_points (Reading *reading, MmDatabase *db, const MmHistoryQuery *query, GError **error)
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
  if (!read_range (reading, db, error) || (by_day && !read_before (reading, db, error)))
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
  read = site != NULL && read_points (&reading, db, query, error);
  mm_readers_give (context->readers, db);
  return read ? g_steal_pointer (&history) : NULL;
}

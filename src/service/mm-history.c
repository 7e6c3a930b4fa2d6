/* Points come from mm-points.h, stretches of them from mm-stretches.h; here is which of them are
 * asked for, and what is made of them. */
#include "mm-history.h"

#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-history-spans.h"
#include "mm-live.h"
#include "mm-points.h"
#include "mm-quantity.h"
#include "mm-rolling.h"
#include "mm-store-gateways.h"
#include "mm-stretches.h"
#include "mm-words.h"

#include <math.h>
#include <string.h>

static const char *const resolutions[] = { "raw", "15min", "day" };

const char *
mm_resolution_name (MmResolution resolution)
{
  return resolutions[resolution];
}

gboolean
mm_resolution_from_name (const char *name, MmResolution *resolution)
{
  for (gsize i = 0; i < G_N_ELEMENTS (resolutions); i++)
    if (strcmp (name, resolutions[i]) == 0)
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

/* Of each series, by its number in the log: @series, NULL for those that are not asked for (not
 * owned); @wanted, whether they are; @spans, how far its spans are; @before, the last point before
 * the range, its time is MM_TIME_NONE if there is none. */
typedef struct
{
  MmHistory *history;
  gint64 history_from;
  GTimeZone *zone;
  MmPointsGateway gateway;
  GPtrArray *series;
  guint8 *wanted;
  MmSpans *spans;
  MmBlockPoint *before;
  MmSpanGrid grid;
  guint n_spans;
} Reading;

static void
reading_clear (Reading *reading)
{
  mm_points_gateway_clear (&reading->gateway);
  g_clear_pointer (&reading->zone, g_time_zone_unref);
  g_clear_pointer (&reading->series, g_ptr_array_unref);
  g_clear_pointer (&reading->wanted, g_free);
  g_clear_pointer (&reading->spans, g_free);
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
  guint n;

  mm_points_gateway_init (&reading->gateway, context->live, id);
  n = reading->gateway.n_series;
  reading->series = g_ptr_array_new ();
  reading->wanted = g_new0 (guint8, n + 1);
  reading->spans = g_new0 (MmSpans, n + 1);
  reading->before = g_new (MmBlockPoint, n + 1);
  for (guint i = 0; i < n; i++)
    {
      MmHistorySeries *series = NULL;

      reading->before[i] = (MmBlockPoint){ .time = MM_TIME_NONE };
      if (is_wanted (query, &reading->gateway.series[i]))
        {
          series = new_series (&reading->gateway.series[i]);
          reading->wanted[i] = TRUE;
          g_ptr_array_add (reading->history->series, series);
        }
      g_ptr_array_add (reading->series, series);
    }
}

static gboolean
refuse_long (GError **error)
{
  mm_error_add_field (error, "to", "too-long",
                      N_ ("This is more than one answer holds. Please ask for a shorter time or "
                          "fewer quantities."));
  return FALSE;
}

/* FALSE with @problem, or in other words. */
static gboolean
pass_on (GError *problem, GError **error)
{
  if (g_error_matches (problem, MM_ERROR, MM_ERROR_TOO_LARGE))
    {
      g_error_free (problem);
      return refuse_long (error);
    }
  g_propagate_error (error, problem);
  return FALSE;
}

/* Fills the points of the series that are asked for, before @to. */
static gboolean
read_points (Reading *reading, MmDatabase *db, gint64 to, guint max, GError **error)
{
  const MmPointsQuery query = {
    .from = MAX (reading->history->from, reading->history_from),
    .to = to,
    .wanted = reading->wanted,
    .max = max,
  };
  GError *problem = NULL;
  g_autoptr (GPtrArray) points = mm_points_read (db, &reading->gateway, &query, NULL, &problem);

  if (points == NULL)
    return pass_on (problem, error);
  for (guint i = 0; i < points->len; i++)
    {
      MmHistorySeries *series = reading->series->pdata[i];

      if (series == NULL)
        continue;
      g_array_unref (series->points);
      series->points = g_array_ref (points->pdata[i]);
    }
  return TRUE;
}

/* ---- spans ---- */

static gboolean
take_stretch (guint32 number, const MmRollup *rollup, gpointer data, GError **error)
{
  Reading *reading = data;
  MmSpans *spans = &reading->spans[number];
  guint before = spans->spans->len;

  mm_spans_take (spans, rollup);
  reading->n_spans += spans->spans->len - before;
  return reading->n_spans <= MM_HISTORY_MAX_RAW || refuse_long (error);
}

/* Spans of less than a quarter of an hour, from points. */
static gboolean
read_narrow (Reading *reading, MmDatabase *db, GError **error)
{
  /* A point at the end closes the last span. */
  if (!read_points (reading, db, reading->history->to + 1, MM_HISTORY_MAX_SCANNED, error))
    return FALSE;
  for (guint i = 0; i < reading->series->len; i++)
    {
      MmHistorySeries *series = reading->series->pdata[i];

      for (guint k = 0; series != NULL && k < series->points->len; k++)
        {
          const MmBlockPoint *point = &g_array_index (series->points, MmBlockPoint, k);
          MmRollup rollup = { 0 };

          mm_rollup_add (&rollup, point->time, point->value);
          if (!take_stretch (i, &rollup, reading, error))
            return FALSE;
        }
      if (series != NULL)
        g_array_set_size (series->points, 0);
    }
  return TRUE;
}

static gboolean
read_wide (Reading *reading, MmDatabase *db, GError **error)
{
  const MmHistory *history = reading->history;
  gboolean by_day = history->width >= MM_DAY;
  const MmStretchesQuery query = {
    .from = MAX (history->from, reading->history_from),
    /* A point at the end closes the last span. */
    .to = history->with_energy ? history->to + MM_QUARTER : history->to,
    .wanted = reading->wanted,
    .zone = by_day ? reading->zone : NULL,
    .zone_name = by_day ? history->timezone : NULL,
    .max = MM_HISTORY_MAX_SCANNED,
  };
  GError *problem = NULL;

  return mm_stretches_read (db, &reading->gateway, &query, take_stretch, reading, &problem)
         || pass_on (problem, error);
}

/* Finds where the counters stood before the range. */
static gboolean
read_before (Reading *reading, MmDatabase *db, GError **error)
{
  g_autofree guint8 *counters = g_new0 (guint8, reading->series->len + 1);
  gint64 before = reading->history->from;
  gboolean any = FALSE;

  for (guint i = 0; i < reading->series->len; i++)
    {
      const MmHistorySeries *series = reading->series->pdata[i];

      counters[i] = series != NULL && series->is_counter;
      any |= counters[i];
    }
  if (!any)
    return TRUE;
  if (before == mm_quarter_of (before))
    return mm_stretches_last_before (db, &reading->gateway, counters, reading->history_from, before,
                                     reading->before, error);
  return mm_points_last_before (db, &reading->gateway, counters, reading->history_from, before,
                                reading->before, error);
}

static gboolean
read_spans (Reading *reading, MmDatabase *db, GError **error)
{
  const MmHistory *history = reading->history;

  reading->grid = (MmSpanGrid){ .zone = reading->zone, .width = history->width };
  if (history->with_energy && !read_before (reading, db, error))
    return FALSE;
  for (guint i = 0; i < reading->series->len; i++)
    {
      const MmHistorySeries *series = reading->series->pdata[i];

      if (series != NULL)
        reading->spans[i] = (MmSpans){
          .grid = &reading->grid,
          .spans = series->spans,
          .from = history->from,
          .to = history->to,
          .is_counter = history->with_energy && series->is_counter,
          .is_counting = reading->before[i].time != MM_TIME_NONE,
          .reached = reading->before[i].value,
        };
    }
  if (history->width < MM_QUARTER ? !read_narrow (reading, db, error)
                                  : !read_wide (reading, db, error))
    return FALSE;
  for (guint i = 0; i < reading->series->len; i++)
    if (reading->series->pdata[i] != NULL)
      mm_spans_finish (&reading->spans[i]);
  return TRUE;
}

/* ---- the whole ---- */

static gboolean
check_range (const MmHistoryQuery *query, GError **error)
{
  gboolean is_bounded = query->points == 0 && query->resolution != MM_HISTORY_DAY;

  if (query->to <= query->from)
    {
      mm_error_add_field (error, "to", "order", N_ ("The end must lie behind the beginning."));
      return FALSE;
    }
  /* An hour more, for years that end on summer time. */
  if (is_bounded && query->to - query->from > MM_HISTORY_MAX_DAYS * MM_DAY + MM_HOUR)
    {
      mm_error_add_field (error, "to", "too-long", N_ ("At most 366 days at once."));
      return FALSE;
    }
  if (query->to - query->from > MM_HISTORY_MAX_YEARS * 366 * MM_DAY)
    return refuse_long (error);
  return TRUE;
}

/* The least of the widths that are easily read for which @range is about @points of them. */
static gint64
choose_width (gint64 range, guint points)
{
  static const gint64 widths[] = {
    MM_SECOND,      2 * MM_SECOND,  5 * MM_SECOND, 10 * MM_SECOND, 15 * MM_SECOND,
    30 * MM_SECOND, MM_MINUTE,      2 * MM_MINUTE, 5 * MM_MINUTE,  10 * MM_MINUTE,
    MM_QUARTER,     2 * MM_QUARTER, MM_HOUR,       2 * MM_HOUR,    3 * MM_HOUR,
    4 * MM_HOUR,    6 * MM_HOUR,    12 * MM_HOUR,  MM_DAY,
  };
  gint64 least = range / points + (range % points != 0);

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    if (widths[i] >= least)
      return widths[i];
  return (least + MM_DAY - 1) / MM_DAY * MM_DAY;
}

/* Widens the range to whole spans. */
static void
widen (MmHistory *history, GTimeZone *zone)
{
  MmSpanGrid grid = { .zone = zone, .width = history->width };
  gint64 from, to;

  if (mm_span_grid_at (&grid, history->from, &from, &to))
    history->from = from;
  if (mm_span_grid_at (&grid, history->to - 1, &from, &to))
    history->to = to;
}

static int
compare_series (gconstpointer a, gconstpointer b)
{
  const MmHistorySeries *p = *(MmHistorySeries *const *) a, *q = *(MmHistorySeries *const *) b;
  int by_device = strcmp (p->device, q->device);

  return by_device != 0 ? by_device : strcmp (p->quantity, q->quantity);
}

/* Takes out what has nothing, and sorts the rest. */
static void
put_in_order (GPtrArray *all)
{
  for (guint i = all->len; i > 0; i--)
    {
      const MmHistorySeries *series = all->pdata[i - 1];

      if (series->points->len == 0 && series->spans->len == 0)
        g_ptr_array_remove_index (all, i - 1);
    }
  g_ptr_array_sort (all, compare_series);
}

static gboolean
read_all (Reading *reading, MmDatabase *db, const MmHistoryQuery *query, GError **error)
{
  MmHistory *history = reading->history;
  gboolean read;

  reading->zone = g_time_zone_new_identifier (history->timezone);
  if (reading->zone == NULL)
    reading->zone = g_time_zone_new_utc ();
  history->resolution = query->resolution;
  if (query->points > 0)
    {
      history->width = choose_width (history->to - history->from, query->points);
      history->resolution = history->width >= MM_DAY       ? MM_HISTORY_DAY
                            : history->width >= MM_QUARTER ? MM_HISTORY_15MIN
                                                           : MM_HISTORY_RAW;
    }
  else if (query->resolution != MM_HISTORY_RAW)
    history->width = query->resolution == MM_HISTORY_DAY ? MM_DAY : MM_QUARTER;
  history->with_energy = query->points > 0 || query->resolution == MM_HISTORY_DAY;
  if (history->with_energy)
    widen (history, reading->zone);
  if (history->width == 0)
    read = read_points (reading, db, history->to, MM_HISTORY_MAX_RAW, error);
  else
    read = read_spans (reading, db, error);
  put_in_order (history->series);
  return read;
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
  look_at_live (&reading, context, access->gateway, query);
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  site = mm_store_gateway_get (db, access->gateway, error);
  if (site != NULL)
    history->timezone = g_strdup (site->timezone);
  read = site != NULL && read_all (&reading, db, query, error);
  mm_readers_give (context->readers, db);
  return read ? g_steal_pointer (&history) : NULL;
}

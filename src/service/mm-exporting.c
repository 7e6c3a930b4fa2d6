#include "mm-exporting.h"

#include "mm-csv.h"
#include "mm-error.h"
#include "mm-line-write.h"
#include "mm-number.h"
#include "mm-points.h"
#include "mm-store-gateways.h"
#include "mm-time.h"

#include <string.h>

#define AT_ONCE (31 * MM_DAY)

/* Points of one time by the names of device and quantity, not by their numbers. */
static int
compare_names (gconstpointer a, gconstpointer b, gpointer data)
{
  const MmSeriesPoint *p = a, *q = b;
  const MmLiveSeries *series = data;
  int order;

  if (p->time != q->time)
    return p->time < q->time ? -1 : 1;
  order = strcmp (series[p->series].device, series[q->series].device);
  return order != 0 ? order : strcmp (series[p->series].quantity, series[q->series].quantity);
}

static void
write_point (GString *csv, const MmSeriesPoint *point, const MmLiveSeries *series)
{
  char time[MM_TIME_TEXT_SIZE];
  char value[MM_NUMBER_TEXT_SIZE];

  mm_time_write (point->time, time);
  mm_number_write (point->value, value);
  g_string_append (csv, time);
  g_string_append_c (csv, ',');
  mm_csv_append_field (csv, series->device);
  g_string_append_c (csv, ',');
  mm_csv_append_field (csv, series->quantity);
  g_string_append_c (csv, ',');
  g_string_append (csv, value);
  g_string_append_c (csv, '\n');
}

/* What line protocol cannot say is left out: names with a backslash at their end. */
static void
write_line (GString *lines, const MmSeriesPoint *point, const MmLiveSeries *series)
{
  const MmLineField value = { .kind = MM_LINE_FLOAT, .number = point->value };
  gsize length = strlen (series->device);
  gsize before = lines->len;

  if (mm_line_write_measurement (lines, series->device, length)
      && mm_line_write_tag (lines, "device", strlen ("device"), series->device, length)
      && mm_line_write_field (lines, TRUE, series->quantity, strlen (series->quantity), &value)
      && ABS (point->time) <= G_MAXINT64 / 1000)
    mm_line_write_time (lines, point->time * 1000);
  else
    g_string_truncate (lines, before);
}

/* Writes the first month from @from on, and says where the next one begins. */
static gboolean
write_month (GString *csv,
             MmExportLayout layout,
             MmDatabase *db,
             const MmPointsGateway *gateway,
             gint64 from,
             gint64 to,
             gint64 *next,
             GError **error)
{
  MmPointsQuery query = { 0 };
  g_autoptr (GPtrArray) by_series = NULL;
  g_autoptr (GArray) points = NULL;
  gint64 first, end;

  *next = MM_TIME_NONE;
  if (!mm_points_first (db, gateway, from, &first, error))
    return FALSE;
  if (first == MM_TIME_NONE || first >= to)
    return TRUE;
  end = to - AT_ONCE > first ? first + AT_ONCE : to;
  query.from = first;
  query.to = end;
  by_series = mm_points_read (db, gateway, &query, NULL, error);
  if (by_series == NULL)
    return FALSE;
  points = mm_points_by_time (by_series);
  g_array_sort_with_data (points, compare_names, gateway->series);
  for (guint i = 0; i < points->len; i++)
    {
      const MmSeriesPoint *point = &g_array_index (points, MmSeriesPoint, i);

      (layout == MM_EXPORT_LINE ? write_line : write_point) (csv, point,
                                                             &gateway->series[point->series]);
    }
  if (end < to && !mm_points_first (db, gateway, end, next, error))
    return FALSE;
  if (*next >= to)
    *next = MM_TIME_NONE;
  return TRUE;
}

static gint64
find_gateway (MmContext *context, const char *id, GError **error)
{
  g_autoptr (GError) problem = NULL;
  MmDatabase *db = mm_readers_take (context->readers, &problem);
  g_autoptr (MmGatewayRow) row
      = db != NULL ? mm_store_gateway_find_folded (db, id, &problem) : NULL;

  if (db != NULL)
    mm_readers_give (context->readers, db);
  if (row != NULL)
    return row->row;
  if (g_error_matches (problem, MM_ERROR, MM_ERROR_NOT_FOUND))
    mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", "There is no gateway with this ID.");
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return 0;
}

GString *
mm_exporting_read (MmContext *context,
                   const char *id,
                   MmExportLayout layout,
                   gint64 from,
                   gint64 to,
                   gint64 *next,
                   GError **error)
{
  g_auto (MmPointsGateway) gateway = { 0 };
  GString *csv = NULL;
  MmDatabase *db;
  gboolean written;
  gint64 row = find_gateway (context, id, error);

  if (row == 0)
    return NULL;
  if (!mm_points_gateway_init (&gateway, context->live, row))
    {
      mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", "There is no gateway with this ID.");
      return NULL;
    }
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  csv = g_string_new (NULL);
  written = write_month (csv, layout, db, &gateway, from, to, next, error);
  mm_readers_give (context->readers, db);
  if (!written)
    g_string_free (g_steal_pointer (&csv), TRUE);
  return csv;
}

#include "mm-checking.h"

#include "mm-clock.h"
#include "mm-points.h"
#include "mm-store-readings.h"

#define AT_ONCE (31 * MM_DAY)

void
mm_check_clear (MmCheck *check)
{
  g_clear_pointer (&check->problem, g_free);
}

/* Keeps the first problem. */
static void
note_problem (MmCheck *check, char *problem)
{
  if (check->problem == NULL)
    check->problem = problem;
  else
    g_free (problem);
}

static GArray *
all_gateways (MmContext *context)
{
  GArray *all = g_array_new (FALSE, TRUE, sizeof (MmPointsGateway));
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  const GPtrArray *live;

  g_array_set_clear_func (all, (GDestroyNotify) mm_points_gateway_clear);
  mm_live_lock (context->live);
  live = mm_live_all (context->live);
  for (guint i = 0; i < live->len; i++)
    g_array_append_val (ids, ((const MmLiveGateway *) live->pdata[i])->id);
  mm_live_unlock (context->live);
  for (guint i = 0; i < ids->len; i++)
    {
      MmPointsGateway gateway;

      if (mm_points_gateway_init (&gateway, context->live, g_array_index (ids, gint64, i)))
        g_array_append_val (all, gateway);
    }
  return all;
}

/* Points of one time stand together; of these, each device counts once. */
static guint64
count_readings (const MmPointsGateway *gateway, const GArray *points)
{
  const MmSeriesPoint *all = (const MmSeriesPoint *) points->data;
  guint64 readings = 0;
  guint begin = 0;

  for (guint i = 0; i < points->len; i++)
    {
      const char *device = gateway->series[all[i].series].device;
      gboolean seen = FALSE;

      if (all[i].time != all[begin].time)
        begin = i;
      for (guint j = begin; j < i && !seen; j++)
        seen = gateway->series[all[j].series].device == device;
      readings += !seen;
    }
  return readings;
}

/* Counts the points from @from on, a month at a time; @values says how many there are. */
static gboolean
count_values (
    MmCheck *check, MmDatabase *db, const MmPointsGateway *gateway, guint64 *values, GError **error)
{
  gint64 from = G_MININT64;

  *values = 0;
  for (;;)
    {
      MmPointsQuery query = { .to = G_MAXINT64 };
      g_autoptr (GPtrArray) points = NULL;
      g_autoptr (GArray) by_time = NULL;

      if (!mm_points_first (db, gateway, from, &query.from, error))
        return FALSE;
      if (query.from == MM_TIME_NONE)
        return TRUE;
      if (query.from < G_MAXINT64 - AT_ONCE)
        query.to = from = query.from + AT_ONCE;
      points = mm_points_read (db, gateway, &query, NULL, error);
      if (points == NULL)
        return FALSE;
      by_time = mm_points_by_time (points);
      *values += by_time->len;
      check->readings += count_readings (gateway, by_time);
      if (query.to == G_MAXINT64)
        return TRUE;
    }
}

/* What all rows and blocks say that they added; and what of the blocks is damaged. @is_settled:
 * that is to be the gateway's own count. */
static gboolean
count_added (MmCheck *check,
             MmDatabase *db,
             const MmPointsGateway *gateway,
             guint64 *added,
             gboolean *is_settled,
             GError **error)
{
  g_autofree guint8 *none = g_new0 (guint8, gateway->n_series + 1);
  const MmPointsQuery query = { .from = G_MININT64, .to = G_MAXINT64, .wanted = none };
  MmPointsReport report = { 0 };
  g_autoptr (GPtrArray) points = mm_points_read (db, gateway, &query, &report, error);

  if (report.damage != NULL)
    note_problem (check, report.damage);
  *added = report.added;
  *is_settled = gateway->is_settled && !report.is_newer;
  return points != NULL;
}

static void
check_gateway (MmCheck *check, MmDatabase *db, const MmPointsGateway *gateway)
{
  g_autoptr (GError) error = NULL;
  guint64 added, values;
  gboolean is_settled;

  if (!count_added (check, db, gateway, &added, &is_settled, &error)
      || !count_values (check, db, gateway, &values, &error))
    {
      note_problem (check, g_strdup_printf ("gateway %" G_GINT64_FORMAT ": %s", gateway->id,
                                            error->message));
      return;
    }
  check->values += values;
  if (values != added || (is_settled && values != gateway->n_values))
    note_problem (check, g_strdup_printf ("gateway %" G_GINT64_FORMAT ": %" G_GUINT64_FORMAT
                                          " values are stored, %" G_GUINT64_FORMAT
                                          " were added, %" G_GUINT64_FORMAT " are counted",
                                          gateway->id, values, added, gateway->n_values));
}

static gboolean
check_store (MmCheck *check, MmDatabase *db, const GArray *gateways, GError **error)
{
  gint64 quarantined = 0;
  char *problem;

  if (!mm_database_integrity (db, &problem, error))
    return FALSE;
  if (problem != NULL)
    note_problem (check, problem);
  if (!mm_quarantine_count (db, &quarantined, error))
    return FALSE;
  check->quarantined = (guint64) quarantined;
  for (guint i = 0; i < gateways->len; i++)
    check_gateway (check, db, &g_array_index (gateways, MmPointsGateway, i));
  return TRUE;
}

gboolean
mm_checking_run (MmContext *context, MmCheck *check, GError **error)
{
  /* First the heads, then the moment that is read: it holds all of them. */
  g_autoptr (GArray) gateways = all_gateways (context);
  g_autoptr (GError) problem = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);

  *check = (MmCheck){ .gateways = gateways->len };
  if (db == NULL)
    return FALSE;
  if (!check_store (check, db, gateways, &problem))
    note_problem (check, g_strdup (problem->message));
  mm_readers_give (context->readers, db);
  return TRUE;
}

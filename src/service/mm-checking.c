#include "mm-checking.h"

#include "mm-log-points.h"
#include "mm-store-readings.h"

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
  GArray *all = g_array_new (FALSE, TRUE, sizeof (MmLogGateway));
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  const GPtrArray *live;

  g_array_set_clear_func (all, (GDestroyNotify) mm_log_gateway_clear);
  mm_live_lock (context->live);
  live = mm_live_all (context->live);
  for (guint i = 0; i < live->len; i++)
    g_array_append_val (ids, ((const MmLiveGateway *) live->pdata[i])->id);
  mm_live_unlock (context->live);
  for (guint i = 0; i < ids->len; i++)
    {
      MmLogGateway gateway;

      if (mm_log_gateway_init (&gateway, context->live, g_array_index (ids, gint64, i)))
        g_array_append_val (all, gateway);
    }
  return all;
}

/* Points of one time stand together; of these, each device counts once. */
static guint64
count_readings (const MmLogGateway *gateway, const GArray *points)
{
  const MmLogPoint *all = (const MmLogPoint *) points->data;
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

static void
check_gateway (MmCheck *check, MmDatabase *db, const MmLogGateway *gateway)
{
  g_autoptr (GError) error = NULL;
  guint64 added;
  g_autoptr (GArray) points
      = mm_log_points_read (db, gateway, G_MININT64, G_MAXINT64, &added, &error);

  if (points == NULL)
    {
      note_problem (check, g_strdup_printf ("gateway %" G_GINT64_FORMAT ": %s", gateway->id,
                                            error->message));
      return;
    }
  check->values += points->len;
  check->readings += count_readings (gateway, points);
  if (points->len != added || (gateway->is_settled && points->len != gateway->n_values))
    note_problem (check, g_strdup_printf ("gateway %" G_GINT64_FORMAT
                                          ": %u values are stored, %" G_GUINT64_FORMAT
                                          " were added, %" G_GUINT64_FORMAT " are counted",
                                          gateway->id, points->len, added, gateway->n_values));
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
    check_gateway (check, db, &g_array_index (gateways, MmLogGateway, i));
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

#include "mm-today.h"

#include "mm-energy.h"
#include "mm-error.h"
#include "mm-history.h"
#include "mm-live.h"

#include <math.h>
#include <string.h>

/* Where a figure comes from. @is_negative: what of the power lies below zero
 * @is_one: of one place, though several devices may measure it */
static const struct
{
  const char *name;
  const char *counter;
  const char *power;
  gboolean is_negative;
  gboolean is_one;
} sources[] = {
  [MM_TODAY_PRODUCED] = { "produced", "pv_energy_total", "pv_power", FALSE, FALSE },
  [MM_TODAY_USED] = { "used", "load_energy_total", "load_power", FALSE, TRUE },
  [MM_TODAY_SOLD] = { "sold", "grid_export_energy_total", "grid_power", TRUE, TRUE },
  [MM_TODAY_BOUGHT] = { "bought", "grid_import_energy_total", "grid_power", FALSE, TRUE },
  [MM_TODAY_CHARGED] = { "charged", "battery_charge_energy_total", "battery_power", TRUE, FALSE },
  [MM_TODAY_DISCHARGED]
  = { "discharged", "battery_discharge_energy_total", "battery_power", FALSE, FALSE },
};

const char *
mm_today_name (MmTodayFigure figure)
{
  return sources[figure].name;
}

/* ---- a figure from series ---- */

/* What is known so far of a figure. @weight: how many values made it */
typedef struct
{
  double energy;
  guint weight;
} Sum;

static void
add (Sum *sum, double energy, guint weight, gboolean is_one)
{
  if (isnan (energy))
    return;
  if (isnan (sum->energy) || (is_one && weight > sum->weight))
    *sum = (Sum){ energy, weight };
  else if (!is_one)
    sum->energy += energy;
}

static double
counted (const MmHistory *counters, MmTodayFigure figure)
{
  Sum sum = { .energy = NAN };

  for (guint i = 0; i < counters->series->len; i++)
    {
      const MmHistorySeries *series = counters->series->pdata[i];

      if (strcmp (series->quantity, sources[figure].counter) == 0 && series->spans->len > 0)
        {
          const MmHistorySpan *day = &g_array_index (series->spans, MmHistorySpan, 0);

          add (&sum, day->energy, day->count, sources[figure].is_one);
        }
    }
  return sum.energy;
}

static double
integrated (const MmHistory *powers, MmTodayFigure figure, const MmToday *today, gint64 bridge)
{
  Sum sum = { .energy = NAN };

  for (guint i = 0; i < powers->series->len; i++)
    {
      const MmHistorySeries *series = powers->series->pdata[i];
      MmEnergy energy;

      if (strcmp (series->quantity, sources[figure].power) != 0)
        continue;
      mm_energy_begin (&energy, G_MININT64, 0);
      for (guint k = 0; k < series->points->len; k++)
        {
          const MmBlockPoint *point = &g_array_index (series->points, MmBlockPoint, k);

          mm_energy_integrate (&energy, today->from, today->to, bridge, point->time, point->value);
        }
      if (energy.known)
        add (&sum, sources[figure].is_negative ? energy.negative : energy.positive,
             series->points->len, sources[figure].is_one);
    }
  return sum.energy;
}

/* ---- the whole ---- */

static double
or_nothing (double energy)
{
  return isnan (energy) ? 0 : energy;
}

static void
work_out (const MmHistory *counters, const MmHistory *powers, gint64 bridge, MmToday *today)
{
  double *e = today->energy;

  for (guint i = 0; i < MM_N_TODAY; i++)
    {
      e[i] = counted (counters, (MmTodayFigure) i);
      if (isnan (e[i]))
        e[i] = integrated (powers, (MmTodayFigure) i, today, bridge);
    }
  /* A house without a battery has nothing to say of it. */
  if (isnan (e[MM_TODAY_USED]))
    e[MM_TODAY_USED]
        = MAX (0, e[MM_TODAY_PRODUCED] + e[MM_TODAY_BOUGHT] - e[MM_TODAY_SOLD]
                      + or_nothing (e[MM_TODAY_DISCHARGED]) - or_nothing (e[MM_TODAY_CHARGED]));
  today->self_sufficiency
      = e[MM_TODAY_USED] > 0 ? CLAMP (1 - e[MM_TODAY_BOUGHT] / e[MM_TODAY_USED], 0, 1) : NAN;
}

static void
write_date (const MmHistory *day, MmToday *today)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (day->timezone);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (day->from / MM_SECOND);
  g_autoptr (GDateTime) local
      = zone != NULL ? g_date_time_to_timezone (utc, zone) : g_date_time_ref (utc);
  g_autofree char *date = g_date_time_format (local, "%Y-%m-%d");

  g_strlcpy (today->date, date, sizeof today->date);
}

static gint64
bridge_of (MmContext *context, gint64 id)
{
  const MmLiveGateway *gateway;
  guint interval_s;

  mm_live_lock (context->live);
  gateway = mm_live_get (context->live, id);
  interval_s = gateway != NULL ? gateway->interval_s : 0;
  mm_live_unlock (context->live);
  return mm_energy_bridge (interval_s);
}

/* mm_history_read(), but a day of more values than that reads (several a second) is not known
 * instead of refused. */
static MmHistory *
read_some (MmContext *context, const MmAccess *access, MmHistoryQuery *query, GError **error)
{
  const char *const nothing[] = { NULL };
  g_autoptr (GError) problem = NULL;
  MmHistory *history = mm_history_read (context, access, query, &problem);

  if (history != NULL)
    return history;
  if (!g_error_matches (problem, MM_ERROR, MM_ERROR_FIELDS))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  query->quantities = nothing;
  return mm_history_read (context, access, query, error);
}

gboolean
mm_today_read (
    MmContext *context, const MmAccess *access, gint64 now, MmToday *today, GError **error)
{
  const char *counter_names[MM_N_TODAY + 1] = { NULL };
  const char *power_names[] = { "pv_power", "load_power", "grid_power", "battery_power", NULL };
  MmHistoryQuery query = {
    .from = now,
    .to = now + 1,
    .resolution = MM_HISTORY_DAY,
    .quantities = counter_names,
  };
  gint64 bridge = bridge_of (context, access->gateway);
  g_autoptr (MmHistory) counters = NULL;
  g_autoptr (MmHistory) powers = NULL;

  for (guint i = 0; i < MM_N_TODAY; i++)
    counter_names[i] = sources[i].counter;
  counters = read_some (context, access, &query, error);
  if (counters == NULL)
    return FALSE;
  today->from = counters->from;
  today->to = counters->to;
  write_date (counters, today);

  query.resolution = MM_HISTORY_RAW;
  query.quantities = power_names;
  query.from = today->from - bridge;
  query.to = today->to;
  powers = read_some (context, access, &query, error);
  if (powers == NULL)
    return FALSE;
  work_out (counters, powers, bridge, today);
  return TRUE;
}

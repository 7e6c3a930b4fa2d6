#include "mm-half-hour-tables.h"

#include "mm-energy.h"
#include "mm-error.h"
#include "mm-half-hours.h"
#include "mm-live.h"
#include "mm-points.h"
#include "mm-store-gateways.h"

#include <math.h>
#include <string.h>

#define DAYS_AT_ONCE 31
#define LOOK_BACK MM_DAY /* for the point before the first half hour */

/* @is_negative: what of the power lies below zero; @is_one: of one place, though several devices
 * may measure it */
static const struct
{
  const char *counter;
  const char *power;
  gboolean is_negative;
  gboolean is_one;
} sources[MM_N_HALF_HOUR_ENERGIES] = {
  [MM_HALF_HOUR_PV] = { "pv_energy_total", "pv_power", FALSE, FALSE },
  [MM_HALF_HOUR_LOAD] = { "load_energy_total", "load_power", FALSE, TRUE },
  [MM_HALF_HOUR_SOLD] = { "grid_export_energy_total", "grid_power", TRUE, TRUE },
  [MM_HALF_HOUR_BOUGHT] = { "grid_import_energy_total", "grid_power", FALSE, TRUE },
  [MM_HALF_HOUR_CHARGED] = { "battery_charge_energy_total", "battery_power", TRUE, FALSE },
  [MM_HALF_HOUR_DISCHARGED] = { "battery_discharge_energy_total", "battery_power", FALSE, FALSE },
};

/* A gateway, found by its ID. */
typedef struct
{
  MmGatewayRow *row;
  GTimeZone *zone;
  MmPointsGateway log;
} Site;

static void
site_clear (Site *site)
{
  g_clear_pointer (&site->row, mm_gateway_row_free);
  g_clear_pointer (&site->zone, g_time_zone_unref);
  mm_points_gateway_clear (&site->log);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Site, site_clear)

static gboolean
find_site (MmContext *context, const char *id, Site *site, GError **error)
{
  g_autoptr (GError) problem = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return FALSE;
  site->row = mm_store_gateway_find_folded (db, id, &problem);
  mm_readers_give (context->readers, db);
  if (site->row != NULL)
    site->zone = g_time_zone_new_identifier (site->row->timezone);
  if (site->zone != NULL && mm_points_gateway_init (&site->log, context->live, site->row->row))
    return TRUE;
  if (problem != NULL && !g_error_matches (problem, MM_ERROR, MM_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", "There is no gateway with this ID.");
  return FALSE;
}

/* ---- a table into points ---- */

/* Marks in @taken the rows of @rows from @first on, before @to, in whose half hour @points lie. */
static void
mark_points (const GArray *rows, guint first, gint64 to, const GArray *points, gboolean *taken)
{
  const MmHalfHour *row = (const MmHalfHour *) (gpointer) rows->data;
  guint i = first;

  for (guint k = 0; k < points->len; k++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, k);

      while (i < rows->len && row[i].from < to && row[i].from + MM_HALF_HOUR <= point->time)
        i++;
      if (i < rows->len && row[i].from <= point->time)
        taken[i] = TRUE;
    }
}

/* Marks in @taken the rows in whose half hour the gateway has something of its own. */
static gboolean
mark_taken (const Site *site, MmDatabase *db, const GArray *rows, gboolean *taken, GError **error)
{
  const MmHalfHour *row = (const MmHalfHour *) (gpointer) rows->data;
  g_autofree guint8 *wanted = g_new (guint8, site->log.n_series + 1);
  guint i = 0;

  for (guint s = 0; s < site->log.n_series; s++)
    wanted[s] = strcmp (site->log.series[s].device, MM_HALF_HOUR_DEVICE) != 0;
  while (i < rows->len)
    {
      const MmPointsQuery query = {
        .from = row[i].from,
        .to = row[i].from + DAYS_AT_ONCE * MM_DAY,
        .wanted = wanted,
      };
      g_autoptr (GPtrArray) series = mm_points_read (db, &site->log, &query, NULL, error);

      if (series == NULL)
        return FALSE;
      for (guint s = 0; s < series->len; s++)
        mark_points (rows, i, query.to, series->pdata[s], taken);
      while (i < rows->len && row[i].from < query.to)
        i++;
    }
  return TRUE;
}

static gboolean
same_day (GTimeZone *zone, gint64 a, gint64 b)
{
  g_autoptr (GDateTime) p = g_date_time_new_from_unix_utc (a / MM_SECOND);
  g_autoptr (GDateTime) q = g_date_time_new_from_unix_utc (b / MM_SECOND);
  g_autoptr (GDateTime) of_p = g_date_time_to_timezone (p, zone);
  g_autoptr (GDateTime) of_q = g_date_time_to_timezone (q, zone);

  return g_date_time_get_day_of_year (of_p) == g_date_time_get_day_of_year (of_q)
         && g_date_time_get_year (of_p) == g_date_time_get_year (of_q);
}

static guint32
name_of (MmBatch *batch, const char *name)
{
  guint32 number = 0;

  mm_batch_intern (batch, name, strlen (name), &number);
  return number;
}

static void
put (MmBatch *batch, const char *quantity, gint64 time, double number)
{
  const MmValue value = { .time = time,
                          .device = name_of (batch, MM_HALF_HOUR_DEVICE),
                          .quantity = name_of (batch, quantity),
                          .value = number };

  mm_batch_add_value (batch, &value);
}

static void
add_row (MmBatch *batch, const MmHalfHour *row, gboolean begins, double *so_far)
{
  for (guint i = 0; i < MM_N_HALF_HOUR_ENERGIES; i++)
    {
      if (begins)
        so_far[i] = NAN;
      if (isnan (row->energy[i]))
        continue;
      if (isnan (so_far[i]))
        {
          so_far[i] = 0;
          /* A moment later, or it would close the half hour before. */
          put (batch, sources[i].counter, row->from + 1, 0);
        }
      so_far[i] += row->energy[i];
      put (batch, sources[i].counter, row->from + MM_HALF_HOUR - 1, so_far[i]);
    }
  if (!isnan (row->soc))
    put (batch, "soc", row->from, row->soc);
}

static MmBatch *
batch_of (const Site *site, const GArray *rows, const gboolean *taken, guint *n_skipped)
{
  MmBatch *batch = mm_batch_new ();
  const MmHalfHour *last = NULL;
  double so_far[MM_N_HALF_HOUR_ENERGIES];

  batch->is_import = TRUE;
  *n_skipped = 0;
  for (guint i = 0; i < rows->len; i++)
    {
      const MmHalfHour *row = &g_array_index (rows, MmHalfHour, i);

      if (taken[i])
        {
          (*n_skipped)++;
          last = NULL;
          continue;
        }
      add_row (batch, row, last == NULL || !same_day (site->zone, last->from, row->from), so_far);
      last = row;
    }
  return batch;
}

MmBatch *
mm_half_hour_tables_read (MmContext *context,
                          const char *id,
                          const char *text,
                          gsize length,
                          gint64 *gateway,
                          guint *n_rows,
                          guint *n_skipped,
                          GError **error)
{
  g_auto (Site) site = { 0 };
  g_autoptr (GArray) rows = NULL;
  g_autofree gboolean *taken = NULL;
  MmDatabase *db;
  gboolean marked;

  if (!find_site (context, id, &site, error))
    return NULL;
  rows = mm_half_hours_parse (text, length, site.zone, error);
  db = rows != NULL ? mm_readers_take (context->readers, error) : NULL;
  if (db == NULL)
    return NULL;
  taken = g_new0 (gboolean, rows->len);
  marked = mark_taken (&site, db, rows, taken, error);
  mm_readers_give (context->readers, db);
  if (!marked)
    return NULL;
  *gateway = site.row->row;
  *n_rows = rows->len;
  return batch_of (&site, rows, taken, n_skipped);
}

/* ---- points into a table ---- */

/* What is known so far of one figure of one half hour. @weight: how many points made it */
typedef struct
{
  double energy;
  guint weight;
} Sum;

static void
sum_up (Sum *sum, double energy, guint weight, gboolean is_one)
{
  if (weight == 0)
    return;
  if (isnan (sum->energy) || (is_one && weight > sum->weight))
    *sum = (Sum){ energy, weight };
  else if (!is_one)
    sum->energy += energy;
}

/* Half hours from @from on, @n of them. */
typedef struct
{
  gint64 from;
  guint n;
  gint64 bridge;
  MmHalfHour *rows;
  Sum *counted[MM_N_HALF_HOUR_ENERGIES];
  Sum *integrated[MM_N_HALF_HOUR_ENERGIES];
} Table;

static void
table_init (Table *table, gint64 from, guint n, gint64 bridge)
{
  table->from = from;
  table->n = n;
  table->bridge = bridge;
  table->rows = g_new (MmHalfHour, n);
  for (guint f = 0; f < MM_N_HALF_HOUR_ENERGIES; f++)
    {
      table->counted[f] = g_new (Sum, n);
      table->integrated[f] = g_new (Sum, n);
      for (guint i = 0; i < n; i++)
        table->counted[f][i] = table->integrated[f][i] = (Sum){ NAN, 0 };
    }
  for (guint i = 0; i < n; i++)
    {
      table->rows[i].from = from + i * MM_HALF_HOUR;
      table->rows[i].soc = NAN;
    }
}

static void
table_clear (Table *table)
{
  g_free (table->rows);
  for (guint f = 0; f < MM_N_HALF_HOUR_ENERGIES; f++)
    {
      g_free (table->counted[f]);
      g_free (table->integrated[f]);
    }
}

/* Of one series: energies of its half hours. */
typedef struct
{
  double *energy;
  guint *weight;
} Track;

static void
track_counter (const Table *table, const GArray *points, const Track *track)
{
  double reached = 0;

  for (guint i = 0; i < points->len; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);
      gint64 within = point->time - table->from - 1;
      guint64 at = (guint64) (within / MM_HALF_HOUR);
      double step;

      if (i == 0)
        {
          reached = point->value;
          continue;
        }
      step = mm_energy_step (reached, point->value, &reached);
      if (within < 0 || at >= table->n)
        continue;
      track->energy[at] += step;
      track->weight[at]++;
    }
}

static void
track_power (const Table *table, const GArray *points, gboolean is_negative, const Track *track)
{
  for (guint i = 1; i < points->len; i++)
    {
      const MmBlockPoint *before = &g_array_index (points, MmBlockPoint, i - 1);
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);
      gint64 first = MAX (before->time - table->from, 0) / MM_HALF_HOUR;

      if (point->time <= table->from || point->time - before->time > table->bridge)
        continue;
      for (gint64 at = first; at < (gint64) table->n; at++)
        {
          gint64 from = table->from + at * MM_HALF_HOUR;
          MmEnergy energy;

          if (from >= point->time)
            break;
          mm_energy_begin (&energy, before->time, before->value);
          mm_energy_integrate (&energy, from, from + MM_HALF_HOUR, table->bridge, point->time,
                               point->value);
          if (!energy.known)
            continue;
          track->energy[at] += is_negative ? energy.negative : energy.positive;
          track->weight[at]++;
        }
    }
}

static void
take_series (Table *table, const char *quantity, const GArray *points)
{
  g_autofree double *energy = g_new (double, table->n);
  g_autofree guint *weight = g_new (guint, table->n);
  const Track track = { energy, weight };

  for (guint f = 0; f < MM_N_HALF_HOUR_ENERGIES; f++)
    {
      gboolean counts = strcmp (quantity, sources[f].counter) == 0;
      Sum *sums = counts ? table->counted[f] : table->integrated[f];

      if (!counts && strcmp (quantity, sources[f].power) != 0)
        continue;
      memset (energy, 0, table->n * sizeof *energy);
      memset (weight, 0, table->n * sizeof *weight);
      if (counts)
        track_counter (table, points, &track);
      else
        track_power (table, points, sources[f].is_negative, &track);
      for (guint i = 0; i < table->n; i++)
        sum_up (&sums[i], energy[i], weight[i], sources[f].is_one);
    }
}

static void
take_levels (Table *table, const GArray *points)
{
  for (guint i = 0; i < points->len; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);
      gint64 within = point->time - table->from;

      if (within >= 0 && within / MM_HALF_HOUR < (gint64) table->n
          && isnan (table->rows[within / MM_HALF_HOUR].soc))
        table->rows[within / MM_HALF_HOUR].soc = point->value;
    }
}

static void
fill (Table *table, const Site *site, const GPtrArray *series)
{
  for (guint s = 0; s < series->len; s++)
    {
      const char *quantity = site->log.series[s].quantity;
      const GArray *points = series->pdata[s];

      if (points->len == 0)
        continue;
      if (strcmp (quantity, "soc") == 0)
        take_levels (table, points);
      else
        take_series (table, quantity, points);
    }
}

static void
write_rows (GString *csv, Table *table, GTimeZone *zone)
{
  for (guint i = 0; i < table->n; i++)
    {
      MmHalfHour *row = &table->rows[i];
      gboolean any = !isnan (row->soc);

      for (guint f = 0; f < MM_N_HALF_HOUR_ENERGIES; f++)
        {
          row->energy[f] = isnan (table->counted[f][i].energy) ? table->integrated[f][i].energy
                                                               : table->counted[f][i].energy;
          any |= !isnan (row->energy[f]);
        }
      if (any)
        mm_half_hours_write (csv, row, zone);
    }
}

/* The half hour of the site's clock in which @time lies. */
static gint64
half_hour_of (GTimeZone *zone, gint64 time)
{
  gint64 offset
      = g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL,
                                                                 time / MM_SECOND))
        * MM_SECOND;
  gint64 into = (time + offset) % MM_HALF_HOUR;

  return time - (into < 0 ? into + MM_HALF_HOUR : into);
}

static gboolean
write_part (GString *csv,
            MmDatabase *db,
            const Site *site,
            gint64 from,
            gint64 to,
            gint64 *next,
            GError **error)
{
  MmPointsQuery query = { 0 };
  g_autoptr (GPtrArray) series = NULL;
  gint64 first, begin, end;
  Table table;

  *next = MM_TIME_NONE;
  if (!mm_points_first (db, &site->log, from, &first, error))
    return FALSE;
  if (first == MM_TIME_NONE || first >= to)
    return TRUE;
  begin = half_hour_of (site->zone, first);
  if (begin < from)
    begin += MM_HALF_HOUR;
  end = begin + DAYS_AT_ONCE * MM_DAY;
  if (to < end)
    end = begin + (MAX (to - begin, 0) + MM_HALF_HOUR - 1) / MM_HALF_HOUR * MM_HALF_HOUR;
  query.from = begin - LOOK_BACK;
  query.to = end + 1;
  series = mm_points_read (db, &site->log, &query, NULL, error);
  if (series == NULL)
    return FALSE;
  table_init (&table, begin, (guint) ((end - begin) / MM_HALF_HOUR),
              mm_energy_bridge (site->row->interval_s));
  fill (&table, site, series);
  write_rows (csv, &table, site->zone);
  table_clear (&table);
  if (end < to && !mm_points_first (db, &site->log, end, next, error))
    return FALSE;
  if (*next >= to)
    *next = MM_TIME_NONE;
  else if (*next != MM_TIME_NONE)
    *next = MAX (half_hour_of (site->zone, *next), end);
  return TRUE;
}

GString *
mm_half_hour_tables_write (
    MmContext *context, const char *id, gint64 from, gint64 to, gint64 *next, GError **error)
{
  g_auto (Site) site = { 0 };
  g_autoptr (GString) csv = g_string_new (NULL);
  MmDatabase *db;
  gboolean written;

  if (!find_site (context, id, &site, error))
    return NULL;
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  written = write_part (csv, db, &site, from, to, next, error);
  mm_readers_give (context->readers, db);
  return written ? g_steal_pointer (&csv) : NULL;
}

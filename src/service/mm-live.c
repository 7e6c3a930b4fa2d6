#define G_LOG_DOMAIN "mm-service"

#include "mm-live-private.h"

#include "mm-clock.h"
#include "mm-history-spans.h"
#include "mm-live-keys.h"
#include "mm-points.h"
#include "mm-store-live.h"
#include "mm-store-readings.h"

#include <string.h>

/* How long the days may be renewed at a time: pushes wait meanwhile. */
#define RENEW_TIME (5 * G_TIME_SPAN_MILLISECOND)

static void
gateway_free (gpointer data)
{
  MmLiveGateway *gateway = data;

  g_free (gateway->public_id);
  g_free (gateway->series);
  mm_live_day_clear (&gateway->day);
  g_clear_pointer (&gateway->zone, g_time_zone_unref);
  g_free (gateway);
}

MmLive *
mm_live_new (void)
{
  MmLive *live = g_new0 (MmLive, 1);

  g_rw_lock_init (&live->lock);
  live->all = g_ptr_array_new_with_free_func (gateway_free);
  live->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  live->keys = mm_live_keys_new ();
  live->pv_power = g_intern_static_string ("pv_power");
  live->pv_energy = g_intern_static_string ("pv_energy_total");
  live->touched = g_array_new (FALSE, FALSE, sizeof (gint64));
  live->committed = g_array_new (FALSE, FALSE, sizeof (gint64));
  live->alerts_touched = g_array_new (FALSE, FALSE, sizeof (gint64));
  live->alerts_committed = g_array_new (FALSE, FALSE, sizeof (gint64));
  live->offline = g_array_new (FALSE, FALSE, sizeof (gint64));
  return live;
}

void
mm_live_free (MmLive *live)
{
  if (live == NULL)
    return;
  mm_live_keys_free (live->keys);
  g_hash_table_unref (live->by_id);
  g_ptr_array_unref (live->all);
  g_array_unref (live->touched);
  g_array_unref (live->committed);
  g_array_unref (live->alerts_touched);
  g_array_unref (live->alerts_committed);
  g_array_unref (live->offline);
  g_rw_lock_clear (&live->lock);
  g_free (live);
}

MmLiveGateway *
mm_live_find (MmLive *live, gint64 id)
{
  return g_hash_table_lookup (live->by_id, &id);
}

void
mm_live_take_into_day (
    MmLive *live, MmLiveGateway *gateway, guint32 series, gint64 time, double value)
{
  const char *quantity = series < gateway->n_series ? gateway->series[series].quantity : NULL;

  if (quantity != NULL && (quantity == live->pv_power || quantity == live->pv_energy))
    mm_live_day_take (&gateway->day, gateway->zone, mm_energy_bridge (gateway->interval_s), series,
                      quantity == live->pv_energy, time, value);
}

static void
touch (MmLive *live, const MmLiveGateway *gateway)
{
  if (live->touched->len == 0
      || g_array_index (live->touched, gint64, live->touched->len - 1) != gateway->id)
    g_array_append_val (live->touched, gateway->id);
}

static MmStatus
judge (MmLive *live, const MmLiveGateway *gateway, gint64 now)
{
  double islanded = 0, curtailed = 0;
  MmStatusInput input = {
    .last_contact = gateway->last_contact,
    .server_since = live->listening_since,
    .now = now,
    .interval_s = gateway->interval_s,
    .worst = gateway->severity,
    .offline_open = gateway->offline_alert,
    .islanded = gateway->islanded,
    .curtailed = gateway->curtailed,
  };

  if (mm_live_latest (gateway, "islanded", &islanded, NULL))
    input.islanded |= islanded > 0;
  if (mm_live_latest (gateway, "curtailed", &curtailed, NULL))
    input.curtailed |= curtailed > 0;
  return mm_status_of (&input);
}

/* ---- loading ---- */

/* Between begin and end of the keys. */
static void
set_key (MmLive *live, MmLiveGateway *gateway, const void *hash, gsize length)
{
  if (gateway->has_key)
    mm_live_keys_remove (live->keys, gateway->key_hash);
  gateway->has_key = length == MM_SECRET_HASH_BYTES;
  if (gateway->has_key)
    {
      memcpy (gateway->key_hash, hash, length);
      mm_live_keys_put (live->keys, gateway->key_hash, gateway->id);
    }
}

/* With the lock held for writing, and between begin and end of the keys. */
static void
take_facts (const MmLiveFacts *facts, gpointer data)
{
  MmLive *live = data;
  MmLiveGateway *gateway = mm_live_find (live, facts->gateway);

  if (gateway == NULL)
    {
      gateway = g_new0 (MmLiveGateway, 1);
      gateway->id = facts->gateway;
      gateway->newest = gateway->last_contact = G_MININT64;
      g_ptr_array_add (live->all, gateway);
      g_hash_table_insert (live->by_id, &gateway->id, gateway);
    }
  g_free (gateway->public_id);
  gateway->public_id = g_strdup (facts->public_id);
  gateway->interval_s = facts->interval_s;
  gateway->by_receipt = facts->by_receipt;
  g_clear_pointer (&gateway->zone, g_time_zone_unref);
  gateway->zone = g_time_zone_new_identifier (facts->timezone);
  if (gateway->zone == NULL)
    gateway->zone = g_time_zone_new_utc ();
  set_key (live, gateway, facts->key_hash, facts->key_length);
}

static gboolean
load_gateways (MmLive *live, MmDatabase *db, GError **error)
{
  gboolean loaded;

  mm_live_keys_begin (live->keys);
  mm_live_keys_clear (live->keys);
  loaded = mm_store_live_each (db, take_facts, live, error);
  mm_live_keys_end (live->keys);
  return loaded;
}

static void
take_alert (gint64 id, const char *kind, int severity, const char *shows, gpointer data)
{
  MmLiveGateway *gateway = mm_live_find (data, id);

  if (gateway == NULL)
    return;
  if (g_str_equal (kind, "offline"))
    {
      gateway->offline_alert = TRUE;
      return;
    }
  gateway->n_open++;
  gateway->severity = MAX (gateway->severity, (MmSeverity) severity);
  gateway->islanded |= g_str_equal (shows, "islanded");
  gateway->curtailed |= g_str_equal (shows, "curtailed");
}

static gboolean
read_alerts (MmLive *live, MmLiveGateway *gateway, MmDatabase *db, GError **error)
{
  gateway->severity = MM_SEVERITY_NONE;
  gateway->n_open = 0;
  gateway->offline_alert = gateway->islanded = gateway->curtailed = FALSE;
  return mm_store_live_alerts (db, gateway->id, take_alert, live, error);
}

static gboolean
load_all (MmLive *live, MmDatabase *db, gint64 now, GError **error)
{
  /* All of them are new here, and have no alerts yet. */
  if (!load_gateways (live, db, error) || !mm_live_read_saved (live, db, error)
      || !mm_store_live_all_alerts (db, take_alert, live, error))
    return FALSE;
  for (guint i = 0; i < live->all->len; i++)
    {
      MmLiveGateway *gateway = live->all->pdata[i];

      gateway->committed_head = gateway->head;
      gateway->last_contact = MIN (gateway->last_contact, now);
      gateway->status = judge (live, gateway, now);
    }
  return TRUE;
}

gboolean
mm_live_load (MmLive *live, MmDatabase *db, gint64 now, GError **error)
{
  gboolean loaded;

  g_rw_lock_writer_lock (&live->lock);
  g_hash_table_remove_all (live->by_id);
  g_ptr_array_set_size (live->all, 0);
  g_atomic_int_set (&live->unsaved, 0);
  /* One moment; and each statement by itself would have to ask for the database's locks. */
  loaded = mm_database_begin (db, error) && load_all (live, db, now, error);
  mm_database_rollback (db);
  g_rw_lock_writer_unlock (&live->lock);
  return loaded;
}

guint
mm_live_unsaved (MmLive *live)
{
  return (guint) g_atomic_int_get (&live->unsaved);
}

/* ---- reading ---- */

gint64
mm_live_find_key (MmLive *live, const guint8 hash[MM_SECRET_HASH_BYTES])
{
  return mm_live_keys_find (live->keys, hash);
}

void
mm_live_lock (MmLive *live)
{
  g_rw_lock_reader_lock (&live->lock);
}

void
mm_live_unlock (MmLive *live)
{
  g_rw_lock_reader_unlock (&live->lock);
}

const MmLiveGateway *
mm_live_get (MmLive *live, gint64 gateway)
{
  return mm_live_find (live, gateway);
}

const GPtrArray *
mm_live_all (MmLive *live)
{
  return live->all;
}

gboolean
mm_live_latest (const MmLiveGateway *gateway, const char *quantity, double *value, gint64 *time)
{
  const MmLiveSeries *found = NULL;

  for (guint i = 0; i < gateway->n_series; i++)
    {
      const MmLiveSeries *series = &gateway->series[i];

      if (series->time != G_MININT64 && g_str_equal (series->quantity, quantity)
          && (found == NULL || series->time > found->time))
        found = series;
    }
  if (found == NULL)
    return FALSE;
  *value = found->value;
  if (time != NULL)
    *time = found->time;
  return TRUE;
}

/* ---- changes ---- */

gboolean
mm_live_refresh_gateway (MmLive *live, MmDatabase *db, gint64 id, gint64 now, GError **error)
{
  MmLiveGateway *gateway;
  gboolean read;

  g_rw_lock_writer_lock (&live->lock);
  mm_live_keys_begin (live->keys);
  read = mm_store_live_one (db, id, take_facts, live, error);
  mm_live_keys_end (live->keys);
  gateway = mm_live_find (live, id);
  if (gateway != NULL)
    gateway->status = judge (live, gateway, now);
  g_rw_lock_writer_unlock (&live->lock);
  if (gateway != NULL)
    touch (live, gateway);
  return read;
}

gboolean
mm_live_refresh_alerts (MmLive *live, MmDatabase *db, gint64 id, gint64 now, GError **error)
{
  MmLiveGateway *gateway = mm_live_find (live, id);
  gboolean read;

  if (gateway == NULL)
    return TRUE;
  g_rw_lock_writer_lock (&live->lock);
  read = read_alerts (live, gateway, db, error);
  gateway->status = judge (live, gateway, now);
  g_rw_lock_writer_unlock (&live->lock);
  touch (live, gateway);
  g_array_append_val (live->alerts_touched, gateway->id);
  return read;
}

void
mm_live_apply (MmLive *live, const MmLiveChange *change)
{
  MmLiveGateway *gateway = mm_live_find (live, change->gateway);

  g_rw_lock_writer_lock (&live->lock);
  if (change->n_series > gateway->n_series)
    {
      gateway->series = g_renew (MmLiveSeries, gateway->series, change->n_series);
      gateway->n_series = change->n_series;
    }
  if (change->n_series > 0)
    memcpy (gateway->series, change->series, change->n_series * sizeof (MmLiveSeries));
  for (guint i = 0; i < change->n_values; i++)
    mm_live_take_into_day (live, gateway, change->values[i].series, change->values[i].time,
                           change->values[i].value);
  if (change->has_row)
    mm_live_tail_grow (&gateway->tail, change->head, change->received);
  if (change->said != MM_TIME_NONE)
    mm_clock_offset_take (&gateway->clock, change->said, change->is_sent, change->received);
  gateway->head = change->head;
  gateway->newest = change->newest;
  gateway->last_contact = MAX (gateway->last_contact, change->received);
  gateway->n_values += change->added;
  gateway->unsaved = TRUE;
  gateway->status = judge (live, gateway, change->received);
  g_rw_lock_writer_unlock (&live->lock);
  if (change->has_row)
    live->last_row = change->head;
  g_atomic_int_inc (&live->unsaved);
  touch (live, gateway);
}

void
mm_live_listen (MmLive *live, gint64 now)
{
  g_rw_lock_writer_lock (&live->lock);
  live->listening_since = now;
  for (guint i = 0; i < live->all->len; i++)
    {
      MmLiveGateway *gateway = live->all->pdata[i];

      gateway->last_contact = MIN (gateway->last_contact, now);
    }
  g_rw_lock_writer_unlock (&live->lock);
}

gint64
mm_live_missed_since (MmLive *live, const MmLiveGateway *gateway)
{
  return MAX (gateway->last_contact, live->listening_since);
}

/* Which series are of what was produced. */
static guint8 *
produced_series (MmLive *live, const MmLiveGateway *gateway)
{
  guint8 *wanted = g_new0 (guint8, gateway->n_series + 1);

  for (guint i = 0; i < gateway->n_series; i++)
    wanted[i] = gateway->series[i].quantity == live->pv_power
                || gateway->series[i].quantity == live->pv_energy;
  return wanted;
}

/* From the beginning of the day on; if that is not known, of the day of @now, and an hour more for
 * what it begins from. */
static gboolean
renew_day (MmLive *live, MmDatabase *db, MmLiveGateway *gateway, gint64 now, GError **error)
{
  const MmPointsGateway source = {
    .id = gateway->id,
    .head = gateway->head,
    .interval_s = gateway->interval_s,
    .n_series = gateway->n_series,
    .series = gateway->series,
  };
  g_autofree guint8 *wanted = produced_series (live, gateway);
  MmPointsQuery query = { .from = gateway->day.from + 1, .to = G_MAXINT64, .wanted = wanted };
  g_autoptr (GPtrArray) points = NULL;
  g_autoptr (GArray) by_time = NULL;

  if (gateway->day.to == 0 && mm_history_day_of (gateway->zone, now, &query.from, &query.to))
    {
      query.from -= MM_HOUR;
      query.to = G_MAXINT64;
    }
  points = mm_points_read (db, &source, &query, NULL, error);
  if (points == NULL)
    return FALSE;
  by_time = mm_points_by_time (points);
  g_rw_lock_writer_lock (&live->lock);
  mm_live_day_reset (&gateway->day);
  for (guint i = 0; i < by_time->len; i++)
    {
      const MmSeriesPoint *point = &g_array_index (by_time, MmSeriesPoint, i);

      mm_live_take_into_day (live, gateway, point->series, point->time, point->value);
    }
  gateway->unsaved = TRUE;
  g_rw_lock_writer_unlock (&live->lock);
  touch (live, gateway);
  return TRUE;
}

gboolean
mm_live_renew_days (MmLive *live, MmDatabase *db, gint64 now, GError **error)
{
  gint64 until = g_get_monotonic_time () + RENEW_TIME;

  for (guint i = 0; i < live->all->len && g_get_monotonic_time () < until; i++)
    {
      MmLiveGateway *gateway = live->all->pdata[i];

      if (gateway->day.is_inexact && (gateway->day.to == 0 || now < gateway->day.to)
          && !renew_day (live, db, gateway, now, error))
        return FALSE;
    }
  return TRUE;
}

void
mm_live_tail_grow (MmLiveTail *tail, gint64 row, gint64 received)
{
  if (tail->rows == 0)
    {
      tail->first = row;
      tail->since = received;
    }
  tail->rows++;
}

void
mm_live_folded (MmLive *live, gint64 id, gint64 log_row, guint n, gint64 since)
{
  MmLiveGateway *gateway = mm_live_find (live, id);

  if (gateway == NULL)
    return;
  g_rw_lock_writer_lock (&live->lock);
  gateway->tail.folded = log_row;
  gateway->tail.first = log_row + 1;
  gateway->tail.since = since;
  gateway->tail.rows = gateway->head <= log_row ? 0 : MAX (gateway->tail.rows, n + 1) - n;
  g_rw_lock_writer_unlock (&live->lock);
}

gint64
mm_live_trimmable (MmLive *live)
{
  /* The newest row stays in any case. */
  gint64 row = MIN (live->saved_row, live->last_row - 1);

  for (guint i = 0; i < live->all->len; i++)
    {
      const MmLiveGateway *gateway = live->all->pdata[i];

      if (gateway->tail.rows > 0)
        row = MIN (row, gateway->tail.first - 1);
    }
  return row;
}

void
mm_live_tick (MmLive *live, gint64 now)
{
  for (guint i = 0; i < live->all->len; i++)
    {
      MmLiveGateway *gateway = live->all->pdata[i];
      MmStatus status = judge (live, gateway, now);

      if (status == gateway->status)
        continue;
      g_rw_lock_writer_lock (&live->lock);
      gateway->status = status;
      g_rw_lock_writer_unlock (&live->lock);
      touch (live, gateway);
    }
}

const GArray *
mm_live_newly_offline (MmLive *live)
{
  g_array_set_size (live->offline, 0);
  for (guint i = 0; i < live->all->len; i++)
    {
      const MmLiveGateway *gateway = live->all->pdata[i];

      if (gateway->status == MM_STATUS_OFFLINE && !gateway->offline_alert)
        g_array_append_val (live->offline, gateway->id);
    }
  return live->offline;
}

/* Those of @gateways that there are: one that was added in a transaction that was undone is not. */
static void
drop_unknown (MmLive *live, GArray *gateways)
{
  for (guint i = gateways->len; i > 0; i--)
    if (mm_live_find (live, g_array_index (gateways, gint64, i - 1)) == NULL)
      g_array_remove_index (gateways, i - 1);
}

/* Exchanges the two lists and empties the one that is filled next. */
static void
hand_over (GArray **filled, GArray **given)
{
  GArray *swap = *given;

  *given = *filled;
  *filled = swap;
  g_array_set_size (*filled, 0);
}

const GArray *
mm_live_committed (MmLive *live, const GArray **alerts)
{
  hand_over (&live->touched, &live->committed);
  hand_over (&live->alerts_touched, &live->alerts_committed);
  drop_unknown (live, live->committed);
  drop_unknown (live, live->alerts_committed);
  *alerts = live->alerts_committed;
  if (live->committed->len == 0)
    return live->committed;

  g_rw_lock_writer_lock (&live->lock);
  for (guint i = 0; i < live->committed->len; i++)
    {
      MmLiveGateway *gateway = mm_live_find (live, g_array_index (live->committed, gint64, i));

      gateway->committed_head = gateway->head;
    }
  g_rw_lock_writer_unlock (&live->lock);
  return live->committed;
}

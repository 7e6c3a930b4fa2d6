/* The store says which gateways are a dealer's, the live state how they are. The list is built anew
 * for each question: what a dealer may see can change at any moment. */
#include "mm-fleet.h"

#include "mm-error.h"
#include "mm-feed.h"
#include "mm-fleet-order.h"
#include "mm-live.h"
#include "mm-search.h"
#include "mm-words.h"

#include <math.h>
#include <string.h>

/* Gateways looked at under one lock of the live state. */
#define LOCKED_AT_ONCE 500

static const char *const value_names[] = {
  [MM_FLEET_PV_POWER] = "pv_power",
  [MM_FLEET_LOAD_POWER] = "load_power",
  [MM_FLEET_GRID_POWER] = "grid_power",
  [MM_FLEET_BATTERY_POWER] = "battery_power",
  [MM_FLEET_SOC] = "soc",
};

const char *
mm_fleet_value_name (MmFleetValueKind kind)
{
  return value_names[kind];
}

void
mm_fleet_row_free (MmFleetRow *row)
{
  if (row == NULL)
    return;
  mm_fleet_site_free (row->site);
  g_free (row);
}

/* ---- building rows ---- */

/* The rows of those of @sites that may be seen; takes the sites out of the array. */
static GPtrArray *
make_rows (GPtrArray *sites, gint64 now)
{
  GPtrArray *rows = g_ptr_array_new_full (sites->len, (GDestroyNotify) mm_fleet_row_free);

  for (guint i = 0; i < sites->len; i++)
    {
      MmFleetSite *site = sites->pdata[i];
      MmFleetRow *row = g_new0 (MmFleetRow, 1);

      sites->pdata[i] = NULL;
      row->site = site;
      row->status_since = row->last_contact = MM_TIME_NONE;
      row->today_energy = NAN;
      for (guint k = 0; k < MM_N_FLEET_VALUES; k++)
        row->values[k].time = MM_TIME_NONE;
      if (mm_access_by_link (&site->link, now, &row->access))
        g_ptr_array_add (rows, row);
      else
        mm_fleet_row_free (row);
    }
  return rows;
}

static gint64
if_visible (const MmFleetRow *row, gint64 time)
{
  return time >= row->access.history_from ? time : MM_TIME_NONE;
}

/* With the live state locked. @names: the interned names of the values. */
static void
take_live (MmFleetRow *row, const MmLiveGateway *gateway, const char *const *names, gint64 now)
{
  row->status = gateway->status;
  row->last_contact = if_visible (row, gateway->last_contact);
  row->n_open = gateway->n_open + (gateway->offline_alert ? 1 : 0);
  row->worst = gateway->severity;
  if (gateway->offline_alert)
    row->worst = MAX (row->worst, MM_SEVERITY_MAJOR);
  if (gateway->day.from >= row->access.history_from)
    row->today_energy = mm_live_day_produced (&gateway->day, now);
  for (guint i = 0; i < gateway->n_series; i++)
    {
      const MmLiveSeries *series = &gateway->series[i];

      for (guint k = 0; k < MM_N_FLEET_VALUES; k++)
        if (series->quantity == names[k] && series->time > row->values[k].time
            && series->time >= row->access.history_from)
          row->values[k] = (MmFleetValue){ .time = series->time, .value = series->value };
    }
}

static void
join_live (MmContext *context, GPtrArray *rows, gint64 now)
{
  const char *names[MM_N_FLEET_VALUES];

  for (guint k = 0; k < MM_N_FLEET_VALUES; k++)
    names[k] = g_intern_static_string (value_names[k]);
  for (guint begin = 0; begin < rows->len; begin += LOCKED_AT_ONCE)
    {
      mm_live_lock (context->live);
      for (guint i = begin; i < MIN (begin + LOCKED_AT_ONCE, rows->len); i++)
        {
          MmFleetRow *row = rows->pdata[i];
          const MmLiveGateway *gateway = mm_live_get (context->live, row->access.gateway);

          if (gateway != NULL)
            take_live (row, gateway, names, now);
        }
      mm_live_unlock (context->live);
    }
}

/* Whether @alert is what makes the status of @row. */
static gboolean
makes_status (const MmFleetRow *row, const MmOpenAlert *alert)
{
  if (row->status == MM_STATUS_OFFLINE || alert->kind == MM_ALERT_OFFLINE)
    return row->status == MM_STATUS_OFFLINE && alert->kind == MM_ALERT_OFFLINE;
  return strcmp (alert->shows, mm_status_name (row->status)) == 0
         || (row->status != MM_STATUS_NORMAL
             && mm_severity_status ((MmSeverity) alert->severity) == row->status);
}

static void
take_open_alert (const MmOpenAlert *alert, gpointer data)
{
  MmFleetRow *row = g_hash_table_lookup (data, &alert->gateway);

  if (row == NULL || !makes_status (row, alert) || alert->opened < row->access.history_from)
    return;
  if (row->status_since == MM_TIME_NONE || alert->opened < row->status_since)
    row->status_since = alert->opened;
}

/* The rows of the gateways of @dealer that may be seen at @now; with @only not 0, that one. */
static GPtrArray *
read_rows (
    MmContext *context, MmDatabase *db, gint64 dealer, gint64 only, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) sites = mm_store_fleet_sites (db, dealer, only, error);
  g_autoptr (GHashTable) by_gateway = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GPtrArray) rows = NULL;

  if (sites == NULL)
    return NULL;
  rows = make_rows (sites, now);
  join_live (context, rows, now);
  for (guint i = 0; i < rows->len; i++)
    {
      MmFleetRow *row = rows->pdata[i];

      g_hash_table_insert (by_gateway, &row->access.gateway, row);
    }
  if (!mm_store_fleet_open_alerts (db, dealer, only, take_open_alert, by_gateway, error))
    return NULL;
  return g_steal_pointer (&rows);
}

gboolean
mm_fleet_find (MmContext *context,
               MmDatabase *db,
               gint64 dealer,
               gint64 gateway,
               gint64 now,
               MmFleetRow **row,
               GError **error)
{
  g_autoptr (GPtrArray) rows = read_rows (context, db, dealer, gateway, now, error);

  *row = rows != NULL && rows->len > 0 ? g_ptr_array_steal_index (rows, 0) : NULL;
  return rows != NULL;
}

/* ---- the list ---- */

static gboolean
has_words (const MmFleetRow *row, const char *folded_query)
{
  const MmFleetSite *site = row->site;
  g_autofree char *text
      = g_strjoin ("\n", site->public_id, site->serial, site->name, site->customer, site->kana,
                   site->prefecture, site->municipality, NULL);
  g_autofree char *folded = mm_search_fold (text);

  return mm_search_matches (folded, folded_query);
}

/* All conditions but that of the status. */
static gboolean
matches (const MmFleetRow *row, const MmFleetQuery *query, const char *folded_query)
{
  const MmFleetValue *soc = &row->values[MM_FLEET_SOC];

  return (query->prefecture == NULL || strcmp (query->prefecture, row->site->prefecture) == 0)
         && (query->model == NULL || strcmp (query->model, row->site->model) == 0)
         && (query->contact_before == MM_TIME_NONE || row->last_contact < query->contact_before)
         && (!query->has_soc_below || (soc->time != MM_TIME_NONE && soc->value < query->soc_below))
         && (*folded_query == '\0' || has_words (row, folded_query));
}

/* Keeps what matches; counts what would with any status. */
static void
filter (GPtrArray *rows, const MmFleetQuery *query, MmFleetPage *page)
{
  g_autofree char *folded_query = g_strstrip (mm_search_fold (query->search));
  guint kept = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      MmFleetRow *row = rows->pdata[i];
      gboolean keep = matches (row, query, folded_query);

      if (keep)
        page->counts[row->status]++;
      keep = keep && (query->statuses == 0 || (query->statuses & 1u << row->status) != 0);
      if (keep)
        {
          /* The array frees what is behind its end. */
          rows->pdata[i] = rows->pdata[kept];
          rows->pdata[kept++] = row;
        }
    }
  g_ptr_array_set_size (rows, (int) kept);
}

void
mm_fleet_page_free (MmFleetPage *page)
{
  if (page == NULL)
    return;
  if (page->rows != NULL)
    g_ptr_array_unref (page->rows);
  g_free (page->next);
  g_free (page->changes);
  g_free (page);
}

MmFleetPage *
mm_fleet_page (MmContext *context,
               const MmPrincipal *principal,
               const MmFleetQuery *query,
               GError **error)
{
  g_autoptr (MmFleetPage) page = g_new0 (MmFleetPage, 1);
  MmDatabase *db;

  page->now = mm_clock_now (context->clock);
  /* First the place in the order of changes: what changes meanwhile is seen twice, not missed. */
  page->changes = mm_fleet_changes_cursor (context, mm_feed_revision (context->feed));
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  page->rows = read_rows (context, db, principal->account, 0, page->now, error);
  mm_readers_give (context->readers, db);
  if (page->rows == NULL)
    return NULL;
  filter (page->rows, query, page);
  page->total = page->rows->len;
  if (!mm_fleet_order_page (page->rows, query->order, query->descending, query->limit,
                            query->cursor, &page->next, error))
    return NULL;
  return g_steal_pointer (&page);
}

/* ---- changes ---- */

/* REVISION.EPOCH */
char *
mm_fleet_changes_cursor (MmContext *context, guint64 revision)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%s", revision, mm_feed_epoch (context->feed));
}

gboolean
mm_fleet_changes_revision (MmContext *context, const char *cursor, guint64 *revision)
{
  const char *dot = strchr (cursor, '.');
  g_autofree char *number = dot != NULL ? g_strndup (cursor, (gsize) (dot - cursor)) : NULL;

  return number != NULL && strcmp (dot + 1, mm_feed_epoch (context->feed)) == 0
         && g_ascii_string_to_unsigned (number, 10, 0, G_MAXUINT64, revision, NULL);
}

void
mm_fleet_changes_free (MmFleetChanges *changes)
{
  if (changes == NULL)
    return;
  g_ptr_array_unref (changes->rows);
  g_ptr_array_unref (changes->removed);
  g_free (changes->changes);
  g_free (changes);
}

/* Adds the gateway as it is now, or that it is gone. */
static gboolean
add_change (MmContext *context,
            MmDatabase *db,
            gint64 dealer,
            const MmChange *change,
            MmFleetChanges *changes,
            GError **error)
{
  MmFleetRow *row;
  char *id;

  if (!mm_fleet_find (context, db, dealer, change->gateway, changes->now, &row, error))
    return FALSE;
  if (row != NULL)
    g_ptr_array_add (changes->rows, row);
  else if (change->kind == MM_CHANGE_LINK)
    {
      if (!mm_store_fleet_known_id (db, dealer, change->gateway, &id, error))
        return FALSE;
      if (id != NULL)
        g_ptr_array_add (changes->removed, id);
    }
  return TRUE;
}

static gboolean
concerns (const MmChange *change, gint64 dealer)
{
  switch (change->kind)
    {
    case MM_CHANGE_GATEWAY:
      return TRUE;
    case MM_CHANGE_ALERT:
      return change->account == 0;
    case MM_CHANGE_LINK:
      return change->account == dealer;
    case MM_CHANGE_SESSIONS:
    default:
      return FALSE;
    }
}

static gboolean
add_changes (MmContext *context,
             MmDatabase *db,
             gint64 dealer,
             const GArray *all,
             MmFleetChanges *changes,
             GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);

  /* From the newest back. A link's change goes first, for it may say that the gateway is gone. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = all->len; i > 0; i--)
      {
        const MmChange *change = &g_array_index (all, MmChange, i - 1);

        if ((change->kind == MM_CHANGE_LINK) != (pass == 0) || !concerns (change, dealer)
            || !g_hash_table_add (seen, (gpointer) &change->gateway))
          continue;
        if (!add_change (context, db, dealer, change, changes, error))
          return FALSE;
      }
  return TRUE;
}

MmFleetChanges *
mm_fleet_since (MmContext *context,
                const MmPrincipal *principal,
                const char *cursor,
                GError **error)
{
  g_autoptr (MmFleetChanges) changes = g_new0 (MmFleetChanges, 1);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MmChange));
  guint64 revision, newest = mm_feed_revision (context->feed);
  MmDatabase *db;
  gboolean read;

  changes->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_fleet_row_free);
  changes->removed = g_ptr_array_new_with_free_func (g_free);
  changes->now = mm_clock_now (context->clock);
  changes->changes = mm_fleet_changes_cursor (context, newest);
  if (!mm_fleet_changes_revision (context, cursor, &revision)
      || !mm_feed_since (context->feed, revision, all))
    {
      changes->reset = TRUE;
      return g_steal_pointer (&changes);
    }
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  read = add_changes (context, db, principal->account, all, changes, error);
  mm_readers_give (context->readers, db);
  return read ? g_steal_pointer (&changes) : NULL;
}

/* Alerts, events and devices, read. See the header for which thread may do what. */
#include "mm-store-alert-rows.h"

static char *
text_at (MmStatement *s, int column)
{
  const char *text = mm_statement_text (s, column);

  return g_strdup (text != NULL ? text : "");
}

/* ---- alerts ---- */

void
mm_alert_row_free (MmAlertRow *row)
{
  if (row == NULL)
    return;
  g_free (row->public_id);
  g_free (row->gateway_id);
  g_free (row->site_name);
  g_free (row->customer);
  g_free (row->municipality);
  g_free (row->device);
  g_free (row->code);
  g_free (row->maker);
  g_free (row->note);
  g_free (row);
}

#define ALERTS                                                                                     \
  "SELECT l.gateway, l.id, l.grants, l.since, l.until, l.ended, g.hidden_before, a.id,"            \
  " a.public_id, g.public_id, g.name, o.name, a.kind, a.device, a.code, d.maker, a.severity,"      \
  " a.opened, a.opened_received, a.last_seen, a.count, a.recovered, a.recovered_received, k.at,"   \
  " k.note, g.municipality FROM link l JOIN gateway g ON g.id = l.gateway JOIN alert a ON "        \
  "a.gateway = g.id"                                                                               \
  " LEFT JOIN account o ON o.id = g.owner"                                                         \
  " LEFT JOIN device d ON d.gateway = a.gateway AND d.name = a.device"                             \
  " LEFT JOIN acknowledgement k ON k.alert = a.id AND k.dealer = l.dealer"                         \
  " WHERE l.dealer = $1 AND l.ended IS NULL"

#define PAGE                                                                                       \
  " AND ($2 IS NULL OR (a.opened, a.public_id) <"                                                  \
  " (SELECT b.opened, b.public_id FROM alert b WHERE b.public_id = $2))"                           \
  " AND ($3 = 0 OR ($3 = 1 AND a.recovered IS NULL) OR ($3 = 2 AND a.recovered IS NOT NULL))"

#define ORDER " ORDER BY a.opened DESC, a.public_id DESC"

static MmAlertRow *
read_alert (MmStatement *s)
{
  MmAlertRow *row = g_new0 (MmAlertRow, 1);

  row->link.gateway = mm_statement_int (s, 0);
  row->link.link = mm_statement_int (s, 1);
  row->link.grants = (guint) mm_statement_int (s, 2);
  row->link.since = mm_statement_int (s, 3);
  row->link.until = mm_statement_time (s, 4);
  row->link.ended = mm_statement_time (s, 5);
  row->link.hidden_before = mm_statement_time (s, 6);
  row->row = mm_statement_int (s, 7);
  row->public_id = text_at (s, 8);
  row->gateway_id = text_at (s, 9);
  row->site_name = text_at (s, 10);
  row->customer = text_at (s, 11);
  mm_alert_kind_from_name (mm_statement_text (s, 12), &row->kind);
  row->device = text_at (s, 13);
  row->code = text_at (s, 14);
  row->maker = text_at (s, 15);
  row->severity = (int) mm_statement_int (s, 16);
  row->opened = mm_statement_int (s, 17);
  row->opened_received = mm_statement_int (s, 18);
  row->last_seen = mm_statement_int (s, 19);
  row->count = mm_statement_int (s, 20);
  row->recovered = mm_statement_time (s, 21);
  row->recovered_received = mm_statement_time (s, 22);
  row->acknowledged = mm_statement_time (s, 23);
  row->note = text_at (s, 24);
  row->municipality = text_at (s, 25);
  return row;
}

gboolean
mm_store_alert_rows (MmDatabase *db,
                     gint64 dealer,
                     gint64 gateway,
                     MmAlertsState state,
                     const char *after,
                     MmAlertRowFunc func,
                     gpointer data,
                     GError **error)
{
  g_autoptr (MmStatement) s
      = gateway == 0 ? mm_database_prepare (db, ALERTS PAGE ORDER, error)
                     : mm_database_prepare (db, ALERTS PAGE " AND a.gateway = $4" ORDER, error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, dealer);
  mm_statement_bind_text (s, 2, after);
  mm_statement_bind_int (s, 3, state);
  if (gateway != 0)
    mm_statement_bind_int (s, 4, gateway);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    if (!func (read_alert (s), data))
      return TRUE;
  return step == MM_DONE;
}

gboolean
mm_store_alert_find (
    MmDatabase *db, gint64 dealer, const char *public_id, MmAlertRow **row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, ALERTS " AND a.public_id = $2", error);
  MmStep step;

  *row = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, dealer);
  mm_statement_bind_text (s, 2, public_id);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    *row = read_alert (s);
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_alert_acknowledge (MmDatabase *db,
                            gint64 alert,
                            gint64 dealer,
                            gint64 now,
                            const char *note,
                            gboolean *is_new,
                            GError **error)
{
  g_autoptr (MmStatement) insert = mm_database_prepare (
      db,
      "INSERT INTO acknowledgement (alert, dealer, at, note) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (alert, dealer) DO NOTHING",
      error);
  g_autoptr (MmStatement) update = NULL;

  if (insert == NULL)
    return FALSE;
  mm_statement_bind_int (insert, 1, alert);
  mm_statement_bind_int (insert, 2, dealer);
  mm_statement_bind_int (insert, 3, now);
  mm_statement_bind_text (insert, 4, note);
  if (!mm_statement_run (insert, error))
    return FALSE;
  *is_new = mm_database_changes (db) > 0;
  if (*is_new || *note == '\0')
    return TRUE;
  update = mm_database_prepare (
      db, "UPDATE acknowledgement SET note = $3 WHERE alert = $1 AND dealer = $2", error);
  if (update == NULL)
    return FALSE;
  mm_statement_bind_int (update, 1, alert);
  mm_statement_bind_int (update, 2, dealer);
  mm_statement_bind_text (update, 3, note);
  return mm_statement_run (update, error);
}

/* ---- events ---- */

void
mm_event_row_free (MmEventRow *row)
{
  if (row == NULL)
    return;
  g_free (row->device);
  g_free (row->code);
  g_free (row->state);
  g_free (row->detail);
  g_free (row->maker);
  g_free (row);
}

GPtrArray *
mm_store_event_page (MmDatabase *db,
                     gint64 gateway,
                     gint64 since,
                     const MmEventRow *after,
                     guint limit,
                     GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_event_row_free);
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT e.time, e.received, e.late, e.device, e.code, e.state, e.detail, d.maker FROM event e"
      " LEFT JOIN device d ON d.gateway = e.gateway AND d.name = e.device"
      " WHERE e.gateway = $1 AND e.time >= $2 AND e.time <= $3"
      " AND (e.time, e.device, e.code, e.state) < ($3, $4, $5, $6)"
      " ORDER BY e.time DESC, e.device DESC, e.code DESC, e.state DESC LIMIT $7",
      error);
  MmStep step;

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, since);
  mm_statement_bind_int (s, 3, after != NULL ? after->time : G_MAXINT64);
  mm_statement_bind_text (s, 4, after != NULL ? after->device : "");
  mm_statement_bind_text (s, 5, after != NULL ? after->code : "");
  mm_statement_bind_text (s, 6, after != NULL ? after->state : "");
  mm_statement_bind_int (s, 7, limit);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmEventRow *row = g_new0 (MmEventRow, 1);

      row->time = mm_statement_int (s, 0);
      row->received = mm_statement_int (s, 1);
      row->late = mm_statement_int (s, 2) != 0;
      row->device = text_at (s, 3);
      row->code = text_at (s, 4);
      row->state = text_at (s, 5);
      row->detail = text_at (s, 6);
      row->maker = text_at (s, 7);
      g_ptr_array_add (rows, row);
    }
  return step == MM_DONE ? g_steal_pointer (&rows) : NULL;
}

/* ---- devices ---- */

void
mm_device_row_free (MmDeviceRow *row)
{
  if (row == NULL)
    return;
  g_free (row->name);
  g_free (row->kind);
  g_free (row->maker);
  g_free (row->model);
  g_free (row->serial);
  g_free (row);
}

GPtrArray *
mm_store_device_list (MmDatabase *db, gint64 gateway, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_device_row_free);
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT name, kind, maker, model, serial FROM device WHERE gateway = $1 ORDER BY name",
      error);
  MmStep step;

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, gateway);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmDeviceRow *row = g_new0 (MmDeviceRow, 1);

      row->name = text_at (s, 0);
      row->kind = text_at (s, 1);
      row->maker = text_at (s, 2);
      row->model = text_at (s, 3);
      row->serial = text_at (s, 4);
      g_ptr_array_add (rows, row);
    }
  return step == MM_DONE ? g_steal_pointer (&rows) : NULL;
}

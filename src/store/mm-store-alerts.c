#include "mm-store-alerts.h"

#include "mm-clock.h"

gboolean
mm_store_events_insert (MmDatabase *db,
                        gint64 gateway,
                        const char *device,
                        const char *code,
                        MmEventState state,
                        gint64 time,
                        gint64 received,
                        gboolean late,
                        const char *detail,
                        gboolean *is_new,
                        GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO event (gateway, device, code, state, time, received, late, detail)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_text (s, 2, device);
  mm_statement_bind_text (s, 3, code);
  mm_statement_bind_text (s, 4, state == MM_EVENT_RAISED ? "raised" : "cleared");
  mm_statement_bind_int (s, 5, time);
  mm_statement_bind_int (s, 6, received);
  mm_statement_bind_int (s, 7, late);
  mm_statement_bind_text (s, 8, detail != NULL ? detail : "");
  if (!mm_statement_run (s, error))
    return FALSE;
  *is_new = mm_database_changes (db) > 0;
  return TRUE;
}

static void
bind_cause (MmStatement *s, const MmCause *cause)
{
  mm_statement_bind_int (s, 1, cause->gateway);
  mm_statement_bind_text (s, 2, mm_alert_kind_name (cause->kind));
  mm_statement_bind_text (s, 3, cause->device);
  mm_statement_bind_text (s, 4, cause->code);
}

static gboolean
newest_event (MmDatabase *db, const MmCause *cause, gint64 *time, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT max(time) FROM event WHERE gateway = $1 AND device = $2 AND code = $3", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, cause->gateway);
  mm_statement_bind_text (s, 2, cause->device);
  mm_statement_bind_text (s, 3, cause->code);
  if (mm_statement_step (s, error) != MM_ROW)
    return FALSE;
  *time = mm_statement_is_null (s, 0) ? MM_TIME_NONE : mm_statement_int (s, 0);
  return TRUE;
}

gboolean
mm_store_alerts_state (
    MmDatabase *db, const MmCause *cause, MmAlertState *state, gint64 *alert, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT id, opened, last_seen, count, recovered FROM alert"
      " WHERE gateway = $1 AND kind = $2 AND device = $3 AND code = $4 ORDER BY id DESC LIMIT 1",
      error);

  *state = (MmAlertState) MM_ALERT_STATE_INIT;
  *alert = 0;
  if (s == NULL || !newest_event (db, cause, &state->newest, error))
    return FALSE;
  bind_cause (s, cause);
  switch (mm_statement_step (s, error))
    {
    case MM_STEP_FAILED:
      return FALSE;
    case MM_DONE:
      return TRUE;
    case MM_ROW:
      break;
    }
  *alert = mm_statement_int (s, 0);
  state->raised = mm_statement_int (s, 1);
  state->last_seen = mm_statement_int (s, 2);
  state->count = (guint) mm_statement_int (s, 3);
  state->open = mm_statement_is_null (s, 4);
  state->cleared = state->open ? MM_TIME_NONE : mm_statement_int (s, 4);
  return TRUE;
}

gboolean
mm_store_alerts_open (MmDatabase *db,
                      const MmCause *cause,
                      const char *public_id,
                      int severity,
                      const char *shows,
                      gint64 time,
                      gint64 received,
                      gint64 *alert,
                      GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO alert (gateway, kind, device, code, public_id, severity, shows, opened,"
      " opened_received, last_seen, count) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, 1)",
      error);

  if (s == NULL)
    return FALSE;
  bind_cause (s, cause);
  mm_statement_bind_text (s, 5, public_id);
  mm_statement_bind_int (s, 6, severity);
  mm_statement_bind_text (s, 7, shows);
  mm_statement_bind_int (s, 8, time);
  mm_statement_bind_int (s, 9, received);
  if (!mm_statement_run (s, error))
    return FALSE;
  *alert = mm_database_last_id (db);
  return TRUE;
}

gboolean
mm_store_alerts_repeat (MmDatabase *db, gint64 alert, gint64 time, guint count, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "UPDATE alert SET last_seen = $2, count = $3 WHERE id = $1",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, alert);
  mm_statement_bind_int (s, 2, time);
  mm_statement_bind_int (s, 3, count);
  return mm_statement_run (s, error);
}

gboolean
mm_store_alerts_recover (MmDatabase *db, gint64 alert, gint64 time, gint64 received, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE alert SET recovered = $2, recovered_received = $3 WHERE id = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, alert);
  mm_statement_bind_int (s, 2, time);
  mm_statement_bind_int (s, 3, received);
  return mm_statement_run (s, error);
}

gboolean
mm_store_devices_maker (
    MmDatabase *db, gint64 gateway, const char *device, char **maker, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT maker FROM device WHERE gateway = $1 AND name = $2",
                             error);
  MmStep step;

  *maker = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_text (s, 2, device);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    *maker = g_strdup (mm_statement_text (s, 0));
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_devices_put (MmDatabase *db,
                      gint64 gateway,
                      const MmDevice *device,
                      gint64 now,
                      gboolean *taken,
                      GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO device (gateway, name, kind, maker, model, serial, changed)"
      " SELECT $1, $2, coalesce($3, ''), coalesce($4, ''), coalesce($5, ''), coalesce($6, ''), $7"
      " WHERE (SELECT count(*) FROM device WHERE gateway = $1 AND name <> $2) < $8"
      " ON CONFLICT (gateway, name) DO UPDATE SET kind = coalesce($3, kind),"
      " maker = coalesce($4, maker), model = coalesce($5, model),"
      " serial = coalesce($6, serial), changed = $7",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_text (s, 2, device->device);
  mm_statement_bind_text (s, 3, device->kind);
  mm_statement_bind_text (s, 4, device->maker);
  mm_statement_bind_text (s, 5, device->model);
  mm_statement_bind_text (s, 6, device->serial);
  mm_statement_bind_int (s, 7, now);
  mm_statement_bind_int (s, 8, MM_STORE_MAX_DEVICES);
  if (!mm_statement_run (s, error))
    return FALSE;
  *taken = mm_database_changes (db) > 0;
  return TRUE;
}

gboolean
mm_store_gateways_report (MmDatabase *db,
                          gint64 gateway,
                          const char *firmware,
                          guint interval_s,
                          gboolean *changed,
                          GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "UPDATE gateway SET firmware = coalesce($2, firmware), interval_s = coalesce($3, interval_s)"
      " WHERE id = $1 AND (firmware <> coalesce($2, firmware)"
      " OR interval_s <> coalesce($3, interval_s))",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_text (s, 2, firmware);
  if (interval_s > 0)
    mm_statement_bind_int (s, 3, interval_s);
  else
    mm_statement_bind_null (s, 3);
  if (!mm_statement_run (s, error))
    return FALSE;
  *changed = mm_database_changes (db) > 0;
  return TRUE;
}

gboolean
mm_store_alerts_recipients (
    MmDatabase *db, gint64 gateway, gint64 now, guint told, GPtrArray **recipients, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_recipient_free);
  /* The maintenance contacts of each dealer who may be told, and the dealer's own address if there
   * are none or it is switched on, unless it is one of them. */
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "WITH told AS (SELECT a.id, a.mail, a.language, a.alert_own_mail, l.id AS link,"
      " l.grants, l.since, l.until, g.hidden_before FROM link l JOIN account a ON a.id = l.dealer"
      " JOIN gateway g ON g.id = l.gateway WHERE l.gateway = $1 AND l.ended IS NULL"
      " AND l.since <= $2 AND (l.until IS NULL OR l.until > $2) AND (l.grants & $3) <> 0"
      " AND a.state = 'active')"
      " SELECT t.id, c.id, c.mail, c.language, c.confirmed IS NOT NULL, c.position,"
      " t.link, t.grants, t.since, t.until, t.hidden_before FROM told t JOIN contact c ON "
      "c.account = t.id"
      " UNION ALL SELECT t.id, 0, t.mail, t.language, 1, 0, t.link, t.grants, t.since, t.until,"
      " t.hidden_before FROM told t"
      " WHERE NOT EXISTS (SELECT 1 FROM contact c WHERE c.account = t.id"
      " AND (t.alert_own_mail = 0 OR lower(c.mail) = lower(t.mail)))"
      " ORDER BY 1, 6",
      error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, now);
  mm_statement_bind_int (s, 3, told);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmRecipient *recipient = g_new0 (MmRecipient, 1);

      recipient->account = mm_statement_int (s, 0);
      recipient->contact = mm_statement_int (s, 1);
      recipient->mail = g_strdup (mm_statement_text (s, 2));
      recipient->language = g_strdup (mm_statement_text (s, 3));
      recipient->confirmed = mm_statement_int (s, 4) != 0;
      recipient->link = (MmLinkFacts){
        .gateway = gateway,
        .link = mm_statement_int (s, 6),
        .grants = (guint) mm_statement_int (s, 7),
        .since = mm_statement_int (s, 8),
        .until = mm_statement_time (s, 9),
        .ended = MM_TIME_NONE,
        .hidden_before = mm_statement_time (s, 10),
      };
      g_ptr_array_add (found, recipient);
    }
  *recipients = g_steal_pointer (&found);
  return step == MM_DONE;
}

void
mm_recipient_free (MmRecipient *recipient)
{
  g_free (recipient->mail);
  g_free (recipient->language);
  g_free (recipient);
}

gboolean
mm_store_alerts_site (MmDatabase *db, gint64 gateway, MmAlertSite *site, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT g.public_id, g.prefecture, g.municipality, g.timezone, a.name FROM gateway g"
      " LEFT JOIN account a ON a.id = g.owner WHERE g.id = $1",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  if (mm_statement_step (s, error) != MM_ROW)
    return FALSE;
  site->public_id = g_strdup (mm_statement_text (s, 0));
  site->prefecture = g_strdup (mm_statement_text (s, 1));
  site->municipality = g_strdup (mm_statement_text (s, 2));
  site->timezone = g_strdup (mm_statement_text (s, 3));
  site->customer = g_strdup (mm_statement_text (s, 4));
  return TRUE;
}

void
mm_alert_site_clear (MmAlertSite *site)
{
  g_free (site->public_id);
  g_free (site->prefecture);
  g_free (site->municipality);
  g_free (site->timezone);
  g_free (site->customer);
}

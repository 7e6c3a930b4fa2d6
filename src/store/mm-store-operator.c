#include "mm-store-operator.h"

#include "mm-clock.h"

gboolean
mm_store_operator_note (
    MmDatabase *db, gint64 now, const char *action, const char *subject, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "INSERT INTO operator_log (at, action, subject) VALUES ($1, $2, $3)", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, now);
  mm_statement_bind_text (s, 2, action);
  mm_statement_bind_text (s, 3, subject);
  return mm_statement_run (s, error);
}

static void
operator_alert_free (gpointer data)
{
  MmOperatorAlert *alert = data;

  g_free (alert->public_id);
  g_free (alert->gateway);
  g_free (alert->kind);
  g_free (alert->device);
  g_free (alert->code);
  g_free (alert);
}

static MmOperatorAlert *
read_alert (MmStatement *s)
{
  MmOperatorAlert *alert = g_new0 (MmOperatorAlert, 1);

  alert->public_id = g_strdup (mm_statement_text (s, 0));
  alert->gateway = g_strdup (mm_statement_text (s, 1));
  alert->kind = g_strdup (mm_statement_text (s, 2));
  alert->device = g_strdup (mm_statement_text (s, 3));
  alert->code = g_strdup (mm_statement_text (s, 4));
  alert->severity = (int) mm_statement_int (s, 5);
  alert->opened = mm_statement_int (s, 6);
  alert->last_seen = mm_statement_int (s, 7);
  alert->count = mm_statement_int (s, 8);
  alert->recovered = mm_statement_is_null (s, 9) ? MM_TIME_NONE : mm_statement_int (s, 9);
  return alert;
}

gboolean
mm_store_operator_alerts (
    MmDatabase *db, gboolean open, guint limit, GPtrArray **alerts, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (operator_alert_free);
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT a.public_id, g.public_id, a.kind, a.device, a.code, a.severity, a.opened, "
      "a.last_seen, a.count, a.recovered FROM alert a JOIN gateway g ON g.id = a.gateway "
      "WHERE $1 = 0 OR a.recovered IS NULL ORDER BY a.id DESC LIMIT $2",
      error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, open);
  mm_statement_bind_int (s, 2, limit);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    g_ptr_array_add (found, read_alert (s));
  if (step == MM_STEP_FAILED)
    return FALSE;
  *alerts = g_steal_pointer (&found);
  return TRUE;
}

gboolean
mm_store_operator_counts (MmDatabase *db, MmOperatorCounts *counts, GError **error)
{
  /* Numbers only grow, and the newest row is never trimmed: it says how many there were. */
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT (SELECT coalesce(max(id), 0) FROM reading_log),"
      " (SELECT count(*) FROM account WHERE kind = 'dealer' AND state = 'active'),"
      " (SELECT count(*) FROM account WHERE kind = 'customer' AND state = 'active'),"
      " (SELECT count(*) FROM link WHERE ended IS NULL),"
      " (SELECT count(*) FROM alert WHERE recovered IS NULL),"
      " (SELECT count(*) FROM outbox WHERE state = 'waiting'),"
      " (SELECT count(*) FROM outbox WHERE state IN ('refused', 'given-up'))",
      error);

  if (s == NULL || mm_statement_step (s, error) != MM_ROW)
    return FALSE;
  counts->pushes = mm_statement_int (s, 0);
  counts->dealers = mm_statement_int (s, 1);
  counts->customers = mm_statement_int (s, 2);
  counts->links = mm_statement_int (s, 3);
  counts->open_alerts = mm_statement_int (s, 4);
  counts->mails_waiting = mm_statement_int (s, 5);
  counts->mails_failed = mm_statement_int (s, 6);
  return TRUE;
}

gboolean
mm_store_operator_is_empty (MmDatabase *db, gboolean *is_empty, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM gateway)", error);

  if (s == NULL || mm_statement_step (s, error) != MM_ROW)
    return FALSE;
  *is_empty = mm_statement_int (s, 0) == 0;
  return TRUE;
}

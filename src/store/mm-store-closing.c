/* Forgetting closed accounts. On the writer's thread. */
#include "mm-store-closing.h"

static gboolean
run_for (MmDatabase *db, const char *sql, gint64 account, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, sql, error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  return mm_statement_run (s, error);
}

static gboolean
empty_account (MmDatabase *db, gint64 id, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "UPDATE account SET state = 'closed', sign_in = '', sign_in_folded = 'closed:' || public_id, "
      "password = NULL, name = '', kana = '', mail = '', phone = '', postal_code = '', "
      "prefecture = '', municipality = '', address = '', alert_own_mail = 0, changed = $2 "
      "WHERE id = $1",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  mm_statement_bind_int (s, 2, now);
  return mm_statement_run (s, error);
}

gboolean
mm_store_closing_erase (MmDatabase *db, gint64 id, gint64 now, GError **error)
{
  return empty_account (db, id, now, error)
         && run_for (db, "DELETE FROM session WHERE account = $1", id, error)
         && run_for (db, "DELETE FROM token WHERE account = $1", id, error)
         && run_for (db, "DELETE FROM second_factor WHERE account = $1", id, error)
         && run_for (db, "DELETE FROM mail_change WHERE account = $1", id, error)
         && run_for (db, "DELETE FROM contact WHERE account = $1", id, error)
         && run_for (db, "DELETE FROM outbox WHERE account = $1", id, error);
}

/* What the gateways of @owner sent and said while they were theirs. */
static gboolean
forget_sent (MmDatabase *db, gint64 owner, GError **error)
{
  return run_for (db,
                  "DELETE FROM refused WHERE gateway IN (SELECT id FROM gateway WHERE owner = $1)",
                  owner, error)
         && run_for (
             db,
             "DELETE FROM quarantine WHERE gateway IN (SELECT id FROM gateway WHERE owner = $1)",
             owner, error)
         && run_for (db,
                     "DELETE FROM reported_settings"
                     " WHERE gateway IN (SELECT id FROM gateway WHERE owner = $1)",
                     owner, error);
}

gboolean
mm_store_closing_disown (MmDatabase *db, gint64 owner, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "UPDATE gateway SET owner = NULL, owned_since = NULL, hidden_before = $2, name = '', "
      "postal_code = '', prefecture = '', municipality = '', latitude = NULL, longitude = NULL "
      "WHERE owner = $1",
      error);

  if (s == NULL || !forget_sent (db, owner, error))
    return FALSE;
  mm_statement_bind_int (s, 1, owner);
  mm_statement_bind_int (s, 2, now);
  return mm_statement_run (s, error);
}

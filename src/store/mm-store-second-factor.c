#include "mm-store-second-factor.h"

#include <string.h>

#define HASH_BYTES 32

gboolean
mm_store_second_factor_get (
    MmDatabase *db, gint64 account, MmSecondFactorRow *row, gboolean *found, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT secret, made, confirmed, last_step, (SELECT count(*) FROM recovery_code r "
      "WHERE r.account = f.account) FROM second_factor f WHERE f.account = $1",
      error);
  const void *secret;
  gsize length;
  MmStep step;

  *row = (MmSecondFactorRow){ 0 };
  *found = FALSE;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  step = mm_statement_step (s, error);
  if (step != MM_ROW)
    return step == MM_DONE;
  secret = mm_statement_blob (s, 0, &length);
  memcpy (row->secret, secret, MIN (length, sizeof row->secret));
  row->made = mm_statement_int (s, 1);
  row->confirmed = mm_statement_int (s, 2);
  row->last_step = mm_statement_int (s, 3);
  row->recovery_codes = (guint) mm_statement_int (s, 4);
  *found = TRUE;
  return TRUE;
}

gboolean
mm_store_second_factor_begin (
    MmDatabase *db, gint64 account, const guint8 *secret, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "INSERT INTO second_factor (account, secret, made, last_step) "
                             "VALUES ($1, $2, $3, 0)",
                             error);

  if (s == NULL || !mm_store_second_factor_remove (db, account, error))
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_blob (s, 2, secret, MM_SECOND_FACTOR_BYTES);
  mm_statement_bind_int (s, 3, now);
  return mm_statement_run (s, error);
}

/* @sql with the account and one number. */
static gboolean
set_number (MmDatabase *db, const char *sql, gint64 account, gint64 number, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, sql, error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_int (s, 2, number);
  return mm_statement_run (s, error);
}

gboolean
mm_store_second_factor_confirm (MmDatabase *db, gint64 account, gint64 now, GError **error)
{
  return set_number (db, "UPDATE second_factor SET confirmed = $2 WHERE account = $1", account, now,
                     error);
}

gboolean
mm_store_second_factor_set_step (MmDatabase *db, gint64 account, gint64 step, GError **error)
{
  return set_number (db, "UPDATE second_factor SET last_step = $2 WHERE account = $1", account,
                     step, error);
}

gboolean
mm_store_second_factor_remove (MmDatabase *db, gint64 account, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "DELETE FROM second_factor WHERE account = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  return mm_statement_run (s, error);
}

gboolean
mm_store_recovery_code_add (MmDatabase *db, gint64 account, const guint8 *hash, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "INSERT INTO recovery_code (account, hash) VALUES ($1, $2)",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_blob (s, 2, hash, HASH_BYTES);
  return mm_statement_run (s, error);
}

gboolean
mm_store_recovery_code_use (
    MmDatabase *db, gint64 account, const guint8 *hash, gboolean *used, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "DELETE FROM recovery_code WHERE account = $1 AND hash = $2",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_blob (s, 2, hash, HASH_BYTES);
  if (!mm_statement_run (s, error))
    return FALSE;
  *used = mm_database_changes (db) == 1;
  return TRUE;
}

#include "mm-store-tokens.h"

#include <string.h>

void
mm_token_row_free (MmTokenRow *row)
{
  if (row == NULL)
    return;
  g_free (row->purpose);
  g_free (row);
}

static void
bind_reference (MmStatement *s, int n, gint64 id)
{
  if (id != 0)
    mm_statement_bind_int (s, n, id);
  else
    mm_statement_bind_null (s, n);
}

gboolean
mm_store_tokens_insert (MmDatabase *db, const MmTokenRow *row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO token (hash, purpose, account, contact, created, expires, tries_left) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_blob (s, 1, row->hash, sizeof row->hash);
  mm_statement_bind_text (s, 2, row->purpose);
  bind_reference (s, 3, row->account);
  bind_reference (s, 4, row->contact);
  mm_statement_bind_int (s, 5, row->created);
  mm_statement_bind_int (s, 6, row->expires);
  mm_statement_bind_int (s, 7, row->tries_left);
  return mm_statement_run (s, error);
}

gboolean
mm_store_tokens_find (
    MmDatabase *db, const guint8 *hash, const char *purpose, MmTokenRow **row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT purpose, account, contact, created, expires, tries_left, used, dead FROM token "
      "WHERE hash = $1 AND purpose = $2",
      error);
  MmStep step;

  *row = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_blob (s, 1, hash, MM_TOKEN_HASH_BYTES);
  mm_statement_bind_text (s, 2, purpose);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    {
      *row = g_new0 (MmTokenRow, 1);
      memcpy ((*row)->hash, hash, MM_TOKEN_HASH_BYTES);
      (*row)->purpose = g_strdup (mm_statement_text (s, 0));
      (*row)->account = mm_statement_int (s, 1);
      (*row)->contact = mm_statement_int (s, 2);
      (*row)->created = mm_statement_int (s, 3);
      (*row)->expires = mm_statement_int (s, 4);
      (*row)->tries_left = (int) mm_statement_int (s, 5);
      (*row)->used = mm_statement_int (s, 6);
      (*row)->dead = mm_statement_int (s, 7) != 0;
    }
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_tokens_use (MmDatabase *db, const guint8 *hash, gint64 now, gboolean *won, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE token SET used = $2 WHERE hash = $1 AND used IS NULL AND dead = 0", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_blob (s, 1, hash, MM_TOKEN_HASH_BYTES);
  mm_statement_bind_int (s, 2, now);
  if (!mm_statement_run (s, error))
    return FALSE;
  *won = mm_database_changes (db) == 1;
  return TRUE;
}

gboolean
mm_store_tokens_lose_try (MmDatabase *db, const guint8 *hash, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE token SET tries_left = tries_left - 1 WHERE hash = $1 AND tries_left > 0", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_blob (s, 1, hash, MM_TOKEN_HASH_BYTES);
  return mm_statement_run (s, error);
}

gboolean
mm_store_tokens_kill (MmDatabase *db, gint64 account, const char *purpose, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE token SET dead = 1 WHERE account = $1 AND purpose = $2 AND used IS NULL", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_text (s, 2, purpose);
  return mm_statement_run (s, error);
}

gboolean
mm_store_tokens_sweep (MmDatabase *db, gint64 before, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "DELETE FROM token WHERE expires < $1 AND purpose <> 'contact'",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, before);
  return mm_statement_run (s, error);
}

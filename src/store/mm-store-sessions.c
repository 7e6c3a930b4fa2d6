#include "mm-store-sessions.h"

#define HASH_BYTES 32

void
mm_session_row_free (MmSessionRow *row)
{
  if (row == NULL)
    return;
  g_free (row->public_id);
  g_free (row->kind);
  g_free (row->agent);
  g_free (row->address);
  g_free (row);
}

void
mm_session_owner_free (MmSessionOwner *owner)
{
  if (owner == NULL)
    return;
  g_free (owner->account_public_id);
  g_free (owner->account_kind);
  g_free (owner->language);
  g_free (owner->session);
  g_free (owner->kind);
  g_free (owner);
}

gboolean
mm_store_sessions_insert (MmDatabase *db,
                          const guint8 *hash,
                          const MmSessionRow *row,
                          GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO session (hash, public_id, account, kind, created, last_seen, expires, agent, "
      "address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_blob (s, 1, hash, HASH_BYTES);
  mm_statement_bind_text (s, 2, row->public_id);
  mm_statement_bind_int (s, 3, row->account);
  mm_statement_bind_text (s, 4, row->kind);
  mm_statement_bind_int (s, 5, row->created);
  mm_statement_bind_int (s, 6, row->last_seen);
  mm_statement_bind_int (s, 7, row->expires);
  mm_statement_bind_text (s, 8, row->agent);
  mm_statement_bind_text (s, 9, row->address);
  return mm_statement_run (s, error);
}

gboolean
mm_store_sessions_owner (
    MmDatabase *db, const guint8 *hash, gint64 now, MmSessionOwner **owner, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT account.id, account.public_id, account.kind, account.language, session.public_id, "
      "session.kind, session.last_seen FROM session JOIN account ON account.id = session.account "
      "WHERE session.hash = $1 AND session.expires > $2 AND account.state = 'active'",
      error);
  MmStep step;

  *owner = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_blob (s, 1, hash, HASH_BYTES);
  mm_statement_bind_int (s, 2, now);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    {
      *owner = g_new0 (MmSessionOwner, 1);
      (*owner)->account = mm_statement_int (s, 0);
      (*owner)->account_public_id = g_strdup (mm_statement_text (s, 1));
      (*owner)->account_kind = g_strdup (mm_statement_text (s, 2));
      (*owner)->language = g_strdup (mm_statement_text (s, 3));
      (*owner)->session = g_strdup (mm_statement_text (s, 4));
      (*owner)->kind = g_strdup (mm_statement_text (s, 5));
      (*owner)->last_seen = mm_statement_int (s, 6);
    }
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_sessions_touch (
    MmDatabase *db, const guint8 *hash, gint64 now, gint64 expires, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "UPDATE session SET last_seen = $2, expires = $3 WHERE hash = $1",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_blob (s, 1, hash, HASH_BYTES);
  mm_statement_bind_int (s, 2, now);
  mm_statement_bind_int (s, 3, expires);
  return mm_statement_run (s, error);
}

gboolean
mm_store_sessions_list (
    MmDatabase *db, gint64 account, gint64 now, GPtrArray **rows, GError **error)
{
  g_autoptr (GPtrArray) found
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_session_row_free);
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT public_id, account, kind, created, last_seen, expires, agent, address FROM session "
      "WHERE account = $1 AND expires > $2 ORDER BY last_seen DESC, created DESC",
      error);
  MmStep step;

  *rows = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_int (s, 2, now);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmSessionRow *row = g_new0 (MmSessionRow, 1);

      row->public_id = g_strdup (mm_statement_text (s, 0));
      row->account = mm_statement_int (s, 1);
      row->kind = g_strdup (mm_statement_text (s, 2));
      row->created = mm_statement_int (s, 3);
      row->last_seen = mm_statement_int (s, 4);
      row->expires = mm_statement_int (s, 5);
      row->agent = g_strdup (mm_statement_text (s, 6));
      row->address = g_strdup (mm_statement_text (s, 7));
      g_ptr_array_add (found, row);
    }
  if (step == MM_STEP_FAILED)
    return FALSE;
  *rows = g_steal_pointer (&found);
  return TRUE;
}

gboolean
mm_store_sessions_end (
    MmDatabase *db, gint64 account, const char *public_id, gboolean *ended, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "DELETE FROM session WHERE account = $1 AND public_id = $2",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_text (s, 2, public_id);
  if (!mm_statement_run (s, error))
    return FALSE;
  *ended = mm_database_changes (db) > 0;
  return TRUE;
}

gboolean
mm_store_sessions_end_all (MmDatabase *db, gint64 account, const char *keep, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "DELETE FROM session WHERE account = $1 AND public_id <> $2",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_text (s, 2, keep != NULL ? keep : "");
  return mm_statement_run (s, error);
}

gboolean
mm_store_sessions_sweep (MmDatabase *db, gint64 before, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "DELETE FROM session WHERE expires < $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, before);
  return mm_statement_run (s, error);
}

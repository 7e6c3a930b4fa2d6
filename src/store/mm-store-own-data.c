#include "mm-store-own-data.h"

static gboolean
run (MmDatabase *db,
     const char *sql,
     gint64 account,
     guint limit,
     MmOwnRow each,
     gpointer data,
     GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, sql, error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_int (s, 2, limit);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    each (s, data);
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_own_consents (
    MmDatabase *db, gint64 account, guint limit, MmOwnRow each, gpointer data, GError **error)
{
  return run (db,
              "SELECT audience, version, language, step, agreed FROM consent WHERE account = $1 "
              "ORDER BY id DESC LIMIT $2",
              account, limit, each, data, error);
}

gboolean
mm_store_own_links (
    MmDatabase *db, gint64 account, guint limit, MmOwnRow each, gpointer data, GError **error)
{
  return run (db,
              "SELECT l.public_id, g.public_id, d.dealer_name, l.grants, l.since, l.until, "
              "l.ended, l.ended_by FROM link l JOIN gateway g ON g.id = l.gateway "
              "JOIN account d ON d.id = l.dealer WHERE l.dealer = $1 OR (g.owner = $1 "
              "AND l.since >= coalesce (g.hidden_before, 0)) ORDER BY l.id DESC LIMIT $2",
              account, limit, each, data, error);
}

gboolean
mm_store_own_access (
    MmDatabase *db, gint64 customer, guint limit, MmOwnRow each, gpointer data, GError **error)
{
  return run (db,
              "SELECT g.public_id, d.dealer_name, a.kind, a.at, a.detail FROM gateway g "
              "JOIN access a ON a.gateway = g.id JOIN account d ON d.id = a.dealer "
              "WHERE g.owner = $1 AND a.at >= coalesce (g.hidden_before, 0) "
              "ORDER BY a.id DESC LIMIT $2",
              customer, limit, each, data, error);
}

gboolean
mm_store_own_acknowledgements (
    MmDatabase *db, gint64 dealer, guint limit, MmOwnRow each, gpointer data, GError **error)
{
  return run (db,
              "SELECT a.public_id, g.public_id, k.at, k.note FROM acknowledgement k "
              "JOIN alert a ON a.id = k.alert JOIN gateway g ON g.id = a.gateway "
              "WHERE k.dealer = $1 ORDER BY k.at DESC LIMIT $2",
              dealer, limit, each, data, error);
}

gboolean
mm_store_own_mails (
    MmDatabase *db, gint64 account, guint limit, MmOwnRow each, gpointer data, GError **error)
{
  return run (db,
              "SELECT letter, recipient, subject, state, created FROM outbox WHERE account = $1 "
              "ORDER BY id DESC LIMIT $2",
              account, limit, each, data, error);
}

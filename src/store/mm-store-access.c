/* The access log. Reading takes any connection; adding belongs into a job of the writer. */
#include "mm-store-access.h"

void
mm_access_row_free (MmAccessRow *row)
{
  if (row == NULL)
    return;
  g_free (row->dealer_name);
  g_free (row->kind);
  g_free (row->detail);
  g_free (row);
}

gboolean
mm_store_access_add (MmDatabase *db,
                     gint64 gateway,
                     gint64 dealer,
                     const char *kind,
                     gint64 hour,
                     gint64 at,
                     const char *detail,
                     GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "INSERT INTO access (gateway, dealer, kind, hour, at, detail) VALUES "
                             "($1, $2, $3, $4, $5, $6) "
                             "ON CONFLICT (gateway, dealer, kind, hour, detail) DO NOTHING",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, dealer);
  mm_statement_bind_text (s, 3, kind);
  mm_statement_bind_int (s, 4, hour);
  mm_statement_bind_int (s, 5, at);
  mm_statement_bind_text (s, 6, detail);
  return mm_statement_run (s, error);
}

gboolean
mm_store_access_has (MmDatabase *db,
                     gint64 gateway,
                     gint64 dealer,
                     const char *kind,
                     gint64 hour,
                     gboolean *has,
                     GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT 1 FROM access WHERE gateway = $1 AND dealer = $2 AND kind = $3 AND hour = $4",
      error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, dealer);
  mm_statement_bind_text (s, 3, kind);
  mm_statement_bind_int (s, 4, hour);
  step = mm_statement_step (s, error);
  *has = step == MM_ROW;
  return step != MM_STEP_FAILED;
}

GPtrArray *
mm_store_access_page (
    MmDatabase *db, gint64 gateway, gint64 since, gint64 before, guint limit, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_access_row_free);
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT a.id, a.at, d.dealer_name, a.kind, a.detail "
      "FROM access a JOIN account d ON d.id = a.dealer "
      "WHERE a.gateway = $1 AND a.at >= $2 AND a.id < $3 ORDER BY a.id DESC LIMIT $4",
      error);
  MmStep step;

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, since);
  mm_statement_bind_int (s, 3, before > 0 ? before : G_MAXINT64);
  mm_statement_bind_int (s, 4, limit);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmAccessRow *row = g_new0 (MmAccessRow, 1);

      row->row = mm_statement_int (s, 0);
      row->at = mm_statement_int (s, 1);
      row->dealer_name = g_strdup (mm_statement_text (s, 2));
      row->kind = g_strdup (mm_statement_text (s, 3));
      row->detail = g_strdup (mm_statement_text (s, 4));
      g_ptr_array_add (rows, row);
    }
  return step == MM_DONE ? g_steal_pointer (&rows) : NULL;
}

#include "mm-store-rollups.h"

static const struct
{
  const char *put;
  const char *each;
  const char *back;
} statements[] = {
  [MM_ROLLUP_QUARTERS]
  = { "INSERT INTO quarters (gateway, start, part, body) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (gateway, start, part) DO UPDATE SET body = excluded.body",
      "SELECT start, part, NULL, body FROM quarters"
      " WHERE gateway = $1 AND start >= $2 AND start < $3 ORDER BY start, part",
      "SELECT start, part, NULL, body FROM quarters"
      " WHERE gateway = $1 AND start >= $2 AND start < $3 ORDER BY start DESC, part DESC" },
  [MM_ROLLUP_DAYS]
  = { "INSERT INTO days (gateway, start, part, body, zone) VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (gateway, start, part)"
      " DO UPDATE SET body = excluded.body, zone = excluded.zone",
      "SELECT start, part, zone, body FROM days"
      " WHERE gateway = $1 AND start >= $2 AND start < $3 ORDER BY start, part",
      "SELECT start, part, zone, body FROM days"
      " WHERE gateway = $1 AND start >= $2 AND start < $3 ORDER BY start DESC, part DESC" },
};

gboolean
mm_rollup_row_put (MmDatabase *db, MmRollupKind kind, const MmRollupRow *row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, statements[kind].put, error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row->gateway);
  mm_statement_bind_int (s, 2, row->start);
  mm_statement_bind_int (s, 3, row->part);
  mm_statement_bind_blob (s, 4, row->body, row->body_length);
  if (kind == MM_ROLLUP_DAYS)
    mm_statement_bind_text (s, 5, row->zone);
  return mm_statement_run (s, error);
}

static gboolean
walk (MmDatabase *db,
      const char *sql,
      gint64 gateway,
      gint64 from,
      gint64 to,
      MmRollupRowFunc func,
      gpointer data,
      GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, sql, error);
  gboolean more = TRUE;
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, from);
  mm_statement_bind_int (s, 3, to);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmRollupRow row = {
        .gateway = gateway,
        .start = mm_statement_int (s, 0),
        .part = (guint) mm_statement_int (s, 1),
        .zone = mm_statement_text (s, 2),
      };

      row.body = mm_statement_blob (s, 3, &row.body_length);
      if (!func (&row, &more, data, error))
        return FALSE;
      if (!more)
        return TRUE;
    }
  return step == MM_DONE;
}

gboolean
mm_rollup_rows_each (MmDatabase *db,
                     MmRollupKind kind,
                     gint64 gateway,
                     gint64 from,
                     gint64 to,
                     MmRollupRowFunc func,
                     gpointer data,
                     GError **error)
{
  return walk (db, statements[kind].each, gateway, from, to, func, data, error);
}

gboolean
mm_rollup_rows_back (MmDatabase *db,
                     MmRollupKind kind,
                     gint64 gateway,
                     gint64 from,
                     gint64 to,
                     MmRollupRowFunc func,
                     gpointer data,
                     GError **error)
{
  return walk (db, statements[kind].back, gateway, from, to, func, data, error);
}

#include "mm-store-blocks.h"

gboolean
mm_block_row_put (MmDatabase *db, const MmBlockRow *row, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "INSERT INTO block (gateway, start, body) VALUES ($1, $2, $3)"
                             " ON CONFLICT (gateway, start) DO UPDATE SET body = excluded.body",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row->gateway);
  mm_statement_bind_int (s, 2, row->start);
  mm_statement_bind_blob (s, 3, row->body, row->body_length);
  return mm_statement_run (s, error);
}

static gboolean
each_row (MmStatement *s,
          gint64 gateway,
          gint64 from,
          gint64 to,
          MmBlockRowFunc func,
          gpointer data,
          GError **error)
{
  gboolean more = TRUE;
  MmStep step;

  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, from);
  mm_statement_bind_int (s, 3, to);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmBlockRow row = { .gateway = gateway, .start = mm_statement_int (s, 0) };

      row.body = mm_statement_blob (s, 1, &row.body_length);
      if (!func (&row, &more, data, error))
        return FALSE;
      if (!more)
        return TRUE;
    }
  return step == MM_DONE;
}

gboolean
mm_block_rows_each (MmDatabase *db,
                    gint64 gateway,
                    gint64 from,
                    gint64 to,
                    MmBlockRowFunc func,
                    gpointer data,
                    GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "SELECT start, body FROM block"
                             " WHERE gateway = $1 AND start >= $2 AND start < $3 ORDER BY start",
                             error);

  return s != NULL && each_row (s, gateway, from, to, func, data, error);
}

gboolean
mm_block_rows_back (MmDatabase *db,
                    gint64 gateway,
                    gint64 from,
                    gint64 to,
                    MmBlockRowFunc func,
                    gpointer data,
                    GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT start, body FROM block"
      " WHERE gateway = $1 AND start >= $2 AND start < $3 ORDER BY start DESC",
      error);

  return s != NULL && each_row (s, gateway, from, to, func, data, error);
}

gboolean
mm_folded_get (MmDatabase *db, gint64 gateway, gint64 *log_row, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT log_row FROM folded WHERE gateway = $1", error);
  MmStep step;

  *log_row = 0;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    *log_row = mm_statement_int (s, 0);
  return step != MM_STEP_FAILED;
}

gboolean
mm_folded_set (MmDatabase *db, gint64 gateway, gint64 log_row, const char *zone, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "INSERT INTO folded (gateway, log_row, zone) VALUES ($1, $2, $3)"
                             " ON CONFLICT (gateway) DO UPDATE SET log_row = excluded.log_row,"
                             " zone = CASE zone WHEN excluded.zone THEN zone ELSE '' END",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, log_row);
  mm_statement_bind_text (s, 3, zone);
  return mm_statement_run (s, error);
}

gboolean
mm_folded_each (MmDatabase *db, MmFoldedFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT gateway, log_row FROM folded", error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    func (mm_statement_int (s, 0), mm_statement_int (s, 1), data);
  return step == MM_DONE;
}

gboolean
mm_folded_set_zone (MmDatabase *db, gint64 gateway, gint64 from, const char *zone, GError **error)
{
  g_autoptr (MmStatement) forget = mm_database_prepare (
      db, "DELETE FROM days WHERE gateway = $1 AND start >= $2 AND zone <> $3", error);
  g_autoptr (MmStatement) set
      = mm_database_prepare (db, "UPDATE folded SET zone = $2 WHERE gateway = $1", error);

  if (forget == NULL || set == NULL)
    return FALSE;
  mm_statement_bind_int (forget, 1, gateway);
  mm_statement_bind_int (forget, 2, from);
  mm_statement_bind_text (forget, 3, zone);
  mm_statement_bind_int (set, 1, gateway);
  mm_statement_bind_text (set, 2, zone);
  return mm_statement_run (forget, error) && mm_statement_run (set, error);
}

gboolean
mm_folded_in_other_zones (MmDatabase *db, guint most, GArray *gateways, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "SELECT f.gateway FROM folded AS f JOIN gateway AS g"
                             " ON g.id = f.gateway WHERE f.zone <> g.timezone LIMIT $1",
                             error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, most);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      gint64 gateway = mm_statement_int (s, 0);

      g_array_append_val (gateways, gateway);
    }
  return step == MM_DONE;
}

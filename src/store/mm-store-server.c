#include "mm-store-server.h"

char *
mm_store_server_id (MmDatabase *db, const char *fresh, gint64 now, GError **error)
{
  g_autoptr (MmStatement) select = NULL;
  g_autoptr (MmStatement) insert = mm_database_prepare (
      db,
      "INSERT INTO server (id, public_id, created) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING",
      error);

  if (insert == NULL)
    return NULL;
  mm_statement_bind_text (insert, 1, fresh);
  mm_statement_bind_int (insert, 2, now);
  if (!mm_statement_run (insert, error))
    return NULL;
  select = mm_database_prepare (db, "SELECT public_id FROM server WHERE id = 1", error);
  if (select == NULL || mm_statement_step (select, error) != MM_ROW)
    return NULL;
  return g_strdup (mm_statement_text (select, 0));
}

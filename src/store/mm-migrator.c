#define G_LOG_DOMAIN "mm-store"

#include "mm-migrator.h"

#include "mm-store-resources.h"

#include <unistd.h>

static const char *const migrations[] = {
  "0001-first.sql",   "0002-day.sql",   "0003-refused.sql",       "0004-blocks.sql",
  "0005-rollups.sql", "0006-zones.sql", "0007-received-time.sql",
};

int
mm_migrator_latest (void)
{
  return G_N_ELEMENTS (migrations);
}

int
mm_migrator_version (MmDatabase *db, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, "PRAGMA user_version", error);

  if (s == NULL || mm_statement_step (s, error) != MM_ROW)
    return -1;
  return (int) mm_statement_int (s, 0);
}

static gboolean
migrate_to (MmDatabase *db, int version, GError **error)
{
  g_autofree char *resource
      = g_strconcat ("/org/mimamori/store/sql/", migrations[version - 1], NULL);
  g_autoptr (GBytes) sql = g_resource_lookup_data (mm_store_get_resource (), resource,
                                                   G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *mark = g_strdup_printf ("PRAGMA application_id=%d; PRAGMA user_version=%d",
                                           MM_DATABASE_APPLICATION_ID, version);

  if (sql == NULL || !mm_database_begin (db, error))
    return FALSE;
  if (!mm_database_exec (db, g_bytes_get_data (sql, NULL), error)
      || !mm_database_exec (db, mark, error) || !mm_database_commit (db, error))
    {
      mm_database_rollback (db);
      g_prefix_error (error, "%s: ", migrations[version - 1]);
      return FALSE;
    }
  g_debug ("schema is now %d", version);
  return TRUE;
}

gboolean
mm_migrator_run (MmDatabase *db, const char *path, GError **error)
{
  int version = mm_migrator_version (db, error);

  if (version < 0)
    return FALSE;
  if (version > mm_migrator_latest ())
    {
      g_set_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_NEWER,
                   "the database has schema %d, this program knows up to %d: use a newer program",
                   version, mm_migrator_latest ());
      return FALSE;
    }
  if (version > 0 && version < mm_migrator_latest ())
    {
      g_autofree char *backup = g_strdup_printf ("%s.before-%d", path, version + 1);

      /* One left by a migration that was killed is of the same schema and may be replaced. */
      unlink (backup);
      if (!mm_database_copy_to (db, backup, error))
        return FALSE;
    }
  for (int next = version + 1; next <= mm_migrator_latest (); next++)
    if (!migrate_to (db, next, error))
      return FALSE;
  return TRUE;
}

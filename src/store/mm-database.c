/* SQLite behind mm-database.h.
 *
 * Numbered names (`$1`) are names to SQLite, not positions, so each statement keeps the positions
 * of its names. Compiled statements are cached per connection by their text; a statement in use is
 * simply absent from the cache, so that two users of the same text never share one.
 */
#define G_LOG_DOMAIN "mm-store"

#include "mm-database.h"

#include "mm-clock.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_PARAMETERS 40

struct _MmDatabase
{
  sqlite3 *handle;
  MmDatabaseRole role;
  GHashTable *cache; /* SQL text → MmStatement not in use */
};

struct _MmStatement
{
  MmDatabase *db;
  sqlite3_stmt *handle;
  const char *sql; /* owned by @handle */
  int positions[MAX_PARAMETERS + 1];
  int failed; /* result code of a bind that failed */
};

G_DEFINE_QUARK (mm - database - error - quark, mm_database_error)

static gboolean
set_error (GError **error, sqlite3 *handle, int code, const char *what)
{
  MmDatabaseError kind = MM_DATABASE_ERROR_FAILED;

  if ((code & 0xff) == SQLITE_CONSTRAINT)
    kind = MM_DATABASE_ERROR_CONSTRAINT;
  else if ((code & 0xff) == SQLITE_FULL)
    kind = MM_DATABASE_ERROR_FULL;
  else if ((code & 0xff) == SQLITE_NOTADB)
    kind = MM_DATABASE_ERROR_FOREIGN;
  g_set_error (error, MM_DATABASE_ERROR, kind, "%s: %s", what,
               handle != NULL ? sqlite3_errmsg (handle) : sqlite3_errstr (code));
  return FALSE;
}

gboolean
mm_database_exec (MmDatabase *db, const char *sql, GError **error)
{
  int code = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);

  return code == SQLITE_OK || set_error (error, db->handle, code, "database");
}

gboolean
mm_database_error_is_fatal (const GError *error)
{
  return error->domain == MM_DATABASE_ERROR && error->code != MM_DATABASE_ERROR_CONSTRAINT;
}

static gboolean
query_int (MmDatabase *db, const char *sql, gint64 *value, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, sql, error);

  if (s == NULL || mm_statement_step (s, error) == MM_STEP_FAILED)
    return FALSE;
  *value = mm_statement_int (s, 0);
  return TRUE;
}

/* An empty file, or one that bears our mark. To be asked before anything is set: setting the
 * journal mode alone would change a stranger's file. */
static gboolean
must_be_ours (MmDatabase *db, GError **error)
{
  gint64 id, version, objects;

  if (!query_int (db, "PRAGMA application_id", &id, error)
      || !query_int (db, "PRAGMA user_version", &version, error)
      || !query_int (db, "SELECT count(*) FROM sqlite_schema", &objects, error))
    return FALSE;
  if (id == MM_DATABASE_APPLICATION_ID || (id == 0 && version == 0 && objects == 0))
    return TRUE;
  g_set_error_literal (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FOREIGN,
                       "the database file belongs to another program");
  return FALSE;
}

/* A PRAGMA that answers what it did: a silent refusal (WAL on a strange file system) is an error.
 */
static gboolean
pragma_must_be (MmDatabase *db, const char *sql, const char *expected, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, sql, error);

  if (s == NULL || mm_statement_step (s, error) == MM_STEP_FAILED)
    return FALSE;
  if (g_strcmp0 (mm_statement_text (s, 0), expected) == 0)
    return TRUE;
  g_set_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED, "%s answered %s", sql,
               mm_statement_text (s, 0));
  return FALSE;
}

/* The file is made by us, private from its first moment: SQLite would use the umask. */
static gboolean
make_private_file (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_set_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED, "cannot open %s: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  close (fd);
  return TRUE;
}

MmDatabase *
mm_database_open (const char *path, MmDatabaseRole role, GError **error)
{
  g_autoptr (MmDatabase) db = g_new0 (MmDatabase, 1);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  int code;

  if (role == MM_DATABASE_WRITER && !make_private_file (path, error))
    return NULL;

  db->role = role;
  db->cache
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) mm_statement_free);
  code = sqlite3_open_v2 (path, &db->handle, flags, NULL);
  if (code != SQLITE_OK)
    {
      set_error (error, db->handle, code, "cannot open the database");
      return NULL;
    }
  sqlite3_extended_result_codes (db->handle, 1);
  sqlite3_busy_timeout (db->handle, 5000);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);

  if (role == MM_DATABASE_READER)
    {
      /* Only the writer checkpoints: see the WAL-reset defect in docs/decisions/. */
      sqlite3_db_config (db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
      if (!mm_database_exec (db, "PRAGMA query_only=ON", error))
        return NULL;
      return g_steal_pointer (&db);
    }

  if (!must_be_ours (db, error) || !pragma_must_be (db, "PRAGMA journal_mode=WAL", "wal", error)
      || !mm_database_exec (db,
                            "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                            "PRAGMA secure_delete=ON; PRAGMA journal_size_limit=67108864;"
                            "PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16384;",
                            error)
      || !pragma_must_be (db, "PRAGMA foreign_keys", "1", error)
      || !pragma_must_be (db, "PRAGMA synchronous", "2", error))
    return NULL;
  return g_steal_pointer (&db);
}

void
mm_database_close (MmDatabase *db)
{
  if (db == NULL)
    return;
  g_clear_pointer (&db->cache, g_hash_table_unref);
  if (db->handle != NULL && sqlite3_close (db->handle) != SQLITE_OK)
    g_critical ("a statement outlived its connection");
  g_free (db);
}

gboolean
mm_database_begin (MmDatabase *db, GError **error)
{
  const char *sql = db->role == MM_DATABASE_WRITER ? "BEGIN IMMEDIATE" : "BEGIN";
  g_autoptr (MmStatement) s = mm_database_prepare (db, sql, error);

  return s != NULL && mm_statement_run (s, error);
}

gboolean
mm_database_commit (MmDatabase *db, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, "COMMIT", error);

  return s != NULL && mm_statement_run (s, error);
}

void
mm_database_rollback (MmDatabase *db)
{
  g_autoptr (GError) error = NULL;

  /* SQLite has already rolled back after some errors; there is nothing left to do then. */
  if (sqlite3_get_autocommit (db->handle))
    return;
  if (!mm_database_exec (db, "ROLLBACK", &error))
    g_warning ("rollback: %s", error->message);
}

gboolean
mm_database_savepoint (MmDatabase *db, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, "SAVEPOINT job", error);

  return s != NULL && mm_statement_run (s, error);
}

gboolean
mm_database_release (MmDatabase *db, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, "RELEASE job", error);

  return s != NULL && mm_statement_run (s, error);
}

gboolean
mm_database_rollback_to_savepoint (MmDatabase *db, GError **error)
{
  return mm_database_exec (db, "ROLLBACK TO job; RELEASE job", error);
}

gint64
mm_database_last_id (MmDatabase *db)
{
  return sqlite3_last_insert_rowid (db->handle);
}

guint
mm_database_changes (MmDatabase *db)
{
  return (guint) sqlite3_changes (db->handle);
}

gboolean
mm_database_copy_to (MmDatabase *db, const char *path, GError **error)
{
  g_autoptr (MmStatement) s = NULL;

  gboolean copied;

  if (!make_private_file (path, error))
    return FALSE;
  s = mm_database_prepare (db, "VACUUM INTO $1", error);
  if (s == NULL)
    return FALSE;
  /* A reader may not write to any file, not even to a new one. */
  if (db->role == MM_DATABASE_READER && !mm_database_exec (db, "PRAGMA query_only=OFF", error))
    return FALSE;
  mm_statement_bind_text (s, 1, path);
  copied = mm_statement_run (s, error);
  return (db->role != MM_DATABASE_READER
          || mm_database_exec (db, "PRAGMA query_only=ON", copied ? error : NULL))
         && copied;
}

gboolean
mm_database_integrity (MmDatabase *db, char **problem, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, "PRAGMA integrity_check(1)", error);
  g_autoptr (MmStatement) keys = NULL;

  *problem = NULL;
  if (s == NULL || mm_statement_step (s, error) == MM_STEP_FAILED)
    return FALSE;
  if (g_strcmp0 (mm_statement_text (s, 0), "ok") != 0)
    {
      *problem = g_strdup (mm_statement_text (s, 0));
      return TRUE;
    }
  keys = mm_database_prepare (db, "PRAGMA foreign_key_check", error);
  if (keys == NULL)
    return FALSE;
  switch (mm_statement_step (keys, error))
    {
    case MM_ROW:
      *problem = g_strdup_printf ("a row of %s points to nothing", mm_statement_text (keys, 0));
      return TRUE;
    case MM_DONE:
      return TRUE;
    default:
      return FALSE;
    }
}

MmStatement *
mm_database_prepare (MmDatabase *db, const char *sql, GError **error)
{
  gpointer cached = NULL;
  MmStatement *s;
  int code;

  if (g_hash_table_steal_extended (db->cache, sql, NULL, &cached))
    return cached;

  s = g_new0 (MmStatement, 1);
  s->db = db;
  code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->handle, NULL);
  if (code != SQLITE_OK)
    {
      set_error (error, db->handle, code, "cannot prepare a statement");
      g_free (s);
      return NULL;
    }
  s->sql = sqlite3_sql (s->handle);
  for (int i = 1; i <= sqlite3_bind_parameter_count (s->handle); i++)
    {
      const char *name = sqlite3_bind_parameter_name (s->handle, i);
      gint64 n = name != NULL && name[0] == '$' ? g_ascii_strtoll (name + 1, NULL, 10) : 0;

      g_assert (n >= 1 && n <= MAX_PARAMETERS);
      s->positions[n] = i;
    }
  return s;
}

void
mm_statement_free (MmStatement *s)
{
  if (s == NULL)
    return;
  mm_statement_reset (s);
  if (s->db->cache != NULL && !g_hash_table_contains (s->db->cache, s->sql))
    {
      g_hash_table_insert (s->db->cache, (gpointer) s->sql, s);
      return;
    }
  sqlite3_finalize (s->handle);
  g_free (s);
}

static int
position (MmStatement *s, int n)
{
  g_assert (n >= 1 && n <= MAX_PARAMETERS && s->positions[n] != 0);
  return s->positions[n];
}

static void
keep_failure (MmStatement *s, int code)
{
  if (code != SQLITE_OK)
    s->failed = code;
}

void
mm_statement_bind_int (MmStatement *s, int n, gint64 value)
{
  keep_failure (s, sqlite3_bind_int64 (s->handle, position (s, n), value));
}

void
mm_statement_bind_double (MmStatement *s, int n, double value)
{
  keep_failure (s, sqlite3_bind_double (s->handle, position (s, n), value));
}

void
mm_statement_bind_text (MmStatement *s, int n, const char *value)
{
  keep_failure (s, sqlite3_bind_text (s->handle, position (s, n), value, -1, SQLITE_TRANSIENT));
}

void
mm_statement_bind_blob (MmStatement *s, int n, const void *data, gsize length)
{
  int at = position (s, n);

  if (data == NULL)
    keep_failure (s, sqlite3_bind_null (s->handle, at));
  else
    keep_failure (s, sqlite3_bind_blob64 (s->handle, at, data, length, SQLITE_TRANSIENT));
}

void
mm_statement_bind_null (MmStatement *s, int n)
{
  keep_failure (s, sqlite3_bind_null (s->handle, position (s, n)));
}

MmStep
mm_statement_step (MmStatement *s, GError **error)
{
  int code = s->failed != SQLITE_OK ? s->failed : sqlite3_step (s->handle);

  if (code == SQLITE_ROW)
    return MM_ROW;
  if (code == SQLITE_DONE)
    return MM_DONE;
  set_error (error, s->failed != SQLITE_OK ? NULL : s->db->handle, code, "database");
  return MM_STEP_FAILED;
}

gboolean
mm_statement_run (MmStatement *s, GError **error)
{
  MmStep step;

  do
    step = mm_statement_step (s, error);
  while (step == MM_ROW);
  return step == MM_DONE;
}

void
mm_statement_reset (MmStatement *s)
{
  /* The result repeats the failure of the last step, which has been reported. */
  sqlite3_reset (s->handle);
  sqlite3_clear_bindings (s->handle);
  s->failed = SQLITE_OK;
}

gint64
mm_statement_int (MmStatement *s, int column)
{
  return sqlite3_column_int64 (s->handle, column);
}

double
mm_statement_double (MmStatement *s, int column)
{
  return sqlite3_column_double (s->handle, column);
}

const char *
mm_statement_text (MmStatement *s, int column)
{
  return (const char *) sqlite3_column_text (s->handle, column);
}

const void *
mm_statement_blob (MmStatement *s, int column, gsize *length)
{
  const void *data = sqlite3_column_blob (s->handle, column);

  *length = (gsize) sqlite3_column_bytes (s->handle, column);
  return data;
}

gboolean
mm_statement_is_null (MmStatement *s, int column)
{
  return sqlite3_column_type (s->handle, column) == SQLITE_NULL;
}

gint64
mm_statement_time (MmStatement *s, int column)
{
  return mm_statement_is_null (s, column) ? MM_TIME_NONE : mm_statement_int (s, column);
}

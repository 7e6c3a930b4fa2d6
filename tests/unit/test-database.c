/* The statements, the cache, the errors and the roles of mm-database.h, on a real file. */
#include "mm-database.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char *folder;
  char *path;
  MmDatabase *db;
} Fixture;

static void
must_exec (MmDatabase *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mm_database_exec (db, sql, &error));
  g_assert_no_error (error);
}

static MmStatement *
must_prepare (MmDatabase *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  MmStatement *s = mm_database_prepare (db, sql, &error);

  g_assert_no_error (error);
  return s;
}

static gint64
int_of (MmDatabase *db, const char *sql)
{
  g_autoptr (MmStatement) s = must_prepare (db, sql);

  g_assert_cmpint (mm_statement_step (s, NULL), ==, MM_ROW);
  return mm_statement_int (s, 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("mm-XXXXXX", &error);
  g_assert_no_error (error);
  f->path = g_build_filename (f->folder, "data.db", NULL);
  f->db = mm_database_open (f->path, MM_DATABASE_WRITER, &error);
  g_assert_no_error (error);
  must_exec (f->db, "PRAGMA application_id=0x4d6d4d31;"
                    "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL UNIQUE, c REAL, d BLOB)"
                    " STRICT;"
                    "CREATE TABLE child (t INTEGER NOT NULL REFERENCES t (a)) STRICT");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_clear_pointer (&f->db, mm_database_close);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->path);
  g_free (f->folder);
}

static void
test_private_and_durable (Fixture *f, gconstpointer data)
{
  struct stat status;

  g_assert_cmpint (stat (f->path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (int_of (f->db, "PRAGMA synchronous"), ==, 2);
  g_assert_cmpint (int_of (f->db, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint (int_of (f->db, "PRAGMA trusted_schema"), ==, 0);
}

static void
test_binds_by_number (Fixture *f, gconstpointer data)
{
  static const guint8 bytes[] = { 0, 1, 0, 255 };
  g_autoptr (MmStatement) insert
      = must_prepare (f->db, "INSERT INTO t (d, c, b, a) VALUES ($4, $3, $2, $1)");
  g_autoptr (MmStatement) read = must_prepare (f->db, "SELECT a, b, c, d, $1, $1 FROM t");
  const void *blob;
  gsize length;

  mm_statement_bind_int (insert, 1, G_MININT64);
  mm_statement_bind_text (insert, 2, "御室");
  mm_statement_bind_double (insert, 3, 0.1);
  mm_statement_bind_blob (insert, 4, bytes, sizeof bytes);
  g_assert_true (mm_statement_run (insert, NULL));
  g_assert_cmpuint (mm_database_changes (f->db), ==, 1);
  g_assert_cmpint (mm_database_last_id (f->db), ==, G_MININT64);

  mm_statement_bind_text (read, 1, "twice");
  g_assert_cmpint (mm_statement_step (read, NULL), ==, MM_ROW);
  g_assert_cmpint (mm_statement_int (read, 0), ==, G_MININT64);
  g_assert_cmpstr (mm_statement_text (read, 1), ==, "御室");
  g_assert_cmpfloat (mm_statement_double (read, 2), ==, 0.1);
  blob = mm_statement_blob (read, 3, &length);
  g_assert_cmpmem (blob, length, bytes, sizeof bytes);
  g_assert_cmpstr (mm_statement_text (read, 4), ==, "twice");
  g_assert_cmpstr (mm_statement_text (read, 5), ==, "twice");
  g_assert_cmpint (mm_statement_step (read, NULL), ==, MM_DONE);
}

/* What was bound before a reset does not come back. */
static void
test_reset_forgets (Fixture *f, gconstpointer data)
{
  g_autoptr (MmStatement) s = must_prepare (f->db, "SELECT $1");

  mm_statement_bind_text (s, 1, "before");
  g_assert_cmpint (mm_statement_step (s, NULL), ==, MM_ROW);
  mm_statement_reset (s);
  g_assert_cmpint (mm_statement_step (s, NULL), ==, MM_ROW);
  g_assert_true (mm_statement_is_null (s, 0));
  mm_statement_reset (s);
  mm_statement_bind_blob (s, 1, NULL, 0);
  g_assert_cmpint (mm_statement_step (s, NULL), ==, MM_ROW);
  g_assert_true (mm_statement_is_null (s, 0));
  g_assert_null (mm_statement_text (s, 0));
}

/* One that is given back is used again; two in use at once are two. */
static void
test_cache (Fixture *f, gconstpointer data)
{
  static const char sql[] = "SELECT $1";
  MmStatement *first = must_prepare (f->db, sql);
  MmStatement *second = must_prepare (f->db, sql);

  g_assert_true (first != second);
  mm_statement_bind_int (first, 1, 1);
  mm_statement_bind_int (second, 1, 2);
  g_assert_cmpint (mm_statement_step (first, NULL), ==, MM_ROW);
  g_assert_cmpint (mm_statement_step (second, NULL), ==, MM_ROW);
  g_assert_cmpint (mm_statement_int (first, 0), ==, 1);
  g_assert_cmpint (mm_statement_int (second, 0), ==, 2);
  mm_statement_free (first);
  mm_statement_free (second);

  second = must_prepare (f->db, "SELECT $1");
  g_assert_true (second == first);
  g_assert_cmpint (mm_statement_step (second, NULL), ==, MM_ROW);
  g_assert_true (mm_statement_is_null (second, 0));
  mm_statement_free (second);
}

static void
expect_constraint (MmDatabase *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mm_database_exec (db, sql, &error));
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_CONSTRAINT);
  g_assert_false (mm_database_error_is_fatal (error));
}

static void
test_constraints (Fixture *f, gconstpointer data)
{
  must_exec (f->db, "INSERT INTO t (a, b) VALUES (1, 'x')");
  expect_constraint (f->db, "INSERT INTO t (a, b) VALUES (2, 'x')");
  expect_constraint (f->db, "INSERT INTO t (a, b) VALUES (2, NULL)");
  expect_constraint (f->db, "INSERT INTO child (t) VALUES (7)");
  expect_constraint (f->db, "INSERT INTO t (a, b) VALUES (3, 'y'), (4, 'y')");
  g_assert_cmpint (int_of (f->db, "SELECT count(*) FROM t"), ==, 1);
}

static void
test_full (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmStatement) s = must_prepare (f->db, "INSERT INTO t (b) VALUES (hex(zeroblob($1)))");

  must_exec (f->db, "PRAGMA max_page_count=20");
  mm_statement_bind_int (s, 1, 1000000);
  g_assert_false (mm_statement_run (s, &error));
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FULL);
  g_assert_true (mm_database_error_is_fatal (error));
  mm_statement_reset (s);
  mm_statement_bind_int (s, 1, 10);
  g_assert_true (mm_statement_run (s, NULL));
}

static void
test_bad_sql (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mm_database_prepare (f->db, "SELECT nothing FROM nowhere", &error));
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED);
  g_assert_true (mm_database_error_is_fatal (error));
}

static void
test_savepoint (Fixture *f, gconstpointer data)
{
  g_assert_true (mm_database_begin (f->db, NULL));
  must_exec (f->db, "INSERT INTO t (b) VALUES ('kept')");
  g_assert_true (mm_database_savepoint (f->db, NULL));
  must_exec (f->db, "INSERT INTO t (b) VALUES ('undone')");
  g_assert_true (mm_database_rollback_to_savepoint (f->db, NULL));
  g_assert_true (mm_database_savepoint (f->db, NULL));
  must_exec (f->db, "INSERT INTO t (b) VALUES ('kept, too')");
  g_assert_true (mm_database_release (f->db, NULL));
  g_assert_true (mm_database_commit (f->db, NULL));
  g_assert_cmpint (int_of (f->db, "SELECT count(*) FROM t"), ==, 2);

  g_assert_true (mm_database_begin (f->db, NULL));
  must_exec (f->db, "DELETE FROM t");
  mm_database_rollback (f->db);
  mm_database_rollback (f->db);
  g_assert_cmpint (int_of (f->db, "SELECT count(*) FROM t"), ==, 2);
}

/* A reader sees one moment until its transaction ends, and changes nothing. */
static void
test_reader (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDatabase) reader = mm_database_open (f->path, MM_DATABASE_READER, &error);

  g_assert_no_error (error);
  g_assert_true (mm_database_begin (reader, NULL));
  g_assert_cmpint (int_of (reader, "SELECT count(*) FROM t"), ==, 0);
  must_exec (f->db, "INSERT INTO t (b) VALUES ('new')");
  g_assert_cmpint (int_of (reader, "SELECT count(*) FROM t"), ==, 0);
  mm_database_rollback (reader);
  g_assert_cmpint (int_of (reader, "SELECT count(*) FROM t"), ==, 1);

  g_assert_false (mm_database_exec (reader, "INSERT INTO t (b) VALUES ('x')", &error));
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (mm_database_exec (reader, "DROP TABLE child", &error));
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED);
}

static void
test_reader_makes_no_file (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (f->folder, "absent.db", NULL);

  g_assert_null (mm_database_open (path, MM_DATABASE_READER, &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_copy_and_integrity (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "copy.db", NULL);
  g_autofree char *problem = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDatabase) copy = NULL;
  struct stat status;

  must_exec (f->db, "INSERT INTO t (b) VALUES ('x')");
  g_assert_true (mm_database_copy_to (f->db, path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  copy = mm_database_open (path, MM_DATABASE_READER, &error);
  g_assert_no_error (error);
  g_assert_cmpint (int_of (copy, "SELECT count(*) FROM t"), ==, 1);
  g_assert_true (mm_database_integrity (copy, &problem, NULL));
  g_assert_null (problem);

  must_exec (f->db, "PRAGMA foreign_keys=OFF; INSERT INTO child (t) VALUES (99)");
  g_assert_true (mm_database_integrity (f->db, &problem, NULL));
  g_assert_nonnull (strstr (problem, "child"));
}

/* A stranger's file is refused and not changed in one byte. */
static void
test_foreign_untouched (Fixture *f, gconstpointer data)
{
  static const char text[] = "this is no database, only a text that is longer than its header is "
                             "and that somebody may want to keep as it was before we came along";
  g_autofree char *path = g_build_filename (f->folder, "foreign.db", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_before, n_after;
  MmDatabase *db = mm_database_open (path, MM_DATABASE_WRITER, &error);

  g_assert_no_error (error);
  must_exec (db, "PRAGMA journal_mode=DELETE; CREATE TABLE theirs (x); PRAGMA user_version=3");
  mm_database_close (db);
  g_assert_true (g_file_get_contents (path, &before, &n_before, NULL));
  g_assert_null (mm_database_open (path, MM_DATABASE_WRITER, &error));
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FOREIGN);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_null (mm_database_open (path, MM_DATABASE_WRITER, &error));
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FOREIGN);
  g_free (g_steal_pointer (&after));
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, text);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/database/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("private-and-durable", test_private_and_durable);
  ADD ("binds-by-number", test_binds_by_number);
  ADD ("reset-forgets", test_reset_forgets);
  ADD ("cache", test_cache);
  ADD ("constraints", test_constraints);
  ADD ("full", test_full);
  ADD ("bad-sql", test_bad_sql);
  ADD ("savepoint", test_savepoint);
  ADD ("reader", test_reader);
  ADD ("reader-makes-no-file", test_reader_makes_no_file);
  ADD ("copy-and-integrity", test_copy_and_integrity);
  ADD ("foreign-untouched", test_foreign_untouched);
  return g_test_run ();
}

/* Fresh, current, newer and half-way databases. */
#include "mm-migrator.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  char *path;
  MmDatabase *db;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("mm-XXXXXX", &error);
  g_assert_no_error (error);
  f->path = g_build_filename (f->folder, "data.db", NULL);
  f->db = mm_database_open (f->path, MM_DATABASE_WRITER, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->db, mm_database_close);
  g_assert_cmpint (g_unlink (f->path), ==, 0);
  /* Nothing else is left: no backup of an empty file, no journal. */
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->path);
  g_free (f->folder);
}

static char *
schema_of (MmDatabase *db)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT name FROM sqlite_schema ORDER BY name", NULL);
  GString *names = g_string_new (NULL);

  while (mm_statement_step (s, NULL) == MM_ROW)
    g_string_append_printf (names, "%s\n", mm_statement_text (s, 0));
  return g_string_free (names, FALSE);
}

static void
test_fresh_and_again (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_cmpint (mm_migrator_version (f->db, NULL), ==, 0);
  g_assert_true (mm_migrator_run (f->db, f->path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (mm_migrator_version (f->db, NULL), ==, mm_migrator_latest ());
  first = schema_of (f->db);
  g_assert_nonnull (strstr (first, "reading_log\n"));

  mm_database_close (f->db);
  f->db = mm_database_open (f->path, MM_DATABASE_WRITER, &error);
  g_assert_no_error (error);
  g_assert_true (mm_migrator_run (f->db, f->path, &error));
  g_assert_no_error (error);
  second = schema_of (f->db);
  g_assert_cmpstr (first, ==, second);
}

static void
test_newer_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version=%d", mm_migrator_latest () + 1);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_true (mm_migrator_run (f->db, f->path, NULL));
  g_assert_true (mm_database_exec (f->db, sql, NULL));
  before = schema_of (f->db);
  g_assert_false (mm_migrator_run (f->db, f->path, &error));
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_NEWER);
  after = schema_of (f->db);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (mm_migrator_version (f->db, NULL), ==, mm_migrator_latest () + 1);
}

/* Whatever stops a migration in its middle, nothing of it is there; then it can be done again. */
static void
test_stopped_in_the_middle (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *schema = NULL;

  /* The last table of the first schema stands in the way. */
  g_assert_true (mm_database_exec (f->db, "CREATE TABLE operator_log (x INTEGER) STRICT", NULL));
  g_assert_false (mm_migrator_run (f->db, f->path, &error));
  g_assert_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "0001-first.sql"));
  g_assert_cmpint (mm_migrator_version (f->db, NULL), ==, 0);
  schema = schema_of (f->db);
  g_assert_cmpstr (schema, ==, "operator_log\n");

  g_assert_true (mm_database_exec (f->db, "DROP TABLE operator_log", NULL));
  g_clear_error (&error);
  g_assert_true (mm_migrator_run (f->db, f->path, &error));
  g_assert_no_error (error);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/migrator/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("fresh-and-again", test_fresh_and_again);
  ADD ("newer-refused", test_newer_refused);
  ADD ("stopped-in-the-middle", test_stopped_in_the_middle);
  return g_test_run ();
}

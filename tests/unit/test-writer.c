/* The writer: order, groups, failures of one and of all, the bound of its queue, its end. */
#include "mm-writer.h"

#include "mm-error.h"
#include "test-houses.h"
#include "test-warnings.h"

typedef struct
{
  Houses houses;
  MmWriter *writer;
  MmDatabase *db; /* for looking */
  GMutex mutex;
  GCond cond;
  gboolean gate_open;
  guint n_gated;
  GString *done;   /* what the jobs said when they were done */
  GString *groups; /* "+" for each commit, "-" for each undone group */
} Fixture;

typedef struct
{
  Fixture *fixture;
  const char *name;
  const char *sql;
  gboolean waits; /* for the gate */
  gboolean fails;
} Work;

static void
group_ended (MmDatabase *db, gboolean committed, gpointer data)
{
  Fixture *f = data;

  /* Outside any transaction: another can begin. */
  g_assert_true (mm_database_begin (db, NULL));
  mm_database_rollback (db);
  g_string_append_c (f->groups, committed ? '+' : '-');
}

static void
set_up (Fixture *f, gconstpointer capacity)
{
  const MmWriterHooks hooks = { .group_ended = group_ended, .data = f };
  g_autoptr (GError) error = NULL;

  g_mutex_init (&f->mutex);
  g_cond_init (&f->cond);
  f->done = g_string_new (NULL);
  f->groups = g_string_new (NULL);
  houses_open (&f->houses);
  g_assert_true (mm_database_exec (f->houses.db, "CREATE TABLE t (x TEXT UNIQUE) STRICT", NULL));
  f->db = mm_database_open (f->houses.path, MM_DATABASE_READER, &error);
  g_assert_no_error (error);
  f->writer = mm_writer_new (g_steal_pointer (&f->houses.db), GPOINTER_TO_UINT (capacity), &hooks);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->writer, mm_writer_free);
  mm_database_close (f->db);
  houses_close (&f->houses);
  g_string_free (f->done, TRUE);
  g_string_free (f->groups, TRUE);
  g_mutex_clear (&f->mutex);
  g_cond_clear (&f->cond);
}

static gboolean
work_run (MmDatabase *db, gpointer data, GError **error)
{
  Work *work = data;
  Fixture *f = work->fixture;

  if (work->waits)
    {
      g_mutex_lock (&f->mutex);
      f->n_gated++;
      g_cond_broadcast (&f->cond);
      while (!f->gate_open)
        g_cond_wait (&f->cond, &f->mutex);
      g_mutex_unlock (&f->mutex);
    }
  if (work->sql != NULL && !mm_database_exec (db, work->sql, error))
    return FALSE;
  if (work->fails)
    return mm_error_set (error, MM_ERROR_CONFLICT, "taken", "It is taken.");
  return TRUE;
}

static void
work_done (gpointer data, const GError *error)
{
  Work *work = data;

  g_mutex_lock (&work->fixture->mutex);
  g_string_append_printf (work->fixture->done, "%s:%s ", work->name,
                          error != NULL ? mm_error_code (error) : "ok");
  g_mutex_unlock (&work->fixture->mutex);
  g_free (work);
}

static gboolean
push (Fixture *f, gboolean grouped, Work work, GError **error)
{
  Work *copy = g_memdup2 (&work, sizeof work);

  copy->fixture = f;
  if (mm_writer_push (f->writer, grouped, work_run, copy, work_done, error))
    return TRUE;
  g_free (copy);
  return FALSE;
}

/* The writer works on a first job until open_gate(); what is pushed meanwhile is one group. */
static void
close_gate (Fixture *f)
{
  f->gate_open = FALSE;
  f->n_gated = 0;
  g_assert_true (push (f, FALSE, (Work){ .name = "gate", .waits = TRUE }, NULL));
  g_mutex_lock (&f->mutex);
  while (f->n_gated == 0)
    g_cond_wait (&f->cond, &f->mutex);
  g_mutex_unlock (&f->mutex);
}

static void
open_gate (Fixture *f)
{
  g_mutex_lock (&f->mutex);
  f->gate_open = TRUE;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->mutex);
}

/* Ends the writer, so that all was run and may be looked at. */
static void
finish (Fixture *f)
{
  open_gate (f);
  g_clear_pointer (&f->writer, mm_writer_free);
}

static char *
stored (Fixture *f)
{
  g_autoptr (MmStatement) s = mm_database_prepare (f->db, "SELECT x FROM t ORDER BY rowid", NULL);
  GString *text = g_string_new (NULL);

  while (mm_statement_step (s, NULL) == MM_ROW)
    g_string_append (text, mm_statement_text (s, 0));
  return g_string_free (text, FALSE);
}

#define assert_stored(f, expected)                                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *found_ = stored (f);                                                          \
    g_assert_cmpstr (found_, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

static void
test_order_and_group (Fixture *f, gconstpointer data)
{
  guint64 transactions, jobs;

  close_gate (f);
  g_assert_true (push (f, TRUE, (Work){ .name = "a", .sql = "INSERT INTO t VALUES ('a')" }, NULL));
  g_assert_true (push (f, FALSE, (Work){ .name = "b", .sql = "INSERT INTO t VALUES ('b')" }, NULL));
  g_assert_true (push (f, TRUE, (Work){ .name = "c", .sql = "INSERT INTO t VALUES ('c')" }, NULL));
  g_assert_cmpuint (mm_writer_waiting (f->writer), ==, 3);
  assert_stored (f, "");
  open_gate (f);
  /* Comes after them: when it is on disk, they are. */
  g_assert_true (mm_writer_run (f->writer, work_run, &(Work){ .fixture = f }, NULL));
  assert_stored (f, "abc");
  mm_writer_counts (f->writer, &transactions, &jobs);
  g_assert_cmpuint (jobs, ==, 5);
  g_assert_cmpuint (transactions, <=, 3);
  g_assert_cmpuint (mm_writer_waiting (f->writer), ==, 0);
  finish (f);
  g_assert_cmpstr (f->done->str, ==, "gate:ok a:ok b:ok c:ok ");
}

static void
test_failing_job_is_undone_alone (Fixture *f, gconstpointer data)
{
  close_gate (f);
  push (f, FALSE, (Work){ .name = "a", .sql = "INSERT INTO t VALUES ('a')" }, NULL);
  push (f, FALSE, (Work){ .name = "b", .sql = "INSERT INTO t VALUES ('b')", .fails = TRUE }, NULL);
  push (f, FALSE,
        (Work){ .name = "c",
                .sql = "INSERT INTO t VALUES ('c');"
                       "INSERT INTO t VALUES ('a')" },
        NULL);
  push (f, TRUE, (Work){ .name = "d", .sql = "INSERT INTO t VALUES ('d')" }, NULL);
  finish (f);
  g_assert_cmpstr (f->done->str, ==, "gate:ok a:ok b:taken c:internal d:ok ");
  assert_stored (f, "ad");
  g_assert_cmpstr (f->groups->str, ==, "++");
}

/* What the disk (here: a defect in SQL) does to one, it may have done to all. */
static void
test_failing_disk_fails_all (Fixture *f, gconstpointer data)
{
  const gboolean grouped = GPOINTER_TO_INT (data) == 101;

  close_gate (f);
  push (f, FALSE, (Work){ .name = "a", .sql = "INSERT INTO t VALUES ('a')" }, NULL);
  push (f, FALSE, (Work){ .name = "b", .fails = TRUE }, NULL);
  push (f, grouped, (Work){ .name = "c", .sql = "INSERT INTO nowhere VALUES ('c')" }, NULL);
  push (f, FALSE, (Work){ .name = "d", .sql = "INSERT INTO t VALUES ('d')" }, NULL);
  warnings_expect (1);
  finish (f);
  warnings_came ();
  g_assert_cmpstr (f->done->str, ==,
                   "gate:ok a:store-failed b:taken c:store-failed d:store-failed ");
  assert_stored (f, "");
  g_assert_cmpstr (f->groups->str, ==, "+-");
}

static void
test_failing_commit_fails_all (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Work good = { .fixture = f, .sql = "INSERT INTO t VALUES ('later')" };

  close_gate (f);
  push (f, TRUE, (Work){ .name = "a", .sql = "INSERT INTO t VALUES ('a')" }, NULL);
  /* Checked only at the commit. */
  push (f, TRUE,
        (Work){ .name = "b",
                .sql = "PRAGMA defer_foreign_keys=ON;"
                       "INSERT INTO claim VALUES (7, 7, x'00')" },
        NULL);
  warnings_expect (1);
  open_gate (f);
  /* The writer lives on. */
  g_assert_true (mm_writer_run (f->writer, work_run, &good, &error)
                 || mm_writer_run (f->writer, work_run, &good, NULL));
  finish (f);
  warnings_came ();
  g_assert_cmpstr (f->done->str, ==, "gate:ok a:store-failed b:store-failed ");
  assert_stored (f, "later");
}

static void
test_full_queue (Fixture *f, gconstpointer capacity)
{
  g_autoptr (GError) error = NULL;

  close_gate (f);
  for (guint i = 0; i < GPOINTER_TO_UINT (capacity); i++)
    g_assert_true (push (f, TRUE, (Work){ .name = "x" }, NULL));
  g_assert_false (push (f, TRUE, (Work){ .name = "y" }, &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_BUSY);
  g_assert_cmpuint (mm_error_retry_after (error), >, 0);
  g_clear_error (&error);
  g_assert_false (mm_writer_run (f->writer, work_run, &(Work){ .fixture = f }, &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_BUSY);
  finish (f);
  g_assert_cmpstr (f->done->str, ==, "gate:ok x:ok x:ok x:ok ");
}

/* Ending runs what waits: nothing that was taken is dropped. */
static void
test_free_runs_what_waits (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) expected = g_string_new ("gate:ok ");

  close_gate (f);
  for (int i = 0; i < 100; i++)
    {
      push (f, TRUE, (Work){ .name = "x", .sql = "INSERT INTO t VALUES (NULL)" }, NULL);
      g_string_append (expected, "x:ok ");
    }
  finish (f);
  g_assert_cmpstr (f->done->str, ==, expected->str);
}

static void
test_run_returns_the_error (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Work work = { .fixture = f, .sql = "INSERT INTO t VALUES ('x')", .fails = TRUE };

  g_assert_false (mm_writer_run (f->writer, work_run, &work, &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_CONFLICT);
  g_assert_cmpstr (mm_error_code (error), ==, "taken");
  assert_stored (f, "");
}

/* More than one group can hold. */
static void
test_many (Fixture *f, gconstpointer data)
{
  guint64 transactions, jobs;

  close_gate (f);
  for (int i = 0; i < 5000; i++)
    g_assert_true (
        push (f, TRUE, (Work){ .name = "", .sql = "INSERT INTO t VALUES (NULL)" }, NULL));
  open_gate (f);
  g_assert_true (mm_writer_run (f->writer, work_run, &(Work){ .fixture = f }, NULL));
  mm_writer_counts (f->writer, &transactions, &jobs);
  g_assert_cmpuint (jobs, ==, 5002);
  g_assert_cmpuint (transactions, >=, 4);
  g_assert_cmpuint (transactions, <=, 5);
}

#define ADD(name, capacity, function)                                                              \
  g_test_add ("/writer/" name, Fixture, GUINT_TO_POINTER (capacity), set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  warnings_watch ();
  ADD ("order-and-group", 100, test_order_and_group);
  ADD ("failing-job-is-undone-alone", 100, test_failing_job_is_undone_alone);
  ADD ("failing-disk-fails-all", 100, test_failing_disk_fails_all);
  ADD ("failing-disk-fails-all-grouped", 101, test_failing_disk_fails_all);
  ADD ("failing-commit-fails-all", 100, test_failing_commit_fails_all);
  ADD ("full-queue", 3, test_full_queue);
  ADD ("free-runs-what-waits", 200, test_free_runs_what_waits);
  ADD ("run-returns-the-error", 100, test_run_returns_the_error);
  ADD ("many", 10000, test_many);
  return g_test_run ();
}

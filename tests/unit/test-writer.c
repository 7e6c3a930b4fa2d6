/* The writer: order, groups, failures of one and of all, the bound of its queue, its end. */
#include "mm-writer.h"

#include "mm-error.h"
#include "test-houses.h"
#include "test-warnings.h"

#include <string.h>

/* The capacity of the test in which the writer's patience is short. */
#define IMPATIENT 102

typedef struct
{
  Houses houses;
  MmWriter *writer;
  MmDatabase *db; /* for looking */
  GMutex mutex;
  GCond cond;
  guint n_open;    /* gates */
  guint n_gated;   /* jobs that came to one */
  GString *done;   /* what the jobs said when they were done */
  GString *groups; /* "+" for each commit, "-" for each undone group */
} Fixture;

typedef struct
{
  Fixture *fixture;
  const char *name;
  const char *sql;
  MmLane lane;
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
  const guint jobs = GPOINTER_TO_UINT (capacity);
  const MmWriterLimits limits = {
    .room = { .jobs = jobs, .bytes = 1000, .source_jobs = 8, .source_bytes = 100 },
    .patience = jobs == IMPATIENT ? G_TIME_SPAN_MILLISECOND : G_TIME_SPAN_HOUR,
  };
  g_autoptr (GError) error = NULL;

  g_mutex_init (&f->mutex);
  g_cond_init (&f->cond);
  f->done = g_string_new (NULL);
  f->groups = g_string_new (NULL);
  houses_open (&f->houses);
  g_assert_true (mm_database_exec (f->houses.db, "CREATE TABLE t (x TEXT UNIQUE) STRICT", NULL));
  f->db = mm_database_open (f->houses.path, MM_DATABASE_READER, &error);
  g_assert_no_error (error);
  f->writer = mm_writer_new (g_steal_pointer (&f->houses.db), &limits, &hooks);
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
      guint gate = f->n_gated++;

      g_cond_broadcast (&f->cond);
      while (f->n_open <= gate)
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
  if (mm_writer_push (f->writer, work.lane, grouped, work_run, copy, work_done, error))
    return TRUE;
  g_free (copy);
  return FALSE;
}

/* Until so many have come to a gate. */
static void
wait_at_gate (Fixture *f, guint n)
{
  g_mutex_lock (&f->mutex);
  while (f->n_gated < n)
    g_cond_wait (&f->cond, &f->mutex);
  g_mutex_unlock (&f->mutex);
}

/* The writer works on a first job until open_gate(); what is pushed meanwhile is one group. */
static void
close_gate (Fixture *f)
{
  g_assert_true (push (f, FALSE, (Work){ .name = "gate", .waits = TRUE }, NULL));
  wait_at_gate (f, 1);
}

static void
open_gates (Fixture *f, guint n)
{
  g_mutex_lock (&f->mutex);
  f->n_open = n;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->mutex);
}

static void
open_gate (Fixture *f)
{
  open_gates (f, G_MAXUINT);
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
  /* At least as many as their size asks for; where the disk is slow, more. */
  g_assert_cmpuint (transactions, >=, 4);
  g_assert_cmpuint (transactions, <=, 5002);
}

/* ---- who goes first ---- */

/* A push of the gateway @source; FALSE if there is no room for it. */
static gboolean
push_work (Fixture *f, MmLane lane, gint64 source, gsize bytes, const char *name, GError **error)
{
  const MmWaiting waiting = { .lane = lane, .source = source, .cost = 20, .bytes = bytes };
  Work work = { .fixture = f, .name = name };
  Work *copy = g_memdup2 (&work, sizeof work);

  if (mm_writer_push_work (f->writer, &waiting, work_run, copy, work_done, error))
    return TRUE;
  g_free (copy);
  return FALSE;
}

static void
test_lanes (Fixture *f, gconstpointer data)
{
  close_gate (f);
  push (f, FALSE, (Work){ .name = "sweep", .lane = MM_LANE_IDLE }, NULL);
  push_work (f, MM_LANE_LATE, 1, 1, "late", NULL);
  push_work (f, MM_LANE_LIVE, 2, 1, "live", NULL);
  push_work (f, MM_LANE_LIVE, 3, 1, "before", NULL);
  push_work (f, MM_LANE_FAULT, 3, 1, "fault", NULL);
  push (f, FALSE, (Work){ .name = "person" }, NULL);
  finish (f);
  /* The fault takes with it what its gateway sent before. Housekeeping has a transaction of its
   * own. */
  g_assert_cmpstr (f->done->str, ==,
                   "gate:ok person:ok before:ok fault:ok live:ok late:ok sweep:ok ");
  g_assert_cmpstr (f->groups->str, ==, "+++");
}

/* What becomes urgent joins the transaction that is under way: at the next chunk of it, in the
 * place of another. */
static void
test_fault_joins (Fixture *f, gconstpointer data)
{
  close_gate (f);
  for (int i = 0; i < 100; i++)
    {
      const MmWaiting waiting = { .lane = MM_LANE_LIVE, .source = 1 + i, .cost = 20, .bytes = 1 };
      Work work = { .fixture = f, .name = "x", .waits = i == 5 };

      g_assert_true (mm_writer_push_work (f->writer, &waiting, work_run,
                                          g_memdup2 (&work, sizeof work), work_done, NULL));
    }
  open_gates (f, 1);
  wait_at_gate (f, 2);
  g_assert_true (push_work (f, MM_LANE_FAULT, 1000, 1, "fault", NULL));
  finish (f);
  g_assert_true (g_str_has_prefix (f->done->str + strlen ("gate:ok ") + 64 * strlen ("x:ok "),
                                   "fault:ok x:ok "));
}

static void
test_bound_of_a_gateway (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const MmWaiting next = { .lane = MM_LANE_LIVE, .source = 1, .bytes = 1 };
  const MmWaiting fault = { .lane = MM_LANE_FAULT, .source = 1, .bytes = 1 };
  const MmWaiting other = { .lane = MM_LANE_LIVE, .source = 2, .bytes = 1 };

  close_gate (f);
  for (int i = 0; i < 8; i++)
    g_assert_true (push_work (f, MM_LANE_LIVE, 1, 1, "x", NULL));
  g_assert_false (push_work (f, MM_LANE_LIVE, 1, 1, "x", &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_BUSY);
  g_assert_cmpstr (mm_error_code (error), ==, "too-many-waiting");
  g_assert_cmpuint (mm_error_retry_after (error), >=, 1);
  g_assert_cmpuint (mm_error_retry_after (error), <=, 3);
  g_assert_false (mm_writer_has_room (f->writer, &next, NULL));
  g_assert_true (mm_writer_has_room (f->writer, &fault, NULL));
  g_assert_true (mm_writer_has_room (f->writer, &other, NULL));
  open_gate (f);
  g_assert_true (
      mm_writer_run_in (f->writer, MM_LANE_IDLE, work_run, &(Work){ .fixture = f }, NULL));
  g_assert_true (mm_writer_has_room (f->writer, &next, NULL));
  finish (f);
}

static void
test_bytes (Fixture *f, gconstpointer data)
{
  close_gate (f);
  /* However large one is, as long as there is room for it at all. */
  g_assert_true (push_work (f, MM_LANE_LIVE, 1, 990, "x", NULL));
  g_assert_false (push_work (f, MM_LANE_LIVE, 1, 5, "x", NULL));
  g_assert_true (push_work (f, MM_LANE_LIVE, 2, 5, "x", NULL));
  g_assert_false (push_work (f, MM_LANE_LIVE, 3, 6, "x", NULL));
  g_assert_true (push_work (f, MM_LANE_FAULT, 3, 200, "x", NULL));
  g_assert_true (push (f, FALSE, (Work){ .name = "person" }, NULL));
  finish (f);
  g_assert_cmpstr (f->done->str, ==, "gate:ok person:ok x:ok x:ok x:ok ");
}

/* While the disk hangs, gateways are sent away at once, and called in again when it is back. */
static void
test_hanging_disk (Fixture *f, gconstpointer data)
{
  const MmWaiting work = { .lane = MM_LANE_LIVE, .source = 1, .bytes = 1 };
  g_autoptr (GError) error = NULL;

  close_gate (f);
  while (mm_writer_has_room (f->writer, &work, &error))
    g_thread_yield ();
  g_assert_error (error, MM_ERROR, MM_ERROR_BUSY);
  g_assert_cmpstr (mm_error_code (error), ==, "disk-slow");
  g_assert_cmpuint (mm_error_retry_after (error), >=, 5);
  g_assert_false (push_work (f, MM_LANE_FAULT, 1, 1, "x", NULL));
  /* People may wait for it. */
  g_assert_true (push (f, FALSE, (Work){ .name = "person" }, NULL));
  open_gate (f);
  g_assert_true (mm_writer_run (f->writer, work_run, &(Work){ .fixture = f }, NULL));
  while (!mm_writer_has_room (f->writer, &work, NULL))
    g_thread_yield ();
  finish (f);
}

/* Housekeeping comes to its turn although there is always something else. */
static void
test_housekeeping_is_not_starved (Fixture *f, gconstpointer data)
{
  gboolean kept = FALSE;

  push (f, FALSE, (Work){ .name = "sweep", .lane = MM_LANE_IDLE }, NULL);
  while (!kept)
    {
      for (gint64 source = 1; source <= 50; source++)
        push_work (f, MM_LANE_LIVE, source, 1, "", NULL);
      g_mutex_lock (&f->mutex);
      kept = strstr (f->done->str, "sweep:ok") != NULL;
      g_mutex_unlock (&f->mutex);
    }
  finish (f);
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
  ADD ("lanes", 100, test_lanes);
  ADD ("fault-joins", 200, test_fault_joins);
  ADD ("bound-of-a-gateway", 100, test_bound_of_a_gateway);
  ADD ("bytes", 100, test_bytes);
  ADD ("hanging-disk", IMPATIENT, test_hanging_disk);
  ADD ("housekeeping-is-not-starved", 100, test_housekeeping_is_not_starved);
  return g_test_run ();
}

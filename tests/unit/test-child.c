/* The supervision of children, with the real server and with small shell programs. */
#include "mm-server-child.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 20 /* seconds that anything here may take */

static gboolean G_GNUC_NORETURN
on_too_long (gpointer user_data)
{
  g_error ("waited %d s for: %s", LONGEST, (const char *) user_data);
}

#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint limit = g_timeout_add_seconds (LONGEST, on_too_long, (gpointer) #condition);             \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (limit);                                                                       \
  }                                                                                                \
  G_STMT_END

/* Looks again now and then at what makes no event here. */
static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
process_is_gone (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;

  return !g_file_get_contents (path, &text, NULL, NULL) || strstr (text, ") Z ") != NULL;
}

/* The process that holds the data directory: who has its lock file open for writing is asked of the
 * kernel's own list. */
static int
pid_of_server (const char *data_dir)
{
  g_autofree char *lock = g_build_filename (data_dir, "lock", NULL);
  g_autofree char *locks = NULL;
  g_auto (GStrv) lines = NULL;
  GStatBuf found;

  g_assert_no_errno (g_stat (lock, &found));
  g_assert_true (g_file_get_contents ("/proc/locks", &locks, NULL, NULL));
  lines = g_strsplit (locks, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      int pid;
      unsigned long inode;

      if (sscanf (lines[i], "%*d: FLOCK ADVISORY WRITE %d %*x:%*x:%lu", &pid, &inode) == 2
          && inode == (unsigned long) found.st_ino)
        return pid;
    }
  return 0;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_tree (below);
    }
  g_remove (path);
}

static char *
server_program (void)
{
  return g_build_filename (g_getenv ("MIMAMORI_BUILD"), "src", "mimamori-server", NULL);
}

static MmServerChild *
new_server (const char *data_dir)
{
  g_autofree char *program = server_program ();

  return mm_server_child_new (program, data_dir, "127.0.0.1:0", "en");
}

static MmChild *
shell (const char *script)
{
  const char *argv[] = { "/bin/sh", "-c", script, NULL };

  return mm_child_new (argv, "here ");
}

static void
test_greeting_and_clean_stop (void)
{
  g_autoptr (MmChild) child = shell ("echo here we are; echo more; echo said >&2; cat; exit 0");
  g_autofree char *log = NULL;

  g_assert_cmpint (mm_child_get_state (child), ==, MM_CHILD_STOPPED);
  mm_child_start (child);
  g_assert_cmpint (mm_child_get_state (child), ==, MM_CHILD_STARTING);
  WAIT_FOR (mm_child_get_state (child) == MM_CHILD_RUNNING);
  g_assert_cmpstr (mm_child_get_word (child), ==, "we are");
  while (log == NULL || *log == '\0')
    {
      g_free (log);
      g_main_context_iteration (NULL, TRUE);
      log = mm_child_dup_log (child);
    }
  g_assert_cmpstr (log, ==, "said");
  mm_child_stop (child);
  g_assert_cmpint (mm_child_get_state (child), ==, MM_CHILD_STOPPING);
  WAIT_FOR (mm_child_get_state (child) == MM_CHILD_STOPPED);
  g_assert_null (mm_child_get_word (child));
  g_assert_null (mm_child_get_why (child));
}

static void
test_starts_again_and_says_why (void)
{
  g_autoptr (MmChild) child = shell ("echo first >&2; echo the reason >&2; exit 1");

  mm_child_start (child);
  WAIT_FOR (mm_child_get_state (child) == MM_CHILD_WAITING);
  g_assert_cmpstr (mm_child_get_why (child), ==, "the reason");
  WAIT_FOR (mm_child_get_restarts (child) == 1 && mm_child_get_state (child) == MM_CHILD_WAITING);
  mm_child_stop (child);
  g_assert_cmpint (mm_child_get_state (child), ==, MM_CHILD_STOPPED);
}

static void
test_a_program_that_is_not_there (void)
{
  const char *argv[] = { "/nowhere/program", NULL };
  g_autoptr (MmChild) child = mm_child_new (argv, "here");

  mm_child_start (child);
  g_assert_cmpint (mm_child_get_state (child), ==, MM_CHILD_WAITING);
  g_assert_nonnull (mm_child_get_why (child));
  mm_child_stop_and_wait (child);
  g_assert_cmpint (mm_child_get_state (child), ==, MM_CHILD_STOPPED);
}

static void
test_server_is_started_again (void)
{
  g_autofree char *dir = g_dir_make_tmp ("mm-child-XXXXXX", NULL);
  g_autoptr (MmServerChild) server = new_server (dir);
  int pid;

  mm_server_child_start (server);
  g_assert_cmpint (mm_server_child_get_state (server), ==, MM_CHILD_STARTING);
  WAIT_FOR (mm_server_child_get_state (server) == MM_CHILD_RUNNING);
  g_assert_false (mm_server_child_is_foreign (server));
  g_assert_true (g_str_has_prefix (mm_server_child_get_url (server), "http://127.0.0.1:"));
  pid = pid_of_server (dir);
  g_assert_cmpint (pid, >, 0);

  g_assert_no_errno (kill (pid, SIGKILL));
  WAIT_FOR (mm_server_child_get_state (server) == MM_CHILD_WAITING);
  g_assert_null (mm_server_child_get_url (server));
  WAIT_FOR (mm_server_child_get_state (server) == MM_CHILD_RUNNING);
  g_assert_cmpint (mm_server_child_get_restarts (server), ==, 1);
  g_assert_cmpint (pid_of_server (dir), !=, pid);

  pid = pid_of_server (dir);
  mm_server_child_restart (server);
  WAIT_FOR (mm_server_child_get_state (server) == MM_CHILD_RUNNING && pid_of_server (dir) != pid);
  pid = pid_of_server (dir);
  mm_server_child_stop_and_wait (server);
  g_assert_cmpint (mm_server_child_get_state (server), ==, MM_CHILD_STOPPED);
  g_assert_true (process_is_gone (pid));
  remove_tree (dir);
}

static void
test_uses_the_one_that_runs (void)
{
  g_autofree char *dir = g_dir_make_tmp ("mm-child-XXXXXX", NULL);
  g_autoptr (MmServerChild) first = new_server (dir);
  g_autoptr (MmServerChild) second = new_server (dir);

  mm_server_child_start (first);
  WAIT_FOR (mm_server_child_get_state (first) == MM_CHILD_RUNNING);
  mm_server_child_start (second);
  WAIT_FOR (mm_server_child_get_state (second) == MM_CHILD_RUNNING);
  g_assert_true (mm_server_child_is_foreign (second));
  g_assert_false (mm_server_child_is_ours (second));
  g_assert_cmpstr (mm_server_child_get_url (second), ==, mm_server_child_get_url (first));

  /* Leaving it leaves it alone; and it is served on when the other has gone. */
  mm_server_child_stop (second);
  g_assert_cmpint (mm_server_child_get_state (second), ==, MM_CHILD_STOPPED);
  g_assert_cmpint (mm_server_child_get_state (first), ==, MM_CHILD_RUNNING);
  mm_server_child_start (second);
  WAIT_FOR (mm_server_child_is_foreign (second));
  mm_server_child_stop_and_wait (first);
  WAIT_FOR (mm_server_child_get_state (second) == MM_CHILD_RUNNING
            && !mm_server_child_is_foreign (second));
  mm_server_child_stop_and_wait (second);
  remove_tree (dir);
}

/* Run as another process: has a child, says so, and would run for ever. */
static int G_GNUC_NORETURN
be_a_parent (const char *dir)
{
  g_autoptr (MmServerChild) server = new_server (dir);

  mm_server_child_start (server);
  while (mm_server_child_get_state (server) != MM_CHILD_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  g_print ("%d\n", pid_of_server (dir));
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_ends_when_its_parent_is_killed (void)
{
  g_autofree char *dir = g_dir_make_tmp ("mm-child-XXXXXX", NULL);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) parent
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--parent", dir, NULL);
  g_autoptr (GDataInputStream) said = NULL;
  g_autofree char *line = NULL;
  guint tick = g_timeout_add (20, on_tick, NULL);
  int pid;

  g_assert_no_error (error);
  said = g_data_input_stream_new (g_subprocess_get_stdout_pipe (parent));
  line = g_data_input_stream_read_line (said, NULL, NULL, NULL);
  g_assert_nonnull (line);
  pid = atoi (line);
  g_assert_cmpint (pid, >, 0);
  g_assert_false (process_is_gone (pid));
  g_subprocess_force_exit (parent);
  g_subprocess_wait (parent, NULL, NULL);
  WAIT_FOR (process_is_gone (pid));
  g_source_remove (tick);
  remove_tree (dir);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  if (argc == 3 && strcmp (argv[1], "--parent") == 0)
    return be_a_parent (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/child/greeting-and-clean-stop", test_greeting_and_clean_stop);
  g_test_add_func ("/child/starts-again-and-says-why", test_starts_again_and_says_why);
  g_test_add_func ("/child/a-program-that-is-not-there", test_a_program_that_is_not_there);
  g_test_add_func ("/child/server-is-started-again", test_server_is_started_again);
  g_test_add_func ("/child/uses-the-one-that-runs", test_uses_the_one_that_runs);
  g_test_add_func ("/child/ends-when-its-parent-is-killed", test_ends_when_its_parent_is_killed);
  return g_test_run ();
}

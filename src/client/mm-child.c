#define G_LOG_DOMAIN "mm-child"

#include "mm-child.h"

#include "mm-gettext.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define FIRST_WAIT 1    /* seconds */
#define LONGEST_WAIT 60 /* seconds; having run so long, it starts from FIRST_WAIT again */
#define LOG_LINES 200
#define LINE_MAX_BYTES 2000

struct _MmChild
{
  GObject parent;

  GStrv argv;
  char *greeting;

  MmChildState state;
  GSubprocess *process;
  GCancellable *reading; /* of the first line */
  guint alive;           /* what has not ended yet: the process, its standard error */
  char *word;
  char *why;
  GQueue lines;
  gboolean spoke; /* on standard error, in this run */
  gboolean hushed;
  gint64 running_since;
  guint wait; /* seconds before the next start */
  guint restarts;
  guint timer; /* to start again, or to end it by force */
};

G_DEFINE_FINAL_TYPE (MmChild, mm_child, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void launch (MmChild *child);

static void
set_state (MmChild *child, MmChildState state)
{
  child->state = state;
  g_signal_emit (child, signals[CHANGED], 0);
}

static gboolean
on_waited (gpointer user_data)
{
  MmChild *child = user_data;

  child->timer = 0;
  child->restarts++;
  launch (child);
  return G_SOURCE_REMOVE;
}

static void
wait_for_next (MmChild *child)
{
  if (child->running_since != 0
      && g_get_monotonic_time () - child->running_since >= LONGEST_WAIT * G_USEC_PER_SEC)
    child->wait = FIRST_WAIT;
  child->timer = g_timeout_add_seconds (child->wait, on_waited, child);
  child->wait = MIN (2 * child->wait, LONGEST_WAIT);
  set_state (child, MM_CHILD_WAITING);
}

/* The process and all that it said are through. */
static void
on_ended (MmChild *child)
{
  /* It was waited for already. */
  if (child->process == NULL)
    return;
  g_clear_handle_id (&child->timer, g_source_remove);
  g_cancellable_cancel (child->reading);
  g_clear_object (&child->reading);
  g_clear_object (&child->process);
  g_clear_pointer (&child->word, g_free);
  if (child->state == MM_CHILD_STOPPING)
    set_state (child, MM_CHILD_STOPPED);
  else
    {
      g_free (child->why);
      child->why = child->spoke ? g_strdup (g_queue_peek_tail (&child->lines))
                                : g_strdup (_ ("It ended without a word."));
      wait_for_next (child);
    }
}

static void
on_exited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmChild) child = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  /* What it may have started itself sees the end of its input, too. */
  g_output_stream_close (g_subprocess_get_stdin_pipe (G_SUBPROCESS (source)), NULL, NULL);
  if (--child->alive == 0)
    on_ended (child);
}

/* What it says */

static void
keep_line (MmChild *child, const char *line)
{
  g_autofree char *valid = g_utf8_make_valid (line, (gssize) MIN (strlen (line), LINE_MAX_BYTES));

  if (!child->hushed)
    fprintf (stderr, "%s\n", line);
  if (*g_strchug (valid) == '\0')
    return;
  child->spoke = TRUE;
  g_queue_push_tail (&child->lines, g_steal_pointer (&valid));
  while (child->lines.length > LOG_LINES)
    g_free (g_queue_pop_head (&child->lines));
  g_signal_emit (child, signals[CHANGED], 0);
}

static void
on_error_line (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmChild) child = user_data;
  GDataInputStream *stream = G_DATA_INPUT_STREAM (source);
  g_autofree char *line = g_data_input_stream_read_line_finish (stream, result, NULL, NULL);

  if (line != NULL)
    {
      keep_line (child, line);
      g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, NULL, on_error_line,
                                           g_object_ref (child));
    }
  else if (--child->alive == 0)
    on_ended (child);
}

/* Takes the greeting; what follows on standard output is read so that it does not block, and passed
 * over. */
static void
on_line (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmChild) child = user_data;
  GDataInputStream *stream = G_DATA_INPUT_STREAM (source);
  g_autofree char *line = g_data_input_stream_read_line_finish (stream, result, NULL, NULL);

  if (line == NULL)
    return;
  if (child->state == MM_CHILD_STARTING && g_str_has_prefix (line, child->greeting))
    {
      g_free (child->word);
      child->word = g_strdup (line + strlen (child->greeting));
      child->running_since = g_get_monotonic_time ();
      set_state (child, MM_CHILD_RUNNING);
    }
  if (child->reading != NULL)
    g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, child->reading, on_line,
                                         g_object_ref (child));
}

/* Its life */

static void
launch (MmChild *child)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autoptr (GDataInputStream) errors = NULL;

  child->spoke = FALSE;
  child->running_since = 0;
  child->process = g_subprocess_newv ((const char *const *) child->argv,
                                      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                          | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                                      &error);
  if (child->process == NULL)
    {
      g_free (child->why);
      child->why = g_strdup (error->message);
      wait_for_next (child);
      return;
    }
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child->process));
  errors = g_data_input_stream_new (g_subprocess_get_stderr_pipe (child->process));
  child->alive = 2;
  child->reading = g_cancellable_new ();
  g_subprocess_wait_async (child->process, NULL, on_exited, g_object_ref (child));
  g_data_input_stream_read_line_async (errors, G_PRIORITY_DEFAULT, NULL, on_error_line,
                                       g_object_ref (child));
  g_data_input_stream_read_line_async (output, G_PRIORITY_DEFAULT, child->reading, on_line,
                                       g_object_ref (child));
  set_state (child, MM_CHILD_STARTING);
}

void
mm_child_hush (MmChild *child)
{
  child->hushed = TRUE;
}

void
mm_child_start (MmChild *child)
{
  if (child->state != MM_CHILD_STOPPED && child->state != MM_CHILD_WAITING)
    return;
  g_clear_handle_id (&child->timer, g_source_remove);
  g_clear_pointer (&child->why, g_free);
  child->wait = FIRST_WAIT;
  child->restarts = 0;
  launch (child);
}

static gboolean
on_too_late (gpointer user_data)
{
  MmChild *child = user_data;

  child->timer = 0;
  g_warning ("A child did not end within %d s and is ended by force", MM_CHILD_STOP_SECONDS);
  g_subprocess_force_exit (child->process);
  return G_SOURCE_REMOVE;
}

void
mm_child_stop (MmChild *child)
{
  if (child->state == MM_CHILD_STOPPED || child->state == MM_CHILD_STOPPING)
    return;
  g_clear_handle_id (&child->timer, g_source_remove);
  g_clear_pointer (&child->why, g_free);
  if (child->process == NULL)
    {
      set_state (child, MM_CHILD_STOPPED);
      return;
    }
  child->timer = g_timeout_add_seconds (MM_CHILD_STOP_SECONDS, on_too_late, child);
  g_subprocess_send_signal (child->process, SIGTERM);
  set_state (child, MM_CHILD_STOPPING);
}

/* Ends a process by force if it is not told in time that this is not needed. */
typedef struct
{
  GSubprocess *process;
  GMutex mutex;
  GCond cond;
  gboolean ended;
} Watch;

static gpointer
watch_end (gpointer data)
{
  Watch *watch = data;
  gint64 end = g_get_monotonic_time () + MM_CHILD_STOP_SECONDS * G_USEC_PER_SEC;

  g_mutex_lock (&watch->mutex);
  while (!watch->ended)
    if (!g_cond_wait_until (&watch->cond, &watch->mutex, end))
      {
        g_subprocess_force_exit (watch->process);
        break;
      }
  g_mutex_unlock (&watch->mutex);
  return NULL;
}

void
mm_child_stop_and_wait (MmChild *child)
{
  Watch watch = { 0 };
  GThread *thread;

  mm_child_stop (child);
  if (child->process == NULL)
    return;
  watch.process = child->process;
  g_mutex_init (&watch.mutex);
  g_cond_init (&watch.cond);
  thread = g_thread_new ("mm-child-end", watch_end, &watch);
  g_subprocess_wait (child->process, NULL, NULL);
  g_mutex_lock (&watch.mutex);
  watch.ended = TRUE;
  g_cond_signal (&watch.cond);
  g_mutex_unlock (&watch.mutex);
  g_thread_join (thread);
  g_mutex_clear (&watch.mutex);
  g_cond_clear (&watch.cond);
  on_ended (child);
}

MmChildState
mm_child_get_state (MmChild *child)
{
  return child->state;
}

const char *
mm_child_get_word (MmChild *child)
{
  return child->word;
}

char *
mm_child_dup_log (MmChild *child)
{
  GString *text = g_string_new (NULL);

  for (GList *l = child->lines.head; l != NULL; l = l->next)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", (const char *) l->data);
  return g_string_free (text, FALSE);
}

const char *
mm_child_get_why (MmChild *child)
{
  return child->why;
}

guint
mm_child_get_restarts (MmChild *child)
{
  return child->restarts;
}

static void
mm_child_dispose (GObject *object)
{
  MmChild *child = MM_CHILD (object);

  /* The process holds a reference for as long as it lives: there is none any more here. */
  g_clear_handle_id (&child->timer, g_source_remove);
  G_OBJECT_CLASS (mm_child_parent_class)->dispose (object);
}

static void
mm_child_finalize (GObject *object)
{
  MmChild *child = MM_CHILD (object);

  g_clear_object (&child->reading);
  g_clear_object (&child->process);
  g_queue_clear_full (&child->lines, g_free);
  g_strfreev (child->argv);
  g_free (child->greeting);
  g_free (child->word);
  g_free (child->why);
  G_OBJECT_CLASS (mm_child_parent_class)->finalize (object);
}

static void
mm_child_class_init (MmChildClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mm_child_dispose;
  object_class->finalize = mm_child_finalize;
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_CHILD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
mm_child_init (MmChild *child)
{
  g_queue_init (&child->lines);
  child->wait = FIRST_WAIT;
}

MmChild *
mm_child_new (const char *const *argv, const char *greeting)
{
  MmChild *child = g_object_new (MM_TYPE_CHILD, NULL);

  child->argv = g_strdupv ((GStrv) argv);
  child->greeting = g_strdup (greeting);
  return child;
}

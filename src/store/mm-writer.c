#define G_LOG_DOMAIN "mm-store"

#include "mm-writer.h"

#include "mm-error.h"

/* More than this in one transaction only makes the first of them wait longer. */
#define MAX_GROUP 2048

typedef struct _Job Job;
struct _Job
{
  Job *next;
  gboolean grouped;
  MmWriterFunc func;
  gpointer data;
  MmWriterDone done;
  GError *error;
};

struct _MmWriter
{
  MmDatabase *db;
  MmWriterHooks hooks;
  GThread *thread;
  guint capacity;
  GMutex mutex;
  GCond wake;
  /* under the mutex: */
  Job *first, *last;
  guint n_waiting;
  gboolean closing;
  guint64 n_transactions, n_jobs;
};

static Job *
take_group (MmWriter *writer)
{
  Job *group, *end;
  guint n = 1;

  g_mutex_lock (&writer->mutex);
  while (writer->first == NULL && !writer->closing)
    g_cond_wait (&writer->wake, &writer->mutex);
  group = end = writer->first;
  if (group != NULL)
    {
      for (; end->next != NULL && n < MAX_GROUP; n++)
        end = end->next;
      writer->first = end->next;
      if (writer->first == NULL)
        writer->last = NULL;
      end->next = NULL;
      writer->n_waiting -= n;
      writer->n_transactions++;
      writer->n_jobs += n;
    }
  g_mutex_unlock (&writer->mutex);
  return group;
}

/* TRUE unless the transaction as a whole is lost. */
static gboolean
run_job (MmWriter *writer, Job *job, GError **error)
{
  if (job->grouped)
    return job->func (writer->db, job->data, error);

  if (!mm_database_savepoint (writer->db, error))
    return FALSE;
  if (job->func (writer->db, job->data, &job->error))
    return mm_database_release (writer->db, error);
  if (job->error == NULL)
    mm_error_set (&job->error, MM_ERROR_INTERNAL, "internal", "Something went wrong.");
  /* What the disk did to this job it may have done to those before it; and memory that followed the
   * database is brought back only with the whole group. */
  if (mm_database_error_is_fatal (job->error))
    {
      g_propagate_error (error, g_steal_pointer (&job->error));
      return FALSE;
    }
  return mm_database_rollback_to_savepoint (writer->db, error);
}

static gboolean
run_group (MmWriter *writer, Job *group, GError **error)
{
  if (!mm_database_begin (writer->db, error))
    return FALSE;
  for (Job *job = group; job != NULL; job = job->next)
    if (!run_job (writer, job, error))
      return FALSE;
  return mm_database_commit (writer->db, error);
}

static gpointer
writer_thread (gpointer data)
{
  MmWriter *writer = data;
  Job *group;

  while ((group = take_group (writer)) != NULL)
    {
      g_autoptr (GError) error = NULL;
      gboolean committed;

      committed = run_group (writer, group, &error);
      if (!committed)
        {
          g_warning ("a transaction failed and was undone: %s",
                     error != NULL ? error->message : "no reason given");
          mm_database_rollback (writer->db);
        }
      if (writer->hooks.group_ended != NULL)
        writer->hooks.group_ended (writer->db, committed, writer->hooks.data);

      while (group != NULL)
        {
          Job *job = group;

          group = job->next;
          if (!committed && job->error == NULL)
            {
              job->error = mm_error_new (MM_ERROR_BUSY, "store-failed",
                                         "The server cannot store anything at the moment.");
              mm_error_set_retry_after (job->error, 5);
            }
          job->done (job->data, job->error);
          g_clear_error (&job->error);
          g_free (job);
        }
    }
  return NULL;
}

MmWriter *
mm_writer_new (MmDatabase *db, guint capacity, const MmWriterHooks *hooks)
{
  MmWriter *writer = g_new0 (MmWriter, 1);

  writer->db = db;
  writer->capacity = capacity;
  if (hooks != NULL)
    writer->hooks = *hooks;
  g_mutex_init (&writer->mutex);
  g_cond_init (&writer->wake);
  writer->thread = g_thread_new ("writer", writer_thread, writer);
  return writer;
}

void
mm_writer_free (MmWriter *writer)
{
  if (writer == NULL)
    return;
  g_mutex_lock (&writer->mutex);
  writer->closing = TRUE;
  g_cond_signal (&writer->wake);
  g_mutex_unlock (&writer->mutex);
  g_thread_join (writer->thread);
  mm_database_close (writer->db);
  g_mutex_clear (&writer->mutex);
  g_cond_clear (&writer->wake);
  g_free (writer);
}

gboolean
mm_writer_push (MmWriter *writer,
                gboolean grouped,
                MmWriterFunc func,
                gpointer data,
                MmWriterDone done,
                GError **error)
{
  Job *job = g_new (Job, 1);

  *job = (Job){ .grouped = grouped, .func = func, .data = data, .done = done };
  g_assert (g_thread_self () != writer->thread);

  g_mutex_lock (&writer->mutex);
  if (writer->closing || writer->n_waiting >= writer->capacity)
    {
      g_mutex_unlock (&writer->mutex);
      g_free (job);
      return mm_error_set (error, MM_ERROR_BUSY, "busy",
                           "The server is busy; please try again in a moment.");
    }
  if (writer->last != NULL)
    writer->last->next = job;
  else
    writer->first = job;
  writer->last = job;
  if (writer->n_waiting++ == 0)
    g_cond_signal (&writer->wake);
  g_mutex_unlock (&writer->mutex);
  return TRUE;
}

typedef struct
{
  MmWriterFunc func;
  gpointer data;
  GMutex mutex;
  GCond finished;
  gboolean is_finished;
  GError *error;
} Call;

static gboolean
call_run (MmDatabase *db, gpointer data, GError **error)
{
  Call *call = data;

  return call->func (db, call->data, error);
}

static void
call_done (gpointer data, const GError *error)
{
  Call *call = data;

  g_mutex_lock (&call->mutex);
  call->is_finished = TRUE;
  if (error != NULL)
    call->error = g_error_copy (error);
  g_cond_signal (&call->finished);
  g_mutex_unlock (&call->mutex);
}

gboolean
mm_writer_run (MmWriter *writer, MmWriterFunc func, gpointer data, GError **error)
{
  Call call = { .func = func, .data = data };
  gboolean queued;

  g_mutex_init (&call.mutex);
  g_cond_init (&call.finished);
  queued = mm_writer_push (writer, FALSE, call_run, &call, call_done, error);
  if (queued)
    {
      g_mutex_lock (&call.mutex);
      while (!call.is_finished)
        g_cond_wait (&call.finished, &call.mutex);
      g_mutex_unlock (&call.mutex);
      if (call.error != NULL)
        g_propagate_error (error, call.error);
    }
  g_mutex_clear (&call.mutex);
  g_cond_clear (&call.finished);
  return queued && call.error == NULL;
}

guint
mm_writer_waiting (MmWriter *writer)
{
  guint n;

  g_mutex_lock (&writer->mutex);
  n = writer->n_waiting;
  g_mutex_unlock (&writer->mutex);
  return n;
}

void
mm_writer_counts (MmWriter *writer, guint64 *transactions, guint64 *jobs)
{
  g_mutex_lock (&writer->mutex);
  *transactions = writer->n_transactions;
  *jobs = writer->n_jobs;
  g_mutex_unlock (&writer->mutex);
}

#define G_LOG_DOMAIN "mm-store"

#include "mm-writer.h"

#include "mm-error.h"

/* More than this in one transaction, or more time, only makes the first of them wait longer. */
#define MAX_GROUP 2048
#define MAX_GROUP_TIME (50 * G_TIME_SPAN_MILLISECOND)

/* How much longer a transaction may take once something urgent is in it. */
#define URGENT_TIME (10 * G_TIME_SPAN_MILLISECOND)

/* Taken from the queue at a time: what becomes urgent meanwhile waits for these. */
#define MAX_CHUNK 64
#define MAX_CHUNK_COST 8192

/* What a job costs that says nothing of it, in the values that could be stored meanwhile. */
#define COST 256

/* Housekeeping that has waited so long goes first, once. */
#define IDLE_PATIENCE G_TIME_SPAN_SECOND

typedef struct _Job Job;
struct _Job
{
  MmWaiting waiting; /* until it is taken */
  Job *next;         /* in its group */
  gboolean grouped;
  MmWriterFunc func;
  gpointer data;
  MmWriterDone done;
  GError *error;
};

/* What shares a transaction. */
typedef struct
{
  Job *first, *last;
  gboolean idle; /* housekeeping, and nothing else */
  guint room;    /* how many more may join */
  gint64 until;  /* and how long; monotonic */
} Group;

struct _MmWriter
{
  MmDatabase *db;
  MmWriterHooks hooks;
  gint64 patience;
  GThread *thread;
  GMutex mutex;
  GCond wake;
  /* under the mutex: */
  MmLanes *lanes;
  gboolean closing;
  gint64 working_since; /* monotonic; 0: at rest */
  gint64 kept_house;    /* when housekeeping last had its time; monotonic */
  guint64 n_transactions, n_jobs;
};

/* ---- groups ---- */

static guint
n_waiting (MmWriter *writer)
{
  return mm_lanes_n_waiting (writer->lanes) + mm_lanes_n_in (writer->lanes, MM_LANE_IDLE);
}

/* Whether the next transaction is for housekeeping. */
static gboolean
is_time_for_idle (MmWriter *writer, gint64 now)
{
  return mm_lanes_n_in (writer->lanes, MM_LANE_IDLE) > 0
         && (mm_lanes_n_waiting (writer->lanes) == 0 || now - writer->kept_house > IDLE_PATIENCE);
}

/* What comes next, with the mutex held. NULL ends the group. */
static MmWaiting *
take_one (MmWriter *writer, const Group *group)
{
  if (!group->idle)
    return mm_lanes_take (writer->lanes);
  /* After the first only while nobody else waits. */
  return group->first == NULL || mm_lanes_n_waiting (writer->lanes) == 0
             ? mm_lanes_take_idle (writer->lanes)
             : NULL;
}

/* Takes the next jobs into @group. Returns the first of them; NULL if the group is complete. */
static Job *
take_chunk (MmWriter *writer, Group *group)
{
  Job *chunk = NULL;
  guint most = group->idle ? 1 : MIN (group->room, MAX_CHUNK);
  guint cost = 0;

  for (guint n = 0; n < most && cost < MAX_CHUNK_COST; n++)
    {
      Job *job = (Job *) take_one (writer, group);

      if (job == NULL)
        break;
      if (chunk == NULL)
        chunk = job;
      if (group->last != NULL)
        group->last->next = job;
      else
        group->first = job;
      group->last = job;
      group->room--;
      if (job->waiting.lane <= MM_LANE_FAULT)
        group->until = MIN (group->until, g_get_monotonic_time () + URGENT_TIME);
      cost += job->waiting.cost;
      writer->n_jobs++;
    }
  return chunk;
}

/* Waits for work and begins a group with it. FALSE: the writer ends. */
static gboolean
begin_group (MmWriter *writer, Group *group)
{
  gint64 now;

  *group = (Group){ NULL };
  g_mutex_lock (&writer->mutex);
  writer->working_since = 0;
  while (n_waiting (writer) == 0 && !writer->closing)
    g_cond_wait (&writer->wake, &writer->mutex);
  if (n_waiting (writer) > 0)
    {
      now = g_get_monotonic_time ();
      group->idle = is_time_for_idle (writer, now);
      /* Only those that wait already: who has been answered is to come back while this is being
       * written, not before. */
      group->room = MIN (n_waiting (writer), MAX_GROUP);
      group->until = now + MAX_GROUP_TIME;
      take_chunk (writer, group);
      if (group->idle || mm_lanes_n_in (writer->lanes, MM_LANE_IDLE) == 0)
        writer->kept_house = now;
      writer->working_since = now;
      writer->n_transactions++;
    }
  g_mutex_unlock (&writer->mutex);
  return group->first != NULL;
}

static Job *
next_chunk (MmWriter *writer, Group *group)
{
  Job *chunk = NULL;

  if (group->room == 0 || g_get_monotonic_time () > group->until)
    return NULL;
  g_mutex_lock (&writer->mutex);
  chunk = take_chunk (writer, group);
  g_mutex_unlock (&writer->mutex);
  return chunk;
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
run_group (MmWriter *writer, Group *group, GError **error)
{
  Job *chunk = group->first;

  if (!mm_database_begin (writer->db, error))
    return FALSE;
  for (; chunk != NULL; chunk = next_chunk (writer, group))
    for (Job *job = chunk; job != NULL; job = job->next)
      if (!run_job (writer, job, error))
        return FALSE;
  return mm_database_commit (writer->db, error);
}

static void
answer (Job *job, gboolean committed)
{
  if (!committed && job->error == NULL)
    {
      job->error = mm_error_new (MM_ERROR_BUSY, "store-failed",
                                 "The server cannot store anything at the moment.");
      mm_error_set_retry_after (job->error, (guint) g_random_int_range (5, 11));
    }
  job->done (job->data, job->error);
  g_clear_error (&job->error);
  g_free (job);
}

static gpointer
writer_thread (gpointer data)
{
  MmWriter *writer = data;
  Group group;

  while (begin_group (writer, &group))
    {
      g_autoptr (GError) error = NULL;
      gboolean committed = run_group (writer, &group, &error);

      if (!committed)
        {
          g_warning ("a transaction failed and was undone: %s",
                     error != NULL ? error->message : "no reason given");
          mm_database_rollback (writer->db);
        }
      if (writer->hooks.group_ended != NULL)
        writer->hooks.group_ended (writer->db, committed, writer->hooks.data);
      while (group.first != NULL)
        {
          Job *job = group.first;

          group.first = job->next;
          answer (job, committed);
        }
    }
  return NULL;
}

MmWriter *
mm_writer_new (MmDatabase *db, const MmWriterLimits *limits, const MmWriterHooks *hooks)
{
  MmWriter *writer = g_new0 (MmWriter, 1);

  writer->db = db;
  writer->lanes = mm_lanes_new (&limits->room);
  writer->patience = limits->patience;
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
  mm_lanes_free (writer->lanes);
  g_mutex_clear (&writer->mutex);
  g_cond_clear (&writer->wake);
  g_free (writer);
}

/* ---- queueing ---- */

static gboolean
refuse (GError **error, const char *code, const char *message, guint least_s)
{
  GError *busy = mm_error_new (MM_ERROR_BUSY, code, message);

  /* Not all at the same moment. */
  mm_error_set_retry_after (busy, (guint) g_random_int_range ((gint32) least_s,
                                                              (gint32) (2 * least_s + 2)));
  g_propagate_error (error, busy);
  return FALSE;
}

/* With the mutex held. */
static gboolean
has_room (MmWriter *writer, const MmWaiting *work, GError **error)
{
  if (work->source != 0 && writer->working_since != 0
      && g_get_monotonic_time () - writer->working_since > writer->patience)
    return refuse (error, "disk-slow", "The server's disk does not keep up at the moment.", 5);
  switch (mm_lanes_room (writer->lanes, work))
    {
    case MM_LANES_FULL:
      return refuse (error, "busy", "The server is busy; please try again in a moment.", 1);
    case MM_LANES_SOURCE_FULL:
      return refuse (error, "too-many-waiting",
                     "Too many pushes of this gateway wait already; please send them one after "
                     "the other.",
                     1);
    case MM_LANES_ROOM:
    default:
      return TRUE;
    }
}

gboolean
mm_writer_has_room (MmWriter *writer, const MmWaiting *work, GError **error)
{
  gboolean room;

  g_mutex_lock (&writer->mutex);
  room = has_room (writer, work, error);
  g_mutex_unlock (&writer->mutex);
  return room;
}

static gboolean
push (MmWriter *writer, const Job *given, GError **error)
{
  Job *job = g_memdup2 (given, sizeof *given);
  gboolean queued;

  g_assert (g_thread_self () != writer->thread);
  g_mutex_lock (&writer->mutex);
  queued = writer->closing ? refuse (error, "busy", "The server is being stopped.", 1)
                           : has_room (writer, &job->waiting, error);
  if (queued)
    {
      if (n_waiting (writer) == 0)
        g_cond_signal (&writer->wake);
      mm_lanes_put (writer->lanes, &job->waiting);
    }
  g_mutex_unlock (&writer->mutex);
  if (!queued)
    g_free (job);
  return queued;
}

gboolean
mm_writer_push (MmWriter *writer,
                MmLane lane,
                gboolean grouped,
                MmWriterFunc func,
                gpointer data,
                MmWriterDone done,
                GError **error)
{
  const Job job = {
    .waiting = { .lane = lane, .cost = COST },
    .grouped = grouped,
    .func = func,
    .data = data,
    .done = done,
  };

  return push (writer, &job, error);
}

gboolean
mm_writer_push_work (MmWriter *writer,
                     const MmWaiting *work,
                     MmWriterFunc func,
                     gpointer data,
                     MmWriterDone done,
                     GError **error)
{
  const Job job = { .waiting = *work, .grouped = TRUE, .func = func, .data = data, .done = done };

  return push (writer, &job, error);
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
mm_writer_run_in (MmWriter *writer, MmLane lane, MmWriterFunc func, gpointer data, GError **error)
{
  Call call = { .func = func, .data = data };
  gboolean queued;

  g_mutex_init (&call.mutex);
  g_cond_init (&call.finished);
  queued = mm_writer_push (writer, lane, FALSE, call_run, &call, call_done, error);
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

gboolean
mm_writer_run (MmWriter *writer, MmWriterFunc func, gpointer data, GError **error)
{
  return mm_writer_run_in (writer, MM_LANE_PEOPLE, func, data, error);
}

guint
mm_writer_waiting (MmWriter *writer)
{
  guint n;

  g_mutex_lock (&writer->mutex);
  n = n_waiting (writer);
  g_mutex_unlock (&writer->mutex);
  return n;
}

guint
mm_writer_waiting_in (MmWriter *writer, MmLane lane)
{
  guint n;

  g_mutex_lock (&writer->mutex);
  n = mm_lanes_n_in (writer->lanes, lane);
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

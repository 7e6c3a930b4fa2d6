#define G_LOG_DOMAIN "mm-service"

#include "mm-folding.h"

#include "mm-error.h"
#include "mm-fold.h"
#include "mm-live.h"
#include "mm-rolling.h"
#include "mm-store-blocks.h"
#include "mm-store-readings.h"

/* How often the thread looks for what is due. */
#define PERIOD (5 * G_TIME_SPAN_SECOND)
#define PERIOD_IN_TROUBLE (30 * G_TIME_SPAN_SECOND)

/* When one that could not be folded is tried again. */
#define STUCK MM_HOUR

/* How often the thread looks for sites whose zone was changed, and how many it takes at once. */
#define ZONES_PERIOD (10 * G_TIME_SPAN_MINUTE)
#define ZONES_AT_ONCE 1000

/* What the writer is given at once: pushes wait meanwhile. */
#define JOB_BYTES 262144
#define JOB_BLOCKS 64
#define JOB_ROWS 2000

/* The thread rests as long as it worked, but no longer than this: others want the processor, too.
 */
#define MAX_REST (20 * G_TIME_SPAN_MILLISECOND)

struct _MmFolding
{
  MmContext *context;
  GMutex folding;    /* held by whoever folds */
  GHashTable *stuck; /* gateway that could not be folded → when to try again (gint64); likewise */
  gint64 zones_due;  /* when to look for changed zones again; likewise */
  GThread *thread;
  GMutex mutex;
  GCond wake;
  gboolean stopping; /* under the mutex */
};

/* ---- writing ---- */

/* A part of what a gateway's rows came to: of the blocks, and the rows of roll-ups behind them,
 * [@begin, @end), and with the last of them the mark. */
typedef struct
{
  MmContext *context;
  const MmFolded *folded;
  guint begin;
  guint end;
} Job;

static guint
n_parts (const MmFolded *folded)
{
  return folded->blocks->len + folded->rolled->len;
}

static gboolean
write_block (MmDatabase *db, const MmFolded *folded, const MmFoldBlock *block, GError **error)
{
  const MmBlockRow row = {
    .gateway = folded->gateway,
    .start = block->start,
    .body = block->body->data,
    .body_length = block->body->len,
  };

  return mm_block_row_put (db, &row, error);
}

static gboolean
write_rolled (MmDatabase *db, const MmFolded *folded, const MmRolledRow *rolled, GError **error)
{
  const MmRollupRow row = {
    .gateway = folded->gateway,
    .start = rolled->start,
    .part = rolled->part,
    .zone = folded->zone,
    .body = rolled->body->data,
    .body_length = rolled->body->len,
  };

  return mm_rollup_row_put (db, rolled->kind, &row, error);
}

static gboolean
write_job (MmDatabase *db, gpointer data, GError **error)
{
  const Job *job = data;
  const MmFolded *folded = job->folded;
  guint n_blocks = folded->blocks->len;

  for (guint i = job->begin; i < job->end; i++)
    if (i < n_blocks
            ? !write_block (db, folded, &g_array_index (folded->blocks, MmFoldBlock, i), error)
            : !write_rolled (db, folded, &g_array_index (folded->rolled, MmRolledRow, i - n_blocks),
                             error))
      return FALSE;
  if (job->end < n_parts (folded))
    return TRUE;
  if (folded->is_zone)
    return mm_folded_set_zone (db, folded->gateway, folded->from, folded->zone, error);
  if (!mm_folded_set (db, folded->gateway, folded->mark, folded->zone, error))
    return FALSE;
  mm_live_folded (job->context->live, folded->gateway, folded->mark, folded->n_rows, folded->since);
  return TRUE;
}

static gsize
part_bytes (const MmFolded *folded, guint i)
{
  guint n_blocks = folded->blocks->len;

  return i < n_blocks ? g_array_index (folded->blocks, MmFoldBlock, i).body->len
                      : g_array_index (folded->rolled, MmRolledRow, i - n_blocks).body->len;
}

/* Whether the part @i has to be in the same transaction as the one before it. */
static gboolean
goes_on (const MmFolded *folded, guint i)
{
  return i < folded->blocks->len && g_array_index (folded->blocks, MmFoldBlock, i).goes_on;
}

/* Usually one job, so that blocks, roll-ups and mark are one transaction. When there are so many
 * that pushes would have to wait, the mark comes with the last: until then the log behind it
 * counts. */
static gboolean
write_folded (MmContext *context, const MmFolded *folded, GError **error)
{
  Job job = { .context = context, .folded = folded };

  do
    {
      gsize bytes = 0;

      job.begin = job.end;
      while (
          job.end < n_parts (folded)
          && ((job.end - job.begin < JOB_BLOCKS && bytes < JOB_BYTES) || goes_on (folded, job.end)))
        bytes += part_bytes (folded, job.end++);
      if (!mm_writer_run_in (context->writer, MM_LANE_IDLE, write_job, &job, error))
        return FALSE;
    }
  while (job.end < n_parts (folded));
  return TRUE;
}

typedef struct
{
  MmContext *context;
  gboolean more;
} Trim;

static gboolean
trim_job (MmDatabase *db, gpointer data, GError **error)
{
  Trim *trim = data;

  return mm_reading_log_trim (db, mm_live_trimmable (trim->context->live), JOB_ROWS, &trim->more,
                              error);
}

/* ---- one gateway ---- */

static gboolean
is_stopping (MmFolding *folding)
{
  gboolean stopping;

  g_mutex_lock (&folding->mutex);
  stopping = folding->stopping;
  g_mutex_unlock (&folding->mutex);
  return stopping;
}

/* Rests for @time, or until the end. */
static void
rest (MmFolding *folding, gint64 time)
{
  gint64 until = g_get_monotonic_time () + time;

  g_mutex_lock (&folding->mutex);
  while (!folding->stopping && g_cond_wait_until (&folding->wake, &folding->mutex, until))
    ;
  g_mutex_unlock (&folding->mutex);
}

static gboolean
fold_gateway (
    MmFolding *folding, gint64 id, gboolean resting, MmFoldingCounts *counts, GError **error)
{
  gint64 begun = g_get_monotonic_time ();
  g_auto (MmFoldTail) tail = { 0 };
  g_autoptr (GError) problem = NULL;

  if (!mm_fold_tail_init (&tail, folding->context, id, &problem))
    {
      if (problem == NULL)
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  counts->gateways++;
  while (tail.rows->len > 0 && !is_stopping (folding))
    {
      g_autoptr (MmFolded) folded = mm_fold_some (folding->context, &tail, error);

      if (folded == NULL || !write_folded (folding->context, folded, error))
        return FALSE;
      counts->rows += folded->n_rows;
      counts->blocks += folded->blocks->len;
      if (resting)
        rest (folding, MIN (g_get_monotonic_time () - begun, MAX_REST));
      begun = g_get_monotonic_time ();
    }
  return TRUE;
}

/* ---- which of them ---- */

/* From 0 on, below a quarter of @whole. */
static gint64
own_share (gint64 id, gint64 whole)
{
  guint32 mixed = (guint32) id * 2654435761u;

  return (gint64) ((guint64) whole * (mixed >> 16) >> 18);
}

static gboolean
is_due (const MmLiveGateway *gateway, gint64 now)
{
  const MmLiveTail *tail = &gateway->tail;

  return tail->rows > 0
         && (tail->rows >= MM_FOLDING_ROWS + own_share (gateway->id, MM_FOLDING_ROWS)
             || tail->since <= now - MM_FOLDING_AGE - own_share (gateway->id, MM_FOLDING_AGE));
}

static GArray *
find_due (MmContext *context, gboolean all)
{
  GArray *due = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 now = mm_clock_now (context->clock);
  const GPtrArray *gateways;

  mm_live_lock (context->live);
  gateways = mm_live_all (context->live);
  for (guint i = 0; i < gateways->len; i++)
    {
      const MmLiveGateway *gateway = gateways->pdata[i];

      if (all ? gateway->tail.rows > 0 : is_due (gateway, now))
        g_array_append_val (due, gateway->id);
    }
  mm_live_unlock (context->live);
  return due;
}

static gboolean
trim_log (MmFolding *folding, GError **error)
{
  Trim trim = { .context = folding->context };

  do
    if (!mm_writer_run_in (folding->context->writer, MM_LANE_IDLE, trim_job, &trim, error))
      return FALSE;
  while (trim.more && !is_stopping (folding));
  return TRUE;
}

/* One that cannot be folded does not keep the others from it. */
static void
note_stuck (MmFolding *folding, gint64 id, const GError *problem)
{
  gint64 until = mm_clock_steady (folding->context->clock) + STUCK;

  g_hash_table_insert (folding->stuck, g_memdup2 (&id, sizeof id),
                       g_memdup2 (&until, sizeof until));
  g_warning ("the readings of gateway %" G_GINT64_FORMAT " stay in the log for now: %s", id,
             problem->message);
}

static gboolean
is_stuck (MmFolding *folding, gint64 id)
{
  const gint64 *until = g_hash_table_lookup (folding->stuck, &id);

  return until != NULL && mm_clock_steady (folding->context->clock) < *until;
}

/* Makes the days of those anew whose zone was changed; until then they are read from quarters. With
 * the lock of folding held. */
static gboolean
renew_zones (MmFolding *folding, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  MmDatabase *db = mm_readers_take (folding->context->readers, error);
  gboolean listed;

  if (db == NULL)
    return FALSE;
  listed = mm_folded_in_other_zones (db, ZONES_AT_ONCE, ids, error);
  mm_readers_give (folding->context->readers, db);
  for (guint i = 0; i < ids->len && !is_stopping (folding); i++)
    {
      g_autoptr (GError) problem = NULL;
      g_autoptr (MmFolded) folded
          = mm_fold_zone (folding->context, g_array_index (ids, gint64, i), &problem);

      if (folded != NULL && write_folded (folding->context, folded, &problem))
        continue;
      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
    }
  folding->zones_due = g_get_monotonic_time () + ZONES_PERIOD;
  return listed;
}

/* With the lock of folding held. */
static gboolean
fold_due (MmFolding *folding, gboolean all, MmFoldingCounts *counts, GError **error)
{
  g_autoptr (GArray) due = find_due (folding->context, all);
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < due->len && !is_stopping (folding); i++)
    {
      gint64 id = g_array_index (due, gint64, i);
      g_autoptr (GError) problem = NULL;

      if ((!all && is_stuck (folding, id)) || fold_gateway (folding, id, !all, counts, &problem))
        continue;
      /* A busy writer has no time for any of them. */
      if (g_error_matches (problem, MM_ERROR, MM_ERROR_BUSY))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      note_stuck (folding, id, problem);
      if (first == NULL)
        first = g_steal_pointer (&problem);
    }
  if (due->len > 0 && !trim_log (folding, error))
    return FALSE;
  if (all && first != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return FALSE;
    }
  return TRUE;
}

gboolean
mm_folding_look (MmFolding *folding, MmFoldingCounts *counts, GError **error)
{
  gboolean folded;

  *counts = (MmFoldingCounts){ 0 };
  g_mutex_lock (&folding->folding);
  folded = fold_due (folding, FALSE, counts, error)
           && (g_get_monotonic_time () < folding->zones_due || renew_zones (folding, error));
  g_mutex_unlock (&folding->folding);
  return folded;
}

gboolean
mm_folding_all (MmFolding *folding, MmFoldingCounts *counts, GError **error)
{
  gboolean folded;

  *counts = (MmFoldingCounts){ 0 };
  g_mutex_lock (&folding->folding);
  /* Only what the saved live state has in it can be trimmed. */
  folded = mm_context_save (folding->context, error) && fold_due (folding, TRUE, counts, error)
           && trim_log (folding, error) && renew_zones (folding, error);
  g_mutex_unlock (&folding->folding);
  return folded;
}

/* ---- the thread ---- */

static gpointer
folding_thread (gpointer data)
{
  MmFolding *folding = data;

  while (!is_stopping (folding))
    {
      MmFoldingCounts counts;
      g_autoptr (GError) error = NULL;
      gboolean folded = mm_folding_look (folding, &counts, &error);

      if (!folded)
        {
          if (g_error_matches (error, MM_ERROR, MM_ERROR_BUSY))
            g_debug ("folding waits: %s", error->message);
          else
            g_warning ("folding stumbled: %s", error->message);
        }
      else if (counts.rows > 0)
        g_debug ("folded %" G_GUINT64_FORMAT " rows of %" G_GUINT64_FORMAT " gateways", counts.rows,
                 counts.gateways);
      rest (folding, folded ? PERIOD : PERIOD_IN_TROUBLE);
    }
  return NULL;
}

MmFolding *
mm_folding_new (MmContext *context)
{
  MmFolding *folding = g_new0 (MmFolding, 1);

  folding->context = context;
  folding->stuck = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_mutex_init (&folding->folding);
  g_mutex_init (&folding->mutex);
  g_cond_init (&folding->wake);
  return folding;
}

void
mm_folding_start (MmFolding *folding)
{
  folding->thread = g_thread_new ("folding", folding_thread, folding);
}

void
mm_folding_stop (MmFolding *folding)
{
  g_mutex_lock (&folding->mutex);
  folding->stopping = TRUE;
  g_cond_broadcast (&folding->wake);
  g_mutex_unlock (&folding->mutex);
  g_clear_pointer (&folding->thread, g_thread_join);
}

void
mm_folding_free (MmFolding *folding)
{
  if (folding == NULL)
    return;
  mm_folding_stop (folding);
  g_hash_table_unref (folding->stuck);
  g_mutex_clear (&folding->folding);
  g_mutex_clear (&folding->mutex);
  g_cond_clear (&folding->wake);
  g_free (folding);
}

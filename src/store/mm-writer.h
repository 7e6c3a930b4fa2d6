/* The writer: one thread, one writing connection, one order of things.
 *
 * Every change of the store is a job on this queue. The thread takes as many as wait, runs them in
 * one transaction (group commit) and answers them after it is on disk, so that an answer of success
 * means durable, and many small changes share one fsync. A job that fails by a rule or a constraint
 * is undone alone; a disk that fails, in a job or at the commit, undoes and fails the whole group.
 *
 * What goes first is said by mm-lanes.h. A transaction ends after a while even if more is waiting,
 * and what is urgent still joins the one that is under way, so that a fault waits for no more than
 * that and a commit. Housekeeping has transactions of its own.
 *
 * The queue is bounded: when it is full, work is refused with %MM_ERROR_BUSY at once; so is that of
 * gateways while the disk has not finished a transaction for a long time.
 */
#pragma once

#include "mm-database.h"
#include "mm-lanes.h"

G_BEGIN_DECLS

typedef struct _MmWriter MmWriter;

/* Work of a job, on the writer's thread inside a transaction. TRUE keeps what it did; FALSE with
 * @error undoes it. Memory that others see is changed only when the commit is known, in @done. */
typedef gboolean (*MmWriterFunc) (MmDatabase *db, gpointer data, GError **error);

/* Called on the writer's thread once the fate of a job is known: @error is NULL if it is on disk.
 */
typedef void (*MmWriterDone) (gpointer data, const GError *error);

/* @group_ended runs on the writer's thread after the commit of each transaction (@committed) or
 * after it was undone, before anybody is answered: where memory that follows the database is kept
 * in step.
 * @db is outside any transaction then. May be NULL. */
typedef struct
{
  void (*group_ended) (MmDatabase *db, gboolean committed, gpointer data);
  gpointer data;
} MmWriterHooks;

/* @room: how much may wait
 * @patience: microseconds after which a transaction that is still under way means that the disk
 *   hangs */
typedef struct
{
  MmLaneLimits room;
  gint64 patience;
} MmWriterLimits;

/* Starts the thread, which takes @db. */
MmWriter *mm_writer_new (MmDatabase *db, const MmWriterLimits *limits, const MmWriterHooks *hooks);

/* Runs what waits, then stops the thread and closes the connection. */
void mm_writer_free (MmWriter *writer);

/* Queues @func in @lane; @done is called exactly once if this returns TRUE. FALSE: the queue is
 * full or closing (%MM_ERROR_BUSY), @done is not called. Any thread but the writer's. @grouped jobs
 * run without a savepoint of their own: @func must not leave half its work behind when it fails
 * other than by a failing disk, which fails the whole group. */
gboolean mm_writer_push (MmWriter *writer,
                         MmLane lane,
                         gboolean grouped,
                         MmWriterFunc func,
                         gpointer data,
                         MmWriterDone done,
                         GError **error);

/* The same for a push of a gateway, grouped. @work says lane, source, cost and bytes; copied. */
gboolean mm_writer_push_work (MmWriter *writer,
                              const MmWaiting *work,
                              MmWriterFunc func,
                              gpointer data,
                              MmWriterDone done,
                              GError **error);

/* Whether mm_writer_push_work() would take @work now: for those who want to know before they do
 * more. FALSE with %MM_ERROR_BUSY and Retry-After. Any thread. */
gboolean mm_writer_has_room (MmWriter *writer, const MmWaiting *work, GError **error);

/* Queues @func for people and waits until it is on disk. Any thread but the writer's. */
gboolean mm_writer_run (MmWriter *writer, MmWriterFunc func, gpointer data, GError **error);

/* The same in another lane. */
gboolean mm_writer_run_in (
    MmWriter *writer, MmLane lane, MmWriterFunc func, gpointer data, GError **error);

/* How many jobs wait now, housekeeping included, and how many transactions and jobs there were: for
 * metrics. */
guint mm_writer_waiting (MmWriter *writer);
guint mm_writer_waiting_in (MmWriter *writer, MmLane lane);
void mm_writer_counts (MmWriter *writer, guint64 *transactions, guint64 *jobs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmWriter, mm_writer_free)

G_END_DECLS

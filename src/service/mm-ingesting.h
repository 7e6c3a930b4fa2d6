/* A push, from the parsed batch to the disk.
 *
 * What is stored: a value whose (device, quantity, time) is new; a different value for one that is
 * there replaces it (corrected); the same value changes nothing (duplicate). What is well-formed
 * but not plausible goes to quarantine. Events go to mm-watching.h in the same transaction.
 */
#pragma once

#include "mm-batch.h"
#include "mm-context.h"

G_BEGIN_DECLS

/* Every value of the batch is counted in exactly one of @stored, @duplicates, @corrected and
 * @quarantined, or is among the batch's refusals; @late counts those of @stored and @corrected that
 * came long after their time. */
typedef struct
{
  guint stored;
  guint duplicates;
  guint corrected;
  guint quarantined;
  guint late;
} MmIngestCounts;

/* The fate of a push: on disk (@error is NULL), or nothing of it is. On the writer's thread; must
 * be quick. @batch (with further refusals) and @counts live until it returns. */
typedef void (*MmIngestDone) (const MmBatch *batch,
                              const MmIngestCounts *counts,
                              const GError *error,
                              gpointer data);

/* Whether a push of the gateway with row @gateway may come in now, as far as can be said before it
 * is read; it counts as one. FALSE with %MM_ERROR_BUSY (our trouble: the queue or the disk is full)
 * or %MM_ERROR_LIMITED (it pushes too fast), and Retry-After. Any thread, at once. */
gboolean mm_ingesting_admit (MmContext *context,
                             gint64 gateway,
                             gboolean may_have_events,
                             GError **error);

/* Queues @batch (taken in any case) of the gateway with row @gateway, received at @received.
 * The pushes of one gateway are stored in the order in which they are queued; one with events goes
 * before those of other gateways, one with old measurements behind them (mm-lanes.h).
 * FALSE with %MM_ERROR_BUSY if the queue or the disk is full: @done is not called then. Any thread
 * but the writer's. */
gboolean mm_ingesting_submit (MmContext *context,
                              gint64 gateway,
                              MmBatch *batch,
                              gint64 received,
                              MmIngestDone done,
                              gpointer data,
                              GError **error);

G_END_DECLS

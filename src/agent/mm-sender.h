/* Brings what is in a spool to the server: oldest first, each batch until the server has it.
 *
 * A step is one push. Between steps the caller waits as long as the sender says, or does other
 * work, such as filling the spool. Blocking during a step; one thread.
 */
#pragma once

#include "mm-push.h"
#include "mm-spool.h"

G_BEGIN_DECLS

typedef struct _MmSender MmSender;

/* All that was acknowledged from this spool, also by earlier runs; kept in the spool.
 * @readings, @values: sent; @counts: what the server said of them, and parts refused for good */
typedef struct
{
  gint64 position;
  gint64 readings;
  gint64 values;
  MmPushCounts counts;
} MmSenderTotals;

/* Told of every part that the server refused for good.
 * @sequence: of the batch; @line: English, which part and why */
typedef void (*MmSenderRefusal) (guint64 sequence, const char *line, gpointer user_data);

/* @spool and @push are borrowed and must outlive the sender. */
MmSender *mm_sender_new (MmSpool *spool,
                         MmPush *push,
                         MmSenderRefusal on_refusal,
                         gpointer user_data);

void mm_sender_free (MmSender *sender);

/* Pushes the oldest batch, or what is left of it, once; acknowledges it when the server has all of
 * it. Does nothing before mm_sender_next_try(), or with an empty spool.
 * @now: UTC microseconds, for the "sent" of the push
 * Fails only if the spool cannot be read or written. */
gboolean mm_sender_step (MmSender *sender, gint64 now, GError **error);

/* Monotonic time (µs) before which another step is of no use; 0: at once. */
gint64 mm_sender_next_try (const MmSender *sender);

/* The totals so far; owned by the sender. */
const MmSenderTotals *mm_sender_totals (const MmSender *sender);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmSender, mm_sender_free)

G_END_DECLS

/* Watching over gateways: their events become alerts and mails; their silence becomes an alert. */
#pragma once

#include "mm-batch.h"
#include "mm-context.h"

G_BEGIN_DECLS

/* Open faults of one gateway beyond this are refused: no broken device sends mails without end. */
#define MM_WATCHING_MAX_OPEN 100

/* Takes the events, devices and self-description of a push, in its transaction on the writer's
 * thread: records events, opens, repeats or closes alerts (core/mm-alert.h), queues the mails. An
 * event too far in the future is refused in the batch. */
gboolean mm_watching_take_batch (MmContext *context,
                                 MmDatabase *db,
                                 gint64 gateway,
                                 MmBatch *batch,
                                 gint64 received,
                                 GError **error);

/* Notes that the gateway of row @gateway has lost contact, as it said itself, or whoever saw it go:
 * nobody needs to wait until it is missed. Nothing happens if it never had contact. Any thread but
 * the writer's. */
gboolean mm_watching_lose_contact (MmContext *context, gint64 gateway, GError **error);

/* Looks once at all gateways and links: who is silent now, what has ended. What the thread does
 * each second. Any thread but the writer's. */
gboolean mm_watching_look (MmContext *context, GError **error);

/* Starts the thread that, each second, lets the writer notice who is silent (and who is back), ends
 * links whose time is over, and saves the live state when it is due. */
MmWatching *mm_watching_new (MmContext *context);
void mm_watching_free (MmWatching *watching);

G_END_DECLS

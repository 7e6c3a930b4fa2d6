/* The live feed: GET /api/v1/live, server-sent events for open apps.
 *
 * One thread serves all streams. When something changes (mm-feed.h) it asks each stream's follower
 * (service/mm-following.h) what is new for it, writes that as events into the stream's buffer, and
 * wakes the stream; the listener's thread only copies. A stream gets at most five batches a second,
 * and none while it has not taken the last ones: what changes meanwhile is told later, as it is
 * then, so that a slow reader costs no more than its buffer.
 */
#pragma once

#include "mm-context.h"
#include "mm-exchange.h"

G_BEGIN_DECLS

/* Starts the thread and sets @context->streams. */
MmStreams *mm_streams_new (MmContext *context);

/* Stops it. The listeners must be gone. */
void mm_streams_free (MmStreams *streams);

/* GET /api/v1/live. Answers with a stream of the events hello, gateway, alert, removed and reset.
 * A cursor in Last-Event-ID, else in ?cursor=, goes on from there. On a worker. */
void mm_handle_live (MmExchange *x, gpointer context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmStreams, mm_streams_free)

G_END_DECLS

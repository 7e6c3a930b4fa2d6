/* Where streams meet the listener. */
#pragma once

#include "mm-connection.h"

G_BEGIN_DECLS

/* A stream for the answer of @x. Any thread. */
MmStream *mm_stream_new (MmExchange *x, MmStreamRead read, gpointer data, GDestroyNotify destroy);

/* The response that reads from it; to be called once. */
struct MHD_Response *mm_stream_response (MmStream *stream);

/* Wakes the streams whose heartbeat is due. With the lock held, every tick. */
void mm_streams_tick (MmConnections *set, gint64 now);

/* Closes all streams; those made later close at once. */
void mm_streams_close (MmConnections *set);

G_END_DECLS

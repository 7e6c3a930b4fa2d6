/* Pushes of many gateways at a time over a few kept connections. One thread, which nothing blocks
 * but mm_push_pool_run().
 */
#pragma once

#include "mm-push.h"

G_BEGIN_DECLS

typedef struct _MmPushPool MmPushPool;

/* Told of what became of a push. @answer is cleared afterwards.
 * @push_data: as given to mm_push_pool_send(); @data: as given to mm_push_pool_new() */
typedef void (*MmPushPoolAnswered) (const MmPushAnswer *answer, gpointer push_data, gpointer data);

/* @server, @ca, @stop: as in mm_push_new(); @stop is not NULL
 * @connections: pushes under way at most */
MmPushPool *mm_push_pool_new (const char *server,
                              const char *ca,
                              MmStop *stop,
                              guint connections,
                              MmPushPoolAnswered answered,
                              gpointer data,
                              GError **error);

/* Gives up what is under way, without a word. */
void mm_push_pool_free (MmPushPool *pool);

/* Whether another push may be sent. */
gboolean mm_push_pool_has_room (const MmPushPool *pool);

/* How many pushes are under way. */
guint mm_push_pool_busy (const MmPushPool *pool);

/* Begins to send @body as the gateway with @key; there must be room. Otherwise as mm_push_send();
 * @body is no longer needed on return. */
void mm_push_pool_send (MmPushPool *pool,
                        const char *key,
                        const char *body,
                        gsize length,
                        gint64 now,
                        gpointer push_data);

/* Transfers, and tells of the pushes that have ended. Returns after that, after @wait µs, or when a
 * stop is wanted, whichever comes first. */
void mm_push_pool_run (MmPushPool *pool, gint64 wait);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmPushPool, mm_push_pool_free)

G_END_DECLS

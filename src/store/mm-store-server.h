/* The server itself: the one row of the table server. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* The server's public id, which is @fresh (random, made at @now) if it has none yet. On the
 * writer's connection. NULL with @error if the store fails; free with g_free(). */
char *mm_store_server_id (MmDatabase *db, const char *fresh, gint64 now, GError **error);

G_END_DECLS

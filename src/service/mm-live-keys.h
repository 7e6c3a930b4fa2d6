/* Which gateway holds which key: asked for every push, on any thread.
 */
#pragma once

#include "mm-secret.h"

G_BEGIN_DECLS

typedef struct _MmLiveKeys MmLiveKeys;

MmLiveKeys *mm_live_keys_new (void);
void mm_live_keys_free (MmLiveKeys *keys);

/* The gateway that holds the key with this hash; 0 if none. Any thread. */
gint64 mm_live_keys_find (MmLiveKeys *keys, const guint8 hash[MM_SECRET_HASH_BYTES]);

/* Changes are made between these two, and seen all at once: a known key must not look unknown while
 * everything is read again. */
void mm_live_keys_begin (MmLiveKeys *keys);
void mm_live_keys_end (MmLiveKeys *keys);

/* Forgets all keys. Between begin and end. */
void mm_live_keys_clear (MmLiveKeys *keys);
/* @gateway, a row, holds the key with this hash. Between begin and end. */
void mm_live_keys_put (MmLiveKeys *keys, const guint8 hash[MM_SECRET_HASH_BYTES], gint64 gateway);
/* Nobody holds the key with this hash any more. Between begin and end. */
void mm_live_keys_remove (MmLiveKeys *keys, const guint8 hash[MM_SECRET_HASH_BYTES]);

G_END_DECLS

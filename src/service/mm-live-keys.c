#include "mm-live-keys.h"

#include <string.h>

struct _MmLiveKeys
{
  GMutex mutex;
  GHashTable *by_hash; /* hash → row id */
};

static guint
key_hash (gconstpointer key)
{
  guint32 hash;

  memcpy (&hash, key, sizeof hash);
  return hash;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, MM_SECRET_HASH_BYTES) == 0;
}

MmLiveKeys *
mm_live_keys_new (void)
{
  MmLiveKeys *keys = g_new0 (MmLiveKeys, 1);

  g_mutex_init (&keys->mutex);
  keys->by_hash = g_hash_table_new_full (key_hash, key_equal, g_free, g_free);
  return keys;
}

void
mm_live_keys_free (MmLiveKeys *keys)
{
  g_hash_table_unref (keys->by_hash);
  g_mutex_clear (&keys->mutex);
  g_free (keys);
}

gint64
mm_live_keys_find (MmLiveKeys *keys, const guint8 hash[MM_SECRET_HASH_BYTES])
{
  const gint64 *id;
  gint64 found;

  g_mutex_lock (&keys->mutex);
  id = g_hash_table_lookup (keys->by_hash, hash);
  found = id != NULL ? *id : 0;
  g_mutex_unlock (&keys->mutex);
  return found;
}

void
mm_live_keys_begin (MmLiveKeys *keys)
{
  g_mutex_lock (&keys->mutex);
}

void
mm_live_keys_end (MmLiveKeys *keys)
{
  g_mutex_unlock (&keys->mutex);
}

void
mm_live_keys_clear (MmLiveKeys *keys)
{
  g_hash_table_remove_all (keys->by_hash);
}

void
mm_live_keys_put (MmLiveKeys *keys, const guint8 hash[MM_SECRET_HASH_BYTES], gint64 gateway)
{
  g_hash_table_replace (keys->by_hash, g_memdup2 (hash, MM_SECRET_HASH_BYTES),
                        g_memdup2 (&gateway, sizeof gateway));
}

void
mm_live_keys_remove (MmLiveKeys *keys, const guint8 hash[MM_SECRET_HASH_BYTES])
{
  g_hash_table_remove (keys->by_hash, hash);
}

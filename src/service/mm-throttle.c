#include "mm-throttle.h"

#include "mm-clock.h"
#include "mm-error.h"

#include <gio/gio.h>

/* Beyond this many names the emptied ones are swept; if that frees too few for the sweep to pay,
 * all are forgotten: memory and time stay bounded whoever knocks. */
#define MAX_BUCKETS 100000
#define WORTH_A_SWEEP (MAX_BUCKETS / 8)

/* Strangers choose names; what is alike so far shares a bucket. */
#define MAX_NAME 128

/* @full_until: when the bucket will have drained; each attempt moves it by one share. */
typedef struct
{
  gint64 full_until;
} Bucket;

struct _MmThrottle
{
  GMutex mutex;
  GHashTable *buckets; /* name → Bucket */
};

MmThrottle *
mm_throttle_new (void)
{
  MmThrottle *throttle = g_new0 (MmThrottle, 1);

  g_mutex_init (&throttle->mutex);
  throttle->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return throttle;
}

void
mm_throttle_free (MmThrottle *throttle)
{
  if (throttle == NULL)
    return;
  g_hash_table_unref (throttle->buckets);
  g_mutex_clear (&throttle->mutex);
  g_free (throttle);
}

static char *
name_of (const char *what, const char *who)
{
  return g_strdup_printf ("%s:%.*s", what, MAX_NAME, who);
}

static gboolean
is_empty (gpointer key, gpointer value, gpointer now)
{
  return ((Bucket *) value)->full_until <= *(gint64 *) now;
}

static Bucket *
find_bucket (MmThrottle *throttle, const char *name, gint64 now)
{
  Bucket *bucket = g_hash_table_lookup (throttle->buckets, name);

  if (bucket != NULL)
    return bucket;
  if (g_hash_table_size (throttle->buckets) >= MAX_BUCKETS
      && g_hash_table_foreach_remove (throttle->buckets, is_empty, &now) < WORTH_A_SWEEP)
    g_hash_table_remove_all (throttle->buckets);
  bucket = g_new0 (Bucket, 1);
  g_hash_table_insert (throttle->buckets, g_strdup (name), bucket);
  return bucket;
}

gboolean
mm_throttle_try (MmThrottle *throttle,
                 const char *what,
                 const char *who,
                 guint burst,
                 guint period_s,
                 gint64 now,
                 GError **error)
{
  g_autofree char *name = name_of (what, who);
  gint64 period = period_s * MM_SECOND;
  gint64 share = period / burst;
  gint64 wait;
  Bucket *bucket;

  g_mutex_lock (&throttle->mutex);
  bucket = find_bucket (throttle, name, now);
  bucket->full_until = MAX (bucket->full_until, now) + share;
  wait = bucket->full_until - now - period;
  if (wait > 0)
    bucket->full_until = now + period;
  g_mutex_unlock (&throttle->mutex);

  if (wait <= 0)
    return TRUE;
  if (error != NULL)
    {
      *error = mm_error_new (MM_ERROR_LIMITED, "too-many-attempts",
                             "Too many attempts. Please wait a moment and try again.");
      mm_error_set_retry_after (*error, (guint) ((share + MM_SECOND - 1) / MM_SECOND));
    }
  return FALSE;
}

gboolean
mm_throttle_try_address (MmThrottle *throttle,
                         const char *what,
                         const char *address,
                         guint burst,
                         guint period_s,
                         gint64 now,
                         GError **error)
{
  g_autoptr (GInetAddress) inet = address != NULL ? g_inet_address_new_from_string (address) : NULL;
  g_autofree char *party = NULL;
  const guint8 *bytes;

  if (inet == NULL || g_inet_address_get_family (inet) != G_SOCKET_FAMILY_IPV6)
    return mm_throttle_try (throttle, what, address != NULL ? address : "", burst, period_s, now,
                            error);
  bytes = g_inet_address_to_bytes (inet);
  party = g_strdup_printf ("%02x%02x:%02x%02x:%02x%02x:%02x%02x/64", bytes[0], bytes[1], bytes[2],
                           bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
  return mm_throttle_try (throttle, what, party, burst, period_s, now, error);
}

void
mm_throttle_forget (MmThrottle *throttle, const char *what, const char *who)
{
  g_autofree char *name = name_of (what, who);

  g_mutex_lock (&throttle->mutex);
  g_hash_table_remove (throttle->buckets, name);
  g_mutex_unlock (&throttle->mutex);
}

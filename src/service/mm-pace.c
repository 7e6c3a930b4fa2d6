/* Two leaky buckets for each gateway, kept as the time at which they will have run empty ("generic
 * cell rate algorithm"): each piece moves it by one share. There are never more of them than
 * gateways that have a key. */
#include "mm-pace.h"

#include "mm-clock.h"
#include "mm-error.h"

#define SAVED (MM_PACE_SAVED_S * MM_SECOND)

/* Shares are smaller than a microsecond. */
#define NANO 1000

typedef struct
{
  gint64 gateway;
  gint64 pushes_until; /* both in nanoseconds */
  gint64 values_until;
} Buckets;

struct _MmPace
{
  guint pushes;
  GMutex mutex;
  GHashTable *gateways; /* &buckets->gateway → Buckets */
};

MmPace *
mm_pace_new (guint pushes)
{
  MmPace *pace = g_new0 (MmPace, 1);

  pace->pushes = pushes;
  g_mutex_init (&pace->mutex);
  pace->gateways = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return pace;
}

void
mm_pace_free (MmPace *pace)
{
  if (pace == NULL)
    return;
  g_hash_table_unref (pace->gateways);
  g_mutex_clear (&pace->mutex);
  g_free (pace);
}

/* With the mutex held. */
static Buckets *
buckets_of (MmPace *pace, gint64 gateway)
{
  Buckets *buckets = g_hash_table_lookup (pace->gateways, &gateway);

  if (buckets != NULL)
    return buckets;
  buckets = g_new0 (Buckets, 1);
  buckets->gateway = gateway;
  g_hash_table_insert (pace->gateways, &buckets->gateway, buckets);
  return buckets;
}

static void
fill (gint64 *until, gint64 now, guint64 n, guint64 per_second)
{
  *until = MAX (*until, now * NANO) + (gint64) (n * MM_SECOND * NANO / per_second);
}

/* Microseconds until there is room in a bucket. */
static gint64
wait_for (gint64 until, gint64 now)
{
  return until / NANO - now - SAVED;
}

gboolean
mm_pace_push (MmPace *pace, gint64 gateway, gint64 now, GError **error)
{
  Buckets *buckets;
  GError *limited;
  gint64 wait;

  if (pace->pushes == 0)
    return TRUE;
  g_mutex_lock (&pace->mutex);
  buckets = buckets_of (pace, gateway);
  wait = MAX (wait_for (buckets->pushes_until, now), wait_for (buckets->values_until, now));
  if (wait <= 0)
    fill (&buckets->pushes_until, now, 1, pace->pushes);
  g_mutex_unlock (&pace->mutex);
  if (wait <= 0)
    return TRUE;
  limited = mm_error_new (MM_ERROR_LIMITED, "too-fast",
                          "This gateway pushes faster than it may; please wait a moment.");
  mm_error_set_retry_after (limited, (guint) (wait / MM_SECOND) + 1);
  g_propagate_error (error, limited);
  return FALSE;
}

void
mm_pace_values (MmPace *pace, gint64 gateway, guint n_values, gint64 now)
{
  if (pace->pushes == 0)
    return;
  g_mutex_lock (&pace->mutex);
  fill (&buckets_of (pace, gateway)->values_until, now, n_values,
        (guint64) pace->pushes * MM_PACE_VALUES);
  g_mutex_unlock (&pace->mutex);
}

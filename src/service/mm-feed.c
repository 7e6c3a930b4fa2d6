#include "mm-feed.h"

#include "mm-secret.h"

#define RING 65536

struct _MmSubscriber
{
  void (*wake) (gpointer data);
  gpointer data;
  gboolean woken;
};

struct _MmFeed
{
  char *epoch;
  GMutex mutex;
  MmChange *ring; /* revision r is at r % RING */
  guint64 revision;
  GPtrArray *subscribers;
};

MmFeed *
mm_feed_new (void)
{
  MmFeed *feed = g_new0 (MmFeed, 1);

  feed->epoch = mm_secret_new_id ();
  g_mutex_init (&feed->mutex);
  feed->ring = g_new0 (MmChange, RING);
  feed->subscribers = g_ptr_array_new_with_free_func (g_free);
  return feed;
}

void
mm_feed_free (MmFeed *feed)
{
  if (feed == NULL)
    return;
  g_ptr_array_unref (feed->subscribers);
  g_mutex_clear (&feed->mutex);
  g_free (feed->ring);
  g_free (feed->epoch);
  g_free (feed);
}

static void
append (MmFeed *feed, MmChangeKind kind, gint64 gateway, gint64 account)
{
  g_mutex_lock (&feed->mutex);
  feed->revision++;
  feed->ring[feed->revision % RING] = (MmChange){
    .revision = feed->revision,
    .kind = kind,
    .gateway = gateway,
    .account = account,
  };
  for (guint i = 0; i < feed->subscribers->len; i++)
    {
      MmSubscriber *subscriber = feed->subscribers->pdata[i];

      if (subscriber->woken)
        continue;
      subscriber->woken = TRUE;
      subscriber->wake (subscriber->data);
    }
  g_mutex_unlock (&feed->mutex);
}

void
mm_feed_gateway_changed (MmFeed *feed, gint64 gateway)
{
  append (feed, MM_CHANGE_GATEWAY, gateway, 0);
}

void
mm_feed_alerts_changed (MmFeed *feed, gint64 gateway)
{
  append (feed, MM_CHANGE_ALERT, gateway, 0);
}

void
mm_feed_acknowledged (MmFeed *feed, gint64 dealer, gint64 gateway)
{
  append (feed, MM_CHANGE_ALERT, gateway, dealer);
}

void
mm_feed_link_changed (MmFeed *feed, gint64 dealer, gint64 gateway)
{
  append (feed, MM_CHANGE_LINK, gateway, dealer);
}

void
mm_feed_sessions_ended (MmFeed *feed, gint64 account)
{
  append (feed, MM_CHANGE_SESSIONS, 0, account);
}

guint64
mm_feed_revision (MmFeed *feed)
{
  guint64 revision;

  g_mutex_lock (&feed->mutex);
  revision = feed->revision;
  g_mutex_unlock (&feed->mutex);
  return revision;
}

const char *
mm_feed_epoch (MmFeed *feed)
{
  return feed->epoch;
}

static guint
change_hash (gconstpointer data)
{
  const MmChange *change = data;

  return g_int64_hash (&change->gateway) ^ g_int64_hash (&change->account)
         ^ ((guint) change->kind << 24);
}

static gboolean
change_equal (gconstpointer a, gconstpointer b)
{
  const MmChange *p = a, *q = b;

  return p->kind == q->kind && p->gateway == q->gateway && p->account == q->account;
}

/* Copies what came after @revision, newest last. FALSE if the ring does not reach back to it. */
static MmChange *
copy_since (MmFeed *feed, guint64 revision, guint64 *n)
{
  MmChange *copy = NULL;

  g_mutex_lock (&feed->mutex);
  *n = feed->revision - revision;
  if (revision <= feed->revision && *n < RING)
    {
      copy = g_new (MmChange, *n + 1);
      for (guint64 i = 0; i < *n; i++)
        copy[i] = feed->ring[(revision + 1 + i) % RING];
    }
  g_mutex_unlock (&feed->mutex);
  return copy;
}

gboolean
mm_feed_since (MmFeed *feed, guint64 revision, GArray *changes)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (change_hash, change_equal);
  guint64 n;
  g_autofree MmChange *copy = copy_since (feed, revision, &n);
  guint first = changes->len;

  if (copy == NULL)
    return FALSE;
  /* From the newest back, so that the last of each is the one that is kept; then in order again. */
  for (guint64 i = n; i-- > 0;)
    if (g_hash_table_add (seen, &copy[i]))
      g_array_append_val (changes, copy[i]);
  for (guint a = first, b = changes->len; a + 1 < b; a++, b--)
    {
      MmChange swap = g_array_index (changes, MmChange, a);

      g_array_index (changes, MmChange, a) = g_array_index (changes, MmChange, b - 1);
      g_array_index (changes, MmChange, b - 1) = swap;
    }
  return TRUE;
}

MmSubscriber *
mm_feed_subscribe (MmFeed *feed, void (*wake) (gpointer data), gpointer data)
{
  MmSubscriber *subscriber = g_new0 (MmSubscriber, 1);

  subscriber->wake = wake;
  subscriber->data = data;
  g_mutex_lock (&feed->mutex);
  g_ptr_array_add (feed->subscribers, subscriber);
  g_mutex_unlock (&feed->mutex);
  return subscriber;
}

void
mm_feed_rearm (MmFeed *feed, MmSubscriber *subscriber)
{
  g_mutex_lock (&feed->mutex);
  subscriber->woken = FALSE;
  g_mutex_unlock (&feed->mutex);
}

void
mm_feed_unsubscribe (MmFeed *feed, MmSubscriber *subscriber)
{
  g_mutex_lock (&feed->mutex);
  g_ptr_array_remove_fast (feed->subscribers, subscriber);
  g_mutex_unlock (&feed->mutex);
}

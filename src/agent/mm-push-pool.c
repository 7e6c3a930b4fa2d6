/* libcurl's multi interface over the handles of MmPush; it keeps the connections, whoever used them
 * last, as who pushes is said in each request. */
#define G_LOG_DOMAIN "mm-push"

#include "mm-push-pool.h"

#include "mm-push-private.h"

#include <limits.h>

typedef struct
{
  MmPush *push;
  gpointer data;
  gboolean busy;
} Slot;

struct _MmPushPool
{
  CURLM *multi;
  MmStop *stop;
  Slot *slots;
  guint n_slots;
  guint n_busy;
  MmPushPoolAnswered answered;
  gpointer data;
};

MmPushPool *
mm_push_pool_new (const char *server,
                  const char *ca,
                  MmStop *stop,
                  guint connections,
                  MmPushPoolAnswered answered,
                  gpointer data,
                  GError **error)
{
  g_autoptr (MmPushPool) pool = g_new0 (MmPushPool, 1);

  pool->stop = stop;
  pool->answered = answered;
  pool->data = data;
  pool->slots = g_new0 (Slot, connections);
  for (; pool->n_slots < connections; pool->n_slots++)
    {
      Slot *slot = &pool->slots[pool->n_slots];

      slot->push = mm_push_new (server, "", ca, stop, error);
      if (slot->push == NULL)
        return NULL;
      curl_easy_setopt (mm_push_handle (slot->push), CURLOPT_PRIVATE, slot);
    }
  pool->multi = curl_multi_init ();
  if (pool->multi == NULL)
    g_error ("curl_multi_init failed");
  curl_multi_setopt (pool->multi, CURLMOPT_MAXCONNECTS, (long) connections);
  return g_steal_pointer (&pool);
}

void
mm_push_pool_free (MmPushPool *pool)
{
  for (guint i = 0; i < pool->n_slots; i++)
    {
      if (pool->slots[i].busy)
        curl_multi_remove_handle (pool->multi, mm_push_handle (pool->slots[i].push));
    }
  /* The connections are the multi handle's. */
  if (pool->multi != NULL)
    curl_multi_cleanup (pool->multi);
  for (guint i = 0; i < pool->n_slots; i++)
    mm_push_free (pool->slots[i].push);
  g_free (pool->slots);
  g_free (pool);
}

gboolean
mm_push_pool_has_room (const MmPushPool *pool)
{
  return pool->n_busy < pool->n_slots;
}

guint
mm_push_pool_busy (const MmPushPool *pool)
{
  return pool->n_busy;
}

void
mm_push_pool_send (MmPushPool *pool,
                   const char *key,
                   const char *body,
                   gsize length,
                   gint64 now,
                   gpointer push_data)
{
  Slot *slot = pool->slots;
  CURLMcode code;
  int running;

  g_return_if_fail (mm_push_pool_has_room (pool));
  while (slot->busy)
    slot++;
  mm_push_set_key (slot->push, key);
  mm_push_begin (slot->push, body, length, now);
  slot->data = push_data;
  slot->busy = TRUE;
  pool->n_busy++;
  code = curl_multi_add_handle (pool->multi, mm_push_handle (slot->push));
  if (code != CURLM_OK)
    g_error ("curl_multi_add_handle: %s", curl_multi_strerror (code));
  /* The server shall have work while the caller makes the next one. */
  curl_multi_perform (pool->multi, &running);
}

/* Tells of all pushes that have ended. Returns whether there was one. */
static gboolean
take_ended (MmPushPool *pool)
{
  gboolean any = FALSE;
  CURLMsg *message;
  int left;

  while ((message = curl_multi_info_read (pool->multi, &left)) != NULL)
    {
      g_auto (MmPushAnswer) answer = { 0 };
      CURLcode code = message->data.result;
      Slot *slot = NULL;

      curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, &slot);
      curl_multi_remove_handle (pool->multi, message->easy_handle);
      mm_push_end (slot->push, code, &answer);
      slot->busy = FALSE;
      pool->n_busy--;
      pool->answered (&answer, slot->data, pool->data);
      any = TRUE;
    }
  return any;
}

void
mm_push_pool_run (MmPushPool *pool, gint64 wait)
{
  struct curl_waitfd waits[MM_STOP_MAX_FDS] = { 0 };
  int fds[MM_STOP_MAX_FDS];
  /* Once it is wanted, its descriptors stay readable. */
  guint n_fds = mm_stop_wanted (pool->stop) ? 0 : mm_stop_fds (pool->stop, fds);
  gint64 milliseconds = (MAX (wait, 0) + 999) / 1000;
  int running;

  for (guint i = 0; i < n_fds; i++)
    {
      waits[i].fd = fds[i];
      waits[i].events = CURL_WAIT_POLLIN;
    }
  curl_multi_perform (pool->multi, &running);
  if (take_ended (pool))
    return;
  curl_multi_poll (pool->multi, waits, n_fds, (int) MIN (milliseconds, INT_MAX), NULL);
  curl_multi_perform (pool->multi, &running);
  take_ended (pool);
}

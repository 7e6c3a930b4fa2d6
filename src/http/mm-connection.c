#define _GNU_SOURCE /* struct ucred */
#define G_LOG_DOMAIN "mm-http"

#include "mm-connection.h"
#include "mm-stream-private.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define TICK (G_TIME_SPAN_SECOND / 4)

gint64
mm_connection_now (void)
{
  struct timespec now;

  /* A tenth of the price of the exact clock; it is asked several times per request. */
  clock_gettime (CLOCK_MONOTONIC_COARSE, &now);
  return (gint64) now.tv_sec * G_TIME_SPAN_SECOND + now.tv_nsec / 1000;
}

void
mm_connections_init (MmConnections *set)
{
  g_mutex_init (&set->lock);
  g_cond_init (&set->changed);
  g_queue_init (&set->open);
  g_queue_init (&set->streams);
  set->by_address = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

void
mm_connections_clear (MmConnections *set)
{
  g_hash_table_unref (set->by_address);
  g_free (set->proxies);
  g_cond_clear (&set->changed);
  g_mutex_clear (&set->lock);
}

/* Under the lock no descriptor of the list is closed, so none is hit that somebody else has. */
static void
shut_down_late (MmConnections *set, gint64 now)
{
  for (GList *l = set->open.head; l != NULL; l = l->next)
    {
      MmConnection *connection = l->data;

      if (atomic_load_explicit (&connection->deadline, memory_order_relaxed) > now)
        continue;
      shutdown (connection->fd, SHUT_RDWR);
      mm_connection_set_timeout (connection, -1);
      set->late++;
    }
}

static gpointer
reap (gpointer data)
{
  MmConnections *set = data;

  g_mutex_lock (&set->lock);
  while (!set->reaper_ends)
    {
      gint64 now;

      g_cond_wait_until (&set->changed, &set->lock, g_get_monotonic_time () + TICK);
      now = mm_connection_now ();
      shut_down_late (set, now);
      mm_streams_tick (set, now);
    }
  g_mutex_unlock (&set->lock);
  return NULL;
}

void
mm_connections_watch (MmConnections *set)
{
  set->reaper = g_thread_new ("mm-http-reaper", reap, set);
}

void
mm_connections_unwatch (MmConnections *set)
{
  g_mutex_lock (&set->lock);
  set->reaper_ends = TRUE;
  g_cond_broadcast (&set->changed);
  g_mutex_unlock (&set->lock);
  g_clear_pointer (&set->reaper, g_thread_join);
}

static gboolean
is_proxy (MmConnections *set, const MmAddress *address)
{
  for (guint i = 0; i < set->n_proxies; i++)
    if (mm_address_range_contains (&set->proxies[i], address))
      return TRUE;
  return FALSE;
}

static gboolean
is_limited (MmConnections *set, const MmAddress *address)
{
  return address->family != AF_UNIX && !mm_address_is_loopback (address)
         && !is_proxy (set, address);
}

gboolean
mm_connections_admit (MmConnections *set, const struct sockaddr *sockaddr)
{
  MmAddress address;
  gboolean admitted = TRUE;

  mm_address_from_sockaddr (&address, sockaddr);
  if (!is_limited (set, &address))
    return TRUE;
  g_mutex_lock (&set->lock);
  {
    guint64 party = mm_address_party (&address);

    if (GPOINTER_TO_UINT (g_hash_table_lookup (set->by_address, &party)) >= set->max_per_address)
      {
        set->refused++;
        admitted = FALSE;
      }
  }
  g_mutex_unlock (&set->lock);
  return admitted;
}

/* With the lock held. */
static void
count_address (MmConnections *set, const MmAddress *address, int change)
{
  guint64 party = mm_address_party (address);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (set->by_address, &party)) + (guint) change;

  if (count == 0)
    g_hash_table_remove (set->by_address, &party);
  else
    g_hash_table_insert (set->by_address, g_memdup2 (&party, sizeof party),
                         GUINT_TO_POINTER (count));
}

MmConnection *
mm_connection_open (MmConnections *set, struct MHD_Connection *request)
{
  MmConnection *connection = g_new0 (MmConnection, 1);
  const union MHD_ConnectionInfo *info;

  info = MHD_get_connection_info (request, MHD_CONNECTION_INFO_CONNECTION_FD);
  connection->fd = info->connect_fd;
  info = MHD_get_connection_info (request, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  mm_address_from_sockaddr (&connection->address, info->client_addr);
  connection->uid = -1;
  if (connection->address.family == AF_UNIX)
    {
      struct ucred peer;
      socklen_t size = sizeof peer;

      if (getsockopt (connection->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
        connection->uid = peer.uid;
    }
  connection->set = set;
  connection->exchange.peer = connection;
  connection->proxy = is_proxy (set, &connection->address);
  connection->counted = is_limited (set, &connection->address);
  connection->link.data = connection;

  g_mutex_lock (&set->lock);
  if (connection->counted)
    count_address (set, &connection->address, 1);
  g_queue_push_tail_link (&set->open, &connection->link);
  set->accepted++;
  g_mutex_unlock (&set->lock);
  return connection;
}

void
mm_connection_close (MmConnection *connection)
{
  MmConnections *set = connection->set;

  g_mutex_lock (&set->lock);
  if (connection->counted)
    count_address (set, &connection->address, -1);
  g_queue_unlink (&set->open, &connection->link);
  g_mutex_unlock (&set->lock);
  g_free (connection->exchange.body);
  g_free (connection);
}

void
mm_connection_set_timeout (MmConnection *connection, gint64 timeout)
{
  gint64 deadline = timeout < 0 ? G_MAXINT64 : mm_connection_now () + timeout;

  atomic_store_explicit (&connection->deadline, deadline, memory_order_relaxed);
}

void
mm_connection_suspended (MmConnection *connection, int change)
{
  atomic_fetch_add (&connection->set->suspended, change);
}

void
mm_connection_resume (MmConnection *connection, struct MHD_Connection *request)
{
  MmConnections *set = connection->set;

  /* From here the request and the connection may be gone; the set stays until the count is 0. */
  MHD_resume_connection (request);
  atomic_fetch_sub (&set->suspended, 1);
}

gboolean
mm_connection_take_memory (MmConnection *connection, gsize size)
{
  MmConnections *set = connection->set;

  if (atomic_fetch_add (&set->bodies, size) + size <= set->max_bodies)
    return TRUE;
  atomic_fetch_sub (&set->bodies, size);
  return FALSE;
}

void
mm_connection_give_memory (MmConnection *connection, gsize size)
{
  atomic_fetch_sub (&connection->set->bodies, size);
}

static enum MHD_Result
join_forwarded (void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  GString *joined = data;

  if (g_ascii_strcasecmp (name, "X-Forwarded-For") == 0 && value != NULL)
    g_string_append_printf (joined, "%s%s", joined->len > 0 ? "," : "", value);
  return MHD_YES;
}

char *
mm_connection_address (MmConnection *connection, struct MHD_Connection *forwarded)
{
  MmAddress address;

  if (connection == NULL)
    return g_strdup ("unix");
  address = connection->address;
  if (forwarded != NULL)
    {
      g_autoptr (GString) joined = g_string_new (NULL);

      MHD_get_connection_values (forwarded, MHD_HEADER_KIND, join_forwarded, joined);
      address = mm_address_forwarded (&connection->address, joined->str, connection->set->proxies,
                                      connection->set->n_proxies);
    }
  return mm_address_to_text (&address);
}

gint64
mm_connection_uid (MmConnection *connection)
{
  return connection->uid;
}

gboolean
mm_connection_is_tls (MmConnection *connection)
{
  return connection->set->tls;
}

gboolean
mm_connection_is_proxy (MmConnection *connection)
{
  return connection != NULL && connection->proxy;
}

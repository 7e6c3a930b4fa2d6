/* Starting and stopping; the requests themselves are driven by mm-request.c. */
#define G_LOG_DOMAIN "mm-http"

#include "mm-listener-private.h"
#include "mm-request.h"
#include "mm-stream-private.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024
#define DESCRIPTOR_RESERVE 128 /* for the store, mail, logs, the other listeners' sockets */
#define DESCRIPTORS_WANTED 65536
#define POOL_SIZE 12288 /* bytes per connection for headers and the parts of a body */
#define MAX_BODIES ((gsize) 256 * 1024 * 1024)
#define STOP_TIMEOUT (10 * G_TIME_SPAN_SECOND)

/* ---- connections ----------------------------------------------------------------------------- */

static enum MHD_Result
admit (void *data, const struct sockaddr *address, socklen_t length)
{
  MmListener *listener = data;

  return mm_connections_admit (&listener->connections, address) ? MHD_YES : MHD_NO;
}

static void
connection_changed (void *data,
                    struct MHD_Connection *request,
                    void **context,
                    enum MHD_ConnectionNotificationCode what)
{
  MmListener *listener = data;

  if (what == MHD_CONNECTION_NOTIFY_STARTED)
    {
      *context = mm_connection_open (&listener->connections, request);
      mm_connection_set_timeout (*context, listener->header_timeout);
      if (listener->tls != NULL)
        mm_tls_begin (
            listener->tls,
            MHD_get_connection_info (request, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session);
    }
  else
    mm_connection_close (*context);
}

/* The library's own remarks are about strangers' mistakes, and strangers choose how many. */
static void
log_library (void *data, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  g_debug ("libmicrohttpd: %s", g_strchomp (text));
}

/* ---- starting -------------------------------------------------------------------------------- */

/* The most connections that descriptors allow; one too many and accept() spins. */
static guint
connection_limit (guint wanted)
{
  struct rlimit limit;
  guint most = DESCRIPTOR_RESERVE;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0)
    {
      if (limit.rlim_cur < DESCRIPTORS_WANTED && limit.rlim_cur < limit.rlim_max)
        {
          limit.rlim_cur = MIN (limit.rlim_max, DESCRIPTORS_WANTED);
          if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
            getrlimit (RLIMIT_NOFILE, &limit);
        }
      most = limit.rlim_cur > 2 * DESCRIPTOR_RESERVE
                 ? (guint) MIN (limit.rlim_cur, DESCRIPTORS_WANTED) - DESCRIPTOR_RESERVE
                 : DESCRIPTOR_RESERVE / 2;
    }
  return wanted != 0 ? MIN (wanted, most) : most;
}

static int
bind_socket (const char *host, guint16 port, GError **error)
{
  struct addrinfo hints = { .ai_family = AF_UNSPEC,
                            .ai_socktype = SOCK_STREAM,
                            .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
  struct addrinfo *found;
  char service[8];
  int fd, rc, on = 1;

  g_snprintf (service, sizeof service, "%u", port);
  rc = getaddrinfo (host, service, &hints, &found);
  if (rc != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot find the address %s: %s", host,
                   gai_strerror (rc));
      return -1;
    }
  fd = socket (found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd >= 0)
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd < 0 || bind (fd, found->ai_addr, found->ai_addrlen) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "cannot listen on %s port %u: %s", host, port, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      fd = -1;
    }
  freeaddrinfo (found);
  return fd;
}

static guint16
port_of (int fd)
{
  struct sockaddr_storage address;
  socklen_t size = sizeof address;

  if (getsockname (fd, (struct sockaddr *) &address, &size) < 0)
    return 0;
  if (address.ss_family == AF_INET)
    return ntohs (((struct sockaddr_in *) &address)->sin_port);
  if (address.ss_family == AF_INET6)
    return ntohs (((struct sockaddr_in6 *) &address)->sin6_port);
  return 0;
}

static gboolean
parse_proxies (MmConnections *set, const char *const *texts, GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (MmAddressRange));

  for (; texts != NULL && *texts != NULL; texts++)
    {
      MmAddressRange range;

      if (!mm_address_range_parse (&range, *texts))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "%s is not an address or a range of addresses", *texts);
          return FALSE;
        }
      g_array_append_val (ranges, range);
    }
  set->n_proxies = ranges->len;
  set->proxies = (MmAddressRange *) (gpointer) g_array_free (g_steal_pointer (&ranges), FALSE);
  return TRUE;
}

static gboolean
start_daemon (MmListener *listener, const MmListenerConfig *config, int fd, GError **error)
{
  guint flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
  struct MHD_OptionItem options[] = {
    { MHD_OPTION_EXTERNAL_LOGGER, (intptr_t) log_library, listener },
    { MHD_OPTION_LISTEN_SOCKET, fd, NULL },
    { MHD_OPTION_CONNECTION_LIMIT, connection_limit (config->max_connections), NULL },
    { MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_SIZE, NULL },
    { MHD_OPTION_CONNECTION_TIMEOUT,
      (listener->idle_timeout + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND, NULL },
    { MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
    { MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL },
    { MHD_OPTION_URI_LOG_CALLBACK, (intptr_t) mm_request_begin, listener },
    { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t) mm_request_end, listener },
    { MHD_OPTION_NOTIFY_CONNECTION, (intptr_t) connection_changed, listener },
    { MHD_OPTION_END, 0, NULL },
    { MHD_OPTION_END, 0, NULL },
    { MHD_OPTION_END, 0, NULL },
  };

  if (listener->tls != NULL)
    {
      guint n = G_N_ELEMENTS (options) - 3;

      flags |= MHD_USE_TLS;
      options[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_PRIORITIES, 0, MM_TLS_PRIORITIES };
      options[n]
          = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_CERT_CALLBACK, 0, mm_tls_find_certificate };
    }
  listener->daemon = MHD_start_daemon (flags, 0, admit, listener, mm_request_serve, listener,
                                       MHD_OPTION_ARRAY, options, MHD_OPTION_END);
  if (listener->daemon == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot start the HTTP server");
  return listener->daemon != NULL;
}

static void
listener_clear (MmListener *listener)
{
  mm_connections_clear (&listener->connections);
  mm_tls_free (listener->tls);
  g_strfreev (listener->hosts);
  g_free (listener);
}

/* Everything but the socket. */
static MmListener *
listener_configure (const MmListenerConfig *config, GError **error)
{
  MmListener *listener = g_new0 (MmListener, 1);
  MmConnections *set = &listener->connections;

  mm_connections_init (set);
  set->max_per_address = config->max_per_address != 0 ? config->max_per_address : 256;
  set->max_bodies = config->max_bodies != 0 ? config->max_bodies : MAX_BODIES;
  set->heartbeat_interval
      = config->heartbeat_interval != 0 ? config->heartbeat_interval : 15 * G_TIME_SPAN_SECOND;
  listener->header_timeout
      = config->header_timeout != 0 ? config->header_timeout : 10 * G_TIME_SPAN_SECOND;
  listener->body_timeout
      = config->body_timeout != 0 ? config->body_timeout : 60 * G_TIME_SPAN_SECOND;
  listener->answer_timeout
      = config->answer_timeout != 0 ? config->answer_timeout : 10 * G_TIME_SPAN_MINUTE;
  listener->idle_timeout
      = config->idle_timeout != 0 ? config->idle_timeout : 75 * G_TIME_SPAN_SECOND;
  listener->hosts = g_strdupv ((char **) config->hosts);
  if (config->tls_certificate != NULL)
    {
      listener->tls = mm_tls_new (config->tls_certificate, config->tls_key, error);
      set->tls = TRUE;
    }
  if ((config->tls_certificate == NULL || listener->tls != NULL)
      && parse_proxies (set, config->trusted_proxies, error))
    return listener;
  listener_clear (listener);
  return NULL;
}

MmListener *
mm_listener_new (const MmListenerConfig *config,
                 const MmListenerCallbacks *callbacks,
                 gpointer data,
                 GError **error)
{
  MmListener *listener = listener_configure (config, error);
  int fd;

  if (listener == NULL)
    return NULL;
  listener->callbacks = *callbacks;
  listener->data = data;
  signal (SIGPIPE, SIG_IGN);
  fd = config->host != NULL ? bind_socket (config->host, config->port, error) : config->fd;
  if (fd >= 0 && listen (fd, BACKLOG) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot listen: %s",
                   g_strerror (errno));
      close (fd);
      fd = -1;
    }
  if (fd >= 0)
    {
      listener->port = port_of (fd);
      if (start_daemon (listener, config, fd, error))
        {
          mm_connections_watch (&listener->connections);
          return listener;
        }
      close (fd);
    }
  listener_clear (listener);
  return NULL;
}

guint16
mm_listener_port (MmListener *listener)
{
  return listener->port;
}

gboolean
mm_listener_reload_tls (MmListener *listener, GError **error)
{
  return listener->tls == NULL || mm_tls_reload (listener->tls, error);
}

char *
mm_listener_fingerprint (MmListener *listener)
{
  return listener->tls != NULL ? mm_tls_fingerprint (listener->tls) : NULL;
}

void
mm_listener_counters (MmListener *listener, MmListenerCounters *counters)
{
  MmConnections *set = &listener->connections;

  g_mutex_lock (&set->lock);
  counters->connections = set->open.length;
  counters->accepted = set->accepted;
  counters->refused = set->refused;
  counters->late = set->late;
  counters->streams = set->streams.length;
  g_mutex_unlock (&set->lock);
  counters->bodies = atomic_load_explicit (&set->bodies, memory_order_relaxed);
  for (guint i = 0; i < G_N_ELEMENTS (counters->requests); i++)
    counters->requests[i] = atomic_load_explicit (&listener->requests[i], memory_order_relaxed);
}

/* ---- stopping -------------------------------------------------------------------------------- */

/* Waits until @count is 0. */
static gboolean
wait_for_none (atomic_int *count, gint64 until)
{
  while (atomic_load (count) > 0)
    {
      if (g_get_monotonic_time () >= until)
        return FALSE;
      g_usleep (2000);
    }
  return TRUE;
}

void
mm_listener_free (MmListener *listener)
{
  MmConnections *set;
  gint64 until = g_get_monotonic_time () + STOP_TIMEOUT;
  int fd;

  if (listener == NULL)
    return;
  set = &listener->connections;
  /* Nobody suspends any more; then no new connections; then everything suspended is resumed. */
  atomic_store (&listener->stopping, TRUE);
  fd = MHD_quiesce_daemon (listener->daemon);
  if (fd != MHD_INVALID_SOCKET)
    close (fd);
  mm_streams_close (set);
  wait_for_none (&set->busy, until);
  if (!wait_for_none (&set->suspended, until))
    {
      /* The library would abort the process; whoever owes the answer would write into nothing. */
      g_critical ("stopped with requests that nobody has answered; they are left behind");
      return;
    }
  MHD_stop_daemon (listener->daemon);
  mm_connections_unwatch (set);
  listener_clear (listener);
}

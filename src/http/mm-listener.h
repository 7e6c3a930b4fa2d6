/* The HTTP server: sockets, TLS, deadlines, limits; everything below a request.
 *
 * One libmicrohttpd thread serves all connections of a listener, a second one watches deadlines
 * and heartbeats. Several listeners can live in one process (TCP, control socket, metrics).
 */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

typedef struct _MmListener MmListener;

/* Zero is the default everywhere. Strings are copied. */
typedef struct
{
  const char *host; /* name or IPv4/IPv6 literal to bind; NULL: see @fd */
  guint16 port;     /* 0 takes a free one */
  int fd;           /* with @host NULL: a bound stream socket, which the listener takes over */

  const char *tls_certificate; /* path of a PEM chain; NULL for no TLS */
  const char *tls_key;         /* path of its PEM key */

  const char *const *trusted_proxies; /* "192.0.2.0/24", "::1" …; NULL-terminated */
  const char *const *hosts;           /* host names that requests may name; NULL for any */

  guint max_connections; /* default: what RLIMIT_NOFILE leaves after a reserve of 128 */
  guint max_per_address; /* connections of one address (IPv6: /64), not for loopback, Unix sockets
                            and trusted proxies; default 256 */

  gsize max_bodies; /* bytes that the bodies of all requests may take until they are answered; those
                       up to 4 KiB do not count. Beyond: 503. Default 256 MiB */

  gint64 header_timeout; /* µs from connect, or from the request line, to the end of the headers;
                            default 10 s */
  gint64 body_timeout;   /* µs from the headers to the end of the body; default 60 s */
  gint64 answer_timeout; /* µs from the body to the end of the answer; default 10 min. Streams
                            have none */
  gint64 idle_timeout;   /* µs without a request; default 75 s */
  gint64 heartbeat_interval; /* µs; default 15 s */
} MmListenerConfig;

typedef struct
{
  /* The headers are known, the body is not. Returns how many bytes of body are allowed. May answer
   * already; the body is then not kept. Must not defer or stream. Listener's thread. */
  gsize (*begin) (MmExchange *x, gpointer data);

  /* The request is whole: answer, or defer. Not called if begin() answered. Listener's thread. */
  void (*run) (MmExchange *x, gpointer data);
} MmListenerCallbacks;

typedef struct
{
  guint64 connections; /* open now */
  guint64 accepted;    /* since the start */
  guint64 refused;     /* closed at once: too many from one address */
  guint64 late;        /* cut off by a deadline */
  guint64 streams;     /* open now */
  guint64 bodies;      /* bytes of memory that bodies take now, see max_bodies */
  guint64 requests[6]; /* by hundreds of the status; [0]: cut off before an answer */
} MmListenerCounters;

/* Starts to listen; requests are served when it returns. Raises RLIMIT_NOFILE's soft limit to the
 * hard one (at most 65536) and ignores SIGPIPE, both for the process.
 * Errors: those of GIOErrorEnum, with a sentence for the operator. */
MmListener *mm_listener_new (const MmListenerConfig *config,
                             const MmListenerCallbacks *callbacks,
                             gpointer data,
                             GError **error);

/* The port in use; 0 for a Unix socket. */
guint16 mm_listener_port (MmListener *listener);

/* Reads certificate and key again; on failure the old ones stay. No-op without TLS. Any thread. */
gboolean mm_listener_reload_tls (MmListener *listener, GError **error);

/* SHA-256 of the public key of the certificate in use (its SubjectPublicKeyInfo), 64 hexadecimal
 * digits: what clients pin. NULL without TLS. Free with g_free(). Any thread. */
char *mm_listener_fingerprint (MmListener *listener);

/* Any thread. */
void mm_listener_counters (MmListener *listener, MmListenerCounters *counters);

/* Ends the listener in order: no new connection, streams closed, whole requests answered (at most
 * 10 s), then the rest cut. Whoever owes answers (workers, the writer) must still be running. Must
 * not be called from a callback. */
void mm_listener_free (MmListener *listener);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmListener, mm_listener_free)

G_END_DECLS

/* The open connections of a listener: deadlines, limits by address, who owes answers.
 *
 * The library's time-out is for inactivity only; one byte a second would live for ever. So every
 * connection carries an absolute deadline, and a thread of the set shuts the late ones down and
 * ticks the streams. A connection is added and removed on the listener's thread, always before its
 * descriptor is closed: under the set's lock a descriptor in the list is open.
 */
#pragma once

#include "mm-address.h"
#include "mm-exchange-private.h"

G_BEGIN_DECLS

typedef struct _MmConnections MmConnections;

/* What the request of a connection waits for (listener's thread). */
typedef enum
{
  MM_PHASE_HEADERS, /* nothing seen but the request line */
  MM_PHASE_BODY,    /* begin() has allowed it */
  MM_PHASE_DRAIN,   /* answered already; the small rest of the body is read, then it goes out */
  MM_PHASE_RUN,     /* whole */
} MmPhase;

struct _MmConnection
{
  MmExchange exchange;
  MmConnections *set;
  GList link;
  int fd;
  MmAddress address;
  gint64 uid;
  gboolean proxy;
  gboolean counted;        /* in the count of its address */
  _Atomic gint64 deadline; /* monotonic µs; G_MAXINT64 for none */

  MmPhase phase;
  gboolean busy;       /* counted in the set's */
  gsize target_length; /* of the request's target as sent */
  const char *refused; /* what is wrong with the target */
  gsize limit;         /* bytes of body allowed */
  gboolean too_large;
  gboolean no_room; /* the set had no memory left for the body */
  gsize discarded;
};

struct _MmConnections
{
  GMutex lock;
  GCond changed;
  GQueue open;            /* of MmConnection.link */
  GHashTable *by_address; /* guint64 party → number of connections */
  guint max_per_address;
  gboolean tls;
  MmAddressRange *proxies;
  guint n_proxies;
  GQueue streams; /* of MmStream.link; see mm-stream.c */
  gint64 heartbeat_interval;
  gboolean stopping;
  GThread *reaper;
  gboolean reaper_ends;
  guint64 accepted, refused, late;
  gsize max_bodies;
  atomic_size_t bodies; /* bytes taken by the bodies of all requests, but for small ones */
  atomic_int suspended; /* connections the library may not be stopped with */
  atomic_int busy;      /* requests that are whole but not answered to the end */
};

/* @set is zeroed before; cleared when no connection is open. */
void mm_connections_init (MmConnections *set);
void mm_connections_clear (MmConnections *set);

/* Starts and stops the thread that watches the deadlines. */
void mm_connections_watch (MmConnections *set);
void mm_connections_unwatch (MmConnections *set);

/* FALSE if @sockaddr has as many connections as one address may have. Listener's thread. */
gboolean mm_connections_admit (MmConnections *set, const struct sockaddr *sockaddr);

/* Listener's thread. */
MmConnection *mm_connection_open (MmConnections *set, struct MHD_Connection *connection);
void mm_connection_close (MmConnection *connection);

/* Sets the deadline to @timeout µs from now; -1 for none. */
void mm_connection_set_timeout (MmConnection *connection, gint64 timeout);

/* Counts connections that are suspended; resume() ends it. */
void mm_connection_suspended (MmConnection *connection, int change);
void mm_connection_resume (MmConnection *connection, struct MHD_Connection *request);

/* Takes @size bytes of the memory for bodies. FALSE if there is not so much left. Any thread, as is
 * giving it back. */
gboolean mm_connection_take_memory (MmConnection *connection, gsize size);
void mm_connection_give_memory (MmConnection *connection, gsize size);

/* The peer's address as text; with @forwarded the one its X-Forwarded-For names. NULL-safe. */
char *mm_connection_address (MmConnection *connection, struct MHD_Connection *forwarded);

/* What mm_exchange_peer_uid() says; whether it came over TLS; whether it is a trusted proxy. */
gint64 mm_connection_uid (MmConnection *connection);
gboolean mm_connection_is_tls (MmConnection *connection);
gboolean mm_connection_is_proxy (MmConnection *connection);

/* A clock that is cheap and good enough for deadlines. */
gint64 mm_connection_now (void);

G_END_DECLS

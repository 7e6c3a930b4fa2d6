/* A small server on the real listener and router, for tests/server/test_listener.py: every route
 * answers something that shows what arrived.
 *
 * Prints "port N" when it serves and ends in order on SIGTERM. Deadlines and limits come from the
 * environment (milliseconds) so that tests need not wait for the real ones. */
#include "mm-listener.h"
#include "mm-problem.h"
#include "mm-router.h"

#include "mm-error.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef struct
{
  MmListener *listener;
  GMutex lock;
  GPtrArray *streams; /* of Feed; under the lock */
  guint streams_ended;
  GCond changed;
  guint held;
  gboolean released;
} Server;

typedef struct
{
  Server *server;
  MmStream *stream;
  GString *waiting; /* under the server's lock */
  gboolean race;    /* something comes just after there was nothing */
} Feed;

static void
count (gpointer data)
{
  guint *n = data;

  (*n)++;
}

static guint principals_destroyed;

/* Method, path, body length and checksum. */
static void
echo (MmExchange *x, gpointer data)
{
  gsize length;
  const char *body = mm_exchange_body (x, &length);
  g_autofree char *sum
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) body, length);

  mm_exchange_set_principal (x, &principals_destroyed, count);
  mm_exchange_answer_json (x, 200,
                           json_pack ("{s:s, s:s, s:I, s:s, s:s, s:b, s:I}", "method",
                                      mm_exchange_method (x), "path", mm_exchange_path (x),
                                      "length", (json_int_t) length, "sha256", sum, "peer",
                                      mm_exchange_peer (x), "secure", mm_exchange_secure (x), "uid",
                                      (json_int_t) mm_exchange_peer_uid (x)));
}

static void
add (json_t *object, const char *name, const char *value)
{
  json_object_set_new (object, name, value != NULL ? json_string (value) : json_null ());
}

/* What the accessors say. */
static void
show (MmExchange *x, gpointer data)
{
  json_t *shown = json_object ();
  g_autoptr (GError) error = NULL;

  add (shown, "id", mm_exchange_param (x, "id"));
  add (shown, "other", mm_exchange_param (x, "other"));
  add (shown, "query", mm_exchange_query (x, "q"));
  add (shown, "header", mm_exchange_header (x, "x-test"));
  add (shown, "cookie", mm_exchange_cookie (x, "sid"));
  if (strcmp (mm_exchange_method (x), "POST") == 0)
    {
      g_autofree const char **all = mm_exchange_form_all (x, "a");
      json_t *values = json_array ();

      for (guint i = 0; all[i] != NULL; i++)
        json_array_append_new (values, json_string (all[i]));
      json_object_set_new (shown, "all", values);
      add (shown, "form", mm_exchange_form (x, "a"));
      mm_exchange_form_check (x, &error);
      add (shown, "form_error", error != NULL ? mm_error_code (error) : NULL);
    }
  mm_exchange_set_header (x, "Set-Cookie", "a=1");
  mm_exchange_set_header (x, "Set-Cookie", "b=2");
  mm_exchange_set_header (x, "X-Once", "1");
  mm_exchange_set_header (x, "x-once", "2");
  mm_exchange_answer_json (x, 200, shown);
}

static void
parse (MmExchange *x, gpointer data)
{
  g_autoptr (GError) error = NULL;
  json_t *json = mm_exchange_json (x, &error);

  if (json != NULL)
    mm_exchange_answer_json (x, 200, json);
  else
    mm_exchange_answer_error (x, error);
}

static void
push (MmExchange *x, gpointer data)
{
  mm_exchange_answer (x, 204, NULL, NULL);
}

static void
go (MmExchange *x, gpointer data)
{
  mm_exchange_redirect (x, 303, "/echo");
}

static void
fail (MmExchange *x, gpointer data)
{
  const char *kind = mm_exchange_param (x, "id");
  g_autoptr (GError) error = NULL;

  if (strcmp (kind, "fields") == 0)
    mm_error_add_field (&error, "mail", "too-short", "The address is too short.");
  else if (strcmp (kind, "limited") == 0)
    {
      error = mm_error_new (MM_ERROR_LIMITED, "often", "Too often.");
      mm_error_set_retry_after (error, 7);
    }
  else if (strcmp (kind, "internal") == 0)
    error = mm_error_new (MM_ERROR_INTERNAL, "disk", "secret detail");
  if (error != NULL)
    mm_exchange_answer_error (x, error);
  /* Else: no answer at all, which must become a 500. */
}

/* Finishes from a thread that is neither the listener's nor a worker's. */
static gboolean
finish_later (gpointer data)
{
  MmExchange *x = data;

  mm_exchange_answer_text (x, 200, MM_TYPE_TEXT, "later\n");
  mm_exchange_finish (x);
  return G_SOURCE_REMOVE;
}

static void
later (MmExchange *x, gpointer data)
{
  const char *delay = mm_exchange_query (x, "ms");

  mm_exchange_defer (x);
  if (delay != NULL)
    g_timeout_add ((guint) g_ascii_strtoull (delay, NULL, 10), finish_later, x);
  else
    g_main_context_invoke (NULL, finish_later, x);
}

/* Keeps a worker until /release. */
static void
hold (MmExchange *x, gpointer data)
{
  Server *server = data;

  g_mutex_lock (&server->lock);
  server->held++;
  while (!server->released)
    g_cond_wait (&server->changed, &server->lock);
  server->held--;
  g_mutex_unlock (&server->lock);
  mm_exchange_answer_text (x, 200, MM_TYPE_TEXT, "held\n");
}

static void
release (MmExchange *x, gpointer data)
{
  Server *server = data;

  g_mutex_lock (&server->lock);
  server->released = TRUE;
  g_cond_broadcast (&server->changed);
  g_mutex_unlock (&server->lock);
  mm_exchange_answer (x, 204, NULL, NULL);
}

static void
big (MmExchange *x, gpointer data)
{
  gsize size = 4 * 1024 * 1024;
  char *bytes = g_malloc (size);
  g_autoptr (GBytes) body = NULL;

  memset (bytes, 'x', size);
  body = g_bytes_new_take (bytes, size);
  mm_exchange_answer (x, 200, MM_TYPE_TEXT, body);
}

static gssize
feed_read (gpointer data, char *buffer, gsize size)
{
  Feed *feed = data;
  gsize length;

  g_mutex_lock (&feed->server->lock);
  length = MIN (size, feed->waiting->len);
  memcpy (buffer, feed->waiting->str, length);
  g_string_erase (feed->waiting, 0, (gssize) length);
  if (length == 0 && feed->race)
    {
      feed->race = FALSE;
      g_string_append (feed->waiting, "data: raced\n\n");
      mm_stream_wake (feed->stream);
    }
  g_mutex_unlock (&feed->server->lock);
  return (gssize) length;
}

static void
feed_free (gpointer data)
{
  Feed *feed = data;
  Server *server = feed->server;

  g_mutex_lock (&server->lock);
  g_ptr_array_remove (server->streams, feed);
  server->streams_ended++;
  g_mutex_unlock (&server->lock);
  mm_stream_unref (feed->stream);
  g_string_free (feed->waiting, TRUE);
  g_free (feed);
}

static void
subscribe (MmExchange *x, gpointer data)
{
  Server *server = data;
  Feed *feed = g_new0 (Feed, 1);

  feed->server = server;
  feed->race = mm_exchange_query (x, "race") != NULL;
  feed->waiting = g_string_new ("data: hello\n\n");
  g_mutex_lock (&server->lock);
  feed->stream = mm_exchange_stream (x, feed_read, feed, feed_free);
  g_ptr_array_add (server->streams, feed);
  g_mutex_unlock (&server->lock);
}

static void
publish (MmExchange *x, gpointer data)
{
  Server *server = data;

  g_mutex_lock (&server->lock);
  for (guint i = 0; i < server->streams->len; i++)
    {
      Feed *feed = server->streams->pdata[i];

      g_string_append_printf (feed->waiting, "data: %s\n\n", mm_exchange_body (x, NULL));
      mm_stream_wake (feed->stream);
    }
  g_mutex_unlock (&server->lock);
  mm_exchange_answer (x, 204, NULL, NULL);
}

static void
close_streams (MmExchange *x, gpointer data)
{
  Server *server = data;

  g_mutex_lock (&server->lock);
  for (guint i = 0; i < server->streams->len; i++)
    mm_stream_close (((Feed *) server->streams->pdata[i])->stream);
  g_mutex_unlock (&server->lock);
  mm_exchange_answer (x, 204, NULL, NULL);
}

static void
counters (MmExchange *x, gpointer data)
{
  Server *server = data;
  MmListenerCounters c;
  guint ended, held;

  mm_listener_counters (server->listener, &c);
  g_mutex_lock (&server->lock);
  ended = server->streams_ended;
  held = server->held;
  g_mutex_unlock (&server->lock);
  mm_exchange_answer_json (
      x, 200,
      json_pack ("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "bodies",
                 (json_int_t) c.bodies, "connections", (json_int_t) c.connections, "accepted",
                 (json_int_t) c.accepted, "refused", (json_int_t) c.refused, "late",
                 (json_int_t) c.late, "streams", (json_int_t) c.streams, "streams_ended",
                 (json_int_t) ended, "2xx", (json_int_t) c.requests[2], "4xx",
                 (json_int_t) c.requests[4], "held", (json_int_t) held, "principals",
                 (json_int_t) principals_destroyed));
}

static gboolean
admit (MmExchange *x, const MmRoute *route, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (route->who == MM_WHO_ANYONE || mm_exchange_header (x, "Authorization") != NULL)
    return TRUE;
  error = mm_error_new (MM_ERROR_UNAUTHENTICATED, "credentials", "Please sign in.");
  mm_exchange_answer_error (x, error);
  return FALSE;
}

static const MmRoute routes[] = {
  { "GET", "/echo", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, echo },
  { "POST", "/echo", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 1024 * 1024, echo },
  { "POST", "/small", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 1000, echo },
  { "POST", "/work", MM_RUN_WORKER, MM_WHO_ANYONE, 0, 1024 * 1024, echo },
  { "GET", "/show/{id}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, show },
  { "POST", "/show/{id}/of/{other}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 65536, show },
  { "POST", "/json", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 65536, parse },
  { "POST", "/push", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 65536, push },
  { "POST", "/work-push", MM_RUN_WORKER, MM_WHO_ANYONE, 0, 65536, push },
  { "GET", "/go", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, go },
  { "GET", "/fail/{id}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, fail },
  { "GET", "/later", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, later },
  { "GET", "/work-later", MM_RUN_WORKER, MM_WHO_ANYONE, 0, 0, later },
  { "GET", "/hold", MM_RUN_WORKER, MM_WHO_ANYONE, 0, 0, hold },
  { "POST", "/release", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, release },
  { "GET", "/big", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, big },
  { "GET", "/stream", MM_RUN_STREAM, MM_WHO_ANYONE, 0, 0, subscribe },
  { "POST", "/publish", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 1000, publish },
  { "POST", "/close-streams", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, close_streams },
  { "GET", "/counters", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, counters },
  { "GET", "/secret", MM_RUN_WORKER, MM_WHO_DEALER, 0, 0, echo },
};

static gint64
milliseconds (const char *name)
{
  const char *text = g_getenv (name);

  return text != NULL ? (gint64) g_ascii_strtoull (text, NULL, 10) * 1000 : 0;
}

static int
unix_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  if (bind (fd, (struct sockaddr *) &address, sizeof address) < 0)
    g_error ("cannot bind %s", path);
  return fd;
}

typedef struct
{
  Server *server;
  GMainLoop *loop;
  GThread *thread;
} Stop;

static gboolean
leave_loop (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static gpointer
stop_listener (gpointer data)
{
  Stop *stop = data;

  mm_listener_free (stop->server->listener);
  g_idle_add (leave_loop, stop->loop);
  return NULL;
}

/* The main loop goes on meanwhile: it owes answers. */
static gboolean
quit (gpointer data)
{
  Stop *stop = data;

  stop->thread = g_thread_new ("stop", stop_listener, stop);
  return G_SOURCE_REMOVE;
}

static gboolean
reload (gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!mm_listener_reload_tls (data, &error))
    printf ("reload failed: %s\n", error->message);
  else
    printf ("reloaded\n");
  fflush (stdout);
  return G_SOURCE_CONTINUE;
}

int
main (void)
{
  static const MmListenerCallbacks callbacks = { mm_router_begin, mm_router_run };
  g_auto (GStrv) proxies = g_strsplit (g_getenv ("PROXIES") ?: "", " ", -1);
  g_auto (GStrv) hosts = g_strsplit (g_getenv ("HOSTS") ?: "", " ", -1);
  const char *path = g_getenv ("SOCKET");
  MmListenerConfig config = {
    .host = path == NULL ? (g_getenv ("HOST") ?: "127.0.0.1") : NULL,
    .fd = path != NULL ? unix_socket (path) : -1,
    .tls_certificate = g_getenv ("TLS_CERTIFICATE"),
    .tls_key = g_getenv ("TLS_KEY"),
    .trusted_proxies = (const char *const *) proxies,
    .hosts = (const char *const *) hosts,
    .header_timeout = milliseconds ("HEADER_MS"),
    .body_timeout = milliseconds ("BODY_MS"),
    .answer_timeout = milliseconds ("ANSWER_MS"),
    .idle_timeout = milliseconds ("IDLE_MS"),
    .max_per_address = (guint) (milliseconds ("MAX_PER_ADDRESS") / 1000),
    .max_connections = (guint) (milliseconds ("MAX_CONNECTIONS") / 1000),
    .heartbeat_interval = milliseconds ("HEARTBEAT_MS"),
    .max_bodies = (gsize) milliseconds ("BODIES_KB"), /* thousands, too */
  };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Server server = { .streams = g_ptr_array_new () };
  MmRouter *router = mm_router_new (routes, G_N_ELEMENTS (routes), admit, &server);
  Stop stop = { &server, loop, NULL };

  g_mutex_init (&server.lock);
  server.listener = mm_listener_new (&config, &callbacks, router, &error);
  if (server.listener == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      mm_router_free (router);
      g_ptr_array_unref (server.streams);
      return 1;
    }
  g_unix_signal_add (SIGTERM, quit, &stop);
  g_unix_signal_add (SIGHUP, reload, server.listener);
  printf ("port %u\n", mm_listener_port (server.listener));
  fflush (stdout);
  g_main_loop_run (loop);

  g_thread_join (stop.thread);
  mm_router_free (router);
  g_ptr_array_unref (server.streams);
  g_mutex_clear (&server.lock);
  printf ("stopped\n");
  return 0;
}

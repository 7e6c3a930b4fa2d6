#define G_LOG_DOMAIN "mm-server"

#include "mm-serve.h"

#include "mm-admit.h"
#include "mm-brokers.h"
#include "mm-context.h"
#include "mm-control-socket.h"
#include "mm-error.h"
#include "mm-folding.h"
#include "mm-handle-live.h"
#include "mm-listener.h"
#include "mm-page.h"
#include "mm-posting.h"
#include "mm-router.h"
#include "mm-routes.h"
#include "mm-watching.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CONTROL_CONNECTIONS 32 /* of the descriptors that the public listener leaves */

typedef struct
{
  GMainLoop *loop;
  MmListener *listener;
} Serving;

static gboolean
quit (gpointer data)
{
  g_main_loop_quit (((Serving *) data)->loop);
  return G_SOURCE_CONTINUE;
}

/* What is said on standard input means nothing; that it ends does. */
static gboolean
stdin_moved (int fd, GIOCondition condition, gpointer data)
{
  char ignored[256];
  gssize length = read (fd, ignored, sizeof ignored);

  if (length > 0 || (length < 0 && (errno == EINTR || errno == EAGAIN)))
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (((Serving *) data)->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
reload (gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!mm_listener_reload_tls (((Serving *) data)->listener, &error))
    g_warning ("the certificate was not reloaded: %s", error->message);
  return G_SOURCE_CONTINUE;
}

/* The address as a URL: what the first line says, and the public URL if none is configured. */
static char *
listening_url (const MmConfig *config, guint16 port)
{
  const char *scheme = config->tls_cert != NULL ? "https" : "http";
  gboolean v6 = strchr (config->listen_host, ':') != NULL;

  return g_strdup_printf ("%s://%s%s%s:%u", scheme, v6 ? "[" : "", config->listen_host,
                          v6 ? "]" : "", port);
}

static MmListener *
listen_tcp (const MmConfig *config, MmRouter *router, GError **error)
{
  const MmListenerCallbacks callbacks = { mm_router_begin, mm_router_run };
  const MmListenerConfig listener_config = {
    .host = config->listen_host,
    .port = config->listen_port,
    .tls_certificate = config->tls_cert,
    .tls_key = config->tls_key,
    .trusted_proxies = (const char *const *) config->trusted_proxies,
  };

  return mm_listener_new (&listener_config, &callbacks, router, error);
}

static MmListener *
listen_control (const MmConfig *config, MmRouter *router, GError **error)
{
  const MmListenerCallbacks callbacks = { mm_router_begin, mm_router_run };
  MmListenerConfig listener_config = {
    .fd = mm_control_socket_bind (config->data_dir, error),
    .max_connections = CONTROL_CONNECTIONS,
  };

  return listener_config.fd >= 0 ? mm_listener_new (&listener_config, &callbacks, router, error)
                                 : NULL;
}

/* Says where it listens, and serves until a signal or the end of standard input. */
static void
run_until_end (MmListener *listener, const char *url, gboolean die_with_stdin)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Serving serving = { .loop = loop, .listener = listener };
  guint sources[] = {
    g_unix_signal_add (SIGTERM, quit, &serving),
    g_unix_signal_add (SIGINT, quit, &serving),
    g_unix_signal_add (SIGHUP, reload, &serving),
  };
  g_autoptr (GSource) input = NULL;

  if (die_with_stdin)
    {
      input = g_unix_fd_source_new (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR | G_IO_NVAL);
      g_source_set_callback (input, G_SOURCE_FUNC (stdin_moved), &serving, NULL);
      g_source_attach (input, NULL);
    }

  printf ("listening on %s\n", url);
  fflush (stdout);
  g_main_loop_run (loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  if (input != NULL)
    g_source_destroy (input);
}

gboolean
mm_serve (const MmConfig *config, gboolean die_with_stdin, GError **error)
{
  /* Freed in the reverse order: listeners first, then who serves them, the context last. */
  g_autoptr (MmClock) clock = mm_clock_new ();
  g_autoptr (MmContext) context = mm_context_new (config, clock, error);
  g_autoptr (MmPages) pages = NULL;
  g_autoptr (MmStreams) streams = NULL;
  g_autoptr (MmRouter) router = NULL;
  g_autoptr (MmListener) control = NULL;
  g_autoptr (MmListener) listener = NULL;
  g_autofree char *url = NULL;
  gsize n_routes;
  const MmRoute *routes = mm_routes (&n_routes);

  if (context == NULL)
    return FALSE;
  pages = mm_pages_new (error);
  if (pages == NULL)
    return FALSE;
  context->pages = pages;
  streams = mm_streams_new (context);
  router = mm_router_new (routes, n_routes, mm_admit, context);
  mm_router_set_refuse (router, mm_page_refuse);
  listener = listen_tcp (config, router, error);
  if (listener == NULL)
    return FALSE;
  url = listening_url (config, mm_listener_port (listener));
  if (context->public_url == NULL)
    context->public_url = g_strdup (url);
  context->listening = g_strdup (url);
  context->listener = listener;
  /* The operator's questions about the listener need it first. */
  control = listen_control (config, router, error);
  if (control == NULL)
    return FALSE;
  mm_posting_start (context->posting);
  context->watching = mm_watching_new (context);
  mm_folding_start (context->folding);
  mm_brokers_start (context->brokers);
  run_until_end (listener, url, die_with_stdin);
  /* An operator who has all of it folded could wait for minutes, and the listener with them. */
  mm_folding_stop (context->folding);
  /* Whoever asks the operator's API may be looking at the listener. */
  g_clear_pointer (&control, mm_listener_free);
  context->listener = NULL;
  g_clear_pointer (&listener, mm_listener_free);
  mm_control_socket_remove (config->data_dir);
  return TRUE;
}

#define G_LOG_DOMAIN "mm-server"

#include "mm-operator-client.h"

#include "mm-admit.h"
#include "mm-context.h"
#include "mm-control-socket.h"
#include "mm-error.h"
#include "mm-listener.h"
#include "mm-router.h"
#include "mm-routes.h"

#include <curl/curl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* For whoever holds the directory and does not answer yet, or any more. */
#define PATIENCE (5 * MM_SECOND)
#define PAUSE (20 * 1000)

/* Long enough for a check of everything. */
#define ANSWER_TIMEOUT (24 * MM_HOUR)

struct _MmOperatorClient
{
  char *socket;

  /* Without a server. */
  MmClock *clock;
  MmContext *context;
  MmRouter *router;
  MmListener *listener;
};

/* ---- who answers ---- */

static gboolean
somebody_answers (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gboolean answers;
  int fd;

  if (strlen (path) >= sizeof address.sun_path)
    return FALSE;
  strcpy (address.sun_path, path);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return FALSE;
  answers = connect (fd, (struct sockaddr *) &address, sizeof address) == 0;
  close (fd);
  return answers;
}

/* Mails that are written now must not name an address that only this command has. */
static void
set_public_url (MmContext *context)
{
  const MmConfig *config = mm_context_config (context);

  if (context->public_url == NULL)
    context->public_url
        = g_strdup_printf ("%s://%s:%u", config->tls_cert != NULL ? "https" : "http",
                           config->listen_host, config->listen_port);
}

static gboolean
serve_myself (MmOperatorClient *client, const MmConfig *config, GError **error)
{
  const MmListenerCallbacks callbacks = { mm_router_begin, mm_router_run };
  MmListenerConfig listener_config = { .answer_timeout = ANSWER_TIMEOUT };
  gsize n_routes;
  const MmRoute *routes = mm_routes (&n_routes);

  g_free (client->socket);
  client->socket = g_build_filename (config->data_dir, "command.sock", NULL);
  set_public_url (client->context);
  client->router = mm_router_new (routes, n_routes, mm_admit, client->context);
  listener_config.fd = mm_control_socket_bind_path (client->socket, error);
  if (listener_config.fd < 0)
    return FALSE;
  client->listener = mm_listener_new (&listener_config, &callbacks, client->router, error);
  return client->listener != NULL;
}

MmOperatorClient *
mm_operator_client_new (const MmConfig *config, GError **error)
{
  g_autoptr (MmOperatorClient) client = g_new0 (MmOperatorClient, 1);
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  client->socket = mm_control_socket_path (config->data_dir);
  client->clock = mm_clock_new ();
  while (TRUE)
    {
      g_autoptr (GError) problem = NULL;

      client->context = mm_context_new (config, client->clock, &problem);
      if (client->context != NULL)
        return serve_myself (client, config, error) ? g_steal_pointer (&client) : NULL;
      if (g_error_matches (problem, MM_ERROR, MM_ERROR_CONFLICT)
          && somebody_answers (client->socket))
        return g_steal_pointer (&client);
      if (!g_error_matches (problem, MM_ERROR, MM_ERROR_CONFLICT)
          || g_get_monotonic_time () > deadline)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      g_usleep (PAUSE);
    }
}

void
mm_operator_client_free (MmOperatorClient *client)
{
  if (client == NULL)
    return;
  if (client->listener != NULL)
    {
      mm_listener_free (client->listener);
      g_unlink (client->socket);
    }
  mm_router_free (client->router);
  mm_context_free (client->context);
  mm_clock_free (client->clock);
  g_free (client->socket);
  g_free (client);
}

/* ---- a request ---- */

static size_t
take_body (char *data, size_t size, size_t n, void *body)
{
  g_byte_array_append (body, (const guint8 *) data, (guint) (size * n));
  return size * n;
}

static size_t
take_header (char *data, size_t size, size_t n, void *next)
{
  static const char name[] = "Mimamori-Next:";
  g_autofree char *line = g_strndup (data, size * n);

  if (g_ascii_strncasecmp (line, name, strlen (name)) == 0)
    {
      g_free (*(char **) next);
      *(char **) next = g_strdup (g_strstrip (line + strlen (name)));
    }
  return size * n;
}

/* One line of what is wrong, from a problem document (RFC 9457). */
static char *
problem_line (const GByteArray *body, long status)
{
  json_t *problem = json_loadb ((const char *) body->data, body->len, 0, NULL);
  const char *detail = json_string_value (json_object_get (problem, "detail"));
  GString *line = g_string_new (NULL);
  gsize i;
  json_t *field;

  if (detail != NULL)
    g_string_append (line, detail);
  else
    g_string_append_printf (line, "the server answered %ld", status);
  json_array_foreach (json_object_get (problem, "errors"), i, field)
    {
      g_string_append_printf (line, "%s %s: %s", i > 0 ? ";" : "",
                              json_string_value (json_object_get (field, "field")),
                              json_string_value (json_object_get (field, "detail")));
    }
  json_decref (problem);
  return g_string_free (line, FALSE);
}

static gboolean
judge (CURLcode code, long status, const GByteArray *body, GError **error)
{
  g_autofree char *line = NULL;

  if (code != CURLE_OK)
    line = g_strdup_printf ("no answer on the control socket: %s", curl_easy_strerror (code));
  else if (status >= 400)
    line = problem_line (body, status);
  return line == NULL || mm_error_set (error, MM_ERROR_INTERNAL, "refused", line);
}

GBytes *
mm_operator_client_send (MmOperatorClient *client,
                         const char *method,
                         const char *path,
                         const char *type,
                         GBytes *body,
                         char **next,
                         GError **error)
{
  CURL *curl = curl_easy_init ();
  g_autofree char *url = g_strconcat ("http://localhost", path, NULL);
  g_autofree char *content_type = g_strconcat ("Content-Type: ", type, NULL);
  g_autofree char *found = NULL;
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  struct curl_slist *headers = curl_slist_append (NULL, "Expect:");
  gsize length = 0;
  CURLcode code;
  long status = 0;

  curl_easy_setopt (curl, CURLOPT_UNIX_SOCKET_PATH, client->socket);
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  if (body != NULL)
    {
      headers = curl_slist_append (headers, content_type);
      curl_easy_setopt (curl, CURLOPT_POSTFIELDS, g_bytes_get_data (body, &length));
      curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) g_bytes_get_size (body));
    }
  curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, answer);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, &found);
  code = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all (headers);
  curl_easy_cleanup (curl);
  if (!judge (code, status, answer, error))
    return NULL;
  if (next != NULL)
    *next = g_steal_pointer (&found);
  return g_byte_array_free_to_bytes (g_steal_pointer (&answer));
}

#define G_LOG_DOMAIN "mm-api"

#include "mm-api.h"

#include "mm-gettext.h"
#include "mm-json.h"

#include <gio/gunixsocketaddress.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#define CHUNK (64 * 1024)

#define SESSION_MAX 256
#define SESSION_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~+/="

struct _MmApi
{
  GObject parent;

  char *url;
  char *language;
  char *session;
  char *pin;
  char *seen;
  GSocketConnectable *connectable; /* NULL: where the URL says */
  SoupSession *soup;
  SoupSession *streams; /* no time-out: the feed's heartbeat is watched by its reader */
};

G_DEFINE_FINAL_TYPE (MmApi, mm_api, G_TYPE_OBJECT)
G_DEFINE_QUARK (mm - reach - error - quark, mm_reach_error)

enum
{
  SESSION_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Addresses */

static gboolean
is_this_computer (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_ascii_strcasecmp (host, "localhost") == 0
         || (address != NULL && g_inet_address_get_is_loopback (address));
}

static char *
refuse_url (GError **error)
{
  if (error != NULL)
    mm_error_add_field (error, "server", "address",
                        _ ("Please enter the address of the server, for example "
                           "https://mimamori.example.jp."));
  return NULL;
}

char *
mm_api_normalise_url (const char *url, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (url != NULL ? url : ""));
  g_autofree char *whole = NULL;
  g_autoptr (GUri) uri = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GUri) plain = NULL;
  gboolean guessed = strstr (text, "://") == NULL;
  const char *path;

  if (*text == '\0' || strlen (text) > 512)
    return refuse_url (error);
  whole = guessed ? g_strconcat ("https://", text, NULL) : g_strdup (text);
  uri = g_uri_parse (whole, G_URI_FLAGS_PARSE_RELAXED, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL
      || g_uri_get_fragment (uri) != NULL
      || !(strcmp (g_uri_get_scheme (uri), "https") == 0
           || strcmp (g_uri_get_scheme (uri), "http") == 0))
    return refuse_url (error);
  path = g_uri_get_path (uri);
  plain = g_uri_build (G_URI_FLAGS_NONE,
                       guessed && is_this_computer (g_uri_get_host (uri)) ? "http"
                                                                          : g_uri_get_scheme (uri),
                       NULL, g_uri_get_host (uri), g_uri_get_port (uri), path, NULL, NULL);
  shown = g_uri_to_string (plain);
  while (g_str_has_suffix (shown, "/"))
    shown[strlen (shown) - 1] = '\0';
  return g_steal_pointer (&shown);
}

/* Certificates */

/* The SHA-256 of the public key, as hex; NULL if it is no X.509 certificate. */
static char *
fingerprint_of (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;
  gnutls_x509_crt_t x509;
  guchar id[32];
  size_t size = sizeof id;
  char *hex = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL || gnutls_x509_crt_init (&x509) != 0)
    return NULL;
  if (gnutls_x509_crt_import (x509, &(gnutls_datum_t){ der->data, der->len }, GNUTLS_X509_FMT_DER)
          == 0
      && gnutls_x509_crt_get_key_id (x509, GNUTLS_KEYID_USE_SHA256, id, &size) == 0
      && size == sizeof id)
    {
      hex = g_malloc (2 * sizeof id + 1);
      for (gsize i = 0; i < sizeof id; i++)
        g_snprintf (hex + 2 * i, 3, "%02x", id[i]);
    }
  gnutls_x509_crt_deinit (x509);
  return hex;
}

/* Asked only about certificates that no known authority vouches for. */
static gboolean
on_accept_certificate (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer user_data)
{
  MmApi *api = user_data;

  g_free (api->seen);
  api->seen = fingerprint_of (certificate);
  return api->pin != NULL && g_strcmp0 (api->pin, api->seen) == 0;
}

/* Errors */

static MmErrorKind
kind_of (guint status)
{
  switch (status)
    {
    case 401:
      return MM_ERROR_UNAUTHENTICATED;
    case 403:
      return MM_ERROR_FORBIDDEN;
    case 404:
      return MM_ERROR_NOT_FOUND;
    case 409:
      return MM_ERROR_CONFLICT;
    case 410:
      return MM_ERROR_GONE;
    case 413:
      return MM_ERROR_TOO_LARGE;
    case 422:
      return MM_ERROR_FIELDS;
    case 429:
      return MM_ERROR_LIMITED;
    case 503:
      return MM_ERROR_BUSY;
    default:
      return status >= 500 ? MM_ERROR_INTERNAL : MM_ERROR_INVALID;
    }
}

GError *
mm_api_new_strange_error (void)
{
  return g_error_new_literal (MM_REACH_ERROR, MM_REACH_ERROR_STRANGE,
                              _ ("What answers at this address is not a Mimamori server. Please "
                                 "check the address."));
}

/* The error that an answer with @status is; RFC 9457, as docs/openapi.yaml describes it. */
static GError *
error_of_answer (guint status, GBytes *body)
{
  g_autoptr (JsonNode) answer
      = mm_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  GError *error = NULL;
  JsonObject *problem = mm_json_root (answer);
  JsonArray *fields;

  if (*mm_json_text (problem, "code") == '\0' || *mm_json_text (problem, "detail") == '\0')
    return mm_api_new_strange_error ();
  fields = mm_json_array (problem, "errors");
  for (guint i = 0; i < mm_json_length (fields); i++)
    {
      JsonObject *field = mm_json_element (fields, i);

      /* Without a sentence there is nothing to show beside the field. */
      if (*mm_json_text (field, "field") == '\0' || *mm_json_text (field, "detail") == '\0')
        continue;
      mm_error_add_field (&error, mm_json_text (field, "field"), mm_json_text (field, "code"),
                          mm_json_text (field, "detail"));
    }
  if (error == NULL)
    error = mm_error_new (kind_of (status), mm_json_text (problem, "code"),
                          mm_json_text (problem, "detail"));
  if (mm_json_integer (problem, "retry_after") > 0)
    mm_error_set_retry_after (error,
                              (guint) MIN (mm_json_integer (problem, "retry_after"), G_MAXINT));
  return error;
}

/* What libsoup and GIO say, in words of ours. Takes @error. */
static GError *
error_of_transport (MmApi *api, GError *error)
{
  g_autoptr (GError) given = error;

  if (g_error_matches (given, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&given);
  if (g_error_matches (given, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return g_error_new_literal (
        MM_REACH_ERROR, MM_REACH_ERROR_CERTIFICATE,
        api->pin != NULL
            ? _ ("The server shows another certificate than before. Somebody may be in between: "
                 "please ask whoever runs the server.")
            : _ ("The server's certificate is not signed by an authority that this computer "
                 "knows."));
  g_debug ("No answer: %s", given->message);
  return g_error_new_literal (MM_REACH_ERROR, MM_REACH_ERROR_UNREACHABLE,
                              g_error_matches (given, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
                                  ? _ ("The server does not answer in time.")
                                  : _ ("The server cannot be reached."));
}

/* One call */

typedef struct
{
  SoupMessage *message;
  GByteArray *bytes;
  GInputStream *stream;
  char *session; /* that it was sent with */
} Call;

static void
call_free (Call *call)
{
  g_clear_object (&call->message);
  g_clear_object (&call->stream);
  g_clear_pointer (&call->bytes, g_byte_array_unref);
  g_free (call->session);
  g_free (call);
}

static void
complete (GTask *task)
{
  MmApi *api = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  guint status = soup_message_get_status (call->message);
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_steal_pointer (&call->bytes));

  if (status >= 200 && status < 300)
    {
      g_task_return_pointer (task, g_steal_pointer (&body), (GDestroyNotify) g_bytes_unref);
      return;
    }
  g_task_return_error (task, error_of_answer (status, body));
  if (status == 401 && call->session != NULL && g_strcmp0 (call->session, api->session) == 0)
    {
      g_clear_pointer (&api->session, g_free);
      g_signal_emit (api, signals[SESSION_REFUSED], 0);
    }
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) part
      = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (part == NULL)
    {
      g_task_return_error (task, error_of_transport (g_task_get_source_object (task),
                                                     g_steal_pointer (&error)));
      return;
    }
  if (g_bytes_get_size (part) == 0)
    {
      complete (task);
      return;
    }
  g_byte_array_append (call->bytes, g_bytes_get_data (part, NULL), (guint) g_bytes_get_size (part));
  if (call->bytes->len > MM_API_ANSWER_MAX)
    {
      g_task_return_error (task, mm_api_new_strange_error ());
      return;
    }
  g_input_stream_read_bytes_async (call->stream, CHUNK, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_read, g_object_ref (task));
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (call->stream == NULL)
    {
      g_task_return_error (task, error_of_transport (g_task_get_source_object (task),
                                                     g_steal_pointer (&error)));
      return;
    }
  if (g_task_get_source_tag (task) == mm_api_open_async
      && soup_message_get_status (call->message) == 200)
    {
      g_task_return_pointer (task, g_object_ref (call->stream), g_object_unref);
      return;
    }
  call->bytes = g_byte_array_new ();
  g_input_stream_read_bytes_async (call->stream, CHUNK, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_read, g_object_ref (task));
}

static void
begin (MmApi *api,
       gpointer tag,
       const char *method,
       const char *path,
       const char *type,
       GBytes *body,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (api, cancellable, callback, user_data);
  g_autofree char *uri = g_strconcat (api->url, path, NULL);
  Call *call = g_new0 (Call, 1);
  SoupMessageHeaders *headers;

  g_return_if_fail (path[0] == '/');
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  call->message = soup_message_new (method, uri);
  call->session = g_strdup (api->session);
  if (call->message == NULL)
    {
      g_task_return_error (task, mm_api_new_strange_error ());
      return;
    }
  /* A redirect would carry the session to wherever it points; our API never answers with one. */
  soup_message_add_flags (call->message, SOUP_MESSAGE_NO_REDIRECT);
  headers = soup_message_get_request_headers (call->message);
  soup_message_headers_replace (headers, "Accept-Language", api->language);
  if (api->session != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", api->session, NULL);

      soup_message_headers_replace (headers, "Authorization", bearer);
    }
  if (body != NULL)
    soup_message_set_request_body_from_bytes (call->message, type, body);
  g_signal_connect_object (call->message, "accept-certificate", G_CALLBACK (on_accept_certificate),
                           api, 0);
  soup_session_send_async (tag == mm_api_open_async ? api->streams : api->soup, call->message,
                           G_PRIORITY_DEFAULT, cancellable, on_answer, g_object_ref (task));
}

void
mm_api_fetch_async (MmApi *api,
                    const char *method,
                    const char *path,
                    const char *type,
                    GBytes *body,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_return_if_fail (MM_IS_API (api));
  begin (api, mm_api_fetch_async, method, path, type, body, cancellable, callback, user_data);
}

GBytes *
mm_api_fetch_finish (MmApi *api, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
mm_api_send_async (MmApi *api,
                   const char *method,
                   const char *path,
                   JsonNode *body,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (JsonNode) given = body;
  g_autoptr (GBytes) bytes = NULL;

  g_return_if_fail (MM_IS_API (api));
  if (given != NULL)
    {
      char *text = json_to_string (given, FALSE);

      bytes = g_bytes_new_take (text, strlen (text));
    }
  begin (api, mm_api_send_async, method, path, "application/json", bytes, cancellable, callback,
         user_data);
}

JsonNode *
mm_api_send_finish (MmApi *api, GAsyncResult *result, GError **error)
{
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), error);
  JsonNode *answer;

  if (bytes == NULL)
    return NULL;
  if (g_bytes_get_size (bytes) == 0)
    return json_node_new (JSON_NODE_NULL);
  answer = mm_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (answer == NULL)
    g_propagate_error (error, mm_api_new_strange_error ());
  return answer;
}

void
mm_api_open_async (MmApi *api,
                   const char *path,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_return_if_fail (MM_IS_API (api));
  begin (api, mm_api_open_async, "GET", path, NULL, NULL, cancellable, callback, user_data);
}

GInputStream *
mm_api_open_finish (MmApi *api, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The object */

const char *
mm_api_get_url (MmApi *api)
{
  return api->url;
}

void
mm_api_set_session (MmApi *api, const char *session)
{
  if (g_strcmp0 (api->session, session) == 0)
    return;
  g_free (api->session);
  api->session = g_strdup (session);
}

gboolean
mm_api_is_session (const char *session)
{
  gsize length = session != NULL ? strnlen (session, SESSION_MAX + 1) : 0;

  return length > 0 && length <= SESSION_MAX && strspn (session, SESSION_CHARACTERS) == length;
}

gboolean
mm_api_has_session (MmApi *api)
{
  return api->session != NULL;
}

void
mm_api_set_pin (MmApi *api, const char *fingerprint)
{
  g_free (api->pin);
  api->pin = g_strdup (fingerprint);
}

const char *
mm_api_get_seen_fingerprint (MmApi *api)
{
  return api->seen;
}

static void
mm_api_finalize (GObject *object)
{
  MmApi *api = MM_API (object);

  soup_session_abort (api->soup);
  soup_session_abort (api->streams);
  g_object_unref (api->soup);
  g_object_unref (api->streams);
  g_clear_object (&api->connectable);
  g_free (api->url);
  g_free (api->language);
  g_free (api->session);
  g_free (api->pin);
  g_free (api->seen);
  G_OBJECT_CLASS (mm_api_parent_class)->finalize (object);
}

static void
mm_api_class_init (MmApiClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_api_finalize;
  signals[SESSION_REFUSED] = g_signal_new ("session-refused", MM_TYPE_API, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mm_api_init (MmApi *api)
{
}

static SoupSession *
new_session (GSocketConnectable *connectable, guint timeout)
{
  SoupSession *session
      = g_object_new (SOUP_TYPE_SESSION, "timeout", timeout, "user-agent", "mimamori/" MM_VERSION,
                      "max-conns-per-host", 6, "remote-connectable", connectable, NULL);

  /* The type of an answer is what the server says, never what its bytes look like. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_SNIFFER);
  return session;
}

static MmApi *
new_api (const char *url, GSocketConnectable *connectable, const char *language)
{
  MmApi *api = g_object_new (MM_TYPE_API, NULL);

  api->url = g_strdup (url);
  api->language = g_strdup (language);
  g_set_object (&api->connectable, connectable);
  api->soup = new_session (connectable, MM_API_TIMEOUT);
  api->streams = new_session (connectable, 0);
  return api;
}

MmApi *
mm_api_new (const char *url, const char *language)
{
  return new_api (url, NULL, language);
}

MmApi *
mm_api_new_on_socket (const char *path, const char *language)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  return new_api ("http://localhost", G_SOCKET_CONNECTABLE (address), language);
}

MmApi *
mm_api_new_like (MmApi *api)
{
  MmApi *other = new_api (api->url, api->connectable, api->language);

  mm_api_set_pin (other, api->pin);
  return other;
}

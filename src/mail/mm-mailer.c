/* SMTP by libcurl; see the header. One thread at a time. */
#define G_LOG_DOMAIN "mm-mail"

#include "mm-mailer.h"

#include "mm-error.h"
#include "mm-language.h"
#include "mm-message.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_REPLY 500

/* The command that the server answers to; only these two speak about the recipient and the mail. */
typedef enum
{
  STAGE_OTHER,
  STAGE_RECIPIENT,
  STAGE_DATA
} Stage;

struct _MmMailer
{
  CURL *curl;
  atomic_bool aborted;
  /* Of the mail under way: */
  const char *mime;
  gsize left;
  Stage stage;
  gboolean closing; /* libcurl says goodbye after a failure; the answer to that decides nothing */
  GString *reply;   /* the last line from the server; "" since the last command */
};

static void
init_curl (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      curl_global_init (CURL_GLOBAL_DEFAULT);
      g_once_init_leave (&done, 1);
    }
}

static size_t
on_read (char *buffer, size_t size, size_t n, void *data)
{
  MmMailer *mailer = data;
  gsize length = MIN (size * n, mailer->left);

  memcpy (buffer, mailer->mime, length);
  mailer->mime += length;
  mailer->left -= length;
  return length;
}

static size_t
on_write (char *buffer, size_t size, size_t n, void *data)
{
  return size * n;
}

/* Called at least once a second, also while nothing moves. */
static int
on_progress (void *data, curl_off_t down, curl_off_t downloaded, curl_off_t up, curl_off_t uploaded)
{
  MmMailer *mailer = data;

  return atomic_load (&mailer->aborted);
}

/* Follows the conversation. What we say is looked at for its verb alone: it may hold the password.
 */
static int
on_debug (CURL *curl, curl_infotype type, char *text, size_t length, void *data)
{
  MmMailer *mailer = data;

  if (type == CURLINFO_HEADER_OUT)
    {
      mailer->closing = length >= 4 && g_ascii_strncasecmp (text, "QUIT", 4) == 0;
      if (mailer->closing)
        return 0;
      g_string_truncate (mailer->reply, 0);
      mailer->stage = STAGE_OTHER;
      if (length >= 4 && g_ascii_strncasecmp (text, "RCPT", 4) == 0)
        mailer->stage = STAGE_RECIPIENT;
      else if (length >= 4 && g_ascii_strncasecmp (text, "DATA", 4) == 0)
        mailer->stage = STAGE_DATA;
    }
  else if (type == CURLINFO_DATA_OUT)
    g_string_truncate (mailer->reply, 0);
  else if (type == CURLINFO_HEADER_IN && !mailer->closing && length >= 3 && g_ascii_isdigit (*text))
    {
      g_string_truncate (mailer->reply, 0);
      g_string_append_len (mailer->reply, text, MIN (length, MAX_REPLY));
    }
  return 0;
}

static char *
clean_reply (const char *text)
{
  g_autofree char *line = g_utf8_make_valid (text, MIN (strlen (text), MAX_REPLY));
  char *end;

  for (char *p = line; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  g_strstrip (line);
  end = g_utf8_strlen (line, -1) > 0 && strlen (line) > MAX_REPLY
            ? g_utf8_find_prev_char (line, line + MAX_REPLY)
            : NULL;
  if (end != NULL)
    *end = '\0';
  return g_steal_pointer (&line);
}

static MmDelivery *
delivery_new (MmDeliveryState state, int code, const char *reply)
{
  MmDelivery *delivery = g_new0 (MmDelivery, 1);

  delivery->state = state;
  delivery->code = code;
  delivery->reply = clean_reply (reply);
  return delivery;
}

void
mm_delivery_free (MmDelivery *delivery)
{
  g_free (delivery->reply);
  g_free (delivery);
}

static gboolean
is_clean (const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      return FALSE;
  return TRUE;
}

static gboolean
is_this_computer (const char *host)
{
  return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_prefix (host, "127.")
         || g_str_equal (host, "[::1]");
}

/* The address for libcurl, whose path is the name for EHLO. */
static char *
make_url (const MmMailerConfig *config, gboolean *local)
{
  g_autoptr (GUri) uri = g_uri_parse (config->url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *server = NULL;
  const char *host, *scheme;

  /* GUri forgives blanks and line ends around and inside. */
  if (uri == NULL || strpbrk (config->url, " \t\r\n") != NULL || !is_clean (config->hello)
      || *config->hello == '\0')
    return NULL;
  scheme = g_uri_get_scheme (uri);
  host = g_uri_get_host (uri);
  if ((!g_str_equal (scheme, "smtp") && !g_str_equal (scheme, "smtps")) || host == NULL
      || *host == '\0' || g_uri_get_userinfo (uri) != NULL || strlen (g_uri_get_path (uri)) > 1
      || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return NULL;
  *local = is_this_computer (host) || g_str_equal (host, "::1");
  server = g_uri_join (G_URI_FLAGS_NONE, scheme, NULL, host, g_uri_get_port (uri), "/", NULL, NULL);
  return g_strconcat (server, config->hello, NULL);
}

static void
set_encryption (CURL *curl, const MmMailerConfig *config, gboolean local)
{
  MmStarttls starttls = config->starttls;

  if (starttls == MM_STARTTLS_DEFAULT)
    starttls = local ? MM_STARTTLS_NONE : MM_STARTTLS_REQUIRED;
  if (config->ca_file != NULL)
    {
      curl_easy_setopt (curl, CURLOPT_CAINFO, config->ca_file);
      curl_easy_setopt (curl, CURLOPT_CAPATH, NULL);
    }
  if (g_str_has_prefix (config->url, "smtps:") || starttls == MM_STARTTLS_REQUIRED)
    curl_easy_setopt (curl, CURLOPT_USE_SSL, (long) CURLUSESSL_ALL);
  else if (starttls == MM_STARTTLS_OPTIONAL)
    {
      /* Who could take STARTTLS out of the conversation could as well answer with a certificate of
       * his own; so nothing is lost by taking any, and a server with its own self-made one works.
       */
      curl_easy_setopt (curl, CURLOPT_USE_SSL, (long) CURLUSESSL_TRY);
      curl_easy_setopt (curl, CURLOPT_SSL_VERIFYPEER, 0L);
      curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
}

MmMailer *
mm_mailer_new (const MmMailerConfig *config, GError **error)
{
  gboolean local = FALSE;
  g_autofree char *url = make_url (config, &local);
  gint64 connect_timeout
      = config->connect_timeout > 0 ? config->connect_timeout : 10 * G_TIME_SPAN_SECOND;
  gint64 timeout = config->timeout > 0 ? config->timeout : 60 * G_TIME_SPAN_SECOND;
  MmMailer *mailer;

  if (url == NULL || !is_clean (config->user) || !is_clean (config->password))
    {
      mm_error_set (error, MM_ERROR_INVALID, "bad-mail-server",
                    N_ ("The address of the mail server must look like smtp://HOST:PORT or "
                        "smtps://HOST:PORT."));
      return NULL;
    }
  init_curl ();
  mailer = g_new0 (MmMailer, 1);
  mailer->reply = g_string_new (NULL);
  mailer->curl = curl_easy_init ();
  curl_easy_setopt (mailer->curl, CURLOPT_URL, url);
  curl_easy_setopt (mailer->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (mailer->curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (mailer->curl, CURLOPT_PROXY, "");
  curl_easy_setopt (mailer->curl, CURLOPT_CONNECTTIMEOUT_MS, (long) (connect_timeout / 1000));
  curl_easy_setopt (mailer->curl, CURLOPT_TIMEOUT_MS, (long) (timeout / 1000));
  curl_easy_setopt (mailer->curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (mailer->curl, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt (mailer->curl, CURLOPT_READDATA, mailer);
  curl_easy_setopt (mailer->curl, CURLOPT_WRITEFUNCTION, on_write);
  curl_easy_setopt (mailer->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt (mailer->curl, CURLOPT_XFERINFODATA, mailer);
  curl_easy_setopt (mailer->curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (mailer->curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt (mailer->curl, CURLOPT_DEBUGFUNCTION, on_debug);
  curl_easy_setopt (mailer->curl, CURLOPT_DEBUGDATA, mailer);
  if (config->user != NULL)
    {
      curl_easy_setopt (mailer->curl, CURLOPT_USERNAME, config->user);
      curl_easy_setopt (mailer->curl, CURLOPT_PASSWORD, config->password);
    }
  set_encryption (mailer->curl, config, local);
  return mailer;
}

void
mm_mailer_free (MmMailer *mailer)
{
  curl_socket_t fd = CURL_SOCKET_BAD;

  /* libcurl says goodbye and then waits two minutes for an answer, whatever the time-outs are: it
   * gets none. */
  if (curl_easy_getinfo (mailer->curl, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK
      && fd != CURL_SOCKET_BAD)
    shutdown (fd, SHUT_RD);
  curl_easy_cleanup (mailer->curl);
  g_string_free (mailer->reply, TRUE);
  g_free (mailer);
}

/* A 5xx about the recipient or the mail is final. Any other (login, sender, greeting) is a matter
 * between the operator and the mail server, and is tried again once that is put right. */
static MmDelivery *
judge (const MmMailer *mailer, CURLcode result)
{
  int code = (int) g_ascii_strtoull (mailer->reply->str, NULL, 10);
  const char *words = mailer->reply->len > 0 ? mailer->reply->str : curl_easy_strerror (result);

  if (result == CURLE_OK)
    return delivery_new (MM_DELIVERY_ACCEPTED, code, words);
  if (result == CURLE_ABORTED_BY_CALLBACK)
    return delivery_new (MM_DELIVERY_ABORTED, 0, "aborted");
  if (code >= 500 && code <= 599 && mailer->stage != STAGE_OTHER)
    return delivery_new (MM_DELIVERY_REFUSED, code, words);
  if (code >= 400 && code <= 599)
    return delivery_new (MM_DELIVERY_TEMPORARY, code, words);
  return delivery_new (MM_DELIVERY_TEMPORARY, 0, curl_easy_strerror (result));
}

MmDelivery *
mm_mailer_send (MmMailer *mailer, const char *from, const char *to, GBytes *mime)
{
  struct curl_slist *recipients = NULL;
  MmDelivery *delivery;
  CURLcode result;

  if (!mm_message_address_is_valid (from) || !mm_message_address_is_valid (to))
    return delivery_new (MM_DELIVERY_REFUSED, 0, "not a mail address");
  mailer->mime = g_bytes_get_data (mime, &mailer->left);
  mailer->stage = STAGE_OTHER;
  mailer->closing = FALSE;
  g_string_truncate (mailer->reply, 0);
  recipients = curl_slist_append (recipients, to);
  curl_easy_setopt (mailer->curl, CURLOPT_MAIL_FROM, from);
  curl_easy_setopt (mailer->curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt (mailer->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t) mailer->left);
  result = curl_easy_perform (mailer->curl);
  delivery = judge (mailer, result);
  curl_easy_setopt (mailer->curl, CURLOPT_MAIL_RCPT, NULL);
  curl_slist_free_all (recipients);
  g_debug ("mail handed over: state %d, code %d", (int) delivery->state, delivery->code);
  return delivery;
}

void
mm_mailer_abort (MmMailer *mailer)
{
  atomic_store (&mailer->aborted, TRUE);
}

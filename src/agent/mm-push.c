/* libcurl's easy interface with one handle, so that the connection is kept; or, for mm-push-pool.c,
 * the two halves before and after a transfer that somebody else drives. The thread that made it. */
#define G_LOG_DOMAIN "mm-push"

#include "mm-push-private.h"

#include "mm-clock.h"
#include "mm-time.h"

#include <gio/gio.h>
#include <jansson.h>
#include <string.h>
#include <zlib.h>

#define CONNECT_TIMEOUT_S 10L
#define TIMEOUT_S 60L
#define STOP_GRACE (5 * MM_SECOND) /* for the answer to a push under way */
#define MAX_ANSWER (1024 * 1024)
#define MAX_RETRY_AFTER_S 3600
#define MAX_REFUSAL_TEXT 200

struct _MmPush
{
  CURL *curl;
  struct curl_slist *headers;
  GByteArray *packed; /* the body under way, or NULL */
  GByteArray *received;
  MmStop *stop;
  gint64 stop_seen; /* monotonic time, 0 while nobody wants a stop */
};

void
mm_push_counts_add (MmPushCounts *sum, const MmPushCounts *more)
{
  sum->stored += more->stored;
  sum->duplicates += more->duplicates;
  sum->corrected += more->corrected;
  sum->late += more->late;
  sum->quarantined += more->quarantined;
  sum->refused += more->refused;
}

void
mm_push_answer_clear (MmPushAnswer *answer)
{
  g_clear_pointer (&answer->reason, g_free);
  g_clear_pointer (&answer->refusals, g_ptr_array_unref);
}

static size_t
on_received (char *data, size_t size, size_t n, void *user_data)
{
  MmPush *push = user_data;

  if (push->received->len + n > MAX_ANSWER)
    return 0;
  g_byte_array_append (push->received, (const guint8 *) data, (guint) n);
  return n;
}

static int
on_progress (void *user_data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  MmPush *push = user_data;

  if (push->stop == NULL || !mm_stop_wanted (push->stop))
    return 0;
  if (push->stop_seen == 0)
    push->stop_seen = g_get_monotonic_time ();
  return g_get_monotonic_time () - push->stop_seen > STOP_GRACE;
}

static void
set_options (MmPush *push, const char *url, const char *ca)
{
  CURL *curl = push->curl;

  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_POST, 1L);
  curl_easy_setopt (curl, CURLOPT_USERAGENT, "mimamori-gateway/" MM_VERSION);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, TIMEOUT_S);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_received);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, push);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, push);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  if (ca != NULL)
    curl_easy_setopt (curl, CURLOPT_CAINFO, ca);
}

void
mm_push_set_key (MmPush *push, const char *key)
{
  g_autofree char *authorization = g_strconcat ("Authorization: Token ", key, NULL);

  curl_slist_free_all (push->headers);
  push->headers = curl_slist_append (NULL, authorization);
  push->headers = curl_slist_append (push->headers, "Content-Type: application/json");
  push->headers = curl_slist_append (push->headers, "Content-Encoding: gzip");
  push->headers = curl_slist_append (push->headers, "Accept: application/json");
  /* A small body is sent at once instead of after a question. */
  push->headers = curl_slist_append (push->headers, "Expect:");
  curl_easy_setopt (push->curl, CURLOPT_HTTPHEADER, push->headers);
}

CURL *
mm_push_handle (MmPush *push)
{
  return push->curl;
}

MmPush *
mm_push_new (const char *server, const char *key, const char *ca, MmStop *stop, GError **error)
{
  g_autoptr (MmPush) push = NULL;
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, error);
  g_autofree char *base = NULL;
  g_autofree char *url = NULL;

  if (uri == NULL)
    {
      g_prefix_error (error, "server address \"%s\": ", server);
      return NULL;
    }
  if ((strcmp (g_uri_get_scheme (uri), "http") != 0
       && strcmp (g_uri_get_scheme (uri), "https") != 0)
      || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL
      || g_uri_get_fragment (uri) != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "server address \"%s\": not http://HOST[:PORT] or https://HOST[:PORT]", server);
      return NULL;
    }
  base = g_strdup (server);
  while (g_str_has_suffix (base, "/"))
    base[strlen (base) - 1] = '\0';
  url = g_strconcat (base, "/ingest/v1", NULL);

  curl_global_init (CURL_GLOBAL_DEFAULT);
  push = g_new0 (MmPush, 1);
  push->received = g_byte_array_new ();
  push->stop = stop;
  push->curl = curl_easy_init ();
  if (push->curl == NULL)
    g_error ("curl_easy_init failed");
  set_options (push, url, ca);
  mm_push_set_key (push, key);
  return g_steal_pointer (&push);
}

void
mm_push_free (MmPush *push)
{
  curl_easy_cleanup (push->curl);
  curl_slist_free_all (push->headers);
  g_clear_pointer (&push->packed, g_byte_array_unref);
  g_byte_array_unref (push->received);
  g_free (push);
  curl_global_cleanup ();
}

/* @body with "sent" as its first member, compressed. */
static GByteArray *
compress_body (const char *body, gsize length, gint64 now)
{
  g_autofree char *sent = mm_time_format (now);
  g_autofree char *head
      = g_strdup_printf (length > 2 ? "{\"sent\":\"%s\"," : "{\"sent\":\"%s\"", sent);
  GByteArray *packed = g_byte_array_new ();
  z_stream stream = { 0 };

  if (deflateInit2 (&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8,
                    Z_DEFAULT_STRATEGY)
      != Z_OK)
    g_error ("deflateInit2 failed");
  g_byte_array_set_size (packed, (guint) (deflateBound (&stream, strlen (head) + length) + 32));
  stream.next_out = packed->data;
  stream.avail_out = packed->len;
  stream.next_in = (Bytef *) head;
  stream.avail_in = (uInt) strlen (head);
  deflate (&stream, Z_NO_FLUSH);
  stream.next_in = (Bytef *) body + 1; /* behind the opening brace */
  stream.avail_in = (uInt) (length - 1);
  if (deflate (&stream, Z_FINISH) != Z_STREAM_END)
    g_error ("deflate failed");
  g_byte_array_set_size (packed, (guint) stream.total_out);
  deflateEnd (&stream);
  return packed;
}

/* What the server wrote, fit for a terminal. */
static char *
clean (json_t *text)
{
  const char *from = json_string_value (text);
  char *cleaned;

  if (from == NULL)
    return g_strdup ("?");
  cleaned = g_utf8_substring (from, 0, MIN (g_utf8_strlen (from, -1), MAX_REFUSAL_TEXT));
  for (char *at = cleaned; *at != '\0'; at = g_utf8_next_char (at))
    {
      if ((guchar) *at < 0x20 || (guchar) *at == 0x7f)
        *at = ' ';
    }
  return cleaned;
}

static void
take_refusals (json_t *refused, MmPushAnswer *answer)
{
  gsize index;
  json_t *one;

  answer->refusals = g_ptr_array_new_with_free_func (g_free);
  json_array_foreach (refused, index, one)
    {
      g_autofree char *field = clean (json_object_get (one, "field"));
      g_autofree char *code = clean (json_object_get (one, "code"));
      g_autofree char *detail = clean (json_object_get (one, "detail"));

      g_ptr_array_add (answer->refusals, g_strdup_printf ("%s: %s (%s)", field, detail, code));
    }
  answer->counts.refused = (gint64) json_array_size (refused);
}

/* The counts of a 200. FALSE if this is not our server's answer: a captive portal or a proxy also
 * says 200, and has stored nothing. */
static gboolean
take_counts (const GByteArray *received, MmPushAnswer *answer)
{
  json_t *root
      = json_loadb ((const char *) received->data, received->len, JSON_REJECT_DUPLICATES, NULL);
  json_t *stored = json_object_get (root, "stored");
  json_t *duplicates = json_object_get (root, "duplicates");
  gboolean ours = json_is_integer (stored) && json_is_integer (duplicates);

  if (ours)
    {
      answer->counts.stored = json_integer_value (stored);
      answer->counts.duplicates = json_integer_value (duplicates);
      answer->counts.corrected = json_integer_value (json_object_get (root, "corrected"));
      answer->counts.late = json_integer_value (json_object_get (root, "late"));
      answer->counts.quarantined = json_integer_value (json_object_get (root, "quarantined"));
      take_refusals (json_object_get (root, "refused"), answer);
    }
  json_decref (root);
  return ours;
}

static void
judge (MmPush *push, long status, MmPushAnswer *answer)
{
  curl_off_t retry_after = 0;

  if (curl_easy_getinfo (push->curl, CURLINFO_RETRY_AFTER, &retry_after) == CURLE_OK)
    answer->retry_after_s = (guint) CLAMP (retry_after, 0, MAX_RETRY_AFTER_S);

  if (status == 200 && take_counts (push->received, answer))
    {
      answer->outcome = MM_PUSH_DONE;
      return;
    }
  answer->reason = g_strdup_printf ("the server answered %ld", status);
  if (status == 400 || status == 413 || status == 422)
    answer->outcome = MM_PUSH_REFUSED;
  else if (status == 401 || status == 403)
    {
      answer->outcome = MM_PUSH_DENIED;
      g_free (answer->reason);
      answer->reason = g_strdup_printf ("the server does not accept the key (%ld)", status);
    }
  else if (status == 408 || status == 429 || status >= 500)
    answer->outcome = MM_PUSH_RETRY;
  else
    {
      /* 200 with another body, a redirection, 404: this is no Mimamori server. */
      answer->outcome = MM_PUSH_DENIED;
      g_free (answer->reason);
      answer->reason = g_strdup_printf ("no Mimamori server answers at this address (%ld)", status);
    }
}

void
mm_push_begin (MmPush *push, const char *body, gsize length, gint64 now)
{
  g_return_if_fail (length >= 2 && body[0] == '{' && push->packed == NULL);
  push->packed = compress_body (body, length, now);
  g_byte_array_set_size (push->received, 0);
  curl_easy_setopt (push->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) push->packed->len);
  curl_easy_setopt (push->curl, CURLOPT_POSTFIELDS, push->packed->data);
}

void
mm_push_end (MmPush *push, CURLcode code, MmPushAnswer *answer)
{
  long status = 0;

  memset (answer, 0, sizeof *answer);
  curl_easy_setopt (push->curl, CURLOPT_POSTFIELDS, NULL);
  g_clear_pointer (&push->packed, g_byte_array_unref);
  if (code == CURLE_ABORTED_BY_CALLBACK)
    answer->outcome = MM_PUSH_STOPPED;
  else if (code != CURLE_OK)
    answer->outcome = MM_PUSH_RETRY;
  else
    {
      curl_easy_getinfo (push->curl, CURLINFO_RESPONSE_CODE, &status);
      judge (push, status, answer);
      return;
    }
  answer->reason = g_strdup (curl_easy_strerror (code));
}

void
mm_push_send (MmPush *push, const char *body, gsize length, gint64 now, MmPushAnswer *answer)
{
  mm_push_begin (push, body, length, now);
  mm_push_end (push, curl_easy_perform (push->curl), answer);
}

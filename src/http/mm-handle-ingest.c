/* On the listener's thread (a worker for large pushes) until the push is queued; the answer is
 * given on the writer's thread once the push is on disk.
 *
 * What decides whether clients lose data (docs: how InfluxDB's clients read statuses): on /write
 * only 204 is success, any 4xx drops the batch for good and anything else is sent again. So our own
 * trouble is always 503, and the good lines of a batch are kept even when it is answered with 400.
 */
#define G_LOG_DOMAIN "mm-http"

#include "mm-handle-ingest.h"

#include "mm-error.h"
#include "mm-fronius-json.h"
#include "mm-inflate.h"
#include "mm-ingesting.h"
#include "mm-line-protocol.h"
#include "mm-live.h"
#include "mm-mappings.h"
#include "mm-push-json.h"
#include "mm-quantity.h"
#include "mm-remote-write.h"
#include "mm-secret.h"
#include "mm-snappy.h"

#include <string.h>

/* A compressed body may unpack to this much. */
#define MAX_INFLATED (32 * 1024 * 1024)

/* Which form answers take. */
typedef enum
{
  FORM_NATIVE,
  FORM_V1,
  FORM_V2,
} Form;

static Form
form_of (MmExchange *x)
{
  const char *path = mm_exchange_path (x);

  if (g_str_has_prefix (path, "/ingest/"))
    return FORM_NATIVE;
  return g_str_has_prefix (path, "/api/v2/") ? FORM_V2 : FORM_V1;
}

/* ---- answers ---- */

static const char *
v2_code (guint status)
{
  switch (status)
    {
    case 401:
      return "unauthorized";
    case 413:
      return "request too large";
    case 503:
      return "unavailable";
    default:
      return "invalid";
    }
}

/* An error as InfluxDB 1.x or 2.x words it. @lines: taken, or NULL */
static void
answer_influx_lines (MmExchange *x, guint status, const char *message, json_t *lines)
{
  json_t *body;

  if (form_of (x) == FORM_V2)
    body = json_pack ("{s:s, s:s}", "code", v2_code (status), "message", message);
  else
    {
      g_autofree char *header = g_strndup (message, 200);

      /* It may show the beginning of a line, which may hold anything. */
      for (char *c = header; *c != '\0'; c++)
        if (!g_ascii_isprint (*c))
          *c = '?';
      mm_exchange_set_header (x, "X-Influxdb-Error", header);
      body = json_pack ("{s:s}", "error", message);
    }
  if (lines != NULL)
    json_object_set_new (body, "lines", lines);
  mm_exchange_answer_json (x, status, body);
}

static void
answer_influx (MmExchange *x, guint status, const char *message)
{
  answer_influx_lines (x, status, message, NULL);
}

static guint
influx_status (const GError *error)
{
  if (error->domain == MM_ERROR && error->code == MM_ERROR_INVALID)
    return 400;
  if (error->domain == MM_ERROR && error->code == MM_ERROR_TOO_LARGE)
    return 413;
  return 503;
}

/* InfluxDB's JavaScript client takes the seconds of Retry-After for milliseconds: told "1", it uses
 * up its five tries at once and drops the lines. */
static guint
retry_after (MmExchange *x, const GError *error)
{
  const char *client = mm_exchange_header (x, "User-Agent");
  guint seconds = MAX (1u, mm_error_retry_after (error));

  return client != NULL && g_str_has_prefix (client, "influxdb-client-js/") ? seconds * 1000
                                                                            : seconds;
}

static void
answer_error (MmExchange *x, const GError *error)
{
  guint status = influx_status (error);

  if (form_of (x) == FORM_NATIVE)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  if (status == 503)
    {
      g_autofree char *seconds = g_strdup_printf ("%u", retry_after (x, error));

      mm_exchange_set_header (x, "Retry-After", seconds);
    }
  answer_influx (x, status, error->message);
}

static void
answer_unauthorised (MmExchange *x)
{
  g_autoptr (GError) error = NULL;

  /* A Datamanager has a user and a password, and may wait to be asked. */
  mm_exchange_set_header (x, "WWW-Authenticate",
                          g_str_equal (mm_exchange_path (x), "/ingest/fronius")
                              ? "Basic realm=\"mimamori\""
                              : "Token");
  if (form_of (x) != FORM_NATIVE)
    {
      answer_influx (x, 401, "authorization failed");
      return;
    }
  mm_error_set (&error, MM_ERROR_UNAUTHENTICATED, "bad-key",
                "This key is not known. Check the gateway's key.");
  mm_exchange_answer_error (x, error);
}

/* ---- who ---- */

/* The key of "Basic": the user is the gateway's ID, which must fit; anything else is no key. */
static char *
basic_key (const char *encoded, char **user)
{
  gsize length;
  g_autofree guchar *decoded = g_base64_decode (encoded, &length);
  g_autofree char *text = g_strndup ((const char *) decoded, length);
  char *colon = strchr (text, ':');

  if (colon == NULL)
    return NULL;
  *user = g_strndup (text, (gsize) (colon - text));
  return g_strdup (colon + 1);
}

static char *
key_of (MmExchange *x, char **user)
{
  const char *header = mm_exchange_header (x, "Authorization");

  if (header == NULL)
    {
      *user = g_strdup (mm_exchange_query (x, "u"));
      return g_strdup (mm_exchange_query (x, "p"));
    }
  if (g_ascii_strncasecmp (header, "Token ", 6) == 0)
    {
      /* Clients of 1.8 say "Token user:password". */
      const char *colon = strchr (header, ':');

      if (colon == NULL)
        return g_strstrip (g_strdup (header + 6));
      *user = g_strstrip (g_strndup (header + 6, (gsize) (colon - header - 6)));
      return g_strdup (colon + 1);
    }
  if (g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    return g_strstrip (g_strdup (header + 7));
  if (g_ascii_strncasecmp (header, "Basic ", 6) == 0)
    return basic_key (header + 6, user);
  return NULL;
}

static gboolean
user_fits (MmContext *context, gint64 gateway, const char *user)
{
  const MmLiveGateway *live;
  gboolean fits;

  if (user == NULL || *user == '\0')
    return TRUE;
  mm_live_lock (context->live);
  live = mm_live_get (context->live, gateway);
  fits = live != NULL && g_str_equal (live->public_id, user);
  mm_live_unlock (context->live);
  return fits;
}

gboolean
mm_ingest_admit (MmExchange *x, MmContext *context)
{
  g_autofree char *user = NULL;
  g_autofree char *key = key_of (x, &user);
  g_autoptr (GError) error = NULL;
  guint8 hash[MM_SECRET_HASH_BYTES];
  gint64 gateway = 0;

  if (key != NULL)
    {
      mm_secret_hash (key, hash);
      gateway = mm_live_find_key (context->live, hash);
    }
  if (gateway == 0 || !user_fits (context, gateway, user))
    {
      answer_unauthorised (x);
      return FALSE;
    }
  if (!mm_ingesting_admit (context, gateway, form_of (x) == FORM_NATIVE, &error))
    {
      /* 429 is only for those of whom we know that they come again. */
      if (!g_str_equal (mm_exchange_path (x), "/ingest/v1"))
        error->code = MM_ERROR_BUSY;
      answer_error (x, error);
      return FALSE;
    }
  mm_exchange_set_principal (x, GSIZE_TO_POINTER ((gsize) gateway), NULL);
  return TRUE;
}

/* ---- the body ---- */

/* The body without its content encoding; @inflated keeps it alive. */
static const char *
plain_body (MmExchange *x, GByteArray **inflated, gsize *length, GError **error)
{
  const char *encoding = mm_exchange_header (x, "Content-Encoding");
  const char *body = mm_exchange_body (x, length);

  if (encoding == NULL || g_ascii_strcasecmp (encoding, "identity") == 0)
    return body;
  if (g_ascii_strcasecmp (encoding, "gzip") != 0 && g_ascii_strcasecmp (encoding, "deflate") != 0)
    {
      mm_error_set (error, MM_ERROR_INVALID, "bad-encoding",
                    "Content-Encoding must be gzip, deflate or identity.");
      return NULL;
    }
  *inflated = mm_inflate ((const guint8 *) body, *length, MAX_INFLATED, error);
  if (*inflated == NULL)
    return NULL;
  *length = (*inflated)->len;
  return (const char *) (*inflated)->data;
}

static void
submit (MmExchange *x, MmContext *context, MmBatch *batch, MmIngestDone done)
{
  g_autoptr (GError) error = NULL;
  gint64 gateway = (gint64) GPOINTER_TO_SIZE (mm_exchange_principal (x));

  mm_exchange_defer (x);
  if (mm_ingesting_submit (context, gateway, batch, mm_clock_now (context->clock), done, x, &error))
    return;
  answer_error (x, error);
  mm_exchange_finish (x);
}

/* ---- native ---- */

static json_t *
refusals_json (const MmBatch *batch)
{
  json_t *array = json_array ();

  for (guint i = 0; i < batch->refusals->len; i++)
    {
      const MmRefusal *refusal = &g_array_index (batch->refusals, MmRefusal, i);

      json_array_append_new (array, json_pack ("{s:i, s:s, s:s, s:s}", "index",
                                               (int) refusal->index, "field", refusal->field,
                                               "code", refusal->code, "detail", refusal->detail));
    }
  return array;
}

static void
push_done (const MmBatch *batch, const MmIngestCounts *counts, const GError *error, gpointer data)
{
  MmExchange *x = data;

  if (error != NULL)
    answer_error (x, error);
  else
    mm_exchange_answer_json (
        x, 200,
        json_pack ("{s:i, s:i, s:i, s:i, s:i, s:i, s:o, s:[]}", "stored", (int) counts->stored,
                   "duplicates", (int) counts->duplicates, "corrected", (int) counts->corrected,
                   "late", (int) counts->late, "quarantined", (int) counts->quarantined,
                   "n_refused", (int) batch->n_refused, "refused", refusals_json (batch),
                   "commands"));
  mm_exchange_finish (x);
}

void
mm_handle_push (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) inflated = NULL;
  gsize length;
  const char *body = plain_body (x, &inflated, &length, &error);
  MmBatch *batch = body != NULL ? mm_push_json_parse (body, length, &error) : NULL;

  if (batch == NULL)
    answer_error (x, error);
  else
    submit (x, context, batch, push_done);
}

/* ---- Fronius ---- */

void
mm_handle_fronius (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) inflated = NULL;
  g_autoptr (MmMapping) mapping = mm_mappings_get (((MmContext *) context)->mappings);
  gsize length;
  const char *body = plain_body (x, &inflated, &length, &error);
  MmBatch *batch = body != NULL ? mm_fronius_json_parse (body, length, mapping, &error) : NULL;

  if (batch == NULL)
    answer_error (x, error);
  else
    submit (x, context, batch, push_done);
}

/* ---- line protocol ---- */

static gboolean
known_quantity (const char *name, gsize length)
{
  char text[MM_NAME_MAX_BYTES + 1];

  if (length > MM_NAME_MAX_BYTES)
    return FALSE;
  memcpy (text, name, length);
  text[length] = '\0';
  return mm_quantity_find (text) != NULL;
}

/* All that was refused is told in one message, as InfluxDB does: the first of it and how many. Some
 * lines may be right but for what became of them later (too many series): that is a refusal as
 * well.
 */
static char *
partial_write_message (const MmBatch *batch, const MmIngestCounts *counts)
{
  const MmRefusal *first = &g_array_index (batch->refusals, MmRefusal, 0);
  gboolean partial = counts->stored + counts->corrected + counts->duplicates > 0;

  return g_strdup_printf ("%sline %u: %s dropped=%u", partial ? "partial write: " : "",
                          first->index + 1, first->detail, batch->n_refused);
}

/* Which lines, and why: for those who read more than the message. */
static json_t *
lines_json (const MmBatch *batch)
{
  json_t *lines = json_array ();

  for (guint i = 0; i < batch->refusals->len; i++)
    {
      const MmRefusal *refusal = &g_array_index (batch->refusals, MmRefusal, i);

      json_array_append_new (lines, json_pack ("{s:i, s:s, s:s}", "line", (int) refusal->index + 1,
                                               "code", refusal->code, "detail", refusal->detail));
    }
  return lines;
}

static void
write_done (const MmBatch *batch, const MmIngestCounts *counts, const GError *error, gpointer data)
{
  MmExchange *x = data;

  if (error != NULL)
    answer_error (x, error);
  else if (batch->n_refused > 0)
    {
      g_autofree char *message = partial_write_message (batch, counts);

      answer_influx_lines (x, 400, message, lines_json (batch));
    }
  else
    mm_exchange_answer (x, 204, NULL, NULL);
  mm_exchange_finish (x);
}

void
mm_handle_write (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) inflated = NULL;
  gint64 precision;
  gsize length;
  const char *body = plain_body (x, &inflated, &length, &error);
  g_autoptr (MmMapping) mapping = NULL;
  MmBatch *batch;

  if (body == NULL)
    {
      answer_error (x, error);
      return;
    }
  if (!mm_line_precision_parse (mm_exchange_query (x, "precision"), &precision))
    {
      answer_influx (x, 400, "invalid precision: use n, ns, u, us, ms, s, m or h");
      return;
    }
  batch = mm_batch_new ();
  mapping = mm_mappings_get (((MmContext *) context)->mappings);
  mm_line_protocol_parse (batch, body, length, precision, known_quantity, mapping);
  submit (x, context, batch, write_done);
}

void
mm_handle_ping (MmExchange *x, gpointer context)
{
  mm_exchange_set_header (x, "X-Influxdb-Version", "1.8.0");
  mm_exchange_set_header (x, "X-Influxdb-Build", "OSS");
  mm_exchange_answer (x, 204, NULL, NULL);
}

void
mm_handle_query (MmExchange *x, gpointer context)
{
  /* Clients make their database first; there is nothing to make. */
  mm_exchange_answer_json (x, 200, json_pack ("{s:[{s:i}]}", "results", "statement_id", 0));
}

/* ---- remote write ---- */

static void
remote_write_done (const MmBatch *batch,
                   const MmIngestCounts *counts,
                   const GError *error,
                   gpointer data)
{
  MmExchange *x = data;

  /* What was refused is in the quarantine: sent again it would be refused again, and the sender
   * drops all of it on 400. */
  if (error != NULL)
    answer_error (x, error);
  else
    mm_exchange_answer (x, 204, NULL, NULL);
  mm_exchange_finish (x);
}

void
mm_handle_remote_write (MmExchange *x, gpointer context)
{
  const char *encoding = mm_exchange_header (x, "Content-Encoding");
  g_autoptr (MmMapping) mapping = mm_mappings_get (((MmContext *) context)->mappings);
  g_autoptr (GByteArray) plain = NULL;
  g_autoptr (GError) error = NULL;
  MmBatch *batch = NULL;
  gsize length;
  const char *body = mm_exchange_body (x, &length);

  if (encoding == NULL || g_ascii_strcasecmp (encoding, "snappy") != 0)
    mm_error_set (&error, MM_ERROR_INVALID, "bad-encoding", "Content-Encoding must be snappy.");
  else
    plain = mm_snappy_unpack ((const guint8 *) body, length, MAX_INFLATED, &error);
  if (plain != NULL)
    batch = mm_remote_write_parse (plain->data, plain->len, known_quantity, mapping, &error);
  if (batch == NULL)
    answer_error (x, error);
  else
    submit (x, context, batch, remote_write_done);
}

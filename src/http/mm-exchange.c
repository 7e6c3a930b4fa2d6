/* An exchange's request is read lazily from the library's memory, which stays as long as the
 * request; only the body and what a handler asks for is copied. */
#define G_LOG_DOMAIN "mm-http"

#include "mm-connection.h"
#include "mm-exchange-private.h"
#include "mm-form.h"
#include "mm-problem.h"
#include "mm-stream-private.h"

#include "mm-error.h"
#include "mm-language.h"

#include <string.h>

#define FORM_FIELDS 100
#define JSON_DEPTH 16
#define KEPT_BODY 4096 /* a connection keeps a buffer up to this between requests */

/* ---- the request ---------------------------------------------------------------------------- */

/* Keeps @text until the exchange is over. */
static const char *
keep (MmExchange *x, char *text)
{
  if (x->kept == NULL)
    x->kept = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (x->kept, text);
  return text;
}

const char *
mm_exchange_method (MmExchange *x)
{
  return x->method;
}

const char *
mm_exchange_path (MmExchange *x)
{
  return x->path;
}

typedef struct
{
  const char *name;
  const char *value;
} QuerySearch;

static enum MHD_Result
match_query (void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  QuerySearch *search = data;

  if (strcmp (name, search->name) != 0)
    return MHD_YES;
  search->value = value != NULL ? value : "";
  return MHD_NO;
}

const char *
mm_exchange_query (MmExchange *x, const char *name)
{
  QuerySearch search = { name, NULL };

  /* The library's own lookup ignores case. */
  if (x->connection != NULL)
    MHD_get_connection_values (x->connection, MHD_GET_ARGUMENT_KIND, match_query, &search);
  return search.value;
}

const char *
mm_exchange_header (MmExchange *x, const char *name)
{
  const char *value;
  gsize length;

  if (x->connection == NULL)
    return NULL;
  value = MHD_lookup_connection_value (x->connection, MHD_HEADER_KIND, name);
  if (value == NULL)
    return NULL;
  /* Leading blanks are gone already. */
  length = strlen (value);
  if (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
    return keep (x, g_strchomp (g_strdup (value)));
  return value;
}

/* RFC 6265 §5.4: name=value pairs divided by "; ". */
const char *
mm_exchange_cookie (MmExchange *x, const char *name)
{
  const char *pair = mm_exchange_header (x, "Cookie");
  gsize length = strlen (name);

  while (pair != NULL)
    {
      gsize size;

      pair += strspn (pair, "; \t");
      size = strcspn (pair, ";");
      if (size > length && pair[length] == '=' && strncmp (pair, name, length) == 0)
        return keep (x, g_strchomp (g_strndup (pair + length + 1, size - length - 1)));
      pair = pair[size] == ';' ? pair + size : NULL;
    }
  return NULL;
}

const char *
mm_exchange_param (MmExchange *x, const char *name)
{
  for (guint i = 0; i < MM_EXCHANGE_PARAMS && x->param_names[i] != NULL; i++)
    if (strcmp (x->param_names[i], name) == 0)
      return x->param_values[i];
  return NULL;
}

const char *
mm_exchange_body (MmExchange *x, gsize *length)
{
  if (length != NULL)
    *length = x->length;
  return x->body != NULL ? x->body : "";
}

/* What a buffer counts in the memory of all bodies. */
static gsize
counted (gsize capacity)
{
  return capacity > KEPT_BODY ? capacity : 0;
}

char *
mm_exchange_reserve (MmExchange *x, gsize length, gsize most)
{
  gsize needed = x->length + length + 1;
  gsize capacity = MAX (needed, MIN (x->capacity * 2, most + 1));

  if (needed > x->capacity)
    {
      if (!mm_connection_take_memory (x->peer, counted (capacity) - counted (x->capacity)))
        return NULL;
      x->capacity = capacity;
      x->body = g_realloc (x->body, capacity);
    }
  return x->body + x->length;
}

void
mm_exchange_drop_body (MmExchange *x)
{
  mm_connection_give_memory (x->peer, counted (x->capacity));
  g_clear_pointer (&x->body, g_free);
  x->capacity = 0;
  x->length = 0;
}

static void
parse_form (MmExchange *x)
{
  const char *type = mm_exchange_header (x, "Content-Type");
  const char *body;
  gsize length;

  if (x->form != NULL || x->form_code != NULL)
    return;
  body = mm_exchange_body (x, &length);
  if (type == NULL || g_ascii_strncasecmp (type, "application/x-www-form-urlencoded", 33) != 0
      || (type[33] != '\0' && strchr ("; \t", type[33]) == NULL))
    x->form_code = "form-type";
  else
    x->form = mm_form_parse (body, length, FORM_FIELDS, &x->form_code);
}

gboolean
mm_exchange_form_check (MmExchange *x, GError **error)
{
  parse_form (x);
  if (x->form != NULL)
    return TRUE;
  return mm_error_set (error, MM_ERROR_INVALID, x->form_code, N_ ("The form could not be read."));
}

const char *
mm_exchange_form (MmExchange *x, const char *name)
{
  parse_form (x);
  for (guint i = x->form != NULL ? x->form->len : 0; i > 0; i -= 2)
    if (strcmp (x->form->pdata[i - 2], name) == 0)
      return x->form->pdata[i - 1];
  return NULL;
}

const char **
mm_exchange_form_all (MmExchange *x, const char *name)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();

  parse_form (x);
  for (guint i = 0; x->form != NULL && i < x->form->len; i += 2)
    if (strcmp (x->form->pdata[i], name) == 0)
      g_ptr_array_add (values, x->form->pdata[i + 1]);
  g_ptr_array_add (values, NULL);
  return (const char **) g_ptr_array_free (g_steal_pointer (&values), FALSE);
}

/* The library's own bound (2048) is on its recursion, not on what we accept. */
static gboolean
json_too_deep (const char *text, gsize length)
{
  guint depth = 0;
  gboolean string = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        string = !string;
      else if (!string && (text[i] == '[' || text[i] == '{') && ++depth > JSON_DEPTH)
        return TRUE;
      else if (!string && (text[i] == ']' || text[i] == '}') && depth > 0)
        depth--;
    }
  return FALSE;
}

json_t *
mm_exchange_json (MmExchange *x, GError **error)
{
  json_error_t where;
  gsize length;
  const char *body = mm_exchange_body (x, &length);
  json_t *json = NULL;

  if (!json_too_deep (body, length))
    json = json_loadb (body, length, JSON_REJECT_DUPLICATES, &where);
  if (json == NULL)
    mm_error_set (error, MM_ERROR_INVALID, "json", N_ ("The request is not valid JSON."));
  return json;
}

const char *
mm_exchange_peer (MmExchange *x)
{
  if (x->address == NULL)
    x->address
        = mm_connection_address (x->peer, mm_connection_is_proxy (x->peer) ? x->connection : NULL);
  return x->address;
}

gint64
mm_exchange_peer_uid (MmExchange *x)
{
  return x->peer != NULL ? mm_connection_uid (x->peer) : -1;
}

gboolean
mm_exchange_secure (MmExchange *x)
{
  const char *proto;

  if (x->peer == NULL)
    return FALSE;
  if (mm_connection_is_tls (x->peer))
    return TRUE;
  if (!mm_connection_is_proxy (x->peer))
    return FALSE;
  proto = mm_exchange_header (x, "X-Forwarded-Proto");
  return proto != NULL && g_ascii_strcasecmp (proto, "https") == 0;
}

void
mm_exchange_set_principal (MmExchange *x, gpointer principal, GDestroyNotify destroy)
{
  if (x->principal_destroy != NULL && x->principal != NULL)
    x->principal_destroy (x->principal);
  x->principal = principal;
  x->principal_destroy = destroy;
}

gpointer
mm_exchange_principal (MmExchange *x)
{
  return x->principal;
}

void
mm_exchange_set_language (MmExchange *x, const MmLanguage *language)
{
  x->language = language;
}

const MmLanguage *
mm_exchange_language (MmExchange *x)
{
  return x->language;
}

/* ---- the answer ----------------------------------------------------------------------------- */

static void
header_clear (gpointer data)
{
  MmExchangeHeader *header = data;

  g_free (header->name);
  g_free (header->value);
}

void
mm_exchange_set_header (MmExchange *x, const char *name, const char *value)
{
  MmExchangeHeader header;

  for (const char *c = value; *c != '\0'; c++)
    g_return_if_fail ((guchar) *c >= 0x20 && *c != 0x7f);

  if (x->headers == NULL)
    {
      x->headers = g_array_new (FALSE, FALSE, sizeof (MmExchangeHeader));
      g_array_set_clear_func (x->headers, header_clear);
    }
  for (guint i = 0; i < x->headers->len; i++)
    {
      MmExchangeHeader *old = &g_array_index (x->headers, MmExchangeHeader, i);

      if (g_ascii_strcasecmp (name, "Set-Cookie") != 0 && g_ascii_strcasecmp (old->name, name) == 0)
        {
          g_free (old->value);
          old->value = g_strdup (value);
          return;
        }
    }
  header.name = g_strdup (name);
  header.value = g_strdup (value);
  g_array_append_val (x->headers, header);
}

void
mm_exchange_answer (MmExchange *x, guint status, const char *content_type, GBytes *body)
{
  g_return_if_fail (x->status == 0);
  g_return_if_fail (body == NULL || content_type != NULL);

  x->status = status;
  x->content_type = content_type;
  x->content = body != NULL ? g_bytes_ref (body) : NULL;
}

void
mm_exchange_answer_text (MmExchange *x, guint status, const char *content_type, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  mm_exchange_answer (x, status, content_type, body);
}

static void
answer_document (MmExchange *x, guint status, const char *content_type, json_t *json)
{
  char *text = json_dumps (json, JSON_COMPACT);
  g_autoptr (GBytes) body = NULL;

  json_decref (json);
  /* Only text that is no UTF-8 or a loop can fail: a defect of the handler. */
  g_assert (text != NULL);
  body = g_bytes_new_with_free_func (text, strlen (text), free, text);
  mm_exchange_answer (x, status, content_type, body);
}

void
mm_exchange_answer_json (MmExchange *x, guint status, json_t *json)
{
  answer_document (x, status, MM_TYPE_JSON, json);
}

void
mm_exchange_redirect (MmExchange *x, guint status, const char *location)
{
  mm_exchange_set_header (x, "Location", location);
  mm_exchange_answer (x, status, NULL, NULL);
}

void
mm_exchange_answer_error (MmExchange *x, const GError *error)
{
  guint retry_after = mm_error_retry_after (error);

  if (mm_problem_status (error) == 500)
    g_warning ("request failed: %s", error->message);
  if (retry_after > 0)
    {
      char text[16];

      g_snprintf (text, sizeof text, "%u", retry_after);
      mm_exchange_set_header (x, "Retry-After", text);
    }
  answer_document (x, mm_problem_status (error), MM_TYPE_PROBLEM,
                   mm_problem_new (error, x->language));
}

void
mm_exchange_answer_problem (
    MmExchange *x, guint status, const char *title, const char *code, const char *sentence)
{
  const char *text = x->language != NULL ? mm_tr (x->language, sentence) : sentence;

  answer_document (x, status, MM_TYPE_PROBLEM, mm_problem_new_plain (status, title, code, text));
}

gboolean
mm_exchange_answered (MmExchange *x)
{
  return x->status != 0;
}

guint
mm_exchange_status (MmExchange *x)
{
  return x->status;
}

/* The answer to nearly every push: made once. */
static struct MHD_Response *
empty_response (void)
{
  static struct MHD_Response *response;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      response = MHD_create_response_from_buffer (0, NULL, MHD_RESPMEM_PERSISTENT);
      g_once_init_leave (&once, 1);
    }
  return response;
}

static void
unref_bytes (void *data)
{
  g_bytes_unref (data);
}

static void
add_headers (MmExchange *x, gboolean *cached)
{
  for (guint i = 0; x->headers != NULL && i < x->headers->len; i++)
    {
      const MmExchangeHeader *header = &g_array_index (x->headers, MmExchangeHeader, i);

      if (MHD_add_response_header (x->response, header->name, header->value) != MHD_YES)
        g_critical ("answer header %s refused", header->name);
      if (g_ascii_strcasecmp (header->name, "Cache-Control") == 0)
        *cached = TRUE;
    }
}

void
mm_exchange_build (MmExchange *x)
{
  gboolean cached = FALSE;

  if (x->response != NULL)
    return;
  if (x->status == 0)
    {
      g_autoptr (GError) error
          = mm_error_new (MM_ERROR_INTERNAL, "internal", "a handler gave no answer");
      mm_exchange_answer_error (x, error);
    }
  if (x->stream != NULL)
    x->response = mm_stream_response (x->stream);
  else if (x->content != NULL)
    {
      gsize size;
      const void *data = g_bytes_get_data (x->content, &size);

      x->response = MHD_create_response_from_buffer_with_free_callback_cls (
          size, (void *) data, unref_bytes, g_bytes_ref (x->content));
    }
  else if (x->headers == NULL)
    {
      x->response = empty_response ();
      return;
    }
  else
    x->response = MHD_create_response_from_buffer (0, NULL, MHD_RESPMEM_PERSISTENT);

  if (x->content_type != NULL)
    {
      MHD_add_response_header (x->response, "Content-Type", x->content_type);
      MHD_add_response_header (x->response, "X-Content-Type-Options", "nosniff");
    }
  add_headers (x, &cached);
  /* What we say depends on who asks: nobody in between keeps it unless the handler allows. */
  if (!cached)
    MHD_add_response_header (x->response, "Cache-Control", "no-store");
}

void
mm_exchange_reset (MmExchange *x)
{
  /* The empty response is shared and stays. */
  if (x->response != NULL && x->response != empty_response ())
    MHD_destroy_response (x->response);
  x->response = NULL;
  x->connection = NULL;
  x->status = 0;
  x->content_type = NULL;
  g_clear_pointer (&x->content, g_bytes_unref);
  g_clear_pointer (&x->headers, g_array_unref);
  g_clear_pointer (&x->stream, mm_stream_unref);
  if (counted (x->capacity) > 0)
    mm_exchange_drop_body (x);
  else if (x->body != NULL)
    x->body[0] = '\0';
  x->length = 0;
  x->route = NULL;
  for (guint i = 0; i < MM_EXCHANGE_PARAMS && x->param_names[i] != NULL; i++)
    {
      g_clear_pointer (&x->param_values[i], g_free);
      x->param_names[i] = NULL;
    }
  g_clear_pointer (&x->form, g_ptr_array_unref);
  x->form_code = NULL;
  g_clear_pointer (&x->kept, g_ptr_array_unref);
  g_clear_pointer (&x->address, g_free);
  mm_exchange_set_principal (x, NULL, NULL);
  x->language = NULL;
  x->suspended = FALSE;
}

void
mm_exchange_defer (MmExchange *x)
{
  /* The first one comes on the listener's thread, in run(): nobody else has @x yet. The library
   * counts a resume that overtakes the end of that call. */
  if (atomic_fetch_add (&x->owed, 1) == 0 && x->connection != NULL)
    {
      x->suspended = TRUE;
      mm_connection_suspended (x->peer, 1);
      MHD_suspend_connection (x->connection);
    }
}

void
mm_exchange_finish (MmExchange *x)
{
  MmConnection *peer = x->peer;

  if (atomic_fetch_sub (&x->owed, 1) != 1 || x->connection == NULL)
    return;
  /* Built here, not on the listener's thread, which has more to do. After the resume the exchange
   * may be gone. */
  mm_exchange_build (x);
  mm_connection_resume (peer, x->connection);
}

MmStream *
mm_exchange_stream (MmExchange *x, MmStreamRead read, gpointer data, GDestroyNotify destroy)
{
  g_return_val_if_fail (x->status == 0, NULL);

  x->status = 200;
  x->content_type = MM_TYPE_EVENTS;
  x->stream = mm_stream_new (x, read, data, destroy);
  return mm_stream_ref (x->stream);
}

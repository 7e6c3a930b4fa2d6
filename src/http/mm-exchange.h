/* One request and its answer.
 *
 * A handler reads the request, gives exactly one answer and returns. Nothing here knows the HTTP
 * library. An exchange belongs to one thread at a time: first the listener's, then (after
 * mm_exchange_defer()) whoever the caller hands it to. Strings and bytes of the request live until
 * the last mm_exchange_finish(), or until the handler returns if it did not defer.
 */
#pragma once

#include <gio/gio.h>
#include <jansson.h>

G_BEGIN_DECLS

typedef struct _MmExchange MmExchange;
typedef struct _MmStream MmStream;
typedef struct _MmLanguage MmLanguage;

/* Content types that answers use. */
#define MM_TYPE_TEXT "text/plain; charset=utf-8"
#define MM_TYPE_HTML "text/html; charset=utf-8"
#define MM_TYPE_JSON "application/json"
#define MM_TYPE_PROBLEM "application/problem+json"
#define MM_TYPE_EVENTS "text/event-stream"

/* ---- the request ---------------------------------------------------------------------------- */

/* "GET", "POST" … as sent. HEAD stays HEAD; its body is left out by the listener. */
const char *mm_exchange_method (MmExchange *x);

/* Percent-decoded, begins with "/", valid UTF-8, no control characters, no empty, "." or ".."
 * segments (a trailing slash is kept). */
const char *mm_exchange_path (MmExchange *x);

/* The first query parameter called @name (exact), decoded, valid UTF-8; NULL if absent. */
const char *mm_exchange_query (MmExchange *x, const char *name);

/* The first header called @name (case does not matter), without blanks around it; NULL if absent.
 * Framing headers and those that decide who somebody is cannot be there twice: see mm-guard.h. */
const char *mm_exchange_header (MmExchange *x, const char *name);

/* The first cookie called @name (exact); NULL if absent. Owned by the exchange. */
const char *mm_exchange_cookie (MmExchange *x, const char *name);

/* The path segment that the route calls {@name}; NULL if it has none of that name. */
const char *mm_exchange_param (MmExchange *x, const char *name);

/* The whole body as sent (Content-Encoding is not undone) with a NUL after its last byte.
 * @length: (out) (optional): bytes, at most what `begin` allowed. Never NULL. */
const char *mm_exchange_body (MmExchange *x, gsize *length);

/* Looks whether the body is a sound application/x-www-form-urlencoded form: at most 100 fields,
 * valid UTF-8, no NUL. Returns FALSE with %MM_ERROR_INVALID otherwise. */
gboolean mm_exchange_form_check (MmExchange *x, GError **error);

/* The last field called @name; NULL if absent or if the form is not sound. */
const char *mm_exchange_form (MmExchange *x, const char *name);

/* All values called @name in order; NULL-terminated, the strings stay the exchange's. Never NULL;
 * empty if absent or if the form is not sound. Free with g_free(). */
const char **mm_exchange_form_all (MmExchange *x, const char *name);

/* The body as strict JSON: no duplicate keys, no NUL, nesting of at most 16, nothing after it.
 * Returns a new reference, or NULL with %MM_ERROR_INVALID. */
json_t *mm_exchange_json (MmExchange *x, GError **error);

/* The peer's address as text ("192.0.2.1", "2001:db8::1", "unix"); behind a trusted proxy the
 * right-most forwarded address that is not a trusted proxy's. For limits and the audit, not for
 * logs: it is personal data. */
const char *mm_exchange_peer (MmExchange *x);

/* The user ID of the process at the other end of a Unix socket; -1 over TCP. */
gint64 mm_exchange_peer_uid (MmExchange *x);

/* TRUE if the request came over TLS to us or, as a trusted proxy says, to the proxy. */
gboolean mm_exchange_secure (MmExchange *x);

/* Who is asking: a slot for whoever finds that out. @destroy runs when the exchange is over or the
 * slot is set again. */
void mm_exchange_set_principal (MmExchange *x, gpointer principal, GDestroyNotify destroy);
gpointer mm_exchange_principal (MmExchange *x);

/* The language in which to answer (mm-language.h), for whoever chose it; NULL until then. It must
 * outlive the exchange. */
void mm_exchange_set_language (MmExchange *x, const MmLanguage *language);
const MmLanguage *mm_exchange_language (MmExchange *x);

/* ---- the answer ----------------------------------------------------------------------------- */

/* Adds a header to the answer, before or after it is given; replaces one of the same name, but
 * Set-Cookie, which may come more than once. @value must not contain control characters: with one
 * it is refused with a critical warning. */
void mm_exchange_set_header (MmExchange *x, const char *name, const char *value);

/* Answers with @body (NULL for none). @content_type must be static; NULL only without a body. */
void mm_exchange_answer (MmExchange *x, guint status, const char *content_type, GBytes *body);

/* Answers with a copy of @text. */
void mm_exchange_answer_text (MmExchange *x,
                              guint status,
                              const char *content_type,
                              const char *text);

/* Answers with @json, whose reference it takes. */
void mm_exchange_answer_json (MmExchange *x, guint status, json_t *json);

/* Answers with @status (303 …) and Location. */
void mm_exchange_redirect (MmExchange *x, guint status, const char *location);

/* Answers with the problem+json for @error (see mm-problem.h) in the exchange's language. */
void mm_exchange_answer_error (MmExchange *x, const GError *error);

/* The same for a status that no MmErrorKind stands for; @title is the status's own (RFC 9110),
 * @sentence an English message id. */
void mm_exchange_answer_problem (
    MmExchange *x, guint status, const char *title, const char *code, const char *sentence);

/* TRUE once an answer was given. */
gboolean mm_exchange_answered (MmExchange *x);

/* The status answered so far; 0 before. */
guint mm_exchange_status (MmExchange *x);

/* Says that the answer will be given by another thread, which then calls mm_exchange_finish().
 * Call it before @x is handed over. May nest: a handler that runs on a worker may defer again, and
 * the answer goes out after as many calls of mm_exchange_finish() as of mm_exchange_defer(). Not
 * allowed in `begin`. */
void mm_exchange_defer (MmExchange *x);

/* Sends the answer given before. Exactly once for each mm_exchange_defer(), from any thread; @x
 * must not be touched after it. Without an answer the client gets a 500. */
void mm_exchange_finish (MmExchange *x);

/* ---- streams (server-sent events) ------------------------------------------------------------ */

/* Writes what there is to send into @buffer, at most @size bytes (never fewer than 256).
 * Returns the bytes written; 0 if there is nothing now (only between whole events: a heartbeat may
 * follow); -1 if the stream is over. Runs on the listener's thread and must not block. */
typedef gssize (*MmStreamRead) (gpointer data, char *buffer, gsize size);

/* Answers 200 text/event-stream; @read gives its content whenever mm_stream_wake() says that there
 * is some, and once at the beginning. @destroy runs exactly once, on the listener's thread, when
 * the stream is over: client gone (noticed by the heartbeat at the latest), closed, or the listener
 * stopping. Returns a reference for the caller, to wake and close it; drop it with
 * mm_stream_unref(). */
MmStream *mm_exchange_stream (MmExchange *x,
                              MmStreamRead read,
                              gpointer data,
                              GDestroyNotify destroy);

/* Says that there is something to read. Any thread, any time, also after the end. */
void mm_stream_wake (MmStream *stream);

/* Ends the stream. Any thread, any time. What read() has not given yet is not sent. */
void mm_stream_close (MmStream *stream);

MmStream *mm_stream_ref (MmStream *stream);
void mm_stream_unref (MmStream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmStream, mm_stream_unref)

G_END_DECLS

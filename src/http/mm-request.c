#define G_LOG_DOMAIN "mm-http"

#include "mm-request.h"
#include "mm-guard.h"

#include "mm-error.h"
#include "mm-language.h"

#include <string.h>

#define FIRST_BODY 65536       /* a body declared longer gets its room as it arrives */
#define DRAINED_BODY 16384     /* a body up to this is read although its request is refused */
#define DISCARDED_BODY 1048576 /* at least so much of a body is read that is not kept */
#define RETRY_AFTER 5          /* seconds */

void *
mm_request_begin (void *data, const char *target, struct MHD_Connection *request)
{
  MmListener *listener = data;
  MmConnection *connection
      = MHD_get_connection_info (request, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

  connection->phase = MM_PHASE_HEADERS;
  connection->exchange.connection = request;
  connection->target_length = strlen (target);
  connection->refused = mm_guard_target (target);
  connection->limit = 0;
  connection->too_large = FALSE;
  connection->no_room = FALSE;
  connection->discarded = 0;
  mm_connection_set_timeout (connection, listener->header_timeout);
  return connection;
}

/* From here on a stop waits for the answer to be sent. */
static void
set_busy (MmConnection *connection)
{
  if (connection->busy)
    return;
  connection->busy = TRUE;
  atomic_fetch_add (&connection->set->busy, 1);
}

static enum MHD_Result
send_answer (MmListener *listener, MmConnection *connection)
{
  MmExchange *x = &connection->exchange;

  set_busy (connection);
  mm_exchange_build (x);
  mm_connection_set_timeout (connection, x->stream != NULL ? -1 : listener->answer_timeout);
  return MHD_queue_response (x->connection, x->status, x->response);
}

/* Answers with an error and says that the connection ends here. */
static enum MHD_Result
refuse (MmListener *listener,
        MmConnection *connection,
        MmErrorKind kind,
        const char *code,
        const char *sentence)
{
  g_autoptr (GError) error = mm_error_new (kind, code, sentence);

  /* The library drops an answer that is given while it is being stopped, and asks again. */
  if (mm_exchange_answered (&connection->exchange))
    return send_answer (listener, connection);
  if (kind == MM_ERROR_BUSY)
    mm_error_set_retry_after (error, RETRY_AFTER);
  mm_exchange_set_header (&connection->exchange, "Connection", "close");
  mm_exchange_answer_error (&connection->exchange, error);
  return send_answer (listener, connection);
}

static enum MHD_Result
refuse_too_large (MmListener *listener, MmConnection *connection)
{
  return refuse (listener, connection, MM_ERROR_TOO_LARGE, "too-large",
                 N_ ("The request is larger than allowed."));
}

static enum MHD_Result
refuse_no_room (MmListener *listener, MmConnection *connection)
{
  return refuse (listener, connection, MM_ERROR_BUSY, "busy",
                 N_ ("The server is busy. Please try again in a moment."));
}

typedef struct
{
  MmGuardHeader headers[MM_GUARD_HEADERS + 1];
  guint n_headers;
} HeaderList;

static enum MHD_Result
collect_header (void *data,
                enum MHD_ValueKind kind,
                const char *name,
                size_t name_length,
                const char *value,
                size_t value_length)
{
  HeaderList *list = data;

  list->headers[list->n_headers++]
      = (MmGuardHeader){ name, name_length, value != NULL ? value : "", value_length };
  return list->n_headers <= MM_GUARD_HEADERS ? MHD_YES : MHD_NO;
}

static enum MHD_Result
check_argument (void *data,
                enum MHD_ValueKind kind,
                const char *name,
                size_t name_length,
                const char *value,
                size_t value_length)
{
  const char **refused = data;

  if (!g_utf8_validate_len (name, name_length, NULL)
      || (value != NULL && !g_utf8_validate_len (value, value_length, NULL)))
    *refused = "query-text";
  return *refused == NULL ? MHD_YES : MHD_NO;
}

static const char *
check_head (MmConnection *connection,
            const char *target,
            const char *method,
            const char *version,
            MmGuardFacts *facts)
{
  struct MHD_Connection *request = connection->exchange.connection;
  HeaderList list;
  MmGuardHead head;
  const char *refused = connection->refused;

  if (refused != NULL)
    return refused;
  list.n_headers = 0;
  MHD_get_connection_values_n (request, MHD_HEADER_KIND, collect_header, &list);
  head = (MmGuardHead){
    .method = method,
    .target = target,
    .target_length = connection->target_length,
    .version = version,
    .headers = list.headers,
    .n_headers = list.n_headers,
    .end
    = method
      + MHD_get_connection_info (request, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size,
  };
  refused = mm_guard_headers (&head, facts);
  if (refused == NULL)
    refused = mm_guard_layout (&head);
  if (refused == NULL)
    refused = mm_guard_path (target);
  if (refused == NULL)
    MHD_get_connection_values_n (request, MHD_GET_ARGUMENT_KIND, check_argument, &refused);
  return refused;
}

static enum MHD_Result
headers_complete (MmListener *listener,
                  MmConnection *connection,
                  const char *target,
                  const char *method,
                  const char *version)
{
  MmExchange *x = &connection->exchange;
  MmGuardFacts facts;
  const char *refused = check_head (connection, target, method, version, &facts);

  if (refused != NULL)
    return refuse (listener, connection, MM_ERROR_INVALID, refused,
                   N_ ("The request is not well-formed HTTP."));
  if (!mm_guard_host_allowed (facts.host, (const char *const *) listener->hosts))
    return refuse (listener, connection, MM_ERROR_INVALID, "host",
                   N_ ("This server does not answer for that host name."));
  if (atomic_load_explicit (&listener->stopping, memory_order_relaxed))
    return refuse (listener, connection, MM_ERROR_BUSY, "stopping", N_ ("The server is stopping."));

  x->method = method;
  x->path = target;
  connection->limit = listener->callbacks.begin (x, listener->data);
  if (!mm_exchange_answered (x) && facts.length > connection->limit)
    return refuse_too_large (listener, connection);
  if (mm_exchange_answered (x))
    {
      /* An answer given now ends the connection: the library reads nothing more. A small body is
       * read instead, so that the client gets the answer (a close with unread data would reset the
       * connection) and can go on. One that waits for 100 has not been sent. */
      if (facts.chunked || facts.length > DRAINED_BODY
          || (facts.expects_continue && facts.length > 0))
        return send_answer (listener, connection);
      connection->phase = MM_PHASE_DRAIN;
    }
  else
    {
      connection->phase = MM_PHASE_BODY;
      if (facts.length > 0)
        {
          /* It cannot become longer than was declared. */
          connection->limit = facts.length;
          if (mm_exchange_reserve (x, MIN (facts.length, FIRST_BODY), facts.length) == NULL)
            return refuse_no_room (listener, connection);
        }
    }
  mm_connection_set_timeout (connection, listener->body_timeout);
  return MHD_YES;
}

/* An answer cannot be given in the middle of a body, so the rest is read, but not for ever. */
static enum MHD_Result
discard (MmConnection *connection, gsize length)
{
  mm_exchange_drop_body (&connection->exchange);
  connection->discarded += length;
  return connection->discarded <= MAX (connection->limit, DISCARDED_BODY) ? MHD_YES : MHD_NO;
}

static enum MHD_Result
body_part (MmConnection *connection, const char *part, gsize length)
{
  MmExchange *x = &connection->exchange;
  char *room;

  if (connection->phase == MM_PHASE_DRAIN)
    return MHD_YES;
  if (connection->too_large || connection->no_room)
    return discard (connection, length);
  /* Only a chunked body can get here, the length of others is known to be allowed. */
  if (length > connection->limit - x->length)
    {
      connection->too_large = TRUE;
      return discard (connection, length);
    }
  room = mm_exchange_reserve (x, length, connection->limit);
  if (room == NULL)
    {
      connection->no_room = TRUE;
      return discard (connection, length);
    }
  memcpy (room, part, length);
  x->length += length;
  x->body[x->length] = '\0';
  return MHD_YES;
}

static enum MHD_Result
request_complete (MmListener *listener, MmConnection *connection)
{
  MmExchange *x = &connection->exchange;

  /* Drained, or resumed after mm_exchange_finish(). */
  if (connection->phase != MM_PHASE_BODY)
    return send_answer (listener, connection);
  if (connection->too_large)
    return refuse_too_large (listener, connection);
  if (connection->no_room)
    return refuse_no_room (listener, connection);
  connection->phase = MM_PHASE_RUN;
  set_busy (connection);
  mm_connection_set_timeout (connection, listener->answer_timeout);
  if (atomic_load_explicit (&listener->stopping, memory_order_relaxed))
    return refuse (listener, connection, MM_ERROR_BUSY, "stopping", N_ ("The server is stopping."));
  listener->callbacks.run (x, listener->data);
  /* Deferred: another thread has it now. It comes here again when that has finished. */
  if (x->suspended)
    return MHD_YES;
  return send_answer (listener, connection);
}

enum MHD_Result
mm_request_serve (void *data,
                  struct MHD_Connection *request,
                  const char *target,
                  const char *method,
                  const char *version,
                  const char *part,
                  size_t *length,
                  void **context)
{
  MmListener *listener = data;
  MmConnection *connection = *context;

  if (connection->phase == MM_PHASE_HEADERS)
    return headers_complete (listener, connection, target, method, version);
  if (*length > 0)
    {
      gsize given = *length;

      *length = 0;
      return body_part (connection, part, given);
    }
  return request_complete (listener, connection);
}

void
mm_request_end (void *data,
                struct MHD_Connection *request,
                void **context,
                enum MHD_RequestTerminationCode why)
{
  MmListener *listener = data;
  MmConnection *connection = *context;
  guint class = connection->exchange.response != NULL ? connection->exchange.status / 100 : 0;

  atomic_fetch_add_explicit (&listener->requests[MIN (class, 5)], 1, memory_order_relaxed);
  mm_exchange_reset (&connection->exchange);
  mm_connection_set_timeout (connection, listener->idle_timeout);
  if (connection->busy)
    atomic_fetch_sub (&listener->connections.busy, 1);
  connection->busy = FALSE;
}

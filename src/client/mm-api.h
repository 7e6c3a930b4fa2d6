/* One server's HTTP API, as seen from the desk.
 *
 * Everything is asynchronous and bounded (time, size of the answer); callbacks run in the main
 * context of the thread that made the call, which is the main thread. An answer that is an error
 * becomes a #GError:
 *
 * - %MM_ERROR (core/mm-error.h) with the kind, code and fields that the server gave; its message is
 *   the server's sentence in the language asked for;
 * - %MM_REACH_ERROR if there was no answer of a Mimamori server at all;
 * - %G_IO_ERROR_CANCELLED if the caller's cancellable was.
 */
#pragma once

#include "mm-error.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

#define MM_API_ANSWER_MAX (64 * 1024 * 1024) /* bytes of one answer */
#define MM_API_TIMEOUT 30                    /* seconds without a byte */

#define MM_REACH_ERROR (mm_reach_error_quark ())

typedef enum
{
  MM_REACH_ERROR_UNREACHABLE, /* no connection: server down, no network, wrong address */
  MM_REACH_ERROR_CERTIFICATE, /* the server's certificate is neither signed by a known authority
                                 nor the pinned one; see mm_api_get_seen_fingerprint() */
  MM_REACH_ERROR_STRANGE,     /* what answers is no Mimamori server, or says too much */
} MmReachError;

GQuark mm_reach_error_quark (void);

#define MM_TYPE_API (mm_api_get_type ())
G_DECLARE_FINAL_TYPE (MmApi, mm_api, MM, API, GObject)

/* Whether @url is an address that can be asked: http or https, a host, no user, query or fragment.
 * Returns it in its one spelling (no slash at the end); NULL with %MM_ERROR_FIELDS "server".
 * Without a scheme, https is meant, but http for this computer ("localhost:8470"). */
char *mm_api_normalise_url (const char *url, GError **error);

/* The API at @url (as mm_api_normalise_url() gives it). @language: tag for Accept-Language. */
MmApi *mm_api_new (const char *url, const char *language);

/* The operator's API on the control socket at @path. */
MmApi *mm_api_new_on_socket (const char *path, const char *language);

/* Another to the same place, with the same language and pin and no session. */
MmApi *mm_api_new_like (MmApi *api);

/* Its address, without a slash at the end. */
const char *mm_api_get_url (MmApi *api);

/* The session that is sent as Bearer; NULL for none. When the server refuses it, the signal
 * "session-refused" is emitted once for it, after the call that met the refusal was completed. */
void mm_api_set_session (MmApi *api, const char *session);

/* Whether @session can be one: it goes into the head of requests. */
gboolean mm_api_is_session (const char *session);

/* Whether one is sent. */
gboolean mm_api_has_session (MmApi *api);

/* The SHA-256 of the public key (SPKI, lower-case hex) of the one certificate that is trusted
 * although no known authority signed it; NULL for none. */
void mm_api_set_pin (MmApi *api, const char *fingerprint);

/* The fingerprint, in the same form, of the certificate that was refused last; NULL if none was. */
const char *mm_api_get_seen_fingerprint (MmApi *api);

/* Asks. @path begins with "/" and holds the query, already escaped. @body: (transfer full)
 * (nullable): sent as JSON. */
void mm_api_send_async (MmApi *api,
                        const char *method,
                        const char *path,
                        JsonNode *body,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/* The answer; a null node for 204. NULL with @error. */
JsonNode *mm_api_send_finish (MmApi *api, GAsyncResult *result, GError **error);

/* The same with bytes of any @type (NULL: no body) and for answers that are no JSON: CSV tables,
 * the export of an account. */
void mm_api_fetch_async (MmApi *api,
                         const char *method,
                         const char *path,
                         const char *type,
                         GBytes *body,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
GBytes *mm_api_fetch_finish (MmApi *api, GAsyncResult *result, GError **error);

/* %MM_REACH_ERROR_STRANGE, for an answer that is well-formed but none of ours. */
GError *mm_api_new_strange_error (void);

/* Opens an answer that goes on, for the live feed: the stream is read as it comes, without a limit
 * of time. */
void mm_api_open_async (MmApi *api,
                        const char *path,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
GInputStream *mm_api_open_finish (MmApi *api, GAsyncResult *result, GError **error);

G_END_DECLS

/* The gate in front of every request: refuses what two readers could understand differently.
 *
 * libmicrohttpd 0.9.75 is lenient: a blank before a colon, a folded line, a NUL or a second length
 * hides a header from it that a proxy or the next reader sees, and so a second request can be
 * smuggled. The gate sees all headers in wire order before any body. NUL and folding show only in
 * the memory layout: the library cuts the request in place, so each part must begin right where the
 * one before it ended on the wire. tests/http sends the attacks and fails when that changes.
 *
 * Pure functions. Each returns NULL, or a stable code of what is wrong.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_GUARD_HEADERS 64         /* header fields per request */
#define MM_GUARD_TARGET_LENGTH 2048 /* bytes of the request's target */

/* Text in the wire's buffer. */
typedef struct
{
  const char *name;
  gsize name_length;
  const char *value;
  gsize value_length;
} MmGuardHeader;

/* A request's head. All pointers are into one buffer.
 * @target_length: as it was on the wire, before decoding in place
 * @end: where the body begins */
typedef struct
{
  const char *method;
  const char *target;
  gsize target_length;
  const char *version;
  const MmGuardHeader *headers;
  guint n_headers;
  const char *end;
} MmGuardHead;

/* What the headers say.
 * @length: declared bytes of body; 0 if none or chunked
 * @host: the Host field; NULL if none (HTTP/1.0 only) */
typedef struct
{
  guint64 length;
  gboolean chunked;
  gboolean expects_continue;
  const char *host;
} MmGuardFacts;

/* The target as sent: length, "/" first, sound percent-encoding, no %00, visible ASCII only. */
const char *mm_guard_target (const char *target);

/* The decoded path: UTF-8, no control characters, no empty, "." or ".." segments. */
const char *mm_guard_path (const char *path);

/* The headers' text: tokens and values (RFC 9110 §5), framing (RFC 9112 §6), Host, duplicates of
 * fields that decide something. Fills @facts. */
const char *mm_guard_headers (const MmGuardHead *head, MmGuardFacts *facts);

/* The memory layout: method SP target SP version CRLF (name ":" blanks value CRLF)* CRLF. */
const char *mm_guard_layout (const MmGuardHead *head);

/* TRUE if the Host field @host (port ignored) is one of @allowed; NULL or empty allows any. */
gboolean mm_guard_host_allowed (const char *host, const char *const *allowed);

G_END_DECLS

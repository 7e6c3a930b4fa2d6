/* Content-Encoding of a whole body, bounded. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Expands @data, which is one gzip member (RFC 1952) or one zlib stream (RFC 1950, "deflate"), by
 * what it begins with; it may be anything.
 *
 * @max_out: the most bytes it may become; inflating ends as soon as there is one more
 * Returns: (transfer full): the bytes, or NULL with %MM_ERROR_TOO_LARGE "too-large" or, if they are
 * damaged, cut short or followed by anything, %MM_ERROR_INVALID "bad-encoding". */
GByteArray *mm_inflate (const guint8 *data, gsize length, gsize max_out, GError **error);

/* Packs @data as one gzip member: for the agent's pushes. */
GByteArray *mm_deflate (const guint8 *data, gsize length);

G_END_DECLS

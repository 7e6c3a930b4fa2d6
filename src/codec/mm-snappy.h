/* Unpacking Snappy's block format, as Prometheus' remote write uses it. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Unpacks @data of @length bytes, which may be anything. Returns NULL with %MM_ERROR_INVALID
 * "bad-snappy" if it is not sound, %MM_ERROR_TOO_LARGE if it would unpack to more than @most bytes.
 */
GByteArray *mm_snappy_unpack (const guint8 *data, gsize length, gsize most, GError **error);

G_END_DECLS

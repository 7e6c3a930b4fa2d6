/* A row of integers in few bytes, and back. See mm-integers.c for the format. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends to @bytes what gives back the @n integers @numbers; any are allowed. Small when they, the
 * steps between them or the changes of those steps are small, alike or multiples of one number. */
void mm_integers_pack (GByteArray *bytes, const gint64 *numbers, guint n);

/* Reads @n integers into @numbers from the bytes between *@at and @end, which may be anything, and
 * moves *@at behind them. FALSE if the bytes are not what mm_integers_pack() makes; nothing beyond
 * @end is read. */
gboolean mm_integers_unpack (const guint8 **at, const guint8 *end, gint64 *numbers, guint n);

/* A single number: little-endian base 128, seven bits a byte, the high bit says that more follow.
 */
void mm_varint_append (GByteArray *bytes, guint64 number);
gboolean mm_varint_read (const guint8 **at, const guint8 *end, guint64 *number);

G_END_DECLS

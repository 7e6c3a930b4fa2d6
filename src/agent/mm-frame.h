/* One batch as the bytes of a spool's segment file. For mm-spool.c; any thread. */
#pragma once

#include "mm-spool.h"

G_BEGIN_DECLS

#define MM_FRAME_HEADER_BYTES 36

/* The frame of a batch (see #MmSpoolFrame): MM_FRAME_HEADER_BYTES and @length bytes, to be freed.
 */
guint8 *mm_frame_pack (guint64 sequence,
                       gint64 position,
                       guint32 readings,
                       guint32 values,
                       const char *body,
                       gsize length);

/* Reads the frame at @offset of a file of @size bytes. Returns its bytes, 0 if no sound frame is
 * there; only then @frame is untouched. */
gsize mm_frame_read (int fd, guint64 offset, guint64 size, MmSpoolFrame *frame);

/* Writes all of @length bytes. On FALSE errno says why. */
gboolean mm_frame_write (int fd, const void *data, gsize length);

G_END_DECLS

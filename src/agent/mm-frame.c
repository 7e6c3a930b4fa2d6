/* A frame is a header of 36 bytes, little-endian, and the body:
 *
 *    0  magic "MMf1"      4  length of the body     8  sequence      16  position
 *   24  readings         28  values                32  CRC-32 of bytes 4..31 and the body
 */
#include "mm-frame.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define MAGIC 0x31664d4du /* "MMf1" */
#define CRC_AT 32

void
mm_spool_frame_clear (MmSpoolFrame *frame)
{
  g_clear_pointer (&frame->body, g_bytes_unref);
}

static void
put32 (guint8 *at, guint32 number)
{
  guint32 le = GUINT32_TO_LE (number);

  memcpy (at, &le, sizeof le);
}

static void
put64 (guint8 *at, guint64 number)
{
  guint64 le = GUINT64_TO_LE (number);

  memcpy (at, &le, sizeof le);
}

static guint32
get32 (const guint8 *at)
{
  guint32 le;

  memcpy (&le, at, sizeof le);
  return GUINT32_FROM_LE (le);
}

static guint64
get64 (const guint8 *at)
{
  guint64 le;

  memcpy (&le, at, sizeof le);
  return GUINT64_FROM_LE (le);
}

static guint32
crc_of (const guint8 *header, const void *body, gsize length)
{
  uLong crc = crc32 (0, header + 4, CRC_AT - 4);

  return (guint32) crc32 (crc, body, (uInt) length);
}

guint8 *
mm_frame_pack (guint64 sequence,
               gint64 position,
               guint32 readings,
               guint32 values,
               const char *body,
               gsize length)
{
  guint8 *frame = g_malloc (MM_FRAME_HEADER_BYTES + length);

  put32 (frame, MAGIC);
  put32 (frame + 4, (guint32) length);
  put64 (frame + 8, sequence);
  put64 (frame + 16, (guint64) position);
  put32 (frame + 24, readings);
  put32 (frame + 28, values);
  put32 (frame + CRC_AT, crc_of (frame, body, length));
  memcpy (frame + MM_FRAME_HEADER_BYTES, body, length);
  return frame;
}

gboolean
mm_frame_write (int fd, const void *data, gsize length)
{
  const guint8 *at = data;

  while (length > 0)
    {
      ssize_t n = write (fd, at, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      at += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* Reads exactly @length bytes; a shorter file is EIO. */
static gboolean
read_all (int fd, void *data, gsize length, guint64 offset)
{
  guint8 *at = data;

  while (length > 0)
    {
      ssize_t n = pread (fd, at, length, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n == 0)
        errno = EIO;
      if (n <= 0)
        return FALSE;
      at += n;
      offset += (guint64) n;
      length -= (gsize) n;
    }
  return TRUE;
}

gsize
mm_frame_read (int fd, guint64 offset, guint64 size, MmSpoolFrame *frame)
{
  guint8 header[MM_FRAME_HEADER_BYTES];
  g_autofree guint8 *body = NULL;
  gsize length;

  if (size - offset < sizeof header || !read_all (fd, header, sizeof header, offset))
    return 0;
  length = get32 (header + 4);
  if (get32 (header) != MAGIC || length == 0 || length > MM_SPOOL_MAX_BODY
      || size - offset - sizeof header < length)
    return 0;
  body = g_malloc (length);
  if (!read_all (fd, body, length, offset + sizeof header)
      || crc_of (header, body, length) != get32 (header + CRC_AT))
    return 0;
  frame->sequence = get64 (header + 8);
  frame->position = (gint64) get64 (header + 16);
  frame->readings = get32 (header + 24);
  frame->values = get32 (header + 28);
  frame->body = g_bytes_new_take (g_steal_pointer (&body), length);
  return sizeof header + length;
}

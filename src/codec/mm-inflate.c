/* Inflating of stranger's bytes. The output grows by doubling up to the caller's bound, so a small
 * bomb costs no more than the bound and a small body little. Pure functions; any thread. */
#include "mm-inflate.h"

#include "mm-error.h"

#include <zlib.h>

#define FIRST_SIZE 16384
#define WINDOW_AUTOMATIC (15 + 32) /* zlib or gzip, by the header */
#define WINDOW_GZIP (15 + 16)

static GByteArray *
fail_encoding (GError **error)
{
  mm_error_set (error, MM_ERROR_INVALID, "bad-encoding",
                "The compressed body is damaged or incomplete.");
  return NULL;
}

static GByteArray *
fail_size (GError **error)
{
  mm_error_set (error, MM_ERROR_TOO_LARGE, "too-large", "The body is too large.");
  return NULL;
}

/* Inflates until the stream ends, the bytes make no sense, or there are more than @max_out. */
static GByteArray *
run (z_stream *stream, gsize max_out, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize done = 0;
  guint8 beyond;
  int status = Z_OK;

  while (status == Z_OK)
    {
      gsize size = MIN (MAX (out->len * 2, FIRST_SIZE), max_out);

      if (done == out->len && size == out->len)
        {
          /* The bound is reached: only the end of the stream may follow, and no byte. */
          stream->next_out = &beyond; /* cppcheck-suppress autoVariables; not read after us */
          stream->avail_out = 1;
          status = inflate (stream, Z_NO_FLUSH);
          if (stream->avail_out == 0)
            return fail_size (error);
          continue;
        }
      g_byte_array_set_size (out, (guint) size);
      stream->next_out = out->data + done;
      stream->avail_out = (uInt) (size - done);
      status = inflate (stream, Z_NO_FLUSH);
      done = size - stream->avail_out;
      if (status == Z_OK && stream->avail_out > 0)
        break; /* wants more input, and there is none */
    }
  if (status != Z_STREAM_END || stream->avail_in != 0)
    return fail_encoding (error);
  g_byte_array_set_size (out, (guint) done);
  return g_steal_pointer (&out);
}

GByteArray *
mm_inflate (const guint8 *data, gsize length, gsize max_out, GError **error)
{
  z_stream stream = { 0 };
  GByteArray *out;

  g_return_val_if_fail (max_out <= G_MAXINT, NULL);
  if (length > G_MAXUINT)
    return fail_size (error);
  stream.next_in = (Bytef *) data;
  stream.avail_in = (uInt) length;
  if (inflateInit2 (&stream, WINDOW_AUTOMATIC) != Z_OK)
    {
      mm_error_set (error, MM_ERROR_INTERNAL, "internal", "The body could not be expanded.");
      return NULL;
    }
  out = run (&stream, max_out, error);
  inflateEnd (&stream);
  return out;
}

GByteArray *
mm_deflate (const guint8 *data, gsize length)
{
  z_stream stream = { 0 };
  GByteArray *out = g_byte_array_new ();
  int status;

  g_return_val_if_fail (length <= G_MAXINT, out);
  status = deflateInit2 (&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_GZIP, 8,
                         Z_DEFAULT_STRATEGY);
  g_assert (status == Z_OK);
  g_byte_array_set_size (out, (guint) deflateBound (&stream, length));
  stream.next_in = (Bytef *) data;
  stream.avail_in = (uInt) length;
  stream.next_out = out->data;
  stream.avail_out = out->len;
  status = deflate (&stream, Z_FINISH);
  g_assert (status == Z_STREAM_END);
  g_byte_array_set_size (out, (guint) stream.total_out);
  deflateEnd (&stream);
  return out;
}

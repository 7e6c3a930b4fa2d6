/* The format: a varint with the length of the whole, then elements, each a tag byte whose two low
 * bits say what it is: 0 a literal, 1 to 3 a copy from what was unpacked already. Source:
 * google/snappy, format_description.txt. */
#include "mm-snappy.h"

#include "mm-error.h"

#include <string.h>

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Input;

static gboolean
bad (GError **error)
{
  return mm_error_set (error, MM_ERROR_INVALID, "bad-snappy",
                       "The body is not packed by Snappy, or cut short.");
}

static gboolean
take_little_endian (Input *in, guint n, gsize *number)
{
  if ((gsize) (in->end - in->at) < n)
    return FALSE;
  *number = 0;
  for (guint i = 0; i < n; i++)
    *number |= (gsize) *in->at++ << 8 * i;
  return TRUE;
}

static gboolean
take_varint (Input *in, gsize *number)
{
  *number = 0;
  for (guint shift = 0; in->at < in->end && shift < 35; shift += 7)
    {
      guint8 byte = *in->at++;

      *number |= (gsize) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
take_literal (Input *in, guint8 tag, GByteArray *out, gsize whole)
{
  gsize length = tag >> 2;

  if (length >= 60 && !take_little_endian (in, (guint) length - 59, &length))
    return FALSE;
  length++;
  if (length > (gsize) (in->end - in->at) || length > whole - out->len)
    return FALSE;
  g_byte_array_append (out, in->at, (guint) length);
  in->at += length;
  return TRUE;
}

static gboolean
take_copy (Input *in, guint8 tag, GByteArray *out, gsize whole)
{
  gsize length, offset, from = out->len;

  if ((tag & 3) == 1)
    {
      if (!take_little_endian (in, 1, &offset))
        return FALSE;
      length = 4 + (tag >> 2 & 7);
      offset |= (gsize) (tag >> 5) << 8;
    }
  else
    {
      if (!take_little_endian (in, (tag & 3) == 2 ? 2 : 4, &offset))
        return FALSE;
      length = 1 + (tag >> 2);
    }
  if (offset == 0 || offset > out->len || length > whole - out->len)
    return FALSE;
  g_byte_array_set_size (out, (guint) (from + length));
  /* What is copied may reach into itself: a run. */
  for (gsize i = 0; i < length; i++)
    out->data[from + i] = out->data[from + i - offset];
  return TRUE;
}

GByteArray *
mm_snappy_unpack (const guint8 *data, gsize length, gsize most, GError **error)
{
  g_autoptr (GByteArray) out = NULL;
  Input in = { data, data + length };
  gsize whole;

  if (!take_varint (&in, &whole))
    {
      bad (error);
      return NULL;
    }
  if (whole > most)
    {
      mm_error_set (error, MM_ERROR_TOO_LARGE, "too-large", "The body unpacks to too much.");
      return NULL;
    }
  /* The length is only a claim: memory grows with what is there. */
  out = g_byte_array_sized_new ((guint) MIN (whole, 4 * length));
  while (in.at < in.end)
    {
      guint8 tag = *in.at++;

      if (!((tag & 3) == 0 ? take_literal (&in, tag, out, whole)
                           : take_copy (&in, tag, out, whole)))
        {
          bad (error);
          return NULL;
        }
    }
  if (out->len != whole)
    {
      bad (error);
      return NULL;
    }
  return g_steal_pointer (&out);
}

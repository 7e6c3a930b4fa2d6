/* The body of one row of the reading log.
 *
 * A body is a version byte (1), the number of values as a varint, and the values. A varint is
 * little-endian base 128, seven bits a byte, the high bit says that more follow; signed numbers are
 * folded first (0, -1, 1, -2 … become 0, 1, 2, 3 …).
 *
 * Each value begins with a head byte, which says how the rest differs from the value before it
 * (before the first: time 0, series 0):
 *
 *   bits 0–1  time    0 the same; 1 differs by whole seconds; 2 differs by microseconds
 *   bits 2–4  value   0…3 an integer that is to be divided by 1, 10, 100, 1000; 4 a raw double
 *   bits 5–7  series  0…6 higher by that much; 7 given in full
 *
 * After it come, as far as the head calls for them: the series as a varint, the difference of time
 * as a folded varint, and the value as a folded varint or as the eight bytes of an IEEE double,
 * little-endian.
 *
 * A meter's value has few decimals, so it nearly always becomes an integer of one to three bytes,
 * and the usual value costs two to four bytes all in all. An integer is used only if dividing it
 * gives back the very same double (the division is correctly rounded), so nothing is ever lost;
 * minus zero goes raw. The reader trusts nothing: it may be given a damaged disk's bytes.
 *
 * Pure functions; any thread. */
#include "mm-log-body.h"

#include "mm-error.h"

#include <math.h>
#include <string.h>

#define VERSION 1
#define HEADER_MAX (1 + 5)
#define VALUE_MAX (1 + 5 + 10 + 8)
#define VALUE_MIN 2

#define TIME_SAME 0
#define TIME_SECONDS 1
#define TIME_MICROSECONDS 2
#define VALUE_RAW 4
#define SERIES_FULL 7

#define EXACT_INTEGER 9007199254740992.0 /* 2^53 */

static const double scales[] = { 1, 10, 100, 1000 };

static inline guint64
fold (gint64 number)
{
  return (guint64) number << 1 ^ (guint64) (number >> 63);
}

static inline gint64
unfold (guint64 number)
{
  return (gint64) (number >> 1 ^ (0 - (number & 1)));
}

static inline guint8 *
put_varint (guint8 *at, guint64 number)
{
  while (number >= 0x80)
    {
      *at++ = (guint8) (number | 0x80);
      number >>= 7;
    }
  *at++ = (guint8) number;
  return at;
}

/* The integer and the scale that give back @value exactly, or VALUE_RAW. */
static inline guint
find_scale (double value, gint64 *integer)
{
  if (value == 0 && signbit (value))
    return VALUE_RAW;
  for (guint scale = 0; scale < G_N_ELEMENTS (scales); scale++)
    {
      double scaled = value * scales[scale];
      double rounded;

      if (!(fabs (scaled) < EXACT_INTEGER))
        return VALUE_RAW;
      rounded = (double) (gint64) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
      if (rounded / scales[scale] == value)
        {
          *integer = (gint64) rounded;
          return scale;
        }
    }
  return VALUE_RAW;
}

GByteArray *
mm_log_body_encode (const MmLogValue *values, guint n)
{
  GByteArray *body = g_byte_array_sized_new (HEADER_MAX + n * 4);
  gint64 last_time = 0;
  guint32 last_series = 0;
  guint8 buffer[64 * VALUE_MAX];
  guint8 *at = buffer;

  *at++ = VERSION;
  at = put_varint (at, n);
  for (guint i = 0; i < n; i++)
    {
      const MmLogValue *value = &values[i];
      guint8 *head;
      guint64 difference = (guint64) value->time - (guint64) last_time;
      guint32 step = value->series - last_series;
      gint64 integer = 0;
      guint scale = find_scale (value->value, &integer);

      if (at > buffer + sizeof buffer - VALUE_MAX)
        {
          g_byte_array_append (body, buffer, (guint) (at - buffer));
          at = buffer;
        }
      head = at++;
      *head = (guint8) (scale << 2);
      if (step < SERIES_FULL)
        {
          *head |= (guint8) (step << 5);
        }
      else
        {
          *head |= SERIES_FULL << 5;
          at = put_varint (at, value->series);
        }
      if (difference != 0)
        {
          gint64 microseconds = (gint64) difference;

          if (microseconds % G_USEC_PER_SEC == 0)
            {
              *head |= TIME_SECONDS;
              at = put_varint (at, fold (microseconds / G_USEC_PER_SEC));
            }
          else
            {
              *head |= TIME_MICROSECONDS;
              at = put_varint (at, fold (microseconds));
            }
        }
      if (scale == VALUE_RAW)
        {
          guint64 bits;

          memcpy (&bits, &value->value, sizeof bits);
          bits = GUINT64_TO_LE (bits);
          memcpy (at, &bits, sizeof bits);
          at += sizeof bits;
        }
      else
        {
          at = put_varint (at, fold (integer));
        }
      last_time = value->time;
      last_series = value->series;
    }
  g_byte_array_append (body, buffer, (guint) (at - buffer));
  return body;
}

static gboolean
take_varint (MmLogReader *reader, guint64 *number)
{
  guint64 sum = 0;

  for (guint shift = 0; shift < 64 && reader->at < reader->end; shift += 7)
    {
      guint8 byte = *reader->at++;

      if (shift == 63 && byte > 1)
        return FALSE;
      sum |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        {
          *number = sum;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
take_series (MmLogReader *reader, guint8 head)
{
  guint64 series = (guint64) reader->series + (head >> 5);

  if (head >> 5 == SERIES_FULL && !take_varint (reader, &series))
    return FALSE;
  /* A step may wrap: the encoder's subtraction does so too. */
  if (head >> 5 == SERIES_FULL && series > G_MAXUINT32)
    return FALSE;
  reader->series = (guint32) series;
  return TRUE;
}

static gboolean
take_time (MmLogReader *reader, guint8 head)
{
  guint64 folded;
  guint64 step;

  switch (head & 3)
    {
    case TIME_SAME:
      return TRUE;
    case TIME_SECONDS:
    case TIME_MICROSECONDS:
      if (!take_varint (reader, &folded))
        return FALSE;
      step = (guint64) unfold (folded);
      if ((head & 3) == TIME_SECONDS)
        step *= G_USEC_PER_SEC;
      reader->time = (gint64) ((guint64) reader->time + step);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
take_value (MmLogReader *reader, guint8 head, double *value)
{
  guint scale = head >> 2 & 7;
  guint64 bits;

  if (scale > VALUE_RAW)
    return FALSE;
  if (scale < VALUE_RAW)
    {
      if (!take_varint (reader, &bits))
        return FALSE;
      *value = (double) unfold (bits) / scales[scale];
      return TRUE;
    }
  if (reader->end - reader->at < (gssize) sizeof bits)
    return FALSE;
  memcpy (&bits, reader->at, sizeof bits);
  bits = GUINT64_FROM_LE (bits);
  memcpy (value, &bits, sizeof bits);
  reader->at += sizeof bits;
  return isfinite (*value);
}

void
mm_log_reader_init (MmLogReader *reader, const guint8 *data, gsize length)
{
  guint64 n = 0;

  *reader = (MmLogReader){ .at = data, .end = data + length };
  if (length == 0 || *reader->at++ != VERSION || !take_varint (reader, &n)
      || n > (guint64) (reader->end - reader->at) / VALUE_MIN || n > G_MAXUINT)
    reader->damaged = TRUE;
  else
    reader->left = (guint) n;
}

gboolean
mm_log_reader_next (MmLogReader *reader, MmLogValue *value)
{
  guint8 head;

  if (reader->damaged || reader->left == 0)
    return FALSE;
  if (reader->at == reader->end)
    {
      reader->damaged = TRUE;
      return FALSE;
    }
  head = *reader->at++;
  if (!take_series (reader, head) || !take_time (reader, head)
      || !take_value (reader, head, &value->value))
    {
      reader->damaged = TRUE;
      return FALSE;
    }
  value->time = reader->time;
  value->series = reader->series;
  reader->left--;
  return TRUE;
}

gboolean
mm_log_reader_finish (const MmLogReader *reader, GError **error)
{
  if (reader->damaged || reader->left != 0 || reader->at != reader->end)
    return mm_error_set (error, MM_ERROR_INTERNAL, "damaged-body",
                         "A row of the reading log is damaged.");
  return TRUE;
}

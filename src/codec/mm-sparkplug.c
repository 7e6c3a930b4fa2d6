/* Protocol Buffers as far as Sparkplug needs them: varints, fixed numbers, and lengths to step
 * over. Any thread. */
#include "mm-sparkplug.h"

#include "mm-clock.h"

#include <math.h>
#include <string.h>

static const char compressed[] = "SPBV1.0_COMPRESSED";

/* How a field is written. */
enum
{
  WIRE_VARINT = 0,
  WIRE_FIXED64 = 1,
  WIRE_BYTES = 2,
  WIRE_FIXED32 = 5,
};

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Reader;

/* One field. @number: of varints and fixed numbers; @bytes, @length: of what has a length */
typedef struct
{
  guint32 field;
  guint wire;
  guint64 number;
  const guint8 *bytes;
  gsize length;
} Field;

static gboolean
read_varint (Reader *reader, guint64 *number)
{
  *number = 0;
  for (guint shift = 0; shift < 64 && reader->at < reader->end; shift += 7)
    {
      guint8 byte = *reader->at++;

      *number |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_fixed (Reader *reader, gsize size, guint64 *number)
{
  *number = 0;
  if ((gsize) (reader->end - reader->at) < size)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    *number |= (guint64) reader->at[i] << (8 * i);
  reader->at += size;
  return TRUE;
}

/* FALSE at the end and if it is broken: then @reader is not at its end. */
static gboolean
read_field (Reader *reader, Field *field)
{
  const guint8 *begin = reader->at;
  guint64 key;
  guint64 length;
  gboolean good = FALSE;

  if (reader->at == reader->end)
    return FALSE;
  if (read_varint (reader, &key) && key >> 3 > 0 && key >> 3 < G_MAXUINT32)
    {
      field->field = (guint32) (key >> 3);
      field->wire = key & 7;
      switch (field->wire)
        {
        case WIRE_VARINT:
          good = read_varint (reader, &field->number);
          break;
        case WIRE_FIXED64:
          good = read_fixed (reader, 8, &field->number);
          break;
        case WIRE_FIXED32:
          good = read_fixed (reader, 4, &field->number);
          break;
        case WIRE_BYTES:
          good = read_varint (reader, &length) && length <= (guint64) (reader->end - reader->at);
          if (good)
            {
              field->bytes = reader->at;
              field->length = (gsize) length;
              reader->at += length;
            }
          break;
        default:
          break;
        }
    }
  if (!good)
    reader->at = begin;
  return good;
}

/* Milliseconds since 1970. */
static gint64
time_of (guint64 milliseconds)
{
  return milliseconds > 0 && milliseconds < G_MAXINT64 / 1000 ? (gint64) milliseconds * 1000
                                                              : MM_TIME_NONE;
}

/* ---- metrics ---- */

static void
take_value (MmSparkplugMetric *metric, MmSparkplugField field, const Field *from, guint wire)
{
  if (from->wire != wire)
    return;
  metric->field = field;
  metric->bits = from->number;
}

static gboolean
read_metric (MmSparkplugMetric *metric, const guint8 *bytes, gsize length)
{
  Reader reader = { .at = bytes, .end = bytes + length };
  Field field;

  metric->time = MM_TIME_NONE;
  while (read_field (&reader, &field))
    {
      gboolean is_number = field.wire == WIRE_VARINT;

      switch (field.field)
        {
        case 1:
          if (field.wire != WIRE_BYTES
              || !g_utf8_validate_len ((const char *) field.bytes, field.length, NULL))
            return FALSE;
          metric->name = (const char *) field.bytes;
          metric->name_length = field.length;
          break;
        case 2:
          metric->has_alias = is_number;
          metric->alias = field.number;
          break;
        case 3:
          metric->time = is_number ? time_of (field.number) : MM_TIME_NONE;
          break;
        case 4:
          metric->type = is_number && field.number < 256 ? (guint) field.number : 0;
          break;
        case 5:
          metric->is_historical = is_number && field.number != 0;
          break;
        case 7:
          metric->is_null = is_number && field.number != 0;
          break;
        case 10:
        case 11:
          take_value (metric, MM_SPARKPLUG_IN_INTEGER, &field, WIRE_VARINT);
          break;
        case 12:
          take_value (metric, MM_SPARKPLUG_IN_FLOAT, &field, WIRE_FIXED32);
          break;
        case 13:
          take_value (metric, MM_SPARKPLUG_IN_DOUBLE, &field, WIRE_FIXED64);
          break;
        case 14:
          take_value (metric, MM_SPARKPLUG_IN_BOOLEAN, &field, WIRE_VARINT);
          break;
        default:
          break;
        }
    }
  return reader.at == reader.end;
}

gboolean
mm_sparkplug_payload_read (MmSparkplugPayload *payload, const guint8 *bytes, gsize length)
{
  Reader reader = { .at = bytes, .end = bytes + length };
  Field field;
  gboolean good = TRUE;

  payload->time = MM_TIME_NONE;
  payload->seq = -1;
  payload->is_compressed = FALSE;
  payload->metrics = g_array_new (FALSE, FALSE, sizeof (MmSparkplugMetric));
  while (good && read_field (&reader, &field))
    if (field.field == 1 && field.wire == WIRE_VARINT)
      payload->time = time_of (field.number);
    else if (field.field == 3 && field.wire == WIRE_VARINT)
      payload->seq = field.number < 256 ? (int) field.number : -1;
    else if (field.field == 4 && field.wire == WIRE_BYTES)
      payload->is_compressed = field.length == strlen (compressed)
                               && memcmp (field.bytes, compressed, field.length) == 0;
    else if (field.field == 2)
      {
        MmSparkplugMetric metric = { 0 };

        good = field.wire == WIRE_BYTES && payload->metrics->len < MM_SPARKPLUG_MAX_METRICS
               && read_metric (&metric, field.bytes, field.length);
        g_array_append_val (payload->metrics, metric);
      }
  if (good && reader.at == reader.end)
    return TRUE;
  mm_sparkplug_payload_clear (payload);
  return FALSE;
}

void
mm_sparkplug_payload_clear (MmSparkplugPayload *payload)
{
  g_clear_pointer (&payload->metrics, g_array_unref);
}

/* Integers are written as the unsigned number of their width. */
static double
integer_of (guint64 bits, guint type)
{
  switch (type)
    {
    case MM_SPARKPLUG_INT8:
      return (gint8) bits;
    case MM_SPARKPLUG_INT16:
      return (gint16) bits;
    case MM_SPARKPLUG_INT32:
      return (gint32) bits;
    case MM_SPARKPLUG_INT64:
      return (double) (gint64) bits;
    default:
      return (double) bits;
    }
}

gboolean
mm_sparkplug_number (const MmSparkplugMetric *metric, guint type, double *number)
{
  guint32 half = (guint32) metric->bits;
  float single;

  if (metric->is_null || type > MM_SPARKPLUG_BOOLEAN)
    return FALSE;
  switch (metric->field)
    {
    case MM_SPARKPLUG_IN_INTEGER:
      *number = integer_of (metric->bits, type);
      break;
    case MM_SPARKPLUG_IN_FLOAT:
      memcpy (&single, &half, sizeof single);
      *number = single;
      break;
    case MM_SPARKPLUG_IN_DOUBLE:
      memcpy (number, &metric->bits, sizeof *number);
      break;
    case MM_SPARKPLUG_IN_BOOLEAN:
      *number = metric->bits != 0;
      break;
    case MM_SPARKPLUG_NOTHING:
      return FALSE;
    }
  return isfinite (*number);
}

/* ---- a command ---- */

static void
write_varint (GByteArray *out, guint64 number)
{
  guint8 byte;

  while (number >= 0x80)
    {
      byte = (guint8) (number | 0x80);
      g_byte_array_append (out, &byte, 1);
      number >>= 7;
    }
  byte = (guint8) number;
  g_byte_array_append (out, &byte, 1);
}

static void
write_number (GByteArray *out, guint field, guint64 number)
{
  write_varint (out, field << 3 | WIRE_VARINT);
  write_varint (out, number);
}

static void
write_bytes (GByteArray *out, guint field, const void *bytes, gsize length)
{
  write_varint (out, field << 3 | WIRE_BYTES);
  write_varint (out, length);
  g_byte_array_append (out, bytes, (guint) length);
}

GByteArray *
mm_sparkplug_rebirth_command (gint64 now)
{
  static const char name[] = "Node Control/Rebirth";
  g_autoptr (GByteArray) metric = g_byte_array_new ();
  GByteArray *payload = g_byte_array_new ();

  write_bytes (metric, 1, name, strlen (name));
  write_number (metric, 3, (guint64) (now / 1000));
  write_number (metric, 4, MM_SPARKPLUG_BOOLEAN);
  write_number (metric, 14, 1);
  write_number (payload, 1, (guint64) (now / 1000));
  write_bytes (payload, 2, metric->data, metric->len);
  return payload;
}

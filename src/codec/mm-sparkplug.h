/* The payload of Sparkplug B (version 3.0 of its specification): a message of Protocol Buffers with
 * a time, a sequence number and metrics.
 *
 * Read by hand, not by protobuf-c: a dozen fields of two flat messages are needed of a format whose
 * property sets and templates nest without end, and a reader made from the schema would follow them
 * down its own stack before anybody could look. Here they are stepped over; nothing is copied, and
 * the only memory is the array of metrics.
 *
 * Pure functions, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_SPARKPLUG_MAX_METRICS 5000

/* Types of values; those beyond are no numbers. */
typedef enum
{
  MM_SPARKPLUG_UNKNOWN = 0,
  MM_SPARKPLUG_INT8 = 1,
  MM_SPARKPLUG_INT16 = 2,
  MM_SPARKPLUG_INT32 = 3,
  MM_SPARKPLUG_INT64 = 4,
  MM_SPARKPLUG_UINT8 = 5,
  MM_SPARKPLUG_UINT16 = 6,
  MM_SPARKPLUG_UINT32 = 7,
  MM_SPARKPLUG_UINT64 = 8,
  MM_SPARKPLUG_FLOAT = 9,
  MM_SPARKPLUG_DOUBLE = 10,
  MM_SPARKPLUG_BOOLEAN = 11,
} MmSparkplugType;

/* Which field of the message holds the value. */
typedef enum
{
  MM_SPARKPLUG_NOTHING, /* none, or one that is no number */
  MM_SPARKPLUG_IN_INTEGER,
  MM_SPARKPLUG_IN_FLOAT,
  MM_SPARKPLUG_IN_DOUBLE,
  MM_SPARKPLUG_IN_BOOLEAN,
} MmSparkplugField;

/* A metric. @name: not NUL-ended, NULL if there is only an alias; points into the payload
 * @time: UTC microseconds or %MM_TIME_NONE; @type: 0 if it is not said, as the birth has said it */
typedef struct
{
  const char *name;
  gsize name_length;
  gboolean has_alias;
  guint64 alias;
  gint64 time;
  guint type;
  gboolean is_historical;
  gboolean is_null;
  MmSparkplugField field;
  guint64 bits;
} MmSparkplugMetric;

/* A payload. @seq: -1 if there is none; @metrics: of #MmSparkplugMetric
 * @is_compressed: the metrics are packed into its body, which is not read */
typedef struct
{
  gint64 time;
  int seq;
  gboolean is_compressed;
  GArray *metrics;
} MmSparkplugPayload;

/* Reads @bytes, which outlive @payload. FALSE if they are no payload or have too many metrics; then
 * there is nothing to clear. */
gboolean mm_sparkplug_payload_read (MmSparkplugPayload *payload, const guint8 *bytes, gsize length);
void mm_sparkplug_payload_clear (MmSparkplugPayload *payload);

/* The number that @metric holds, read as @type. FALSE if it holds none, or none that is finite. */
gboolean mm_sparkplug_number (const MmSparkplugMetric *metric, guint type, double *number);

/* The payload of the command that asks a node to tell all of itself again, made at @now. */
GByteArray *mm_sparkplug_rebirth_command (gint64 now);

G_END_DECLS

/* The body of one row of the reading log: the values of one push in few bytes. See mm-log-body.c
 * for the format. Any thread; a reader belongs to one thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One value.
 * @time: UTC microseconds
 * @series: the gateway's number for a (device, quantity), given by the caller
 * @value: finite */
typedef struct
{
  gint64 time;
  guint32 series;
  double value;
} MmLogValue;

/* The body that holds @values, in their order. Lossless; @n may be 0. Every value must be finite.
 * Small when neighbours share a time and series numbers rise by less than seven. */
GByteArray *mm_log_body_encode (const MmLogValue *values, guint n);

/* Walks over the values of a body. Put it on the stack, then mm_log_reader_init(). */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  guint left; /* values not yet read; right after init, all of them */
  gboolean damaged;
  gint64 time;
  guint32 series;
} MmLogReader;

/* Starts at the first value of @data, which must outlive the reader and may be anything: nothing
 * beyond it is read, and @left is never more than the bytes could hold. */
void mm_log_reader_init (MmLogReader *reader, const guint8 *data, gsize length);

/* Reads the next value. FALSE after the last, or when the body is damaged. */
gboolean mm_log_reader_next (MmLogReader *reader, MmLogValue *value);

/* To be asked after the last value: TRUE if the whole body was read and sound, else
 * %MM_ERROR_INTERNAL "damaged-body". */
gboolean mm_log_reader_finish (const MmLogReader *reader, GError **error);

G_END_DECLS

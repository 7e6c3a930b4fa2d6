/* InfluxDB line protocol into a batch. Any thread. */
#pragma once

#include "mm-mapping.h"

G_BEGIN_DECLS

/* Nanoseconds of a "precision" parameter: n, ns, u, us, µs, ms, s, m or h; NULL and "" are n.
 * FALSE if it is none of them. */
gboolean mm_line_precision_parse (const char *text, gint64 *nanoseconds);

/* Whether a field of that name is a quantity of ours. */
typedef gboolean (*MmKnownQuantity) (const char *name, gsize length);

/* Adds the values of @data, which may be anything, to @batch.
 *
 * Names: what a rule of @mapping fits (protocol "line") goes where it says, scaled. Else a tag
 * "device" is the device, and a field is then a quantity by its own name if @known says so, else as
 * "measurement.field". Without that tag the measurement is the device and the field the quantity.
 * All other tags are appended to the device, ";key=value" in the order of the keys, so that
 * different series stay different.
 *
 * Values: floats as they are, integers as the nearest double, booleans as 1 and 0; strings are
 * counted in @n_ignored. Times are rounded down to the microsecond; a line without one gets
 * %MM_TIME_NONE. @precision is what a timestamp counts, in nanoseconds.
 *
 * A line that breaks a rule is refused as a whole, with its number from 0 as index, its first 64
 * bytes as field, InfluxDB's words as detail and its first %MM_BATCH_MAX_TEXT bytes as text; the
 * other lines are kept. After %MM_BATCH_MAX_REFUSED refused lines the rest is not looked at.
 *
 * @known: may be NULL: no field is
 * @mapping: may be NULL: every field keeps its own name */
void mm_line_protocol_parse (MmBatch *batch,
                             const char *data,
                             gsize length,
                             gint64 precision,
                             MmKnownQuantity known,
                             const MmMapping *mapping);

G_END_DECLS

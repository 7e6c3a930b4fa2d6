/* Prometheus remote write 1.0, unpacked, into a batch: what vmagent and others that store and
 * forward make of line protocol. Any thread. */
#pragma once

#include "mm-line-protocol.h"

G_BEGIN_DECLS

/* Reads the protobuf message WriteRequest in @data into a new batch; NULL with %MM_ERROR_INVALID if
 * it is none.
 *
 * A series is named by its label __name__, "measurement/field" if the forwarder puts a slash
 * between them (vmagent: -influxMeasurementFieldSeparator=/): then it is mapped and named as the
 * line that it was (mm-line-protocol.h), the other labels being its tags. Without a slash, what
 * stands behind the first "_" that leaves a known quantity is the field. The label "db", which
 * vmagent adds, is passed over, as are NaN (the end of a series) and infinities. */
MmBatch *mm_remote_write_parse (const guint8 *data,
                                gsize length,
                                MmKnownQuantity known,
                                const MmMapping *mapping,
                                GError **error);

G_END_DECLS

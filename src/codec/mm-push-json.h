/* The native push of POST /ingest/v1: JSON with readings, events and devices. Any thread. */
#pragma once

#include "mm-batch.h"

G_BEGIN_DECLS

/* Reads one push. @data need not end with NUL and may be anything.
 *
 * What is wrong as a whole (no JSON, duplicate members, NUL, deeper than 8, no object) is refused
 * with %MM_ERROR_INVALID "bad-json" and a sentence that names line and column; more than
 * 1,100,000 elements with %MM_ERROR_TOO_LARGE. Of a sound object
 * every fit part is kept and every unfit reading, event or field is refused by mm_batch_refuse().
 * Null stands for "not given" everywhere, for a value: a gap. Booleans are the values 1 and 0.
 * Unknown members are ignored. The index of a refusal of a top-level member is 0.
 *
 * Returns: (transfer full): the batch, or NULL. */
MmBatch *mm_push_json_parse (const char *data, gsize length, GError **error);

/* Writes @batch in the same form, so that mm_push_json_parse() gives back an equal batch: every
 * number exactly, values in their order. Consecutive values of one time and device become one
 * reading; refusals and indexes are not written.
 *
 * Returns: (transfer full): JSON on one line. */
char *mm_push_json_format (const MmBatch *batch);

G_END_DECLS

/* Comma-separated values, RFC 4180: the agent's replay reads them, exports write them. Any thread;
 * a reader belongs to one thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One record may not be longer than this, nor have more fields. */
#define MM_CSV_MAX_RECORD (1 << 20)
#define MM_CSV_MAX_FIELDS 4096

/* Reads records from text that comes in pieces. A record ends with LF, CRLF or the end; a field in
 * quotes may hold commas, line ends and doubled quotes; a byte order mark at the very beginning and
 * empty lines are passed over. */
typedef struct _MmCsvReader MmCsvReader;

MmCsvReader *mm_csv_reader_new (void);
void mm_csv_reader_free (MmCsvReader *reader);

/* Adds the next piece of the text. */
void mm_csv_reader_feed (MmCsvReader *reader, const char *data, gsize length);

/* Says that there are no more pieces, so that a last record without a line end counts. */
void mm_csv_reader_end (MmCsvReader *reader);

/* Takes the next record.
 *
 * @fields: (element-type utf8) (out): owned by the reader, good until its next call; NULL if the
 * text fed so far holds no whole record any more
 * Returns FALSE with %MM_ERROR_INVALID "bad-csv", saying the line, if quotes are where they may not
 * be, a byte is NUL, the text is not UTF-8 or a bound is exceeded; every further call then fails.
 */
gboolean mm_csv_reader_next (MmCsvReader *reader, GPtrArray **fields, GError **error);

/* Number of the line where the last record began, from 1. */
guint mm_csv_reader_line (const MmCsvReader *reader);

/* Appends @field to @out, in quotes if it needs them. */
void mm_csv_append_field (GString *out, const char *field);

/* Appends a whole record of @n fields with its CRLF; a single empty field is quoted, as it would
 * be an empty line. */
void mm_csv_append_record (GString *out, const char *const *fields, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmCsvReader, mm_csv_reader_free)

G_END_DECLS

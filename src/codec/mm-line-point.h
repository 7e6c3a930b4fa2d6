/* Line protocol cut into its parts: measurement, tags, fields, time. What they mean for us is
 * mm-line-protocol.h. Any thread; a scanner belongs to one thread.
 *
 * The grammar is the strict one of InfluxDB v2 as its public corpus fixes it: no control characters
 * in names, UTF-8 only, duplicate tags refused. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_LINE_MAX_TAGS 256

/* A piece of the text as it was sent; the text must outlive it.
 * @escapes: NULL if it stands for itself, else the characters before which a backslash goes away */
typedef struct
{
  const char *text;
  gsize length;
  const char *escapes;
} MmLineSpan;

typedef struct
{
  MmLineSpan key;
  MmLineSpan value;
} MmLineTag;

/* The head of a line. @head_length: bytes from @measurement's start to the first field. */
typedef struct
{
  MmLineSpan measurement;
  MmLineTag tags[MM_LINE_MAX_TAGS]; /* in the order they were sent */
  guint n_tags;
  gsize head_length;
} MmLinePoint;

typedef enum
{
  MM_LINE_FLOAT,
  MM_LINE_INTEGER,
  MM_LINE_UNSIGNED,
  MM_LINE_BOOLEAN,
  MM_LINE_STRING,
} MmLineKind;

typedef struct
{
  MmLineSpan key;
  MmLineKind kind;
  double number; /* FLOAT: finite */
  gint64 integer;
  guint64 natural; /* UNSIGNED */
  gboolean boolean;
  MmLineSpan string; /* between the quotes */
} MmLineField;

/* Walks over a text:
 *   while (mm_line_scanner_next (…))
 *     head, then field until it says MM_LINE_DONE, then time;
 *     after any failure @error says what was wrong; then mm_line_scanner_skip().
 * @line: number of the line at which the scanner stands, from 0
 * @start: where the current line begins
 * @error: constant text in InfluxDB's words, of the last failure */
typedef struct
{
  const char *at;
  const char *end;
  const char *start;
  guint line;
  const char *error;
} MmLineScanner;

typedef enum
{
  MM_LINE_FAILED,
  MM_LINE_FIELD,
  MM_LINE_DONE,
} MmLineStep;

/* Begins at the start of @data, @length bytes that must stay until the scanner is done. */
void mm_line_scanner_init (MmLineScanner *scanner, const char *data, gsize length);

/* Moves over blank lines and comments to the next line. FALSE at the end of the text. A comment
 * with control characters is a line too: reading its head fails. */
gboolean mm_line_scanner_next (MmLineScanner *scanner);

/* Reads measurement and tags; FALSE if they break the grammar. */
gboolean mm_line_scanner_head (MmLineScanner *scanner, MmLinePoint *point);

/* Takes a head of @length bytes as read: the caller has seen that the line begins with the same
 * bytes as an earlier line whose head was sound. */
void mm_line_scanner_pass_head (MmLineScanner *scanner, gsize length);

/* Reads the next field; MM_LINE_DONE after the last one. @last is the caller's to keep between the
 * fields of a line and must be FALSE before the first. */
MmLineStep mm_line_scanner_field (MmLineScanner *scanner, MmLineField *field, gboolean *last);

/* Reads the timestamp, if there is one, and the end of the line. @given: whether there was one. */
gboolean mm_line_scanner_time (MmLineScanner *scanner, gboolean *given, gint64 *timestamp);

/* After a failure: moves to the line after the one at fault. */
void mm_line_scanner_skip (MmLineScanner *scanner);

/* Writes what @span stands for to @text of @size bytes, without a NUL. Returns its length, or -1 if
 * it does not fit. */
gssize mm_line_span_copy (const MmLineSpan *span, char *text, gsize size);

G_END_DECLS

/* The scanner of line protocol. It is the hottest loop of the server, so it looks at each byte of a
 * name once through a table of classes, remembers on the way whether the name has escapes or bytes
 * beyond ASCII, and copies nothing. Pure functions; any thread.
 *
 * The grammar in short: measurement[,key=value…] key=value[,key=value…] [timestamp]. A backslash
 * counts only before a character that is special in that place, otherwise it is itself. A
 * measurement is ended by comma, space or a control character, a tag key and a field key also by
 * "="; a tag value by comma, space, "=" and line ends only. */
#include "mm-line-point.h"

#include "mm-number.h"

#include <math.h>
#include <string.h>

#define ENDS_MEASUREMENT 1
#define ENDS_KEY 2
#define ENDS_TAG_VALUE 4
#define ENDS_TOKEN 8 /* of a number or boolean */
#define ENDS_STRING 16
#define CONTROL 32

/* What a backslash may stand before. */
#define ESCAPED_IN_MEASUREMENT 64
#define ESCAPED_IN_KEY 128

#define C(extra) (ENDS_MEASUREMENT | ENDS_KEY | CONTROL | (extra))
#define LINE_END C (ENDS_TAG_VALUE | ENDS_TOKEN)

static const guint8 classes[256] = {
  [0 ... 9] = C (0),
  ['\n'] = LINE_END,
  [11 ... 12] = C (0),
  ['\r'] = LINE_END,
  [14 ... 31] = C (0),
  [127] = C (0),
  [' '] = ENDS_MEASUREMENT | ENDS_KEY | ENDS_TAG_VALUE | ENDS_TOKEN | ESCAPED_IN_MEASUREMENT
          | ESCAPED_IN_KEY,
  [','] = ENDS_MEASUREMENT | ENDS_KEY | ENDS_TAG_VALUE | ENDS_TOKEN | ESCAPED_IN_MEASUREMENT
          | ESCAPED_IN_KEY,
  ['='] = ENDS_KEY | ENDS_TAG_VALUE | ESCAPED_IN_KEY,
  ['"'] = ENDS_STRING,
};

static inline guint8
class_of (char c)
{
  return classes[(guint8) c];
}

static inline gboolean
fail (MmLineScanner *scanner, const char *error)
{
  scanner->error = error;
  return FALSE;
}

/* Takes a name up to a byte of class @ends; FALSE if it is not UTF-8. It may be empty. */
static inline gboolean
take_name (MmLineScanner *scanner, guint8 ends, guint8 escapable, MmLineSpan *name)
{
  const char *at = scanner->at;
  const char *end = scanner->end;
  guint8 seen = 0;

  name->text = at;
  name->escapes = NULL;
  for (; at < end && !(class_of (*at) & ends); at++)
    {
      seen |= (guint8) *at;
      if (*at == '\\' && at + 1 < end && class_of (at[1]) & escapable)
        {
          name->escapes = escapable == ESCAPED_IN_KEY ? ", =" : ", ";
          at++;
        }
    }
  name->length = (gsize) (at - name->text);
  scanner->at = at;
  if (seen & 0x80 && !g_utf8_validate_len (name->text, name->length, NULL))
    return fail (scanner, "invalid UTF-8");
  return TRUE;
}

static void
take_spaces (MmLineScanner *scanner)
{
  while (scanner->at < scanner->end && *scanner->at == ' ')
    scanner->at++;
}

/* Takes "\n", "\r\n", "\r" at the end of the text, or that end. */
static gboolean
take_line_end (MmLineScanner *scanner)
{
  const char *at = scanner->at;

  if (at < scanner->end && *at == '\r')
    {
      at++;
      if (at < scanner->end && *at != '\n')
        return FALSE;
    }
  if (at < scanner->end && *at != '\n')
    return FALSE;
  if (at < scanner->end)
    {
      at++;
      scanner->line++;
    }
  scanner->at = at;
  return TRUE;
}

void
mm_line_scanner_init (MmLineScanner *scanner, const char *data, gsize length)
{
  *scanner = (MmLineScanner){ .at = data, .end = data + length, .start = data };
}

gboolean
mm_line_scanner_next (MmLineScanner *scanner)
{
  for (;;)
    {
      scanner->start = scanner->at;
      take_spaces (scanner);
      if (scanner->at == scanner->end)
        return FALSE;
      if (*scanner->at == '#')
        {
          const char *comment = scanner->at;

          while (scanner->at < scanner->end && !(class_of (*scanner->at) & CONTROL))
            scanner->at++;
          if (take_line_end (scanner))
            continue;
          scanner->at = comment;
          return TRUE;
        }
      if ((*scanner->at != '\n' && *scanner->at != '\r') || !take_line_end (scanner))
        return TRUE;
    }
}

static gboolean
has_duplicate_tag (const MmLinePoint *point)
{
  const MmLineTag *newest = &point->tags[point->n_tags - 1];

  /* Byte by byte is enough: where a character needs its backslash there is one way to write it,
   * and where it does not, the backslash is part of the name. */
  for (guint i = 0; i + 1 < point->n_tags; i++)
    if (point->tags[i].key.length == newest->key.length
        && memcmp (point->tags[i].key.text, newest->key.text, newest->key.length) == 0)
      return TRUE;
  return FALSE;
}

/* Takes ",key=value". */
static gboolean
take_tag (MmLineScanner *scanner, MmLinePoint *point)
{
  MmLineTag *tag;

  if (point->n_tags == MM_LINE_MAX_TAGS)
    return fail (scanner, "too many tags");
  tag = &point->tags[point->n_tags];
  scanner->at++;
  if (!take_name (scanner, ENDS_KEY, ESCAPED_IN_KEY, &tag->key))
    return FALSE;
  if (tag->key.length == 0)
    return fail (scanner, "missing tag key");
  if (scanner->at == scanner->end || *scanner->at != '=')
    return fail (scanner, "missing tag value");
  scanner->at++;
  if (!take_name (scanner, ENDS_TAG_VALUE, ESCAPED_IN_KEY, &tag->value))
    return FALSE;
  if (tag->value.length == 0)
    return fail (scanner, "missing tag value");
  point->n_tags++;
  if (has_duplicate_tag (point))
    return fail (scanner, "duplicate tags");
  return TRUE;
}

gboolean
mm_line_scanner_head (MmLineScanner *scanner, MmLinePoint *point)
{
  const char *start = scanner->at;

  point->n_tags = 0;
  if (*start == '#')
    return fail (scanner, "invalid character in comment");
  if (!take_name (scanner, ENDS_MEASUREMENT, ESCAPED_IN_MEASUREMENT, &point->measurement))
    return FALSE;
  if (point->measurement.length == 0)
    return fail (scanner, "missing measurement");
  while (scanner->at < scanner->end && *scanner->at == ',')
    if (!take_tag (scanner, point))
      return FALSE;
  if (scanner->at == scanner->end || *scanner->at != ' ')
    return fail (scanner, "missing fields");
  take_spaces (scanner);
  point->head_length = (gsize) (scanner->at - start);
  return TRUE;
}

void
mm_line_scanner_pass_head (MmLineScanner *scanner, gsize length)
{
  scanner->at += length;
  take_spaces (scanner);
}

/* Takes a string field, whose opening quote is next. */
static gboolean
take_string (MmLineScanner *scanner, MmLineField *field)
{
  const char *opening = scanner->at;
  const char *at = opening + 1;
  guint lines = 0;

  field->kind = MM_LINE_STRING;
  field->string.text = at;
  field->string.escapes = NULL;
  for (; at < scanner->end && *at != '"'; at++)
    {
      lines += *at == '\n';
      if (*at == '\\' && at + 1 < scanner->end && (at[1] == '"' || at[1] == '\\'))
        {
          field->string.escapes = "\\\"";
          at++;
        }
    }
  if (at == scanner->end)
    return fail (scanner, "unbalanced quotes");
  field->string.length = (gsize) (at - field->string.text);
  scanner->at = at + 1;
  scanner->line += lines;
  if (!g_utf8_validate_len (field->string.text, field->string.length, NULL))
    return fail (scanner, "invalid UTF-8");
  return TRUE;
}

static gboolean
parse_boolean (const char *text, gsize length, gboolean *boolean)
{
  static const char *const words[]
      = { "t", "T", "true", "True", "TRUE", "f", "F", "false", "False", "FALSE" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == length && memcmp (words[i], text, length) == 0)
      {
        *boolean = i < 5;
        return TRUE;
      }
  return FALSE;
}

/* Decimal digits, all of @text. */
static gboolean
parse_natural (const char *text, const char *end, guint64 *natural)
{
  guint64 sum = 0;

  if (text == end)
    return FALSE;
  for (; text < end; text++)
    {
      guint digit = (guint) (*text - '0');

      if (digit > 9 || __builtin_mul_overflow (sum, 10, &sum)
          || __builtin_add_overflow (sum, digit, &sum))
        return FALSE;
    }
  *natural = sum;
  return TRUE;
}

static gboolean
parse_integer (const char *text, const char *end, gint64 *integer)
{
  gboolean negative = text < end && *text == '-';
  guint64 magnitude;

  if (!parse_natural (negative ? text + 1 : text, end, &magnitude)
      || magnitude > (guint64) G_MAXINT64 + (negative ? 1 : 0))
    return FALSE;
  *integer = (gint64) (negative ? 0 - magnitude : magnitude);
  return TRUE;
}

/* Takes a number, with or without the letter that tells its type. */
static gboolean
take_number (MmLineScanner *scanner, MmLineField *field)
{
  const char *text = scanner->at;
  const char *end = text;
  gboolean sound;

  while (end < scanner->end && !(class_of (*end) & ENDS_TOKEN))
    end++;
  scanner->at = end;
  switch (end[-1])
    {
    case 'i':
      field->kind = MM_LINE_INTEGER;
      sound = parse_integer (text, end - 1, &field->integer);
      break;
    case 'u':
      field->kind = MM_LINE_UNSIGNED;
      sound = parse_natural (text, end - 1, &field->natural);
      break;
    default:
      field->kind = MM_LINE_FLOAT;
      sound = mm_number_parse (text, (gsize) (end - text), &field->number);
    }
  return sound || fail (scanner, "invalid number");
}

static gboolean
take_boolean (MmLineScanner *scanner, MmLineField *field)
{
  const char *text = scanner->at;

  while (scanner->at < scanner->end && !(class_of (*scanner->at) & ENDS_TOKEN))
    scanner->at++;
  field->kind = MM_LINE_BOOLEAN;
  return parse_boolean (text, (gsize) (scanner->at - text), &field->boolean)
         || fail (scanner, "invalid boolean");
}

static gboolean
take_value (MmLineScanner *scanner, MmLineField *field)
{
  if (scanner->at == scanner->end)
    return fail (scanner, "missing field value");
  switch (*scanner->at)
    {
    case '"':
      return take_string (scanner, field);
    case 't':
    case 'T':
    case 'f':
    case 'F':
      return take_boolean (scanner, field);
    case '-':
    case '.':
    case '0' ... '9':
      return take_number (scanner, field);
    default:
      return fail (scanner, "invalid field format");
    }
}

MmLineStep
mm_line_scanner_field (MmLineScanner *scanner, MmLineField *field, gboolean *last)
{
  if (*last)
    return MM_LINE_DONE;
  if (!take_name (scanner, ENDS_KEY, ESCAPED_IN_KEY, &field->key))
    return MM_LINE_FAILED;
  if (field->key.length == 0)
    {
      fail (scanner, "missing fields");
      return MM_LINE_FAILED;
    }
  if (scanner->at == scanner->end || *scanner->at != '=')
    {
      fail (scanner, "invalid field format");
      return MM_LINE_FAILED;
    }
  scanner->at++;
  if (!take_value (scanner, field))
    return MM_LINE_FAILED;
  if (scanner->at < scanner->end && *scanner->at == ',')
    {
      scanner->at++;
      return MM_LINE_FIELD;
    }
  if (scanner->at < scanner->end && !(class_of (*scanner->at) & ENDS_TOKEN))
    {
      fail (scanner, "invalid field format");
      return MM_LINE_FAILED;
    }
  *last = TRUE;
  return MM_LINE_FIELD;
}

gboolean
mm_line_scanner_time (MmLineScanner *scanner, gboolean *given, gint64 *timestamp)
{
  const char *text;

  take_spaces (scanner);
  text = scanner->at;
  while (scanner->at < scanner->end && (g_ascii_isdigit (*scanner->at) || *scanner->at == '-'))
    scanner->at++;
  *given = scanner->at > text;
  if (*given && !parse_integer (text, scanner->at, timestamp))
    return fail (scanner, "bad timestamp");
  take_spaces (scanner);
  return take_line_end (scanner) || fail (scanner, "bad timestamp");
}

void
mm_line_scanner_skip (MmLineScanner *scanner)
{
  gsize left = (gsize) (scanner->end - scanner->at);
  const char *newline = left == 0 ? NULL : memchr (scanner->at, '\n', left);

  scanner->at = newline == NULL ? scanner->end : newline + 1;
  if (newline != NULL)
    scanner->line++;
}

gssize
mm_line_span_copy (const MmLineSpan *span, char *text, gsize size)
{
  const char *at = span->text;
  const char *end = at + span->length;
  gsize length = 0;

  if (span->escapes == NULL)
    {
      if (span->length > size)
        return -1;
      memcpy (text, span->text, span->length);
      return (gssize) span->length;
    }
  for (; at < end; at++)
    {
      if (*at == '\\' && at + 1 < end && at[1] != '\0' && strchr (span->escapes, at[1]) != NULL)
        at++;
      if (length == size)
        return -1;
      text[length++] = *at;
    }
  return (gssize) length;
}

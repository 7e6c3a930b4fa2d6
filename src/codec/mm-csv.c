/* CSV by a small state machine: one byte at a time goes into the record's buffer, and where a field
 * ends a NUL goes too, so a whole record is one buffer and a list of offsets. Text that was fed but
 * not yet taken waits in @pending. Any thread; a reader belongs to one thread. */
#include "mm-csv.h"

#include "mm-error.h"

#include <string.h>

typedef enum
{
  AT_START,     /* of a record */
  AT_FIELD,     /* of a field after a comma */
  IN_PLAIN,     /* in a field without quotes */
  IN_QUOTES,    /* between quotes */
  AFTER_QUOTES, /* a quote that ends the field, or is the first of two */
  AFTER_CR,     /* outside quotes: the LF has to follow */
} State;

struct _MmCsvReader
{
  GString *pending;
  gsize at; /* in @pending */
  gboolean started;
  gboolean ended;
  gboolean failed;
  State state;
  GString *record;
  GArray *offsets; /* gsize, of the fields in @record */
  GPtrArray *fields;
  guint line;        /* of the next byte */
  guint record_line; /* where the record in work began */
  guint taken_line;  /* where the last taken record began */
};

MmCsvReader *
mm_csv_reader_new (void)
{
  MmCsvReader *reader = g_new0 (MmCsvReader, 1);

  reader->pending = g_string_new (NULL);
  reader->record = g_string_new (NULL);
  reader->offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  reader->fields = g_ptr_array_new ();
  reader->line = 1;
  return reader;
}

void
mm_csv_reader_free (MmCsvReader *reader)
{
  g_string_free (reader->pending, TRUE);
  g_string_free (reader->record, TRUE);
  g_array_unref (reader->offsets);
  g_ptr_array_unref (reader->fields);
  g_free (reader);
}

void
mm_csv_reader_feed (MmCsvReader *reader, const char *data, gsize length)
{
  g_return_if_fail (!reader->ended);
  g_string_erase (reader->pending, 0, (gssize) reader->at);
  reader->at = 0;
  g_string_append_len (reader->pending, data, (gssize) length);
}

void
mm_csv_reader_end (MmCsvReader *reader)
{
  reader->ended = TRUE;
}

guint
mm_csv_reader_line (const MmCsvReader *reader)
{
  return reader->taken_line;
}

static gboolean
fail (MmCsvReader *reader, GError **error, const char *reason)
{
  g_autofree char *message = g_strdup_printf ("Line %u of the CSV: %s.", reader->line, reason);

  reader->failed = TRUE;
  return mm_error_set (error, MM_ERROR_INVALID, "bad-csv", message);
}

static void
begin_field (MmCsvReader *reader)
{
  gsize offset = reader->record->len;

  g_array_append_val (reader->offsets, offset);
}

static void
end_field (MmCsvReader *reader)
{
  g_string_append_c (reader->record, '\0');
}

/* What @c does between fields and in plain ones; TRUE if it was sound. @done: the record is whole.
 */
static gboolean
take_outside (MmCsvReader *reader, char c, gboolean *done, GError **error)
{
  gboolean fresh = reader->state == AT_START || reader->state == AT_FIELD;

  if (reader->state == AT_START)
    {
      if (c == '\n' || c == '\r')
        {
          reader->state = c == '\r' ? AFTER_CR : AT_START;
          return TRUE;
        }
      reader->record_line = reader->line;
    }
  if (fresh)
    begin_field (reader);
  switch (c)
    {
    case '"':
      if (!fresh)
        return fail (reader, error, "a quote in a field that does not begin with one");
      reader->state = IN_QUOTES;
      return TRUE;
    case ',':
      end_field (reader);
      reader->state = AT_FIELD;
      return TRUE;
    case '\r':
      end_field (reader);
      reader->state = AFTER_CR;
      return TRUE;
    case '\n':
      end_field (reader);
      reader->state = AT_START;
      *done = TRUE;
      return TRUE;
    default:
      if (reader->state == AFTER_QUOTES)
        return fail (reader, error, "text after a closing quote");
      g_string_append_c (reader->record, c);
      reader->state = IN_PLAIN;
      return TRUE;
    }
}

static gboolean
take_byte (MmCsvReader *reader, char c, gboolean *done, GError **error)
{
  if (c == '\0')
    return fail (reader, error, "a NUL byte");
  switch (reader->state)
    {
    case IN_QUOTES:
      if (c == '"')
        reader->state = AFTER_QUOTES;
      else
        g_string_append_c (reader->record, c);
      return TRUE;
    case AFTER_CR:
      if (c != '\n')
        return fail (reader, error, "a carriage return without a line feed");
      reader->state = AT_START;
      *done = reader->offsets->len > 0;
      return TRUE;
    case AFTER_QUOTES:
      if (c == '"')
        {
          g_string_append_c (reader->record, '"');
          reader->state = IN_QUOTES;
          return TRUE;
        }
      return take_outside (reader, c, done, error);
    case AT_START:
    case AT_FIELD:
    case IN_PLAIN:
    default:
      return take_outside (reader, c, done, error);
    }
}

/* The end of the text ends the last record too. */
static gboolean
take_end (MmCsvReader *reader, gboolean *done, GError **error)
{
  switch (reader->state)
    {
    case IN_QUOTES:
      return fail (reader, error, "a quote that is never closed");
    case AFTER_CR:
      reader->state = AT_START;
      *done = reader->offsets->len > 0;
      return TRUE;
    case AT_FIELD:
      begin_field (reader);
      end_field (reader);
      break;
    case IN_PLAIN:
    case AFTER_QUOTES:
      end_field (reader);
      break;
    case AT_START:
    default:
      return TRUE;
    }
  reader->state = AT_START;
  *done = TRUE;
  return TRUE;
}

/* Passes over a byte order mark; FALSE if too little is there to tell. */
static gboolean
start (MmCsvReader *reader)
{
  static const char mark[] = "\xef\xbb\xbf";
  gsize n = MIN (reader->pending->len, strlen (mark));

  if (memcmp (reader->pending->str, mark, n) == 0)
    {
      if (n < strlen (mark) && !reader->ended)
        return FALSE;
      if (n == strlen (mark))
        reader->at = n;
    }
  reader->started = TRUE;
  return TRUE;
}

/* Turns the offsets of the whole record into strings. */
static gboolean
finish_record (MmCsvReader *reader, GError **error)
{
  for (guint i = 0; i < reader->offsets->len; i++)
    {
      char *field = reader->record->str + g_array_index (reader->offsets, gsize, i);

      if (!g_utf8_validate (field, -1, NULL))
        return fail (reader, error, "text that is not UTF-8");
      g_ptr_array_add (reader->fields, field);
    }
  g_array_set_size (reader->offsets, 0);
  reader->taken_line = reader->record_line;
  return TRUE;
}

static gboolean
is_too_long (const MmCsvReader *reader)
{
  return reader->record->len > MM_CSV_MAX_RECORD || reader->offsets->len > MM_CSV_MAX_FIELDS;
}

gboolean
mm_csv_reader_next (MmCsvReader *reader, GPtrArray **fields, GError **error)
{
  gboolean done = FALSE;

  *fields = NULL;
  if (reader->failed)
    return fail (reader, error, "it was refused before");
  if (reader->fields->len > 0) /* the record before was whole */
    {
      g_string_truncate (reader->record, 0);
      g_ptr_array_set_size (reader->fields, 0);
    }
  if (!reader->started && !start (reader))
    return TRUE;
  while (!done && reader->at < reader->pending->len)
    {
      char c = reader->pending->str[reader->at++];

      if (!take_byte (reader, c, &done, error))
        return FALSE;
      if (c == '\n')
        reader->line++;
      if (is_too_long (reader))
        return fail (reader, error, "a record that is too long");
    }
  if (!done && reader->ended && !take_end (reader, &done, error))
    return FALSE;
  if (is_too_long (reader))
    return fail (reader, error, "a record that is too long");
  if (!done)
    return TRUE;
  if (!finish_record (reader, error))
    return FALSE;
  *fields = reader->fields;
  return TRUE;
}

void
mm_csv_append_field (GString *out, const char *field)
{
  if (strpbrk (field, ",\"\r\n") == NULL)
    {
      g_string_append (out, field);
      return;
    }
  g_string_append_c (out, '"');
  for (; *field != '\0'; field++)
    {
      if (*field == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *field);
    }
  g_string_append_c (out, '"');
}

void
mm_csv_append_record (GString *out, const char *const *fields, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      mm_csv_append_field (out, fields[i]);
    }
  if (n == 1 && *fields[0] == '\0')
    g_string_append (out, "\"\"");
  g_string_append (out, "\r\n");
}

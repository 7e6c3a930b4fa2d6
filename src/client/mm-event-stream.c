#include "mm-event-stream.h"

#include <string.h>

struct _MmEventStream
{
  GString *bytes;        /* fed and not yet looked at */
  gsize position;        /* of the next line in it */
  gboolean begun;        /* the first bytes, where a byte order mark may be, are gone */
  gboolean cut;          /* the line is too long; what is left of it is passed over */
  gboolean after_return; /* the last line ended with CR: an LF that follows belongs to it */

  GString *name;
  GString *data;
  char *new_id;
  gboolean bad; /* the event has a part that was passed over */

  GString *given_name; /* of the event handed out last */
  GString *given_data;
  char *id;
};

MmEventStream *
mm_event_stream_new (void)
{
  MmEventStream *stream = g_new0 (MmEventStream, 1);

  stream->bytes = g_string_new (NULL);
  stream->name = g_string_new (NULL);
  stream->data = g_string_new (NULL);
  stream->given_name = g_string_new (NULL);
  stream->given_data = g_string_new (NULL);
  return stream;
}

void
mm_event_stream_free (MmEventStream *stream)
{
  if (stream == NULL)
    return;
  g_string_free (stream->bytes, TRUE);
  g_string_free (stream->name, TRUE);
  g_string_free (stream->data, TRUE);
  g_string_free (stream->given_name, TRUE);
  g_string_free (stream->given_data, TRUE);
  g_free (stream->new_id);
  g_free (stream->id);
  g_free (stream);
}

static void
clear_event (MmEventStream *stream)
{
  g_string_truncate (stream->name, 0);
  g_string_truncate (stream->data, 0);
  stream->bad = FALSE;
}

/* The end of an event; TRUE if there is one to hand out. Without data there is none. */
static gboolean
dispatch (MmEventStream *stream, MmEvent *event)
{
  GString *name = stream->given_name, *data = stream->given_data;

  if (stream->new_id != NULL && !stream->bad)
    {
      g_free (stream->id);
      stream->id = g_steal_pointer (&stream->new_id);
    }
  g_clear_pointer (&stream->new_id, g_free);
  if (stream->bad || stream->data->len == 0)
    {
      clear_event (stream);
      return FALSE;
    }
  stream->given_name = stream->name;
  stream->given_data = stream->data;
  stream->name = name;
  stream->data = data;
  clear_event (stream);
  g_string_truncate (stream->given_data, stream->given_data->len - 1);
  event->name = stream->given_name->len > 0 ? stream->given_name->str : "message";
  event->data = stream->given_data->str;
  event->length = stream->given_data->len;
  return TRUE;
}

static gboolean
is_field (const char *line, gsize length, const char *name)
{
  return length == strlen (name) && memcmp (line, name, length) == 0;
}

static void
take_field (MmEventStream *stream, const char *line, gsize length)
{
  const char *colon = memchr (line, ':', length);
  gsize name = colon != NULL ? (gsize) (colon - line) : length;
  const char *value = colon != NULL ? colon + 1 : line + length;
  gsize rest;

  if (colon != NULL && value < line + length && *value == ' ')
    value++;
  rest = (gsize) (line + length - value);
  if (is_field (line, name, "event"))
    {
      g_string_truncate (stream->name, 0);
      g_string_append_len (stream->name, value, (gssize) rest);
    }
  else if (is_field (line, name, "data"))
    {
      if (stream->data->len + rest + 1 > MM_EVENT_DATA_MAX)
        {
          g_string_truncate (stream->data, 0);
          stream->bad = TRUE;
        }
      else if (!stream->bad)
        {
          g_string_append_len (stream->data, value, (gssize) rest);
          g_string_append_c (stream->data, '\n');
        }
    }
  else if (is_field (line, name, "id") && memchr (value, '\0', rest) == NULL)
    {
      g_free (stream->new_id);
      stream->new_id = g_strndup (value, rest);
    }
}

void
mm_event_stream_feed (MmEventStream *stream, const char *bytes, gsize length)
{
  g_string_append_len (stream->bytes, bytes, (gssize) length);
}

/* Passes over a byte order mark at the very beginning; FALSE if it cannot be told yet. */
static gboolean
begin (MmEventStream *stream)
{
  static const char mark[] = "\xEF\xBB\xBF";
  gsize length = MIN (stream->bytes->len, 3);

  if (stream->begun)
    return TRUE;
  if (memcmp (stream->bytes->str, mark, length) != 0)
    stream->begun = TRUE;
  else if (length == 3)
    {
      stream->position = 3;
      stream->begun = TRUE;
    }
  return stream->begun;
}

gboolean
mm_event_stream_next (MmEventStream *stream, MmEvent *event)
{
  if (!begin (stream))
    return FALSE;
  while (stream->position < stream->bytes->len)
    {
      const char *line = stream->bytes->str + stream->position;
      gsize left = stream->bytes->len - stream->position;
      gsize length = 0;

      if (stream->after_return && *line == '\n')
        {
          stream->after_return = FALSE;
          stream->position++;
          continue;
        }
      stream->after_return = FALSE;
      while (length < left && line[length] != '\n' && line[length] != '\r')
        length++;
      if (length == left)
        {
          if (length > MM_EVENT_LINE_MAX)
            {
              stream->cut = TRUE;
              stream->position = stream->bytes->len;
            }
          break;
        }
      stream->after_return = line[length] == '\r';
      stream->position += length + 1;
      if (stream->cut || length > MM_EVENT_LINE_MAX)
        {
          stream->cut = FALSE;
          stream->bad = TRUE;
        }
      else if (length > 0)
        take_field (stream, line, length);
      else if (dispatch (stream, event))
        return TRUE;
    }
  g_string_erase (stream->bytes, 0, (gssize) stream->position);
  stream->position = 0;
  return FALSE;
}

const char *
mm_event_stream_id (MmEventStream *stream)
{
  return stream->id;
}

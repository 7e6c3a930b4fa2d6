#include "mm-line-write.h"

#include "mm-number.h"

#include <math.h>
#include <string.h>

static gboolean
is_fit (const char *text, gsize length)
{
  if (length == 0 || text[length - 1] == '\\' || !g_utf8_validate_len (text, length, NULL))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if ((guint8) text[i] < 0x20 || text[i] == 0x7f)
      return FALSE;
  return TRUE;
}

/* With a backslash before each of @escaped. */
static void
append (GString *line, const char *text, gsize length, const char *escaped)
{
  for (gsize i = 0; i < length; i++)
    {
      if (strchr (escaped, text[i]) != NULL && text[i] != '\0')
        g_string_append_c (line, '\\');
      g_string_append_c (line, text[i]);
    }
}

gboolean
mm_line_write_measurement (GString *line, const char *name, gsize length)
{
  /* A line that begins so is a comment. */
  if (!is_fit (name, length) || name[0] == '#')
    return FALSE;
  append (line, name, length, ", ");
  return TRUE;
}

gboolean
mm_line_write_tag (
    GString *line, const char *key, gsize key_length, const char *value, gsize value_length)
{
  if (!is_fit (key, key_length) || !is_fit (value, value_length))
    return FALSE;
  g_string_append_c (line, ',');
  append (line, key, key_length, ",= ");
  g_string_append_c (line, '=');
  append (line, value, value_length, ",= ");
  return TRUE;
}

static void
append_value (GString *line, const MmLineField *value)
{
  char number[MM_NUMBER_TEXT_SIZE];

  switch (value->kind)
    {
    case MM_LINE_FLOAT:
      mm_number_write (value->number, number);
      g_string_append (line, number);
      break;
    case MM_LINE_INTEGER:
      g_string_append_printf (line, "%" G_GINT64_FORMAT "i", value->integer);
      break;
    case MM_LINE_UNSIGNED:
      g_string_append_printf (line, "%" G_GUINT64_FORMAT "u", value->natural);
      break;
    case MM_LINE_BOOLEAN:
      g_string_append (line, value->boolean ? "true" : "false");
      break;
    case MM_LINE_STRING:
    default:
      g_string_append_c (line, '"');
      append (line, value->string.text, value->string.length, "\"\\");
      g_string_append_c (line, '"');
      break;
    }
}

gboolean
mm_line_write_field (
    GString *line, gboolean first, const char *key, gsize length, const MmLineField *value)
{
  if (!is_fit (key, length) || (value->kind == MM_LINE_FLOAT && !isfinite (value->number)))
    return FALSE;
  g_string_append_c (line, first ? ' ' : ',');
  append (line, key, length, ",= ");
  g_string_append_c (line, '=');
  append_value (line, value);
  return TRUE;
}

void
mm_line_write_time (GString *line, gint64 time)
{
  g_string_append_printf (line, " %" G_GINT64_FORMAT "\n", time);
}

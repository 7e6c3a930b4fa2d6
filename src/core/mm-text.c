#include "mm-text.h"

#include <string.h>

#include "mm-error.h"
#include "mm-words.h"

char *
mm_text_take (const char *text, const char *field, GError **error)
{
  g_autofree char *composed = NULL;
  const char *start;
  const char *end;

  if (text == NULL)
    text = "";
  if (!g_utf8_validate (text, -1, NULL))
    {
      mm_error_add_field (error, field, "characters", N_ ("This text cannot be read as UTF-8."));
      return NULL;
    }
  composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  start = composed;
  end = composed + strlen (composed);
  while (start < end && g_unichar_isspace (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  while (end > start && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  if (start == end)
    {
      mm_error_add_field (error, field, "required", N_ ("Please fill in this field."));
      return NULL;
    }
  return g_strndup (start, (gsize) (end - start));
}

static gboolean
is_control (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    default:
      /* The marks that embed, override or isolate a direction of writing. */
      return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }
}

char *
mm_text_line (const char *text, const char *field, glong max, const char *too_long, GError **error)
{
  g_autofree char *line = mm_text_take (text, field, error);

  if (line == NULL)
    return NULL;
  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    if (is_control (g_utf8_get_char (p)))
      {
        mm_error_add_field (error, field, "characters",
                            N_ ("Use one line without control characters."));
        return NULL;
      }
  if (g_utf8_strlen (line, -1) > max)
    {
      mm_error_add_field (error, field, "too-long", too_long);
      return NULL;
    }
  return g_steal_pointer (&line);
}

char *
mm_text_halfwidth (const char *text)
{
  GString *half = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFF01 - '!';
      else if (c == 0x3000)
        c = ' ';
      g_string_append_unichar (half, c);
    }
  return g_string_free (half, FALSE);
}

/* Besides the hyphens proper the katakana prolonged marks, which a Japanese keyboard puts in the
 * hyphen's place. */
static gboolean
is_hyphen (gunichar c)
{
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63 || c == 0x30FC
         || c == 0xFF70;
}

char *
mm_text_digits (const char *text)
{
  g_autofree char *half = mm_text_halfwidth (text);
  g_autoptr (GString) digits = g_string_new (NULL);

  for (const char *p = half; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if ((c >= '0' && c <= '9') || (c == '+' && digits->len == 0))
        g_string_append_c (digits, (char) c);
      else if (!g_unichar_isspace (c) && !is_hyphen (c) && c != '(' && c != ')' && c != '.'
               && g_unichar_type (c) != G_UNICODE_FORMAT)
        return NULL;
    }
  return g_string_free (g_steal_pointer (&digits), FALSE);
}

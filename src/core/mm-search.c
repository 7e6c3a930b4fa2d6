#include "mm-search.h"

#include <string.h>

#define HIRAGANA_FIRST 0x3041
#define HIRAGANA_LAST 0x3096
#define TO_KATAKANA 0x60

char *
mm_search_fold (const char *text)
{
  g_autofree char *composed
      = g_utf8_normalize (text != NULL ? text : "", -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = g_utf8_casefold (composed != NULL ? composed : "", -1);
  GString *out = g_string_sized_new (strlen (folded));

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c))
        {
          if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c (out, ' ');
        }
      else if (c >= HIRAGANA_FIRST && c <= HIRAGANA_LAST)
        g_string_append_unichar (out, c + TO_KATAKANA);
      else
        g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

gboolean
mm_search_matches (const char *text, const char *query)
{
  g_auto (GStrv) words = g_strsplit (query, " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (strstr (text, *word) == NULL)
      return FALSE;
  return TRUE;
}

#include "mm-form.h"

#include <string.h>

/* Decodes "+" and "%XX"; NULL if it is malformed or no UTF-8 text without NUL. */
static char *
decode (const char *text, gsize length)
{
  g_autofree char *out = g_malloc (length + 1);
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '+')
        out[n++] = ' ';
      else if (text[i] != '%')
        out[n++] = text[i];
      else
        {
          if (length - i < 3 || !g_ascii_isxdigit (text[i + 1]) || !g_ascii_isxdigit (text[i + 2]))
            return NULL;
          out[n++] = (char) (g_ascii_xdigit_value (text[i + 1]) << 4
                             | g_ascii_xdigit_value (text[i + 2]));
          i += 2;
        }
    }
  out[n] = '\0';
  return g_utf8_validate_len (out, n, NULL) ? g_steal_pointer (&out) : NULL;
}

GPtrArray *
mm_form_parse (const char *text, gsize length, guint max_fields, const char **code)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  const char *end = text + length;

  for (const char *field = text; field < end;)
    {
      const char *stop = memchr (field, '&', (gsize) (end - field));
      const char *equals;
      char *name, *value;

      if (stop == NULL)
        stop = end;
      if (stop > field)
        {
          if (fields->len >= 2 * max_fields)
            {
              *code = "form-too-many";
              return NULL;
            }
          equals = memchr (field, '=', (gsize) (stop - field));
          name = decode (field, (gsize) ((equals != NULL ? equals : stop) - field));
          value = equals != NULL ? decode (equals + 1, (gsize) (stop - equals - 1)) : g_strdup ("");
          g_ptr_array_add (fields, name);
          g_ptr_array_add (fields, value);
          if (name == NULL || value == NULL)
            {
              *code = "form-encoding";
              return NULL;
            }
        }
      field = stop + 1;
    }
  return g_steal_pointer (&fields);
}

#include "mm-json.h"

#include "mm-time.h"

#include <math.h>
#include <string.h>

/* Parsing */

/* How far we are in what is looked at before json-glib may. */
typedef struct
{
  const char *at;
  const char *end;
  guint depth;
  guint parts;
} Look;

/* The code unit of "\\uXXXX" at @text; -1 if it is none. */
static int
code_unit (const char *text, const char *end)
{
  int unit = 0;

  if (end - text < 6 || text[0] != '\\' || text[1] != 'u')
    return -1;
  for (guint i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (text[i]);
    }
  return unit;
}

/* Passes over what a backslash begins. */
static gboolean
pass_escape (Look *look)
{
  int unit, second;

  if (look->end - look->at < 2)
    return FALSE;
  if (look->at[1] != 'u')
    {
      look->at += 2;
      return TRUE;
    }
  unit = code_unit (look->at, look->end);
  look->at += 6;
  if (unit < 0xD800 || unit > 0xDFFF)
    return unit >= 0;
  second = unit < 0xDC00 ? code_unit (look->at, look->end) : -1;
  look->at += 6;
  return second >= 0xDC00 && second <= 0xDFFF;
}

/* Passes over a string, whose opening quote is behind us. */
static gboolean
pass_string (Look *look)
{
  while (look->at < look->end && *look->at != '"')
    if (*look->at != '\\')
      look->at++;
    else if (!pass_escape (look))
      return FALSE;
  return look->at++ < look->end;
}

/* What json-glib takes beyond JSON (comments, other quotes) is refused: a bracket is then either in
 * a string or counts. */
static gboolean
is_harmless (const char *bytes, gsize length)
{
  Look look = { bytes, bytes + length, 0, 0 };

  while (look.at < look.end)
    {
      char c = *look.at++;

      if (c == '"')
        {
          if (!pass_string (&look))
            return FALSE;
        }
      else if (c == '[' || c == '{')
        {
          if (++look.depth > MM_JSON_DEPTH || ++look.parts > MM_JSON_PARTS)
            return FALSE;
        }
      else if (c == ']' || c == '}')
        look.depth -= look.depth > 0;
      else if (c == ',')
        {
          if (++look.parts > MM_JSON_PARTS)
            return FALSE;
        }
      else if (c == '\0' || (!g_ascii_isalnum (c) && strchr (" \t\r\n:+-.", c) == NULL))
        return FALSE;
    }
  return TRUE;
}

JsonNode *
mm_json_parse (const char *bytes, gsize length)
{
  g_autoptr (JsonParser) parser = NULL;

  if (length == 0 || length > G_MAXINT || !is_harmless (bytes, length))
    return NULL;
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, bytes, (gssize) length, NULL))
    return NULL;
  return json_parser_steal_root (parser);
}

/* Members */

static JsonNode *
member (JsonObject *object, const char *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

static gboolean
holds (JsonNode *node, GType type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/* Calendars know no year 0 and none after 9999, not in every time zone; a chart of the year 9999
 * has no day after it. */
static gint64
time_of (const char *text)
{
  gint64 time = 0;

  return mm_time_parse (text, &time) && time > 0 && time < MM_JSON_TIME_END ? time : 0;
}

const char *
mm_json_text (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return holds (node, G_TYPE_STRING) ? json_node_get_string (node) : "";
}

gint64
mm_json_integer (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return holds (node, G_TYPE_INT64) ? json_node_get_int (node) : 0;
}

double
mm_json_value (JsonNode *node)
{
  double value = NAN;

  if (holds (node, G_TYPE_INT64))
    value = (double) json_node_get_int (node);
  else if (holds (node, G_TYPE_DOUBLE))
    value = json_node_get_double (node);
  return isfinite (value) ? value : (double) NAN;
}

double
mm_json_number (JsonObject *object, const char *name)
{
  return mm_json_value (member (object, name));
}

gboolean
mm_json_truth (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return holds (node, G_TYPE_BOOLEAN) && json_node_get_boolean (node);
}

gint64
mm_json_time (JsonObject *object, const char *name)
{
  return time_of (mm_json_text (object, name));
}

gint64
mm_json_moment (JsonNode *node)
{
  return holds (node, G_TYPE_STRING) ? time_of (json_node_get_string (node)) : 0;
}

JsonObject *
mm_json_object (JsonObject *object, const char *name)
{
  return mm_json_root (member (object, name));
}

JsonArray *
mm_json_array (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
mm_json_element (JsonArray *array, guint index)
{
  return index < mm_json_length (array) ? mm_json_root (json_array_get_element (array, index))
                                        : NULL;
}

guint
mm_json_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

JsonObject *
mm_json_root (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonNode *
mm_json_new_texts (const char *name, ...)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  va_list more;

  va_start (more, name);
  while (name != NULL)
    {
      const char *value = va_arg (more, const char *);

      json_object_set_string_member (object, name, value != NULL ? value : "");
      name = va_arg (more, const char *);
    }
  va_end (more);
  json_node_take_object (node, object);
  return node;
}

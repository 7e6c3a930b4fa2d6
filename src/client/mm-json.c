#include "mm-json.h"

#include "mm-time.h"

#include <math.h>

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
mm_json_number (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  if (holds (node, G_TYPE_INT64))
    return (double) json_node_get_int (node);
  return holds (node, G_TYPE_DOUBLE) ? json_node_get_double (node) : (double) NAN;
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
  gint64 time = 0;

  return mm_time_parse (mm_json_text (object, name), &time) ? time : 0;
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
      json_object_set_string_member (object, name, va_arg (more, const char *));
      name = va_arg (more, const char *);
    }
  va_end (more);
  json_node_take_object (node, object);
  return node;
}

/* Reading a server's JSON without trusting its shape: what is absent, null or of another type is
 * read as the neutral value given here. Any thread. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define MM_JSON_DEPTH 32 /* of arrays and objects in each other */
#define MM_JSON_PARTS                                                                              \
  (4 * 1024 * 1024) /* arrays, objects and elements; a long history has 3 million */

#define MM_JSON_TIME_END (G_GINT64_CONSTANT (7258118400) * 1000000) /* 2200-01-01 */

/* Reads @length bytes of JSON (RFC 8259). (transfer full). NULL if they are none, and for what no
 * server of ours sends but could bring this program down: json-glib follows nesting until the stack
 * is at its end, and makes text that is no UTF-8 of half a surrogate pair. */
JsonNode *mm_json_parse (const char *bytes, gsize length);

/* The text of member @name; "" if there is none. Owned by @object. */
const char *mm_json_text (JsonObject *object, const char *name);

/* The whole number of member @name; 0 if there is none. */
gint64 mm_json_integer (JsonObject *object, const char *name);

/* The number of member @name; NAN if there is none, or none that a double holds. */
double mm_json_number (JsonObject *object, const char *name);

/* The truth value of member @name; FALSE if there is none. */
gboolean mm_json_truth (JsonObject *object, const char *name);

/* The time of member @name (RFC 3339) in UTC microseconds; 0 if there is none, or none after 1970
 * and before %MM_JSON_TIME_END. */
gint64 mm_json_time (JsonObject *object, const char *name);

/* The object or array of member @name, owned by @object; NULL if there is none. */
JsonObject *mm_json_object (JsonObject *object, const char *name);
JsonArray *mm_json_array (JsonObject *object, const char *name);

/* The number that @node is; NAN likewise. @node may be NULL. */
double mm_json_value (JsonNode *node);

/* The time that @node is; 0 likewise. @node may be NULL. */
gint64 mm_json_moment (JsonNode *node);

/* Element @index of @array as an object; NULL if it is none. @array may be NULL. */
JsonObject *mm_json_element (JsonArray *array, guint index);

/* The number of elements; 0 for NULL. */
guint mm_json_length (JsonArray *array);

/* The object that @node is; NULL if it is none. @node may be NULL. */
JsonObject *mm_json_root (JsonNode *node);

/* A body to send: an object of texts, given as name, value, …, NULL; a value may be
 * NULL. (transfer full) */
JsonNode *mm_json_new_texts (const char *name, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS

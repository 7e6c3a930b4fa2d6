/* Reading JSON bodies of requests: bounded by the route, then typed, then trusted. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* The body as an object; NULL with %MM_ERROR_INVALID otherwise. Free with json_decref(). */
json_t *mm_body_object (MmExchange *x, GError **error);

/* The member @name as text (NULL if absent or null), number or truth (@missing if absent). FALSE
 * with %MM_ERROR_INVALID "type" if it is something else. Texts live as long as @object. */
gboolean mm_body_text (const json_t *object, const char *name, const char **text, GError **error);
gboolean mm_body_integer (const json_t *object, const char *name, gint64 *number, GError **error);
gboolean mm_body_boolean (
    const json_t *object, const char *name, gboolean missing, gboolean *truth, GError **error);

G_END_DECLS

/* application/x-www-form-urlencoded, strictly. Pure functions. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Decodes @length bytes of @text into name, value, name, value … (new strings, freed with the
 * array). A field without "=" has an empty value.
 * Returns NULL and sets @code to why: "form-too-many" (more than @max_fields), "form-encoding" (a
 * "%" without two digits, a NUL, or no valid UTF-8).
 * Source: WHATWG URL §5.1, stricter where it would guess. */
GPtrArray *mm_form_parse (const char *text, gsize length, guint max_fields, const char **code);

G_END_DECLS

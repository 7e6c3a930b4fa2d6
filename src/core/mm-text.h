/* Text as people type it: trimmed, composed, one line. The ground of all field rules.
 *
 * Pure functions, any thread. All take NULL as the empty text; what they return is freed with
 * g_free().
 *
 * Every field rule of the product has the shape
 *
 *   char *mm_x_normalise (const char *text, const char *field, GError **error);
 *
 * It returns the normal form, or NULL after adding to *@error (mm_error_add_field(), @error is not
 * NULL) under the name @field one code and one sentence that says the rule. An empty field has the
 * code "required".
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @text without white space around it, composed (NFC). Adds "required" if nothing is left and
 * "characters" if it is not UTF-8. */
char *mm_text_take (const char *text, const char *field, GError **error);

/* mm_text_take() for one line of at most @max characters: adds "characters" if there are control
 * characters, line or paragraph separators, or marks that turn the direction of writing (they could
 * forge a mail or a list), and "too-long" with the sentence @too_long. */
char *mm_text_line (
    const char *text, const char *field, glong max, const char *too_long, GError **error);

/* Full-width ASCII and the ideographic space as plain ASCII; all else unchanged. @text is UTF-8. */
char *mm_text_halfwidth (const char *text);

/* The digits of a number written by hand, full-width ones too, without the white space, hyphens of
 * any kind, parentheses, dots and invisible marks between them; a "+" in front is kept. NULL if
 * anything else is in @text, which is UTF-8. */
char *mm_text_digits (const char *text);

G_END_DECLS

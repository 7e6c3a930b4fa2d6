/* Numbers as text: decimal, without regard to the locale, exact both ways. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Enough for any finite double and its end. */
#define MM_NUMBER_TEXT_SIZE 32

/* Reads a decimal number: [+-] digits [. digits] [e [+-] digits], at least one digit before or
 * after the point, nothing around it. Rounds correctly.
 * Returns FALSE if @text is anything else or too large for a finite double. */
gboolean mm_number_parse (const char *text, gsize length, double *number);

/* Writes the shortest decimal that reads back as the very same double. @number must be finite.
 * Valid as a JSON number. Returns the length. */
gsize mm_number_write (double number, char text[MM_NUMBER_TEXT_SIZE]);

G_END_DECLS

/* A QR code of a text: black on white in every colour scheme, with the quiet zone that readers
 * need. In a template set "text" and, as people who cannot see it have no use for the picture,
 * an accessible label that says what it leads to. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MM_TYPE_QR_CODE (mm_qr_code_get_type ())
G_DECLARE_FINAL_TYPE (MmQrCode, mm_qr_code, MM, QR_CODE, GtkWidget)

/* A new one, floating. @text: at most 1,000 bytes; @label: for the screen reader, translated */
GtkWidget *mm_qr_code_new (const char *text, const char *label);

/* Shows @text, at most 1,000 bytes; NULL or "": nothing, a white square. The property "text". */
void mm_qr_code_set_text (MmQrCode *code, const char *text);

/* What is shown; NULL: nothing. */
const char *mm_qr_code_get_text (MmQrCode *code);

/* The same on paper: @text as a square with sides of @size, its upper left corner at @x, @y. */
void mm_qr_code_draw (cairo_t *cr, const char *text, double x, double y, double size);

G_END_DECLS

/* A QR code: black on white in every style, with the quiet zone of four modules around it, drawn on
 * whole pixels. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MM_TYPE_QR_PICTURE (mm_qr_picture_get_type ())
G_DECLARE_FINAL_TYPE (MmQrPicture, mm_qr_picture, MM, QR_PICTURE, GtkWidget)

/* Shows a code of @text, at most 1,000 bytes; NULL: none. @label: what it is, for those who do not
 * see it; translated. */
void mm_qr_picture_set_text (MmQrPicture *picture, const char *text, const char *label);

G_END_DECLS

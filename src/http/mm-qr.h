/* QR codes for our own pages, as SVG. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An SVG picture of a QR code of @text, at most 1,000 bytes: black on white, with the quiet zone of
 * four modules around it. Free with g_free(). */
char *mm_qr_svg (const char *text);

G_END_DECLS

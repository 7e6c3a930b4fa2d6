#include "mm-qr.h"

#include <qrencode.h>

#define QUIET 4

char *
mm_qr_svg (const char *text)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  GString *svg = g_string_new (NULL);
  int size;

  if (code == NULL)
    g_error ("a QR code cannot be made");
  size = code->width + 2 * QUIET;
  g_string_append_printf (svg,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                          "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
                          "<path fill=\"#000\" d=\"",
                          size, size, size, size);
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++)
      {
        int run = 0;

        while (x + run < code->width && code->data[y * code->width + x + run] & 1)
          run++;
        if (run == 0)
          continue;
        g_string_append_printf (svg, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
        x += run - 1;
      }
  g_string_append (svg, "\"/></svg>");
  QRcode_free (code);
  return g_string_free (svg, FALSE);
}

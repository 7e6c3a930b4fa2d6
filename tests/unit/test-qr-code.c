#include "mm-qr-code.h"

#define SIDE 370 /* 29 modules of version 3 and 8 of the quiet zone, 10 pixels each */

/* Whether it is black in the middle of the module at @column, @row. */
static gboolean
is_black (cairo_surface_t *surface, int column, int row)
{
  const guchar *data = cairo_image_surface_get_data (surface);

  return data[(row * 10 + 5) * cairo_image_surface_get_stride (surface) + 4 * (column * 10 + 5)]
         < 128;
}

static cairo_surface_t *
drawn (const char *text)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SIDE, SIDE);
  cairo_t *cr = cairo_create (surface);

  mm_qr_code_draw (cr, text, 0, 0, SIDE);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Three corners have a ring of seven modules around a filled square; all around it stays white. */
static void
test_drawn (void)
{
  cairo_surface_t *surface = drawn ("https://mimamori.example/link?dealer=shop");
  const int corners[][2] = { { 4, 4 }, { 26, 4 }, { 4, 26 } };

  for (int i = 0; i < 37; i++)
    for (int edge = 0; edge < 4; edge++)
      {
        g_assert_false (is_black (surface, i, edge));
        g_assert_false (is_black (surface, i, 36 - edge));
        g_assert_false (is_black (surface, edge, i));
        g_assert_false (is_black (surface, 36 - edge, i));
      }
  for (guint c = 0; c < G_N_ELEMENTS (corners); c++)
    for (int y = 0; y < 7; y++)
      for (int x = 0; x < 7; x++)
        {
          int ring = MAX (ABS (x - 3), ABS (y - 3));

          g_assert_cmpint (is_black (surface, corners[c][0] + x, corners[c][1] + y), ==, ring != 2);
        }
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qr-code/drawn", test_drawn);
  return g_test_run ();
}

/* Labels of gateways on paper, drawn without a display. */
#include "mm-labels.h"

#include <string.h>

#define WIDTH 280
#define HEIGHT 150

/* How many dark points there are in the columns @from to @to. */
static guint
count_dark (cairo_surface_t *surface, int from, int to)
{
  const guchar *bytes = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint dark = 0;

  cairo_surface_flush (surface);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = from; x < to; x++)
      if (bytes[y * stride + 4 * x] < 64)
        dark++;
  return dark;
}

static guint
draw_left_half (const char *public_url)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  guint dark;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  mm_labels_draw (cr, public_url, "GW-1", "ABCD-EFGH-JKLM-NPQR", 0, 0, WIDTH, HEIGHT);
  dark = count_dark (surface, 5, WIDTH / 2 - 20);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return dark;
}

static void
test_link (void)
{
  g_autofree char *link = mm_labels_link ("https://shop.example.jp", "GW.1_a-b", "AB&C=D E");

  g_assert_cmpstr (link, ==,
                   "https://shop.example.jp/register/customer?gateway_id=GW.1_a-b"
                   "&activation_code=AB%26C%3DD%20E");
}

static void
test_code_only_where_it_leads_somewhere (void)
{
  guint with_code = draw_left_half ("https://shop.example.jp");
  guint without = draw_left_half (NULL);

  g_assert_cmpuint (without, >, 0); /* the text moves to the left */
  g_assert_cmpuint (with_code, >, 3 * without);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/labels/link", test_link);
  g_test_add_func ("/labels/code-only-where-it-leads-somewhere",
                   test_code_only_where_it_leads_somewhere);
  return g_test_run ();
}

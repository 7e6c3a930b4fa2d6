/* chart/mm-zoom: never outside, never less than can be seen. */
#include "mm-zoom.h"

#define M G_TIME_SPAN_MINUTE
#define H G_TIME_SPAN_HOUR

static void
test_scale (void)
{
  MmZoom zoom;

  mm_zoom_set (&zoom, 0, 24 * H);
  g_assert_false (mm_zoom_is_in (&zoom));
  g_assert_true (mm_zoom_scale (&zoom, 0.5, 6 * H));
  g_assert_true (mm_zoom_is_in (&zoom));
  /* What was at a quarter stays there. */
  g_assert_cmpint (zoom.from, ==, 3 * H);
  g_assert_cmpint (zoom.to, ==, 15 * H);
  g_assert_true (mm_zoom_scale (&zoom, 2, 6 * H));
  g_assert_false (mm_zoom_is_in (&zoom));
  g_assert_false (mm_zoom_scale (&zoom, 2, 6 * H));
  while (mm_zoom_scale (&zoom, 0.5, 24 * H - 1))
    ;
  g_assert_cmpint (zoom.to - zoom.from, ==, MM_ZOOM_LEAST);
}

static void
test_select (void)
{
  MmZoom zoom;

  mm_zoom_set (&zoom, 0, 24 * H);
  g_assert_true (mm_zoom_select (&zoom, 2 * H, 3 * H));
  g_assert_false (mm_zoom_select (&zoom, 2 * H, 3 * H));
  g_assert_cmpint (zoom.from, ==, 2 * H);
  /* Too little grows to both sides. */
  g_assert_true (mm_zoom_select (&zoom, 5 * H - M, 5 * H + M));
  g_assert_cmpint (zoom.from, ==, 5 * H - 5 * M);
  g_assert_cmpint (zoom.to, ==, 5 * H + 5 * M);
  g_assert_true (mm_zoom_select (&zoom, -9 * H, 99 * H));
  g_assert_false (mm_zoom_is_in (&zoom));
}

static void
test_move (void)
{
  MmZoom zoom;

  mm_zoom_set (&zoom, 0, 24 * H);
  g_assert_false (mm_zoom_move (&zoom, 0.5));
  mm_zoom_select (&zoom, 10 * H, 14 * H);
  g_assert_true (mm_zoom_move (&zoom, 0.5));
  g_assert_cmpint (zoom.from, ==, 12 * H);
  g_assert_true (mm_zoom_move (&zoom, -10));
  g_assert_cmpint (zoom.from, ==, 0);
  g_assert_cmpint (zoom.to, ==, 4 * H);
  g_assert_false (mm_zoom_show (&zoom, 2 * H));
  g_assert_true (mm_zoom_show (&zoom, 23 * H));
  g_assert_cmpint (zoom.to, ==, 23 * H + 1);
  g_assert_true (mm_zoom_show (&zoom, 1 * H));
  g_assert_cmpint (zoom.from, ==, 1 * H);
}

/* Also when the whole is short. */
static void
test_limits (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      gint64 length = g_test_rand_int_range (1, 1000) * M;
      MmZoom zoom;

      mm_zoom_set (&zoom, 0, length);
      for (guint i = 0; i < 6; i++)
        {
          gint64 time = g_test_rand_int_range (-100, 1100) * M;

          if (g_test_rand_bit ())
            mm_zoom_scale (&zoom, g_test_rand_double_range (0.1, 4), time);
          else
            mm_zoom_move (&zoom, g_test_rand_double_range (-2, 2));
          g_assert_cmpint (zoom.from, >=, 0);
          g_assert_cmpint (zoom.to, <=, length);
          g_assert_cmpint (zoom.to - zoom.from, >=, MIN (length, MM_ZOOM_LEAST));
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zoom/scale", test_scale);
  g_test_add_func ("/zoom/select", test_select);
  g_test_add_func ("/zoom/move", test_move);
  g_test_add_func ("/zoom/limits", test_limits);
  return g_test_run ();
}

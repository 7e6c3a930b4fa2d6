/* chart/mm-plot and the layers: drawn into a picture without any display, and looked at there. */
#include "mm-layer.h"

#include "mm-clock.h"

#include <math.h>

#define WIDTH 640
#define HEIGHT 400

/* 2016-10-07 00:00 in Tokyo. */
#define DAY (G_GINT64_CONSTANT (1475766000) * MM_SECOND)

typedef struct
{
  MmLanguages *languages;
  MmPlot plot;
  cairo_surface_t *picture;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PangoFontMap *fonts = pango_cairo_font_map_get_default ();

  fixture->languages = mm_languages_new_built_in ();
  fixture->plot.language = mm_languages_get (fixture->languages, "en");
  fixture->plot.pango = pango_font_map_create_context (fonts);
  fixture->plot.series = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_series_free);
  fixture->plot.hidden = g_hash_table_new (g_str_hash, g_str_equal);
  fixture->plot.zone = g_time_zone_new_identifier ("Asia/Tokyo");
  fixture->plot.from = DAY;
  fixture->plot.to = DAY + MM_DAY;
  fixture->plot.latitude = fixture->plot.longitude = NAN;
  fixture->plot.now = MM_TIME_NONE;
  mm_palette_init (&fixture->plot.palette, FALSE, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mm_plot_release (&fixture->plot);
  g_object_unref (fixture->plot.pango);
  g_ptr_array_unref (fixture->plot.series);
  g_hash_table_unref (fixture->plot.hidden);
  g_time_zone_unref (fixture->plot.zone);
  mm_languages_free (fixture->languages);
  g_clear_pointer (&fixture->picture, cairo_surface_destroy);
}

static MmSeries *
add_series (Fixture *fixture, const char *name)
{
  MmSeries *series = mm_series_new_for_quantity (name, fixture->plot.language);

  g_ptr_array_add (fixture->plot.series, series);
  return series;
}

/* A point every minute from @from to @to (hours). */
static void
fill (MmSeries *series, double from, double to, double value)
{
  for (gint64 time = (gint64) (from * (double) MM_HOUR); time < (gint64) (to * (double) MM_HOUR);
       time += MM_MINUTE)
    mm_series_add (series, DAY + time, value, FALSE);
}

static void
draw (Fixture *fixture, void (*layer) (const MmPlot *plot, GtkSnapshot *snapshot))
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  cairo_t *cr;

  g_clear_pointer (&fixture->picture, cairo_surface_destroy);
  fixture->picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  mm_plot_arrange (&fixture->plot, WIDTH, HEIGHT);
  layer (&fixture->plot, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return;
  cr = cairo_create (fixture->picture);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  gsk_render_node_unref (node);
}

/* Whether something is drawn at an hour and a value; its colour if @colour is not NULL. */
static gboolean
is_drawn (Fixture *fixture, double hour, double value, guint32 *colour)
{
  int x = (int) mm_plot_x (&fixture->plot, DAY + (gint64) (hour * (double) MM_HOUR));
  int y = (int) mm_plot_y (&fixture->plot, value);
  const guchar *row;
  guint32 pixel;

  cairo_surface_flush (fixture->picture);
  row = cairo_image_surface_get_data (fixture->picture)
        + y * cairo_image_surface_get_stride (fixture->picture);
  pixel = ((const guint32 *) (const void *) row)[x];
  if (colour != NULL)
    *colour = pixel;
  return pixel >> 24 != 0;
}

static void
test_area_and_gap (Fixture *fixture, gconstpointer data)
{
  MmSeries *sun = add_series (fixture, "pv_power");

  fill (sun, 6, 10, 2000);
  fill (sun, 12, 18, 2000);
  draw (fixture, mm_area_layer_draw);
  g_assert_false (fixture->plot.empty);
  g_assert_true (is_drawn (fixture, 8, 1900, NULL));
  g_assert_false (is_drawn (fixture, 11, 1000, NULL));
  g_assert_true (is_drawn (fixture, 13, 100, NULL));
  g_assert_false (is_drawn (fixture, 20, 100, NULL));
}

/* What is bought stands on the sun, what is sold hangs below zero. */
static void
test_stack_and_directions (Fixture *fixture, gconstpointer data)
{
  MmSeries *sun = add_series (fixture, "pv_power");
  MmSeries *grid = add_series (fixture, "grid_power");
  guint32 below_sun, on_sun;

  fill (sun, 6, 18, 1000);
  fill (grid, 6, 12, 1000);
  fill (grid, 12.02, 18, -500);
  draw (fixture, mm_area_layer_draw);
  g_assert_true (is_drawn (fixture, 7, 100, &below_sun));
  g_assert_true (is_drawn (fixture, 7, 1900, &on_sun));
  g_assert_cmphex (below_sun, !=, on_sun);
  g_assert_false (is_drawn (fixture, 7, -300, NULL));
  g_assert_true (is_drawn (fixture, 17, -100, NULL));
  g_assert_false (is_drawn (fixture, 17, 1500, NULL));
  /* A hidden series takes no room. */
  g_hash_table_add (fixture->plot.hidden, (gpointer) "pv_power");
  draw (fixture, mm_area_layer_draw);
  g_assert_true (is_drawn (fixture, 7, 900, NULL));
  g_assert_cmpfloat (fixture->plot.value.highest, ==, 1000);
}

static void
test_spike_is_seen (Fixture *fixture, gconstpointer data)
{
  MmSeries *house = add_series (fixture, "load_power");

  fill (house, 0, 24, 300);
  mm_series_add (house, DAY + 9 * MM_HOUR + 30 * MM_SECOND, 4000, FALSE);
  draw (fixture, mm_line_layer_draw);
  g_assert_true (is_drawn (fixture, 9, 2000, NULL));
  g_assert_false (is_drawn (fixture, 8, 2000, NULL));
}

/* Nobody knows where: no night. In Tokyo: dark at four, light at noon. */
static void
test_night (Fixture *fixture, gconstpointer data)
{
  fill (add_series (fixture, "pv_power"), 6, 18, 1000);
  draw (fixture, mm_night_layer_draw);
  g_assert_false (is_drawn (fixture, 4, 500, NULL));
  fixture->plot.latitude = 35.66;
  fixture->plot.longitude = 139.74;
  draw (fixture, mm_night_layer_draw);
  g_assert_true (is_drawn (fixture, 4, 500, NULL));
  g_assert_false (is_drawn (fixture, 12, 500, NULL));
  g_assert_true (is_drawn (fixture, 19, 500, NULL));
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  add_series (fixture, "pv_power");
  add_series (fixture, "soc");
  draw (fixture, mm_empty_layer_draw);
  g_assert_true (fixture->plot.empty);
  g_assert_cmpfloat (fixture->plot.strip.size.height, ==, 0);
  draw (fixture, mm_area_layer_draw);
  draw (fixture, mm_line_layer_draw);
}

static void
test_late (Fixture *fixture, gconstpointer data)
{
  MmSeries *sun = add_series (fixture, "pv_power");
  double foot;

  fill (sun, 6, 12, 1000);
  for (guint i = 0; i < 120; i++)
    mm_series_add (sun, DAY + 12 * MM_HOUR + i * MM_MINUTE, 1000, TRUE);
  draw (fixture, mm_late_layer_draw);
  foot = 2.0 / fixture->plot.area.size.height * 1000;
  g_assert_true (is_drawn (fixture, 13, foot, NULL));
  g_assert_false (is_drawn (fixture, 9, foot, NULL));
}

static void
test_read_out (Fixture *fixture, gconstpointer data)
{
  MmSeries *sun = add_series (fixture, "pv_power");
  MmSeries *grid = add_series (fixture, "grid_power");
  g_autofree char *english = NULL;
  g_autofree char *gap = NULL;

  fill (sun, 6, 18, 3120);
  fill (grid, 6, 12, -1200);
  mm_plot_arrange (&fixture->plot, WIDTH, HEIGHT);
  english = mm_cross_layer_read (&fixture->plot, DAY + 8 * MM_HOUR);
  g_assert_cmpstr (english, ==, "08:00, Solar 3.12\302\240kW, Sold 1.20\302\240kW");
  gap = mm_cross_layer_read (&fixture->plot, DAY + 14 * MM_HOUR);
  g_assert_cmpstr (gap, ==, "14:00, Solar 3.12\302\240kW, Grid –");
}

static void
test_steps (Fixture *fixture, gconstpointer data)
{
  gint64 time = DAY + 8 * MM_HOUR;
  gint64 next;

  fill (add_series (fixture, "pv_power"), 6, 10, 1000);
  fill (g_ptr_array_index (fixture->plot.series, 0), 12, 13, 1000);
  mm_plot_arrange (&fixture->plot, WIDTH, HEIGHT);
  g_assert_cmpint (mm_cross_layer_snap (&fixture->plot, time + 20 * MM_SECOND), ==, time);
  /* A minute is less than a pixel: on to the next pixel, and back. */
  next = mm_cross_layer_step (&fixture->plot, time, 1);
  g_assert_cmpint (next, >, time + MM_MINUTE);
  g_assert_cmpint (next, <, time + 5 * MM_MINUTE);
  g_assert_cmpint (mm_cross_layer_step (&fixture->plot, next, -1), ==, time);
  /* Over the gap, and no farther than the end. */
  g_assert_cmpint (mm_cross_layer_step (&fixture->plot, DAY + 10 * MM_HOUR - MM_MINUTE, 1), ==,
                   DAY + 12 * MM_HOUR);
  g_assert_cmpint (mm_cross_layer_step (&fixture->plot, DAY + 13 * MM_HOUR - MM_MINUTE, 1), ==,
                   DAY + 13 * MM_HOUR - MM_MINUTE);
}

static void
test_bars (Fixture *fixture, gconstpointer data)
{
  MmSeries *sun = add_series (fixture, "pv_energy_total");
  MmSeries *sold = add_series (fixture, "grid_export_energy_total");
  g_autofree char *text = NULL;

  fixture->plot.to = DAY + 7 * MM_DAY;
  fixture->plot.bars = TRUE;
  for (guint i = 0; i < 7; i++)
    if (i != 3)
      {
        mm_series_add (sun, DAY + i * MM_DAY, 10000, FALSE);
        mm_series_add (sold, DAY + i * MM_DAY, 4000, FALSE);
      }
  draw (fixture, mm_bar_layer_draw);
  g_assert_cmpuint (fixture->plot.n_columns, ==, 7);
  g_assert_true (is_drawn (fixture, 12, 9000, NULL));
  g_assert_true (is_drawn (fixture, 12, -3000, NULL));
  g_assert_false (is_drawn (fixture, 3 * 24 + 12, 1000, NULL));
  /* Room between two bars. */
  g_assert_false (is_drawn (fixture, 24, 5000, NULL));
  text = mm_cross_layer_read (&fixture->plot, DAY + 2 * MM_DAY);
  g_assert_cmpstr (text, ==, "9 Oct, Solar 10.0\302\240kWh, Sold 4.00\302\240kWh");
  g_assert_cmpint (mm_cross_layer_step (&fixture->plot, DAY + 2 * MM_DAY, 1), ==, DAY + 3 * MM_DAY);
  g_assert_cmpint (mm_cross_layer_step (&fixture->plot, DAY, -1), ==, DAY);
}

/* Any size, however small, in any mode. */
static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  static void (*const layers[]) (const MmPlot *plot, GtkSnapshot *snapshot)
      = { mm_night_layer_draw, mm_axis_layer_draw, mm_area_layer_draw, mm_line_layer_draw,
          mm_late_layer_draw,  mm_now_layer_draw,  mm_zero_layer_draw, mm_empty_layer_draw };

  fill (add_series (fixture, "pv_power"), 6, 18, 1000);
  fill (add_series (fixture, "soc"), 6, 18, 50);
  fixture->plot.marks = TRUE;
  fixture->plot.latitude = 69.6;
  fixture->plot.longitude = 18.9;
  fixture->plot.now = DAY + 9 * MM_HOUR;
  for (float width = 1; width < 2000; width *= 3)
    for (float height = 1; height < 1000; height *= 3)
      {
        GtkSnapshot *snapshot = gtk_snapshot_new ();
        GskRenderNode *node;

        mm_plot_arrange (&fixture->plot, width, height);
        for (gsize i = 0; i < G_N_ELEMENTS (layers); i++)
          layers[i](&fixture->plot, snapshot);
        mm_cross_layer_draw (&fixture->plot, snapshot, DAY + 8 * MM_HOUR);
        node = gtk_snapshot_free_to_node (snapshot);
        g_clear_pointer (&node, gsk_render_node_unref);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* Otherwise done by gtk_init(), which needs a display. */
  g_type_ensure (GSK_TYPE_COLOR_NODE);
#define ADD(name, function) g_test_add ("/layer/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("area-and-gap", test_area_and_gap);
  ADD ("stack-and-directions", test_stack_and_directions);
  ADD ("spike-is-seen", test_spike_is_seen);
  ADD ("night", test_night);
  ADD ("empty", test_empty);
  ADD ("late", test_late);
  ADD ("read-out", test_read_out);
  ADD ("steps", test_steps);
  ADD ("bars", test_bars);
  ADD ("sizes", test_sizes);
  return g_test_run ();
}

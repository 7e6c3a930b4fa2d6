/* How long a chart takes for a day of readings every ten seconds, five series of 8,640 points: to
 * arrange, to record what is drawn, and to put it on a picture of 1200 × 400 in memory,
 * in processor time.
 *
 *     bench-chart [ROUNDS]
 */
#include "mm-clock.h"
#include "mm-layer.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define WIDTH 1200
#define HEIGHT 400
#define STEP 10

static const char *const names[]
    = { "pv_power", "battery_power", "grid_power", "load_power", "soc" };

/* Sun, clouds and a house that switches things on and off. */
static void
fill (MmPlot *plot, GRand *chance)
{
  MmSeries *series[G_N_ELEMENTS (names)];

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      series[i] = mm_series_new_for_quantity (names[i], plot->language);
      g_ptr_array_add (plot->series, series[i]);
    }
  for (guint second = 0; second < 86400; second += STEP)
    {
      double sun = fmax (0, -cos (second * 2 * G_PI / 86400));
      double values[G_N_ELEMENTS (names)];

      values[0] = 5000 * sun * g_rand_double_range (chance, 0.6, 1);
      values[1] = second % 7200 < 3600 ? -500 : 400;
      values[3] = 400 + (second % 3000 < 600 ? 2000 : 0) + g_rand_double_range (chance, 0, 200);
      values[2] = values[3] - values[0] - values[1];
      values[4] = 50 + 40 * sun;
      for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        mm_series_add (series[i], plot->from + second * MM_SECOND, values[i], FALSE);
    }
}

/* Of this thread alone: others on the machine do not count. In µs. */
static gint64
cpu_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * MM_SECOND + time.tv_nsec / 1000;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

static void
print_median (const char *what, gint64 *times, guint n)
{
  qsort (times, n, sizeof *times, compare);
  g_print ("%-8s median %5.2f ms, worst %5.2f ms\n", what, (double) times[n / 2] / 1000,
           (double) times[n - 1] / 1000);
}

static GskRenderNode *
record (const MmPlot *plot)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  mm_night_layer_draw (plot, snapshot);
  mm_axis_layer_draw (plot, snapshot);
  mm_area_layer_draw (plot, snapshot);
  mm_line_layer_draw (plot, snapshot);
  mm_late_layer_draw (plot, snapshot);
  mm_zero_layer_draw (plot, snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

int
main (int argc, char *argv[])
{
  guint rounds = argc > 1 ? (guint) MAX (atoi (argv[1]), 1) : 100;
  MmLanguages *languages = mm_languages_new_built_in ();
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  GRand *chance = g_rand_new_with_seed (7);
  gint64 *times[3];
  MmPlot plot = { .language = mm_languages_get (languages, "en"),
                  .from = G_GINT64_CONSTANT (1475766000) * MM_SECOND,
                  .latitude = 35.66,
                  .longitude = 139.74,
                  .now = MM_TIME_NONE };

  /* Otherwise done by gtk_init(), which needs a display. */
  g_type_ensure (GSK_TYPE_COLOR_NODE);
  plot.to = plot.from + MM_DAY;
  plot.zone = g_time_zone_new_identifier ("Asia/Tokyo");
  plot.pango = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  plot.series = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_series_free);
  plot.hidden = g_hash_table_new (g_str_hash, g_str_equal);
  mm_palette_init (&plot.palette, FALSE, FALSE);
  fill (&plot, chance);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    times[i] = g_new (gint64, rounds);
  for (guint round = 0; round < rounds; round++)
    {
      cairo_t *cr = cairo_create (picture);
      gint64 begin = cpu_time (), arranged, recorded;
      GskRenderNode *node;

      mm_plot_arrange (&plot, WIDTH, HEIGHT);
      arranged = cpu_time ();
      node = record (&plot);
      recorded = cpu_time ();
      gsk_render_node_draw (node, cr);
      times[0][round] = arranged - begin;
      times[1][round] = recorded - arranged;
      times[2][round] = cpu_time () - recorded;
      gsk_render_node_unref (node);
      cairo_destroy (cr);
    }
  print_median ("arrange", times[0], rounds);
  print_median ("record", times[1], rounds);
  print_median ("paint", times[2], rounds);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_free (times[i]);
  mm_plot_release (&plot);
  g_object_unref (plot.pango);
  g_ptr_array_unref (plot.series);
  g_hash_table_unref (plot.hidden);
  g_time_zone_unref (plot.zone);
  g_rand_free (chance);
  cairo_surface_destroy (picture);
  mm_languages_free (languages);
  return 0;
}

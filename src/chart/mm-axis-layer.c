/* Lines and labels of both axes. */
#include "mm-layer.h"

static void
draw_across (const MmPlot *plot, GtkSnapshot *snapshot, float y, const GdkRGBA *colour)
{
  gtk_snapshot_append_color (snapshot, colour,
                             &GRAPHENE_RECT_INIT (plot->area.origin.x, roundf (y),
                                                  plot->area.size.width, 1));
}

static void
draw_values (const MmPlot *plot, GtkSnapshot *snapshot)
{
  const MmPalette *palette = &plot->palette;

  for (guint i = 0; i < mm_value_axis_n_ticks (&plot->value); i++)
    {
      double value = mm_value_axis_tick (&plot->value, i);
      float y = mm_plot_y (plot, value);
      g_autofree char *label = mm_value_axis_label (&plot->value, i, plot->language);

      draw_across (plot, snapshot, y, &palette->grid);
      mm_plot_draw_text (plot, snapshot, label, plot->area.origin.x - 6, y - plot->line_height / 2,
                         1, &palette->dim);
    }
  mm_plot_draw_text (plot, snapshot, plot->value.unit, MM_PLOT_MARGIN, MM_PLOT_MARGIN, 0,
                     &palette->dim);
}

static void
draw_levels (const MmPlot *plot, GtkSnapshot *snapshot)
{
  const MmPalette *palette = &plot->palette;

  if (plot->strip.size.height <= 0)
    return;
  for (int level = 0; level <= 100; level += 50)
    {
      float y = mm_plot_level_y (plot, level);
      g_autofree char *label = g_strdup_printf ("%d", level);

      draw_across (plot, snapshot, y, &palette->grid);
      if (level != 50)
        mm_plot_draw_text (plot, snapshot, label, plot->strip.origin.x - 6,
                           y - plot->line_height / 2, 1, &palette->dim);
    }
}

static void
draw_times (const MmPlot *plot, GtkSnapshot *snapshot)
{
  g_autoptr (GArray) ticks = mm_time_axis_ticks (&plot->time);
  float bottom = plot->strip.origin.y + plot->strip.size.height;
  float free_from = 0; /* up to where the labels before reach */

  for (guint i = 0; i < ticks->len; i++)
    {
      const MmTimeTick *tick = &g_array_index (ticks, MmTimeTick, i);
      float x = mm_plot_x (plot, tick->time);
      g_autofree char *label = mm_time_axis_label (&plot->time, tick, plot->language);
      g_autoptr (PangoLayout) layout = mm_plot_text (plot, label, FALSE);
      float middle = x;
      float left;
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      gtk_snapshot_append_color (snapshot, tick->day ? &plot->palette.zero : &plot->palette.grid,
                                 &GRAPHENE_RECT_INIT (roundf (x), bottom, 1, 4));
      /* A bar has its label in its middle. */
      if (plot->bars)
        middle = (x
                  + mm_plot_x (plot, g_array_index (plot->slots, gint64,
                                                    mm_plot_slot (plot, tick->time) + 1)))
                 / 2;
      if (plot->bars && tick->time >= plot->to)
        continue;
      left = CLAMP (middle - (float) width / 2, MM_PLOT_MARGIN,
                    MAX (plot->width - MM_PLOT_MARGIN - (float) width, MM_PLOT_MARGIN));
      if (i > 0 && left < free_from)
        continue;
      free_from = left + (float) width + 6;
      mm_plot_draw_text (plot, snapshot, label, left, plot->label_y, 0, &plot->palette.dim);
    }
}

void
mm_axis_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot)
{
  if (!plot->empty)
    {
      draw_values (plot, snapshot);
      draw_levels (plot, snapshot);
    }
  draw_times (plot, snapshot);
}

void
mm_zero_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot)
{
  if (!plot->empty && plot->value.lowest <= 0 && plot->value.highest >= 0)
    draw_across (plot, snapshot, mm_plot_y (plot, 0), &plot->palette.zero);
}

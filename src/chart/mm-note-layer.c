/* What is said about the data: that it came late, where the present is, that there is none. */
#include "mm-layer.h"

#include "mm-clock.h"

#define FOOT 4

static gboolean
is_late (const MmPlot *plot, guint column)
{
  for (guint i = 0; i < plot->traces->len; i++)
    if (g_array_index (plot->traces, MmTrace, i).columns[column].late)
      return TRUE;
  return FALSE;
}

void
mm_late_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot)
{
  float y = plot->area.origin.y + plot->area.size.height - FOOT;
  cairo_t *cr = NULL;

  for (guint c = 0; c < plot->n_columns; c++)
    {
      guint first = c;
      float left, right;

      if (!is_late (plot, c))
        continue;
      while (c + 1 < plot->n_columns && is_late (plot, c + 1))
        c++;
      if (cr == NULL)
        cr = gtk_snapshot_append_cairo (
            snapshot, &GRAPHENE_RECT_INIT (plot->area.origin.x, y, plot->area.size.width, FOOT));
      left = mm_plot_column_x (plot, first);
      right = mm_plot_column_x (plot, c + 1);
      cairo_save (cr);
      cairo_rectangle (cr, left, y, right - left, FOOT);
      cairo_clip (cr);
      gdk_cairo_set_source_rgba (cr, &plot->palette.background);
      cairo_paint (cr);
      for (float x = left - FOOT; x < right; x += FOOT)
        {
          cairo_move_to (cr, x, y + FOOT);
          cairo_line_to (cr, x + FOOT, y);
        }
      gdk_cairo_set_source_rgba (cr, &plot->palette.text);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
      cairo_restore (cr);
    }
  if (cr != NULL)
    cairo_destroy (cr);
}

void
mm_now_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot)
{
  float bottom = plot->strip.origin.y + plot->strip.size.height;
  const char *word;
  float x;

  if (plot->bars || plot->now == MM_TIME_NONE || plot->now < plot->from || plot->now >= plot->to)
    return;
  x = roundf (mm_plot_x (plot, plot->now));
  gtk_snapshot_append_color (snapshot, &plot->palette.zero,
                             &GRAPHENE_RECT_INIT (x, plot->area.origin.y - 3, 1,
                                                  bottom - plot->area.origin.y + 3));
  word = mm_tr_c (plot->language, "chart", "Now");
  mm_plot_draw_text (plot, snapshot, word, CLAMP (x, plot->area.origin.x + 20, plot->width - 20),
                     plot->area.origin.y - plot->line_height - 4, 0.5f, &plot->palette.dim);
}

void
mm_empty_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot)
{
  const char *text;
  g_autoptr (PangoLayout) layout = NULL;
  graphene_rect_t box = plot->area;
  int width, height;

  if (!plot->empty)
    return;
  if (plot->from >= plot->now && plot->now != MM_TIME_NONE)
    text = mm_tr_c (plot->language, "chart", "This time is still to come");
  else if (plot->to - plot->from <= 26 * MM_HOUR)
    text = mm_tr_c (plot->language, "chart", "No data for this day");
  else
    text = mm_tr_c (plot->language, "chart", "No data for this time");
  layout = pango_layout_new (plot->pango);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_width (layout, (int) plot->area.size.width * PANGO_SCALE);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT (
                    box.origin.x, roundf (box.origin.y + (box.size.height - (float) height) / 2)));
  gtk_snapshot_append_layout (snapshot, layout, &plot->palette.dim);
  gtk_snapshot_restore (snapshot);
}

/* Bars: what came in stands up, what went out hangs down, and what was used is marked across. */
#include "mm-layer.h"

#include <math.h>

#define WIDEST 40

/* Left edge and width of the bar in a slot. */
static void
find_bar (const MmPlot *plot, guint slot, float *x, float *width)
{
  float left = mm_plot_column_x (plot, slot), right = mm_plot_column_x (plot, slot + 1);

  *width = CLAMP (floorf ((right - left) * 0.7f), 1, WIDEST);
  *x = roundf ((left + right - *width) / 2);
}

static void
draw_part (const MmPlot *plot, cairo_t *cr, MmRole role, guint slot, const MmBand *band)
{
  float x, width, top, base;

  if (isnan (band->top) || band->top == band->base)
    return;
  find_bar (plot, slot, &x, &width);
  top = mm_plot_y (plot, band->top);
  base = mm_plot_y (plot, band->base);
  cairo_rectangle (cr, x, MIN (top, base), width, fabsf (base - top));
  mm_palette_fill (&plot->palette, role, band->top < band->base, cr);
  gdk_cairo_set_source_rgba (cr, &plot->palette.edge[role]);
  cairo_set_line_width (cr, 1);
  cairo_new_path (cr);
  cairo_move_to (cr, x, top);
  cairo_line_to (cr, x + width, top);
  cairo_stroke (cr);
}

/* A line across the bar, on a halo that keeps it apart from the colours below. */
static void
draw_across (const MmPlot *plot, cairo_t *cr, MmRole role, guint slot, double value)
{
  float x, width, y;

  if (isnan (value))
    return;
  find_bar (plot, slot, &x, &width);
  y = roundf (mm_plot_y (plot, value));
  gdk_cairo_set_source_rgba (cr, &plot->palette.background);
  cairo_rectangle (cr, x - 2, y - 2.5, width + 4, 5);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &plot->palette.edge[role]);
  cairo_rectangle (cr, x - 2, y - 1.5, width + 4, 3);
  cairo_fill (cr);
}

void
mm_bar_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot)
{
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (plot->area.origin.x, plot->area.origin.y - 3,
                                     plot->area.size.width, plot->area.size.height + 6));

  for (guint i = 0; i < plot->traces->len; i++)
    {
      const MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);

      for (guint s = 0; trace->above != NULL && s < plot->n_columns; s++)
        {
          draw_part (plot, cr, mm_series_role (trace->series), s, &trace->above[s]);
          draw_part (plot, cr, mm_series_role (trace->series), s, &trace->below[s]);
        }
    }
  for (guint i = 0; i < plot->traces->len; i++)
    {
      const MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);

      for (guint s = 0; mm_series_shape (trace->series) == MM_SHAPE_LINE && s < plot->n_columns;
           s++)
        draw_across (plot, cr, mm_series_role (trace->series), s, trace->columns[s].mean);
    }
  cairo_destroy (cr);
}

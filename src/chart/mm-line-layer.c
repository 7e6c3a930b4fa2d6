/* Lines, which show the lowest and the highest of every column; and levels. */
#include "mm-layer.h"

#include <math.h>

#define HALO_WIDTH (MM_LINE_WIDTH + 2)
#define COLUMN_WIDTH 2
#define COLUMN_HALO_WIDTH 4

typedef float (*ToY) (const MmPlot *plot, double value);

/* Each column is one stroke from its lowest to its highest, begun at the end that is nearer to
 * where the line is. A point alone is a dot. */
static void
trace_line (const MmPlot *plot, cairo_t *cr, const MmTrace *trace, ToY to_y)
{
  double last = NAN;

  for (guint c = 0; c < plot->n_columns; c++)
    {
      const MmColumn *column = &trace->columns[c];
      double x, near, far;
      gboolean up;

      if (isnan (column->mean))
        continue;
      x = (mm_plot_column_x (plot, c) + mm_plot_column_x (plot, c + 1)) / 2;
      up = !column->joined || fabs (column->lowest - last) <= fabs (column->highest - last);
      near = up ? column->lowest : column->highest;
      far = up ? column->highest : column->lowest;
      if (!column->joined)
        cairo_move_to (cr, x, to_y (plot, near));
      cairo_line_to (cr, x, to_y (plot, near));
      if (far != near)
        cairo_line_to (cr, x, to_y (plot, far));
      last = far;
    }
}

/* Where there are more points than pixels: each column from its lowest to its highest, upright, and
 * on to where the one before ended. @width: of the line */
static void
fill_columns (const MmPlot *plot, cairo_t *cr, const MmTrace *trace, ToY to_y, float width)
{
  float last_upper = 0, last_lower = 0;

  for (guint c = 0; c < plot->n_columns; c++)
    {
      const MmColumn *column = &trace->columns[c];
      float upper, lower, from, to;

      if (isnan (column->mean))
        continue;
      upper = from = to_y (plot, column->highest);
      lower = to = to_y (plot, column->lowest);
      if (column->joined)
        {
          from = MIN (upper, last_lower);
          to = MAX (lower, last_upper);
        }
      /* Whole pixels are painted ten times as fast. */
      from = roundf (from - width / 2);
      cairo_rectangle (cr, mm_plot_column_x (plot, c), from, 1,
                       fmaxf (roundf (to + width / 2) - from, width));
      last_upper = upper;
      last_lower = lower;
    }
  cairo_fill (cr);
}

static void
draw_line (const MmPlot *plot, cairo_t *cr, const MmTrace *trace, ToY to_y)
{
  MmRole role = mm_series_role (trace->series);

  /* A halo keeps the line apart from the areas below. */
  gdk_cairo_set_source_rgba (cr, &plot->palette.background);
  if (plot->dense)
    {
      fill_columns (plot, cr, trace, to_y, COLUMN_HALO_WIDTH);
      gdk_cairo_set_source_rgba (cr, &plot->palette.edge[role]);
      fill_columns (plot, cr, trace, to_y, COLUMN_WIDTH);
      return;
    }
  trace_line (plot, cr, trace, to_y);
  cairo_set_line_width (cr, HALO_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (cr);
  trace_line (plot, cr, trace, to_y);
  mm_palette_stroke (&plot->palette, role, cr);
}

static void
fill_level (const MmPlot *plot, cairo_t *cr, const MmTrace *trace)
{
  GdkRGBA colour = plot->palette.fill[mm_series_role (trace->series)];
  float bottom = plot->strip.origin.y + plot->strip.size.height;

  colour.alpha = 0.25f;
  gdk_cairo_set_source_rgba (cr, &colour);
  for (guint c = 0; c < plot->n_columns; c++)
    {
      float y;

      if (isnan (trace->columns[c].mean))
        continue;
      y = roundf (mm_plot_level_y (plot, trace->columns[c].mean));
      cairo_rectangle (cr, mm_plot_column_x (plot, c), y,
                       mm_plot_column_x (plot, c + 1) - mm_plot_column_x (plot, c), bottom - y);
    }
  cairo_fill (cr);
}

/* Room for the halves of strokes at the edges. */
static cairo_t *
begin (GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  graphene_rect_t bounds;

  graphene_rect_inset_r (area, -2, -2, &bounds);
  return gtk_snapshot_append_cairo (snapshot, &bounds);
}

static void
draw_all (const MmPlot *plot, cairo_t *cr, MmShape shape)
{
  for (guint i = 0; i < plot->traces->len; i++)
    {
      const MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);

      if (mm_series_shape (trace->series) != shape)
        continue;
      if (shape == MM_SHAPE_LEVEL)
        fill_level (plot, cr, trace);
      draw_line (plot, cr, trace, shape == MM_SHAPE_LEVEL ? mm_plot_level_y : mm_plot_y);
    }
}

static void
draw_level_word (const MmPlot *plot, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < plot->traces->len; i++)
    {
      const MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);
      g_autofree char *word = NULL;

      if (mm_series_shape (trace->series) != MM_SHAPE_LEVEL)
        continue;
      word = g_strdup_printf ("%s (%%)", mm_series_label (trace->series));
      mm_plot_draw_text (plot, snapshot, word, plot->strip.origin.x,
                         plot->strip.origin.y - plot->line_height - 2, 0, &plot->palette.dim);
      return;
    }
}

void
mm_line_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot)
{
  cairo_t *cr = begin (snapshot, &plot->area);

  draw_all (plot, cr, MM_SHAPE_LINE);
  cairo_destroy (cr);
  if (plot->strip.size.height <= 0)
    return;
  cr = begin (snapshot, &plot->strip);
  draw_all (plot, cr, MM_SHAPE_LEVEL);
  cairo_destroy (cr);
  if (!plot->empty)
    draw_level_word (plot, snapshot);
}

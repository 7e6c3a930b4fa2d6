/* Areas that stand on each other. */
#include "mm-layer.h"

#include <math.h>

/* Thinner than this, an area has no edge of its own. */
#define THIN 1.0f

/* Room beside a word, and between it and a line. */
#define WORD_MARGIN 4
#define LINE_ROOM 2

static float
middle (const MmPlot *plot, guint column)
{
  return (mm_plot_column_x (plot, column) + mm_plot_column_x (plot, column + 1)) / 2;
}

static float
thickness (const MmPlot *plot, const MmBand *band)
{
  return fabsf (mm_plot_y (plot, band->top) - mm_plot_y (plot, band->base));
}

/* One run of columns that go on from each other. */
static void
draw_run (const MmPlot *plot,
          cairo_t *cr,
          const MmTrace *trace,
          const MmBand *bands,
          guint first,
          guint last)
{
  MmRole role = mm_series_role (trace->series);
  gboolean open = FALSE;

  cairo_move_to (cr, mm_plot_column_x (plot, first), mm_plot_y (plot, bands[first].base));
  cairo_line_to (cr, mm_plot_column_x (plot, first), mm_plot_y (plot, bands[first].top));
  for (guint c = first; c <= last; c++)
    cairo_line_to (cr, middle (plot, c), mm_plot_y (plot, bands[c].top));
  cairo_line_to (cr, mm_plot_column_x (plot, last + 1), mm_plot_y (plot, bands[last].top));
  cairo_line_to (cr, mm_plot_column_x (plot, last + 1), mm_plot_y (plot, bands[last].base));
  for (guint c = last + 1; c > first; c--)
    cairo_line_to (cr, middle (plot, c - 1), mm_plot_y (plot, bands[c - 1].base));
  cairo_close_path (cr);
  mm_palette_fill (&plot->palette, role, bands == trace->below, cr);
  cairo_new_path (cr);
  for (guint c = first; c <= last; c++)
    {
      float y = mm_plot_y (plot, bands[c].top);

      if (thickness (plot, &bands[c]) < THIN)
        open = FALSE;
      else if (open)
        cairo_line_to (cr, middle (plot, c), y);
      else
        {
          cairo_move_to (cr, middle (plot, c), y);
          open = TRUE;
        }
    }
  gdk_cairo_set_source_rgba (cr, &plot->palette.edge[role]);
  cairo_set_line_width (cr, 1);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
}

/* Where there are more points than pixels: each column upright, on whole pixels, so that areas meet
 * without a seam. */
static void
draw_columns (const MmPlot *plot, cairo_t *cr, const MmTrace *trace, const MmBand *bands)
{
  MmRole role = mm_series_role (trace->series);
  float last = NAN;

  for (guint c = 0; c < plot->n_columns; c++)
    {
      float top = roundf (mm_plot_y (plot, bands[c].top));
      float base = roundf (mm_plot_y (plot, bands[c].base));

      if (!isnan (top) && top != base)
        cairo_rectangle (cr, mm_plot_column_x (plot, c), MIN (top, base), 1, fabsf (base - top));
    }
  mm_palette_fill (&plot->palette, role, bands == trace->below, cr);
  cairo_new_path (cr);
  for (guint c = 0; c < plot->n_columns; c++)
    {
      float top = roundf (mm_plot_y (plot, bands[c].top));
      float from = trace->columns[c].joined && !isnan (last) ? last : top;

      last = top;
      if (isnan (top) || thickness (plot, &bands[c]) < THIN)
        continue;
      cairo_rectangle (cr, mm_plot_column_x (plot, c), MIN (top, from), 1,
                       fmaxf (fabsf (top - from), 1));
    }
  gdk_cairo_set_source_rgba (cr, &plot->palette.edge[role]);
  cairo_fill (cr);
}

static void
draw_bands (const MmPlot *plot, cairo_t *cr, const MmTrace *trace, const MmBand *bands)
{
  if (plot->dense)
    {
      draw_columns (plot, cr, trace, bands);
      return;
    }
  for (guint c = 0; c < plot->n_columns; c++)
    {
      guint first = c;

      if (isnan (bands[c].top))
        continue;
      while (c + 1 < plot->n_columns && trace->columns[c + 1].joined && !isnan (bands[c + 1].top))
        c++;
      draw_run (plot, cr, trace, bands, first, c);
    }
}

/* What is left of the room between @upper and @lower, from column @first to @last, beside the lines
 * that run through it. */
static void
leave_lines (const MmPlot *plot, guint first, guint last, float *upper, float *lower)
{
  for (guint i = 0; i < plot->traces->len; i++)
    {
      const MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);
      float top = G_MAXFLOAT, bottom = -G_MAXFLOAT;

      if (mm_series_shape (trace->series) != MM_SHAPE_LINE)
        continue;
      for (guint c = first; c <= last; c++)
        {
          top = fminf (top, mm_plot_y (plot, trace->columns[c].highest) - LINE_ROOM);
          bottom = fmaxf (bottom, mm_plot_y (plot, trace->columns[c].lowest) + LINE_ROOM);
        }
      if (bottom <= *upper || top >= *lower)
        continue;
      if (top - *upper > *lower - bottom)
        *lower = top;
      else
        *upper = bottom;
    }
}

/* The room that an area has for a word from column @first to @last. Nothing if there is a gap. */
static void
find_room (
    const MmPlot *plot, const MmBand *bands, guint first, guint last, float *upper, float *lower)
{
  *upper = -G_MAXFLOAT;
  *lower = G_MAXFLOAT;
  for (guint c = first; c <= last && *lower > *upper; c++)
    {
      float top = mm_plot_y (plot, bands[c].top), base = mm_plot_y (plot, bands[c].base);

      *upper = isnan (top) ? G_MAXFLOAT : MAX (*upper, MIN (top, base));
      *lower = isnan (top) ? -G_MAXFLOAT : MIN (*lower, MAX (top, base));
    }
  if (*lower > *upper)
    leave_lines (plot, first, last, upper, lower);
}

/* The word for one side of an area stands where there is most room for it. */
static void
draw_word (const MmPlot *plot,
           GtkSnapshot *snapshot,
           const MmTrace *trace,
           const MmBand *bands,
           double sign)
{
  const char *word = mm_series_word (trace->series, sign);
  g_autoptr (PangoLayout) layout = mm_plot_text (plot, word, FALSE);
  GdkRGBA colour = mm_palette_on (&plot->palette, mm_series_role (trace->series), sign < 0);
  float best = plot->line_height;
  float best_x = 0, best_y = 0;
  int width;
  guint span;

  pango_layout_get_pixel_size (layout, &width, NULL);
  span = (guint) width + 2 * WORD_MARGIN;
  for (guint c = 0; c + span < plot->n_columns; c += 4)
    {
      float upper, lower;

      find_room (plot, bands, c, c + span, &upper, &lower);
      if (lower - upper > best)
        {
          best = lower - upper;
          best_x = mm_plot_column_x (plot, c) + WORD_MARGIN;
          best_y = (upper + lower - plot->line_height) / 2;
        }
    }
  if (best_x > 0)
    mm_plot_draw_text (plot, snapshot, word, best_x, best_y, 0, &colour);
}

void
mm_area_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &plot->area);

  for (guint i = 0; i < plot->traces->len; i++)
    {
      const MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);

      if (trace->above == NULL)
        continue;
      draw_bands (plot, cr, trace, trace->above);
      draw_bands (plot, cr, trace, trace->below);
    }
  cairo_destroy (cr);
  for (guint i = 0; i < plot->traces->len; i++)
    {
      const MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);

      if (trace->above == NULL)
        continue;
      draw_word (plot, snapshot, trace, trace->above, 1);
      draw_word (plot, snapshot, trace, trace->below, -1);
    }
}

#include "mm-plot.h"

#include <math.h>

#define GAP 6
#define RIGHT 12
#define LABEL_GAP 20
#define DENSE 2 /* points to a pixel */
#define STRIP_HEIGHT 56
#define LOW_STRIP_HEIGHT 36
#define LOW 280 /* pixels of height below which everything moves together */

static void
clear_trace (gpointer data)
{
  MmTrace *trace = data;

  g_free (trace->columns);
  g_free (trace->above);
  g_free (trace->below);
}

PangoLayout *
mm_plot_text (const MmPlot *plot, const char *text, gboolean strong)
{
  PangoLayout *layout = pango_layout_new (plot->pango);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.84));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
  if (strong)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static float
text_width (const MmPlot *plot, const char *text)
{
  g_autoptr (PangoLayout) layout = mm_plot_text (plot, text, FALSE);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return (float) width;
}

float
mm_plot_draw_text (const MmPlot *plot,
                   GtkSnapshot *snapshot,
                   const char *text,
                   float x,
                   float y,
                   float align,
                   const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = mm_plot_text (plot, text, FALSE);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  y += plot->baseline - (float) pango_layout_get_baseline (layout) / PANGO_SCALE;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (roundf (x - align * (float) width), roundf (y)));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
  return (float) width;
}

static void
add_traces (MmPlot *plot)
{
  for (guint i = 0; i < plot->series->len; i++)
    {
      MmTrace trace = { g_ptr_array_index (plot->series, i), NULL, NULL, NULL };

      if (!g_hash_table_contains (plot->hidden, mm_series_name (trace.series)))
        g_array_append_val (plot->traces, trace);
    }
}

static gboolean
has_levels (const MmPlot *plot)
{
  for (guint i = 0; i < plot->traces->len; i++)
    {
      MmSeries *series = g_array_index (plot->traces, MmTrace, i).series;

      if (mm_series_shape (series) == MM_SHAPE_LEVEL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_values (const MmPlot *plot)
{
  for (guint i = 0; i < plot->traces->len; i++)
    for (guint c = 0; c < plot->n_columns; c++)
      if (!isnan (g_array_index (plot->traces, MmTrace, i).columns[c].mean))
        return TRUE;
  return FALSE;
}

/* Slanted lines through everything would cost much and show no more. */
static gboolean
is_dense (const MmPlot *plot)
{
  guint most = 0;

  for (guint i = 0; i < plot->traces->len; i++)
    {
      MmSeries *series = g_array_index (plot->traces, MmTrace, i).series;

      most = MAX (most, mm_series_find (series, plot->to) - mm_series_find (series, plot->from));
    }
  return !plot->bars && most > DENSE * plot->n_columns;
}

static void
sample (MmPlot *plot)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  g_autoptr (GPtrArray) above = g_ptr_array_new ();
  g_autoptr (GPtrArray) below = g_ptr_array_new ();

  for (guint i = 0; i < plot->traces->len; i++)
    {
      MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);

      clear_trace (trace);
      trace->columns = g_new (MmColumn, plot->n_columns);
      trace->above = trace->below = NULL;
      if (plot->bars)
        mm_sampling_sums (trace->series, (const gint64 *) (const void *) plot->slots->data,
                          plot->n_columns, trace->columns);
      else
        mm_sampling_columns (trace->series, plot->from, plot->to, plot->n_columns, trace->columns);
      if (mm_series_shape (trace->series) != MM_SHAPE_AREA)
        continue;
      trace->above = g_new (MmBand, plot->n_columns);
      trace->below = g_new (MmBand, plot->n_columns);
      g_ptr_array_add (columns, trace->columns);
      g_ptr_array_add (above, trace->above);
      g_ptr_array_add (below, trace->below);
    }
  mm_sampling_stack ((MmColumn *const *) columns->pdata, columns->len, plot->n_columns,
                     (MmBand *const *) above->pdata, (MmBand *const *) below->pdata);
}

/* fmin() and fmax() pass over what is NAN. */
static void
fit_values (MmPlot *plot)
{
  double lowest = NAN, highest = NAN;
  const char *unit = NULL;
  guint max_ticks = (guint) CLAMP (plot->area.size.height / 34 + 1, 3, 8);

  for (guint i = 0; i < plot->traces->len; i++)
    {
      const MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);

      if (mm_series_shape (trace->series) == MM_SHAPE_LEVEL)
        continue;
      if (unit == NULL)
        unit = mm_series_unit (trace->series);
      for (guint c = 0; c < plot->n_columns; c++)
        if (trace->above != NULL)
          {
            lowest = fmin (lowest, trace->below[c].top);
            highest = fmax (highest, trace->above[c].top);
          }
        else
          {
            lowest = fmin (lowest, trace->columns[c].lowest);
            highest = fmax (highest, trace->columns[c].highest);
          }
    }
  if (isnan (lowest))
    lowest = highest = 0;
  mm_value_axis_fit (&plot->value, lowest, highest, unit ? unit : "W", max_ticks);
}

static float
value_labels_width (const MmPlot *plot)
{
  float width = 0;

  for (guint i = 0; i < mm_value_axis_n_ticks (&plot->value); i++)
    {
      g_autofree char *label = mm_value_axis_label (&plot->value, i, plot->language);

      width = MAX (width, text_width (plot, label));
    }
  return width;
}

/* From the bottom upward: labels, marks, strip, values. */
static void
arrange_rows (MmPlot *plot, float left)
{
  gboolean low = plot->height < LOW;
  /* Whole pixels, so that columns are sharp. */
  float width = MAX (floorf (plot->width) - left - RIGHT, 16);
  float bottom = plot->height - plot->line_height - MM_PLOT_MARGIN;
  float top = MM_PLOT_MARGIN + 1.5f * plot->line_height + 2;

  plot->label_y = bottom;
  bottom -= GAP;
  if (plot->marks)
    {
      bottom -= MM_PLOT_MARK_SIZE;
      plot->mark_y = bottom;
      bottom -= 2;
    }
  plot->strip = GRAPHENE_RECT_INIT (left, bottom, width, 0);
  if (has_levels (plot) && !plot->empty)
    {
      float height = low ? LOW_STRIP_HEIGHT : STRIP_HEIGHT;

      plot->strip = GRAPHENE_RECT_INIT (left, bottom - height, width, height);
      bottom -= height + plot->line_height + 2 * GAP;
    }
  plot->area = GRAPHENE_RECT_INIT (left, top, width, MAX (bottom - top, 16));
}

/* Of the usual ones: the rare longer ones (a date among clock times) take the place of others. */
static const char *
longest_label (const MmPlot *plot)
{
  gint64 range = plot->to - plot->from;

  if (range <= 4 * G_TIME_SPAN_DAY && !plot->bars)
    return "00:00";
  if (range <= 8 * G_TIME_SPAN_DAY)
    return "00月00日";
  return plot->months ? "00月" : "00";
}

void
mm_plot_arrange (MmPlot *plot, float width, float height)
{
  g_autoptr (PangoLayout) sample_text = NULL;
  int line_height;
  float left;
  float label_width;

  mm_plot_release (plot);
  plot->empty = FALSE;
  plot->width = width;
  plot->height = height;
  plot->traces = g_array_new (FALSE, TRUE, sizeof (MmTrace));
  g_array_set_clear_func (plot->traces, clear_trace);
  sample_text = mm_plot_text (plot, mm_tr_c (plot->language, "chart", "House"), FALSE);
  pango_layout_get_pixel_size (sample_text, NULL, &line_height);
  plot->baseline = (float) pango_layout_get_baseline (sample_text) / PANGO_SCALE;
  plot->line_height = (float) line_height;
  add_traces (plot);
  if (plot->bars)
    plot->slots = mm_time_slots (plot->from, plot->to, plot->zone, &plot->months);
  left = text_width (plot, "100") + GAP + MM_PLOT_MARGIN;
  for (guint pass = 0; pass < 2; pass++)
    {
      arrange_rows (plot, left);
      plot->n_columns = plot->bars ? plot->slots->len - 1 : (guint) MAX (plot->area.size.width, 1);
      plot->dense = is_dense (plot);
      sample (plot);
      fit_values (plot);
      if (value_labels_width (plot) + GAP + MM_PLOT_MARGIN <= left)
        break;
      left = value_labels_width (plot) + GAP + MM_PLOT_MARGIN;
    }
  plot->empty = !has_values (plot);
  if (plot->empty)
    arrange_rows (plot, left);
  label_width = text_width (plot, longest_label (plot));
  mm_time_axis_set (&plot->time, plot->from, plot->to, plot->zone,
                    (guint) MAX (plot->area.size.width / (label_width + LABEL_GAP), 1));
  if (plot->bars && plot->time.unit == MM_TIME_MINUTES)
    {
      plot->time.unit = MM_TIME_DAYS;
      plot->time.step = 1;
    }
}

void
mm_plot_release (MmPlot *plot)
{
  g_clear_pointer (&plot->traces, g_array_unref);
  g_clear_pointer (&plot->slots, g_array_unref);
  mm_time_axis_clear (&plot->time);
}

float
mm_plot_x (const MmPlot *plot, gint64 time)
{
  return plot->area.origin.x
         + (float) mm_time_axis_position (&plot->time, time) * plot->area.size.width;
}

float
mm_plot_y (const MmPlot *plot, double value)
{
  return plot->area.origin.y
         + (float) (1 - mm_value_axis_position (&plot->value, value)) * plot->area.size.height;
}

float
mm_plot_level_y (const MmPlot *plot, double level)
{
  return plot->strip.origin.y + (float) (1 - CLAMP (level, 0, 100) / 100) * plot->strip.size.height;
}

gint64
mm_plot_time (const MmPlot *plot, float x)
{
  double part = CLAMP ((x - plot->area.origin.x) / plot->area.size.width, 0, 1);

  return plot->from + (gint64) (part * (double) (plot->to - plot->from));
}

float
mm_plot_column_x (const MmPlot *plot, guint column)
{
  if (plot->bars)
    return mm_plot_x (plot, g_array_index (plot->slots, gint64, column));
  return plot->area.origin.x + plot->area.size.width * (float) column / (float) plot->n_columns;
}

guint
mm_plot_slot (const MmPlot *plot, gint64 time)
{
  guint slot = 0;

  while (slot + 1 < plot->n_columns && g_array_index (plot->slots, gint64, slot + 1) <= time)
    slot++;
  return slot;
}

/* The crosshair, and what the series say at it. */
#include "mm-layer.h"

#include "mm-figure.h"

#include <math.h>

#define PADDING 10
#define ROW_GAP 4
#define AWAY 12 /* from the line to the read-out */

/* One line of the read-out. */
typedef struct
{
  const MmSeries *series;
  const char *word;
  char *figure;
  gboolean late;
  gboolean outgoing;
} Row;

static void
clear_row (gpointer data)
{
  g_free (((Row *) data)->figure);
}

static char *
make_figure (const MmPlot *plot, const MmSeries *series, double value)
{
  MmFigure figure
      = mm_figure_of (plot->language, mm_series_is_directed (series) ? fabs (value) : value,
                      mm_series_unit (series));

  return mm_figure_text (&figure);
}

/* What @trace says at @time: the value of the bar, or of the nearest point that belongs there. */
static gboolean
find_value (const MmPlot *plot, const MmTrace *trace, gint64 time, double *value, gboolean *late)
{
  const MmPoint *point;

  if (plot->bars)
    {
      const MmColumn *column = &trace->columns[mm_plot_slot (plot, time)];

      *value = column->mean;
      *late = column->late;
      return !isnan (column->mean);
    }
  point = mm_series_nearest (trace->series, time, mm_series_max_gap (trace->series) / 2);
  if (point == NULL)
    return FALSE;
  *value = point->value;
  *late = point->late;
  return TRUE;
}

static GArray *
make_rows (const MmPlot *plot, gint64 time)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  g_array_set_clear_func (rows, clear_row);
  for (guint i = 0; i < plot->traces->len; i++)
    {
      const MmTrace *trace = &g_array_index (plot->traces, MmTrace, i);
      Row row = { trace->series, mm_series_label (trace->series), NULL, FALSE, FALSE };
      double value;

      if (find_value (plot, trace, time, &value, &row.late))
        {
          row.outgoing = value < 0 || mm_series_is_outgoing (trace->series);
          row.word = mm_series_word (trace->series, value);
          row.figure = make_figure (plot, trace->series, value);
        }
      else
        row.figure = g_strdup ("–");
      g_array_append_val (rows, row);
    }
  return rows;
}

static char *
make_moment (const MmPlot *plot, gint64 time)
{
  g_autofree char *day = NULL;
  g_autofree char *clock = NULL;

  if (plot->bars && plot->months)
    return mm_time_format_month (g_array_index (plot->slots, gint64, mm_plot_slot (plot, time)),
                                 plot->zone, plot->language);
  day = mm_time_format_day (time, plot->zone, plot->language);
  if (plot->bars)
    return g_steal_pointer (&day);
  clock = mm_language_format_clock (plot->language, time, plot->zone);
  return plot->to - plot->from <= 26 * G_TIME_SPAN_HOUR ? g_steal_pointer (&clock)
                                                        : g_strdup_printf ("%s %s", day, clock);
}

/* When, and whether it was known in time. */
static char *
make_title (const MmPlot *plot, GArray *rows, gint64 time)
{
  g_autofree char *moment = make_moment (plot, time);

  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, Row, i).late)
      return g_strdup_printf ("%s · %s", moment, mm_tr_c (plot->language, "chart", "came late"));
  return g_steal_pointer (&moment);
}

char *
mm_cross_layer_read (const MmPlot *plot, gint64 time)
{
  g_autoptr (GArray) rows = make_rows (plot, time);
  g_autofree char *title = make_title (plot, rows, time);
  GString *text = g_string_new (title);

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      g_string_append_printf (text, ", %s %s", row->word, row->figure);
    }
  return g_string_free (text, FALSE);
}

gint64
mm_cross_layer_snap (const MmPlot *plot, gint64 time)
{
  gint64 best = time;
  gint64 distance = G_MAXINT64;

  if (plot->bars)
    return g_array_index (plot->slots, gint64, mm_plot_slot (plot, time));
  for (guint i = 0; i < plot->traces->len; i++)
    {
      MmSeries *series = g_array_index (plot->traces, MmTrace, i).series;
      const MmPoint *point = mm_series_nearest (series, time, mm_series_max_gap (series) / 2);

      if (point != NULL && ABS (point->time - time) < distance)
        {
          best = point->time;
          distance = ABS (point->time - time);
        }
    }
  return CLAMP (best, plot->from, plot->to - 1);
}

gint64
mm_cross_layer_step (const MmPlot *plot, gint64 time, int direction)
{
  gint64 pixel = (gint64) ((double) (plot->to - plot->from) / plot->area.size.width) + 1;
  gint64 best = time;

  if (plot->bars)
    {
      int slot = (int) mm_plot_slot (plot, time) + direction;

      return g_array_index (plot->slots, gint64, CLAMP (slot, 0, (int) plot->n_columns - 1));
    }
  for (guint i = 0; i < plot->traces->len; i++)
    {
      MmSeries *series = g_array_index (plot->traces, MmTrace, i).series;
      guint n_points;
      const MmPoint *points = mm_series_points (series, &n_points);
      guint index = mm_series_find (series, time + direction * pixel + (direction < 0 ? 1 : 0));
      gint64 next;

      if (direction < 0 ? index == 0 : index >= n_points)
        continue;
      next = points[direction < 0 ? index - 1 : index].time;
      if (best == time || ABS (next - time) < ABS (best - time))
        best = next;
    }
  return best >= plot->from && best < plot->to ? best : time;
}

static void
draw_key (const MmPlot *plot, GtkSnapshot *snapshot, const Row *row, float x, float y)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot,
                                           &GRAPHENE_RECT_INIT (x, y, MM_KEY_WIDTH, MM_KEY_HEIGHT));

  mm_palette_draw_key (&plot->palette, mm_series_role (row->series), mm_series_shape (row->series),
                       row->outgoing, cr, x, y);
  cairo_destroy (cr);
}

static void
draw_box (const MmPlot *plot, GtkSnapshot *snapshot, const graphene_rect_t *box)
{
  static const GdkRGBA shadow = { 0, 0, 0, 0.2f };
  const GdkRGBA *line = plot->palette.high_contrast ? &plot->palette.text : &plot->palette.grid;
  const GdkRGBA lines[4] = { *line, *line, *line, *line };
  const float widths[4] = { 1, 1, 1, 1 };
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, box, 8);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &shadow, 0, 1, 0, 4);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &plot->palette.background, box);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, widths, lines);
}

/* How wide the longest word and the longest figure are. */
static void
measure (const MmPlot *plot, GArray *rows, float *words, float *figures)
{
  *words = *figures = 0;
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      g_autoptr (PangoLayout) word = mm_plot_text (plot, row->word, FALSE);
      g_autoptr (PangoLayout) figure = mm_plot_text (plot, row->figure, FALSE);
      int width;

      pango_layout_get_pixel_size (word, &width, NULL);
      *words = MAX (*words, (float) width);
      pango_layout_get_pixel_size (figure, &width, NULL);
      *figures = MAX (*figures, (float) width);
    }
}

/* Beside the line, on the side where there is more room. */
static void
draw_read_out (const MmPlot *plot, GtkSnapshot *snapshot, gint64 time, float x)
{
  g_autoptr (GArray) rows = make_rows (plot, time);
  g_autofree char *title = make_title (plot, rows, time);
  g_autoptr (PangoLayout) title_layout = mm_plot_text (plot, title, FALSE);
  float row_height = plot->line_height + ROW_GAP;
  int title_width;
  float words, figures, y;
  graphene_rect_t box;

  measure (plot, rows, &words, &figures);
  pango_layout_get_pixel_size (title_layout, &title_width, NULL);
  box.size.width = MAX ((float) title_width, MM_KEY_WIDTH + 6 + words + 16 + figures) + 2 * PADDING;
  box.size.height = row_height * (float) (rows->len + 1) - ROW_GAP + 2 * PADDING;
  box.origin.x
      = x < plot->area.origin.x + plot->area.size.width / 2 ? x + AWAY : x - AWAY - box.size.width;
  box.origin.x = roundf (CLAMP (box.origin.x, 1, MAX (plot->width - box.size.width - 1, 1)));
  box.origin.y = roundf (plot->area.origin.y + 4);
  draw_box (plot, snapshot, &box);
  y = box.origin.y + PADDING;
  mm_plot_draw_text (plot, snapshot, title, box.origin.x + PADDING, y, 0, &plot->palette.dim);
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      float left = box.origin.x + PADDING;

      y += row_height;
      draw_key (plot, snapshot, row, left, roundf (y + (plot->line_height - MM_KEY_HEIGHT) / 2));
      mm_plot_draw_text (plot, snapshot, row->word, left + MM_KEY_WIDTH + 6, y, 0,
                         &plot->palette.text);
      mm_plot_draw_text (plot, snapshot, row->figure, box.origin.x + box.size.width - PADDING, y, 1,
                         &plot->palette.text);
    }
}

void
mm_cross_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot, gint64 time)
{
  float bottom = plot->strip.origin.y + plot->strip.size.height;
  float x = mm_plot_x (plot, time);

  if (time < plot->from || time >= plot->to || plot->empty)
    return;
  if (plot->bars)
    {
      guint slot = mm_plot_slot (plot, time);

      x = (mm_plot_column_x (plot, slot) + mm_plot_column_x (plot, slot + 1)) / 2;
    }
  gtk_snapshot_append_color (snapshot, &plot->palette.accent,
                             &GRAPHENE_RECT_INIT (roundf (x), plot->area.origin.y, 1,
                                                  bottom - plot->area.origin.y));
  draw_read_out (plot, snapshot, time, x);
}

#include "mm-chart-private.h"

#include "mm-clock.h"
#include "mm-layer.h"

#include <adwaita.h>
#include <math.h>

#define MIN_WIDTH 240
#define MIN_HEIGHT 180
#define NATURAL_HEIGHT 320

G_DEFINE_FINAL_TYPE (MmChart, mm_chart, GTK_TYPE_WIDGET)

enum
{
  PROP_ZOOMED = 1,
  N_PROPERTIES,
};

enum
{
  RANGE_CHANGED,
  MARK_ACTIVATED,
  SERIES_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

/* Something else is to be drawn: arrange and draw it anew. */
static void
invalidate (MmChart *self)
{
  g_clear_pointer (&self->data, gsk_render_node_unref);
  mm_plot_release (&self->plot);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_style_changed (MmChart *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  mm_palette_init (&self->plot.palette, adw_style_manager_get_dark (style),
                   adw_style_manager_get_high_contrast (style));
  invalidate (self);
  g_signal_emit (self, signals[SERIES_CHANGED], 0);
}

/* What is at the crosshair, for those who listen; once, until it is something else. */
static void
say (MmChart *self)
{
  g_autofree char *text = NULL;

  if (self->cross != MM_TIME_NONE && self->plot.traces != NULL)
    text = mm_cross_layer_read (&self->plot, self->cross);
  if (g_strcmp0 (text, self->said) == 0)
    return;
  g_free (self->said);
  self->said = g_steal_pointer (&text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->said ? self->said : "", -1);
}

/* --- Arranging --- */

static void
arrange (MmChart *self)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));

  if (!mm_chart_is_ready (self)
      || (self->plot.traces != NULL && self->plot.width == width && self->plot.height == height))
    return;
  g_clear_pointer (&self->data, gsk_render_node_unref);
  self->plot.pango = gtk_widget_get_pango_context (GTK_WIDGET (self));
  self->plot.from = self->zoom.from;
  self->plot.to = self->zoom.to;
  self->plot.marks = !mm_marks_is_empty (self->marks);
  mm_plot_arrange (&self->plot, width, height);
  say (self);
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MmChart *self = MM_CHART (widget);

  if (!mm_chart_is_ready (self))
    return;
  arrange (self);
  mm_marks_place (self->marks, &self->plot);
}

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  int least = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;

  *minimum = least;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? least : NATURAL_HEIGHT;
}

/* --- Drawing --- */

static void
draw_data (const MmPlot *plot, GtkSnapshot *snapshot)
{
  mm_night_layer_draw (plot, snapshot);
  mm_axis_layer_draw (plot, snapshot);
  if (plot->bars)
    mm_bar_layer_draw (plot, snapshot);
  else
    {
      mm_area_layer_draw (plot, snapshot);
      mm_line_layer_draw (plot, snapshot);
    }
  mm_late_layer_draw (plot, snapshot);
  mm_zero_layer_draw (plot, snapshot);
  mm_empty_layer_draw (plot, snapshot);
}

static void
draw_selection (MmChart *self, GtkSnapshot *snapshot)
{
  GdkRGBA colour = self->plot.palette.accent;
  float left = MIN (self->drag_from, self->drag_to);

  colour.alpha = 0.2f;
  gtk_snapshot_append_color (snapshot, &colour,
                             &GRAPHENE_RECT_INIT (left, self->plot.area.origin.y,
                                                  fabsf (self->drag_to - self->drag_from),
                                                  self->plot.area.size.height));
}

static void
draw_focus (MmChart *self, GtkSnapshot *snapshot)
{
  const GdkRGBA ring = self->plot.palette.accent;
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT (0, 0, self->plot.width, self->plot.height),
                                   6);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 2, 2, 2, 2 },
                              (GdkRGBA[4]){ ring, ring, ring, ring });
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MmChart *self = MM_CHART (widget);

  if (!mm_chart_is_ready (self))
    return;
  arrange (self);
  if (self->data == NULL)
    {
      GtkSnapshot *data = gtk_snapshot_new ();

      draw_data (&self->plot, data);
      self->data = gtk_snapshot_free_to_node (data);
    }
  gtk_snapshot_append_node (snapshot, self->data);
  mm_now_layer_draw (&self->plot, snapshot);
  mm_marks_draw (self->marks, &self->plot, snapshot);
  if (self->dragging)
    draw_selection (self, snapshot);
  else if (self->cross != MM_TIME_NONE)
    mm_cross_layer_draw (&self->plot, snapshot, self->cross);
  if (gtk_widget_has_visible_focus (widget))
    draw_focus (self, snapshot);
}

/* --- What the input changes (mm-chart-private.h) --- */

void
mm_chart_set_cross (MmChart *self, gint64 time)
{
  if (time == self->cross)
    return;
  self->cross = time;
  say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
mm_chart_range_changed (MmChart *self, gboolean changed)
{
  if (!changed)
    return;
  invalidate (self);
  /* The next key asks where things are. */
  arrange (self);
  g_signal_emit (self, signals[RANGE_CHANGED], 0, self->zoom.from, self->zoom.to);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOMED]);
}

gboolean
mm_chart_is_ready (MmChart *self)
{
  return self->plot.language != NULL && self->plot.zone != NULL;
}

/* --- The widget --- */

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MmChart *self = MM_CHART (object);

  if (id == PROP_ZOOMED)
    g_value_set_boolean (value, mm_zoom_is_in (&self->zoom));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dispose (GObject *object)
{
  MmChart *self = MM_CHART (object);

  g_clear_pointer (&self->marks, mm_marks_free);
  g_clear_pointer (&self->data, gsk_render_node_unref);
  G_OBJECT_CLASS (mm_chart_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  MmChart *self = MM_CHART (object);

  mm_plot_release (&self->plot);
  g_clear_pointer (&self->plot.zone, g_time_zone_unref);
  g_free (self->said);
  g_ptr_array_unref (self->plot.series);
  g_hash_table_unref (self->plot.hidden);
  G_OBJECT_CLASS (mm_chart_parent_class)->finalize (object);
}

static void
mm_chart_class_init (MmChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  properties[PROP_ZOOMED] = g_param_spec_boolean ("zoomed", NULL, NULL, FALSE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[RANGE_CHANGED] = g_signal_new ("range-changed", MM_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[MARK_ACTIVATED] = g_signal_new ("mark-activated", MM_TYPE_CHART, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SERIES_CHANGED] = g_signal_new ("series-changed", MM_TYPE_CHART, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  mm_chart_add_keys (widget_class);
}

static void
on_mark_activated (MmChart *self, const char *id)
{
  g_signal_emit (self, signals[MARK_ACTIVATED], 0, id);
}

static void
mm_chart_init (MmChart *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  self->plot.series = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_series_free);
  self->plot.hidden = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->plot.latitude = self->plot.longitude = NAN;
  self->plot.now = MM_TIME_NONE;
  self->marks
      = mm_marks_new (GTK_WIDGET (self), &self->plot.palette, (MmMarkActivated) on_mark_activated);
  self->cross = MM_TIME_NONE;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  mm_chart_add_pointer (self);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (on_style_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast", G_CALLBACK (on_style_changed), self,
                           G_CONNECT_SWAPPED);
  on_style_changed (self);
}

/* --- What is shown --- */

GtkWidget *
mm_chart_new (void)
{
  return g_object_new (MM_TYPE_CHART, NULL);
}

void
mm_chart_set_language (MmChart *chart, const MmLanguage *language)
{
  chart->plot.language = language;
  gtk_accessible_update_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  mm_tr_c (language, "chart", "Chart"), -1);
  invalidate (chart);
}

void
mm_chart_set_range (MmChart *chart, gint64 from, gint64 to, GTimeZone *zone)
{
  g_return_if_fail (to > from && zone != NULL);
  g_time_zone_ref (zone);
  g_clear_pointer (&chart->plot.zone, g_time_zone_unref);
  chart->plot.zone = zone;
  mm_zoom_set (&chart->zoom, from, to);
  mm_chart_set_cross (chart, MM_TIME_NONE);
  invalidate (chart);
  g_object_notify_by_pspec (G_OBJECT (chart), properties[PROP_ZOOMED]);
}

void
mm_chart_set_bars (MmChart *chart, gboolean bars)
{
  chart->plot.bars = bars;
  mm_chart_set_cross (chart, MM_TIME_NONE);
  invalidate (chart);
}

void
mm_chart_add_series (MmChart *chart, MmSeries *series)
{
  g_ptr_array_add (chart->plot.series, series);
  invalidate (chart);
  g_signal_emit (chart, signals[SERIES_CHANGED], 0);
}

void
mm_chart_add_point (MmChart *chart, const char *name, gint64 time, double value, gboolean late)
{
  for (guint i = 0; i < chart->plot.series->len; i++)
    {
      MmSeries *series = g_ptr_array_index (chart->plot.series, i);

      if (g_str_equal (mm_series_name (series), name))
        {
          mm_series_add (series, time, value, late);
          invalidate (chart);
          return;
        }
    }
}

void
mm_chart_clear_series (MmChart *chart)
{
  g_ptr_array_set_size (chart->plot.series, 0);
  mm_chart_set_cross (chart, MM_TIME_NONE);
  invalidate (chart);
  g_signal_emit (chart, signals[SERIES_CHANGED], 0);
}

void
mm_chart_add_mark (
    MmChart *chart, const char *id, gint64 time, gint64 until, MmStatus status, const char *text)
{
  mm_marks_add (chart->marks, id, time, until, status, text);
  invalidate (chart);
}

void
mm_chart_clear_marks (MmChart *chart)
{
  mm_marks_clear (chart->marks);
  invalidate (chart);
}

void
mm_chart_set_position (MmChart *chart, double latitude, double longitude)
{
  chart->plot.latitude = latitude;
  chart->plot.longitude = longitude;
  invalidate (chart);
}

void
mm_chart_set_now (MmChart *chart, gint64 now)
{
  chart->plot.now = now;
  gtk_widget_queue_draw (GTK_WIDGET (chart));
}

void
mm_chart_reset_zoom (MmChart *chart)
{
  mm_chart_range_changed (chart, mm_zoom_select (&chart->zoom, chart->zoom.whole_from,
                                                 chart->zoom.whole_to));
}

GPtrArray *
mm_chart_series (MmChart *chart)
{
  return chart->plot.series;
}

gboolean
mm_chart_is_shown (MmChart *chart, const char *name)
{
  return !g_hash_table_contains (chart->plot.hidden, name);
}

void
mm_chart_show_series (MmChart *chart, const char *name, gboolean shown)
{
  if (mm_chart_is_shown (chart, name) == shown)
    return;
  if (shown)
    g_hash_table_remove (chart->plot.hidden, name);
  else
    g_hash_table_add (chart->plot.hidden, g_strdup (name));
  invalidate (chart);
  g_signal_emit (chart, signals[SERIES_CHANGED], 0);
}

const MmPalette *
mm_chart_palette (MmChart *chart)
{
  return &chart->plot.palette;
}

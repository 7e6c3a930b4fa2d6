#include "mm-legend.h"

#include "mm-wrap-layout.h"

#define SPACING 6

/* Quieter than buttons usually are, as all of them are on as a rule. */
static const char style[]
    = "legend > button { min-height: 24px; padding: 3px 9px; border-radius: 999px;"
      "  font-weight: normal; }"
      "legend > button:checked { background-color: alpha(currentColor, 0.06); }"
      "legend > button:checked:hover { background-color: alpha(currentColor, 0.1); }"
      "legend > button:not(:checked) { background-color: transparent;"
      "  box-shadow: inset 0 0 0 1px alpha(currentColor, 0.2); }"
      "legend > button:not(:checked) label { text-decoration-line: line-through; }";

struct _MmLegend
{
  GtkWidget parent;
  MmChart *chart; /* NULL when it went away */
};

G_DEFINE_FINAL_TYPE (MmLegend, mm_legend, GTK_TYPE_WIDGET)

enum
{
  PROP_CHART = 1,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static MmSeries *
find_series (MmChart *chart, const char *name)
{
  GPtrArray *all = mm_chart_series (chart);

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (mm_series_name (g_ptr_array_index (all, i)), name))
      return g_ptr_array_index (all, i);
  return NULL;
}

static void
draw_key (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  MmLegend *self = data;
  const char *name = gtk_widget_get_name (GTK_WIDGET (area));
  MmSeries *series = self->chart ? find_series (self->chart, name) : NULL;

  if (series == NULL)
    return;
  mm_palette_draw_key (mm_chart_palette (self->chart), mm_series_role (series),
                       mm_series_shape (series), mm_series_is_outgoing (series), cr,
                       (width - MM_KEY_WIDTH) / 2.0, (height - MM_KEY_HEIGHT) / 2.0);
}

static void
on_toggled (MmLegend *self, GtkToggleButton *chip)
{
  if (self->chart != NULL)
    mm_chart_show_series (self->chart, gtk_widget_get_name (GTK_WIDGET (chip)),
                          gtk_toggle_button_get_active (chip));
}

static GtkWidget *
make_chip (MmLegend *self, MmSeries *series)
{
  GtkWidget *chip = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  GtkWidget *key = gtk_drawing_area_new ();
  GtkWidget *label = gtk_label_new (mm_series_label (series));

  gtk_widget_set_name (chip, mm_series_name (series));
  gtk_widget_set_name (key, mm_series_name (series));
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (key), MM_KEY_WIDTH);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (key), MM_KEY_HEIGHT);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (key), draw_key, self, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), key);
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (chip), box);
  gtk_widget_add_css_class (chip, "caption");
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  mm_series_label (series), -1);
  g_signal_connect_object (chip, "toggled", G_CALLBACK (on_toggled), self, G_CONNECT_SWAPPED);
  return chip;
}

/* The button of @series, made if need be. What is there stays, and with it the focus. */
static GtkWidget *
claim_chip (MmLegend *self, MmSeries *series)
{
  for (GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self)); chip != NULL;
       chip = gtk_widget_get_next_sibling (chip))
    if (g_str_equal (gtk_widget_get_name (chip), mm_series_name (series)))
      return chip;
  return make_chip (self, series);
}

static void
show_state (MmLegend *self, GtkWidget *chip)
{
  gboolean shown = mm_chart_is_shown (self->chart, gtk_widget_get_name (chip));
  GtkWidget *key = gtk_widget_get_first_child (gtk_button_get_child (GTK_BUTTON (chip)));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), shown);
  gtk_widget_set_opacity (key, shown ? 1 : 0.25);
  gtk_widget_queue_draw (key);
}

static void
update (MmLegend *self)
{
  GPtrArray *all;
  GtkWidget *last = NULL;
  GtkWidget *chip;

  if (self->chart == NULL)
    return;
  all = mm_chart_series (self->chart);
  for (guint i = 0; i < all->len; i++)
    {
      chip = claim_chip (self, g_ptr_array_index (all, i));
      gtk_widget_insert_after (chip, GTK_WIDGET (self), last);
      show_state (self, chip);
      last = chip;
    }
  for (chip
       = last ? gtk_widget_get_next_sibling (last) : gtk_widget_get_first_child (GTK_WIDGET (self));
       chip != NULL;)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (chip);

      gtk_widget_unparent (chip);
      chip = next;
    }
}

static void
set_chart (MmLegend *self, MmChart *chart)
{
  g_set_weak_pointer (&self->chart, chart);
  if (chart == NULL)
    return;
  g_signal_connect_object (chart, "series-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CHART)
    set_chart (MM_LEGEND (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dispose (GObject *object)
{
  MmLegend *self = MM_LEGEND (object);
  GtkWidget *chip;

  while ((chip = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (chip);
  g_clear_weak_pointer (&self->chart);
  G_OBJECT_CLASS (mm_legend_parent_class)->dispose (object);
}

static void
mm_legend_class_init (MmLegendClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = set_property;
  object_class->dispose = dispose;
  properties[PROP_CHART]
      = g_param_spec_object ("chart", NULL, NULL, MM_TYPE_CHART,
                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "legend");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

/* Once for each display. Below what the app and the person set. */
static void
add_style (GdkDisplay *display)
{
  g_autoptr (GtkCssProvider) provider = NULL;

  if (g_object_get_data (G_OBJECT (display), "mm-legend-style") != NULL)
    return;
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (provider, style, -1);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION - 1);
  g_object_set_data_full (G_OBJECT (display), "mm-legend-style", g_steal_pointer (&provider),
                          g_object_unref);
}

static void
mm_legend_init (MmLegend *self)
{
  add_style (gtk_widget_get_display (GTK_WIDGET (self)));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), mm_wrap_layout_new (SPACING));
}

GtkWidget *
mm_legend_new (MmChart *chart)
{
  return g_object_new (MM_TYPE_LEGEND, "chart", chart, NULL);
}

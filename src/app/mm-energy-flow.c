#include "mm-energy-flow.h"

#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-json.h"

#include <math.h>

/* Below this nothing flows that anybody would speak of; inverters and meters tremble that much. */
#define STILL 10.0 /* W */
/* From the middle of a place to where its line begins. */
#define RIM 26.0

typedef enum
{
  PLACE_PV,
  PLACE_GRID,
  PLACE_HOUSE,
  PLACE_BATTERY,
  N_PLACES,
} Place;

/* Where each stands in the grid, and what it is called. @quantity: its power; @sign: what a
 * positive value of it does to the middle, 1 brings energy there. */
static const struct
{
  const char *quantity;
  const char *name;
  const char *icon;
  const char *css_class;
  int column;
  int row;
  int sign;
} places[N_PLACES] = {
  [PLACE_PV] = { "pv_power", N_ ("Solar"), "mm-pv-symbolic", "mm-energy-pv", 1, 0, 1 },
  [PLACE_GRID] = { "grid_power", N_ ("Grid"), "mm-grid-symbolic", "mm-energy-grid", 0, 1, 1 },
  [PLACE_HOUSE] = { "load_power", N_ ("House"), "mm-house-symbolic", "mm-energy-house", 2, 1, -1 },
  [PLACE_BATTERY]
  = { "battery_power", N_ ("Battery"), "mm-battery-symbolic", "mm-energy-battery", 1, 2, 1 },
};

struct _MmEnergyFlow
{
  AdwBin parent;

  GtkDrawingArea *lines;
  GtkGrid *places;

  GtkWidget *icons[N_PLACES];
  GtkLabel *values[N_PLACES];
  GtkLabel *words[N_PLACES];
  double flows[N_PLACES]; /* W into the middle; NAN unknown */
};

G_DEFINE_FINAL_TYPE (MmEnergyFlow, mm_energy_flow, ADW_TYPE_BIN)

/* The picture */

/* The middle of @widget on the drawing area. */
static gboolean
middle_of (MmEnergyFlow *flow, GtkWidget *widget, graphene_point_t *point)
{
  graphene_point_t own = GRAPHENE_POINT_INIT ((float) gtk_widget_get_width (widget) / 2,
                                              (float) gtk_widget_get_height (widget) / 2);

  return gtk_widget_compute_point (widget, GTK_WIDGET (flow->lines), &own, point);
}

/* An arrow head at a third and at two thirds of the way, pointing along it. */
static void
draw_arrows (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  double length = hypot (x1 - x0, y1 - y0);
  double dx = (x1 - x0) / length;
  double dy = (y1 - y0) / length;

  for (int i = 1; i <= 2; i++)
    {
      double x = x0 + (x1 - x0) * i / 3;
      double y = y0 + (y1 - y0) * i / 3;

      cairo_move_to (cr, x - 6 * dx - 5 * dy, y - 6 * dy + 5 * dx);
      cairo_line_to (cr, x, y);
      cairo_line_to (cr, x - 6 * dx + 5 * dy, y - 6 * dy - 5 * dx);
    }
  cairo_stroke (cr);
}

static void
draw_lines (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  MmEnergyFlow *flow = user_data;
  GtkStyleContext *idle = gtk_widget_get_style_context (GTK_WIDGET (area));
  graphene_point_t pv, grid;

  /* The middle is where the line from the sun meets the line from the grid. */
  if (!middle_of (flow, flow->icons[PLACE_PV], &pv)
      || !middle_of (flow, flow->icons[PLACE_GRID], &grid))
    return;
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < N_PLACES; i++)
    {
      gboolean flows = isfinite (flow->flows[i]) && fabs (flow->flows[i]) >= STILL;
      GtkStyleContext *style = gtk_widget_get_style_context (flow->icons[i]);
      graphene_point_t end;
      GdkRGBA colour;
      double x, y, away;

      if (!middle_of (flow, flow->icons[i], &end))
        continue;
      away = hypot (end.x - pv.x, end.y - grid.y);
      if (away <= RIM + 8)
        continue;
      x = end.x + (pv.x - end.x) * RIM / away;
      y = end.y + (grid.y - end.y) * RIM / away;
      gtk_style_context_get_color (flows ? style : idle, &colour);
      if (!flows)
        colour.alpha = 0.25f;
      gdk_cairo_set_source_rgba (cr, &colour);
      cairo_set_line_width (cr, flows ? CLAMP (2 + fabs (flow->flows[i]) / 1500, 2, 6) : 1.5);
      cairo_move_to (cr, x, y);
      cairo_line_to (cr, pv.x, grid.y);
      cairo_stroke (cr);
      cairo_set_line_width (cr, 2.5);
      if (flows && flow->flows[i] > 0)
        draw_arrows (cr, x, y, pv.x, grid.y);
      else if (flows)
        draw_arrows (cr, pv.x, grid.y, x, y);
    }
}

/* The words */

/* What @value of @place means; NULL if there is nothing to say. */
static const char *
direction (Place place, double value)
{
  if (!isfinite (value))
    return _ ("no value");
  if (place == PLACE_GRID)
    return value >= STILL ? _ ("buying") : value <= -STILL ? _ ("selling") : NULL;
  if (place == PLACE_BATTERY)
    return value >= STILL ? _ ("discharging") : value <= -STILL ? _ ("charging") : _ ("resting");
  return NULL;
}

static void
show_place (MmEnergyFlow *flow,
            Place place,
            JsonObject *values,
            gint64 now,
            gint64 stale_after,
            GString *spoken)
{
  JsonObject *value = mm_json_object (values, places[place].quantity);
  JsonObject *soc = place == PLACE_BATTERY ? mm_json_object (values, "soc") : NULL;
  double power = value != NULL ? mm_json_number (value, "value") : (double) NAN;
  gboolean old = value != NULL && now - mm_json_time (value, "time") > stale_after;
  MmFigure figure = mm_figure_power (mm_own_language (), fabs (power));
  g_autofree char *text = mm_figure_text (&figure);
  const char *word = direction (place, power);
  g_autofree char *words = NULL;

  if (soc != NULL && isfinite (mm_json_number (soc, "value")))
    {
      MmFigure level = mm_figure_percent (mm_own_language (), mm_json_number (soc, "value"));
      g_autofree char *level_text = mm_figure_text (&level);

      words = word != NULL ? g_strdup_printf ("%s · %s", level_text, word)
                           : g_steal_pointer (&level_text);
    }
  else
    words = g_strdup (word != NULL ? word : _ (places[place].name));
  flow->flows[place] = old ? (double) NAN : power * places[place].sign;
  gtk_label_set_label (flow->values[place], text);
  gtk_label_set_label (flow->words[place], words);
  if (old)
    gtk_widget_add_css_class (GTK_WIDGET (flow->values[place]), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (flow->values[place]), "dim-label");
  g_string_append_printf (spoken, "%s%s: %s", spoken->len > 0 ? ", " : "", _ (places[place].name),
                          text);
  if (word != NULL || soc != NULL)
    g_string_append_printf (spoken, " (%s)", words);
}

void
mm_energy_flow_show (MmEnergyFlow *flow, JsonObject *gateway, gint64 now, gint64 stale_after)
{
  JsonObject *values = mm_json_object (gateway, "values");
  g_autoptr (GString) spoken = g_string_new (NULL);

  for (guint i = 0; i < N_PLACES; i++)
    show_place (flow, i, values, now, stale_after, spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (flow), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken->str,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (flow->lines));
}

static void
mm_energy_flow_class_init (MmEnergyFlowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-energy-flow.ui");
  gtk_widget_class_bind_template_child (widget_class, MmEnergyFlow, lines);
  gtk_widget_class_bind_template_child (widget_class, MmEnergyFlow, places);
}

static GtkWidget *
new_place (MmEnergyFlow *flow, Place place)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (places[place].icon);
  GtkWidget *value = gtk_label_new (NULL);
  GtkWidget *word = gtk_label_new (NULL);

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 24);
  gtk_widget_set_halign (icon, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (icon, "mm-energy");
  gtk_widget_add_css_class (icon, places[place].css_class);
  gtk_widget_set_tooltip_text (icon, _ (places[place].name));
  gtk_widget_add_css_class (value, "mm-figure");
  gtk_widget_add_css_class (value, "heading");
  gtk_widget_add_css_class (word, "caption");
  gtk_label_set_ellipsize (GTK_LABEL (word), PANGO_ELLIPSIZE_END);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, place == PLACE_PV        ? GTK_ALIGN_START
                              : place == PLACE_BATTERY ? GTK_ALIGN_END
                                                       : GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (GTK_BOX (box), word);
  /* Above the sun's picture, so that nothing stands in the way of its line. */
  if (place == PLACE_PV)
    {
      gtk_box_reorder_child_after (GTK_BOX (box), word, NULL);
      gtk_box_reorder_child_after (GTK_BOX (box), value, word);
    }
  flow->icons[place] = icon;
  flow->values[place] = GTK_LABEL (value);
  flow->words[place] = GTK_LABEL (word);
  return box;
}

static void
mm_energy_flow_init (MmEnergyFlow *flow)
{
  gtk_widget_init_template (GTK_WIDGET (flow));
  for (guint i = 0; i < N_PLACES; i++)
    {
      flow->flows[i] = (double) NAN;
      gtk_grid_attach (flow->places, new_place (flow, i), places[i].column, places[i].row, 1, 1);
    }
  gtk_drawing_area_set_draw_func (flow->lines, draw_lines, flow, NULL);
}

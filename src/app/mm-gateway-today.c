#include "mm-gateway-today.h"

#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-json.h"

#include <math.h>

static const struct
{
  const char *name; /* in the API */
  const char *label;
} figures[] = {
  { "produced", NC_ ("energy", "Produced") }, { "used", NC_ ("energy", "Used") },
  { "sold", NC_ ("energy", "Sold") },         { "bought", NC_ ("energy", "Bought") },
  { "charged", NC_ ("energy", "Charged") },   { "discharged", NC_ ("energy", "Discharged") },
};

struct _MmGatewayToday
{
  AdwBin parent;

  GtkGrid *figures;
  GtkWidget *sufficiency;
  GtkLabel *share_name;
  GtkLabel *share;
  GtkLevelBar *bar;

  GtkLabel *values[G_N_ELEMENTS (figures)];
  GtkLabel *units[G_N_ELEMENTS (figures)];
};

G_DEFINE_FINAL_TYPE (MmGatewayToday, mm_gateway_today, ADW_TYPE_BIN)

void
mm_gateway_today_show (MmGatewayToday *box, JsonObject *today)
{
  double share = mm_json_number (today, "self_sufficiency");

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      MmFigure figure
          = mm_figure_energy (mm_own_language (), mm_json_number (today, figures[i].name));

      gtk_label_set_label (box->values[i], figure.value);
      gtk_label_set_label (box->units[i], figure.unit);
    }
  gtk_widget_set_visible (box->sufficiency, isfinite (share));
  if (isfinite (share))
    {
      MmFigure figure = mm_figure_percent (mm_own_language (), share * 100);
      g_autofree char *text = mm_figure_text (&figure);

      gtk_label_set_label (box->share, text);
      gtk_level_bar_set_value (box->bar, CLAMP (share, 0, 1));
    }
}

static void
mm_gateway_today_class_init (MmGatewayTodayClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-gateway-today.ui");
  gtk_widget_class_bind_template_child (widget_class, MmGatewayToday, figures);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayToday, sufficiency);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayToday, share_name);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayToday, share);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayToday, bar);
}

static GtkWidget *
new_figure (MmGatewayToday *box, guint i)
{
  GtkWidget *whole = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *name = gtk_label_new (C_ ("energy", figures[i].label));
  GtkWidget *value = gtk_label_new (NULL);
  GtkWidget *unit = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_add_css_class (name, "caption");
  gtk_widget_add_css_class (value, "mm-figure");
  gtk_widget_add_css_class (value, "title-3");
  gtk_widget_add_css_class (unit, "mm-unit");
  gtk_widget_set_valign (unit, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (value, GTK_ALIGN_BASELINE);
  gtk_box_append (GTK_BOX (line), value);
  gtk_box_append (GTK_BOX (line), unit);
  gtk_box_append (GTK_BOX (whole), name);
  gtk_box_append (GTK_BOX (whole), line);
  box->values[i] = GTK_LABEL (value);
  box->units[i] = GTK_LABEL (unit);
  return whole;
}

static void
mm_gateway_today_init (MmGatewayToday *box)
{
  gtk_widget_init_template (GTK_WIDGET (box));
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    gtk_grid_attach (box->figures, new_figure (box, i), (int) i % 2, (int) i / 2, 1, 1);
}

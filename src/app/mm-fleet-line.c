#include "mm-fleet-line.h"

#include "mm-fleet-cell.h"
#include "mm-status-look.h"

struct _MmFleetLine
{
  AdwBin parent;

  GtkImage *image;
  GtkLabel *title;
  GtkLabel *place;
  GtkLabel *status;
  GtkLabel *age;
  GtkLabel *power;
  GtkLabel *soc;

  MmFleetItem *item;
  gulong changed;
  gboolean is_late; /* it changed while nobody could see it */
};

G_DEFINE_FINAL_TYPE (MmFleetLine, mm_fleet_line, ADW_TYPE_BIN)

/* Who it is, in as few words as will do: the customer, else the site, else the ID. */
static const char *
title_of (const MmFleetRecord *record)
{
  if (*mm_fleet_record_customer (record) != '\0')
    return mm_fleet_record_customer (record);
  if (*mm_fleet_record_name (record) != '\0')
    return mm_fleet_record_name (record);
  return mm_fleet_record_id (record);
}

static void
set_dim (GtkLabel *label, gboolean dim)
{
  if (dim)
    gtk_widget_add_css_class (GTK_WIDGET (label), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (label), "dim-label");
}

static void
set_label (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

void
mm_fleet_line_refresh (MmFleetLine *line)
{
  const MmFleetRecord *record = line->item != NULL ? mm_fleet_item_peek (line->item) : NULL;
  g_autofree char *place = NULL, *age = NULL, *power = NULL, *soc = NULL, *age_and_id = NULL;
  const char *word;
  gboolean is_dim;

  line->is_late = FALSE;
  if (record == NULL)
    return;
  place = mm_fleet_cell_place (record);
  age = mm_fleet_cell_age (record);
  age_and_id = g_strdup_printf ("%s · %s", age, mm_fleet_record_id (record));
  power = mm_fleet_cell_text (MM_FLEET_COLUMN_POWER, record);
  soc = mm_fleet_cell_text (MM_FLEET_COLUMN_SOC, record);
  word = mm_status_look_word ((MmStatus) record->status);
  if (g_strcmp0 (gtk_label_get_label (line->status), word) != 0)
    mm_status_look_apply ((MmStatus) record->status, line->image, line->status);
  set_label (line->title, title_of (record));
  set_label (line->place, *place != '\0' ? place : mm_fleet_record_id (record));
  set_label (line->age, age_and_id);
  set_label (line->power, power);
  set_label (line->soc, soc);
  is_dim = record->status == MM_STATUS_OFFLINE;
  set_dim (line->title, is_dim);
  set_dim (line->power, is_dim);
  set_dim (line->soc, is_dim);
}

static void
on_changed (MmFleetLine *line)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (line)))
    {
      line->is_late = TRUE;
      return;
    }
  mm_fleet_line_refresh (line);
  mm_fleet_cell_flash (gtk_widget_get_parent (GTK_WIDGET (line)));
}

void
mm_fleet_line_set_item (MmFleetLine *line, MmFleetItem *item)
{
  if (line->item != NULL)
    g_clear_signal_handler (&line->changed, line->item);
  g_set_object (&line->item, item);
  if (item == NULL)
    return;
  line->changed = g_signal_connect_swapped (item, "changed", G_CALLBACK (on_changed), line);
  mm_fleet_line_refresh (line);
}

static void
mm_fleet_line_map (GtkWidget *widget)
{
  MmFleetLine *line = MM_FLEET_LINE (widget);

  if (line->is_late)
    mm_fleet_line_refresh (line);
  GTK_WIDGET_CLASS (mm_fleet_line_parent_class)->map (widget);
}

static gboolean
mm_fleet_line_query_tooltip (
    GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  MmFleetLine *line = MM_FLEET_LINE (widget);
  const MmFleetRecord *record = line->item != NULL ? mm_fleet_item_peek (line->item) : NULL;
  g_autofree char *tip = NULL;

  if (record == NULL)
    return FALSE;
  tip = g_strdup_printf ("%s %s\n%s\n%s %s", mm_fleet_record_id (record),
                         mm_fleet_record_customer (record), mm_fleet_record_name (record),
                         record->prefecture, record->municipality);
  gtk_tooltip_set_text (tooltip, tip);
  return TRUE;
}

static void
mm_fleet_line_dispose (GObject *object)
{
  mm_fleet_line_set_item (MM_FLEET_LINE (object), NULL);
  G_OBJECT_CLASS (mm_fleet_line_parent_class)->dispose (object);
}

static void
mm_fleet_line_class_init (MmFleetLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_fleet_line_dispose;
  widget_class->map = mm_fleet_line_map;
  widget_class->query_tooltip = mm_fleet_line_query_tooltip;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-fleet-line.ui");
  gtk_widget_class_bind_template_child (widget_class, MmFleetLine, image);
  gtk_widget_class_bind_template_child (widget_class, MmFleetLine, title);
  gtk_widget_class_bind_template_child (widget_class, MmFleetLine, place);
  gtk_widget_class_bind_template_child (widget_class, MmFleetLine, status);
  gtk_widget_class_bind_template_child (widget_class, MmFleetLine, age);
  gtk_widget_class_bind_template_child (widget_class, MmFleetLine, power);
  gtk_widget_class_bind_template_child (widget_class, MmFleetLine, soc);
}

static void
mm_fleet_line_init (MmFleetLine *line)
{
  gtk_widget_init_template (GTK_WIDGET (line));
  gtk_widget_set_has_tooltip (GTK_WIDGET (line), TRUE);
}

GtkWidget *
mm_fleet_line_new (void)
{
  return g_object_new (MM_TYPE_FLEET_LINE, NULL);
}

#include "mm-fleet-cell.h"

#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-status-look.h"

#include <math.h>

#define OLD_AFTER (15 * 60) /* seconds: a value this old looks old */
#define FLASH 200           /* ms; look.md */

struct _MmFleetCell
{
  AdwBin parent;

  MmFleetColumn column;
  MmFleetItem *item;
  gulong changed;
  GtkImage *image; /* status, or that the value is old; NULL in columns that have neither */
  GtkLabel *label;
  GtkLabel *unit; /* NULL in columns of text */
};

G_DEFINE_FINAL_TYPE (MmFleetCell, mm_fleet_cell, ADW_TYPE_BIN)

static const char *const titles[MM_N_FLEET_COLUMNS] = {
  [MM_FLEET_COLUMN_STATUS] = N_ ("Status"),
  [MM_FLEET_COLUMN_ID] = N_ ("Gateway ID"),
  [MM_FLEET_COLUMN_CUSTOMER] = N_ ("Customer"),
  [MM_FLEET_COLUMN_NAME] = N_ ("Site name"),
  [MM_FLEET_COLUMN_PLACE] = N_ ("Municipality"),
  [MM_FLEET_COLUMN_MODEL] = N_ ("Model"),
  [MM_FLEET_COLUMN_LAST_CONTACT] = N_ ("Last contact"),
  [MM_FLEET_COLUMN_POWER] = N_ ("Power now"),
  [MM_FLEET_COLUMN_TODAY] = N_ ("Energy today"),
  [MM_FLEET_COLUMN_SOC] = N_ ("Battery level"),
  [MM_FLEET_COLUMN_ALERTS] = N_ ("Alerts"),
};

const char *
mm_fleet_cell_title (MmFleetColumn column)
{
  return _ (titles[column]);
}

/* Text */

static gboolean
is_figure (MmFleetColumn column)
{
  return column == MM_FLEET_COLUMN_POWER || column == MM_FLEET_COLUMN_TODAY
         || column == MM_FLEET_COLUMN_SOC;
}

static MmFigure
figure_of (MmFleetColumn column, const MmFleetRecord *record)
{
  const MmLanguage *language = mm_own_language ();

  if (column == MM_FLEET_COLUMN_POWER)
    return mm_figure_power (language, record->power);
  if (column == MM_FLEET_COLUMN_TODAY)
    return mm_figure_energy (language, record->today);
  return mm_figure_percent (language, record->soc);
}

char *
mm_fleet_cell_place (const MmFleetRecord *record)
{
  if (*record->municipality == '\0')
    return g_strdup (record->prefecture);
  return g_strdup (record->municipality);
}

char *
mm_fleet_cell_age (const MmFleetRecord *record)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  if (record->last_contact == 0)
    return g_strdup ("–");
  return mm_figure_age_short (mm_own_language (), g_get_real_time (),
                              record->last_contact * MM_SECOND, zone);
}

char *
mm_fleet_cell_text (MmFleetColumn column, const MmFleetRecord *record)
{
  MmFigure figure;

  switch (column)
    {
    case MM_FLEET_COLUMN_STATUS:
      return g_strdup (mm_status_look_word ((MmStatus) record->status));
    case MM_FLEET_COLUMN_ID:
      return g_strdup (mm_fleet_record_id (record));
    case MM_FLEET_COLUMN_CUSTOMER:
      return g_strdup (mm_fleet_record_customer (record));
    case MM_FLEET_COLUMN_NAME:
      return g_strdup (mm_fleet_record_name (record));
    case MM_FLEET_COLUMN_PLACE:
      return mm_fleet_cell_place (record);
    case MM_FLEET_COLUMN_MODEL:
      return g_strdup (record->model);
    case MM_FLEET_COLUMN_LAST_CONTACT:
      return mm_fleet_cell_age (record);
    case MM_FLEET_COLUMN_ALERTS:
      return record->n_open > 0 ? g_strdup_printf ("%u", record->n_open) : g_strdup ("");
    case MM_FLEET_COLUMN_POWER:
    case MM_FLEET_COLUMN_TODAY:
    case MM_FLEET_COLUMN_SOC:
    case MM_N_FLEET_COLUMNS:
    default:
      figure = figure_of (column, record);
      return mm_figure_text (&figure);
    }
}

/* The full time of @seconds, in this computer's zone. */
static char *
full_time (guint32 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return g_date_time_format (time, "%x %X");
}

/* The cell */

/* When the figure of the cell was measured; 0 if that is not told. */
static guint32
measured (MmFleetCell *cell, const MmFleetRecord *record)
{
  if (cell->column == MM_FLEET_COLUMN_POWER)
    return record->power_time;
  return cell->column == MM_FLEET_COLUMN_SOC ? record->soc_time : 0;
}

static void
set_label (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

static void
set_class (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
show_figure (MmFleetCell *cell, const MmFleetRecord *record)
{
  MmFigure figure = figure_of (cell->column, record);
  guint32 time = measured (cell, record);
  gboolean is_old = time != 0 && g_get_real_time () / MM_SECOND - (gint64) time > OLD_AFTER;
  g_autofree char *when = time != 0 ? full_time (time) : NULL;
  g_autofree char *tip
      = when != NULL ? g_strdup_printf (is_old ? _ ("Old data: as of %s") : _ ("As of %s"), when)
                     : NULL;

  set_label (cell->label, figure.value);
  set_label (cell->unit, figure.unit);
  gtk_widget_set_visible (GTK_WIDGET (cell->image), is_old);
  set_class (GTK_WIDGET (cell), "dim-label", is_old || record->status == MM_STATUS_OFFLINE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (cell), tip);
}

static void
show_text (MmFleetCell *cell, const MmFleetRecord *record)
{
  g_autofree char *text = mm_fleet_cell_text (cell->column, record);
  g_autofree char *tip = NULL;

  set_label (cell->label, text);
  set_class (GTK_WIDGET (cell), "dim-label", record->status == MM_STATUS_OFFLINE);
  if (cell->column == MM_FLEET_COLUMN_LAST_CONTACT)
    tip = record->last_contact != 0 ? full_time (record->last_contact) : NULL;
  else if (cell->column == MM_FLEET_COLUMN_PLACE)
    tip = g_strdup_printf ("%s %s", record->prefecture, record->municipality);
  else
    tip = g_strdup (text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (cell), tip != NULL && *tip != '\0' ? tip : NULL);
}

void
mm_fleet_cell_refresh (MmFleetCell *cell)
{
  const MmFleetRecord *record = cell->item != NULL ? mm_fleet_item_peek (cell->item) : NULL;

  if (record == NULL)
    return;
  if (cell->column == MM_FLEET_COLUMN_STATUS)
    mm_status_look_apply ((MmStatus) record->status, cell->image, cell->label);
  else if (cell->unit != NULL)
    show_figure (cell, record);
  else
    show_text (cell, record);
}

static gboolean
end_flash (gpointer user_data)
{
  gtk_widget_remove_css_class (user_data, "mm-changed");
  return G_SOURCE_REMOVE;
}

void
mm_fleet_cell_flash (GtkWidget *row)
{
  gboolean animations;

  g_object_get (gtk_widget_get_settings (row), "gtk-enable-animations", &animations, NULL);
  if (!animations || gtk_widget_has_css_class (row, "mm-changed"))
    return;
  gtk_widget_add_css_class (row, "mm-changed");
  g_timeout_add_full (G_PRIORITY_DEFAULT, FLASH, end_flash, g_object_ref (row), g_object_unref);
}

static void
on_changed (MmFleetCell *cell)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (cell));
  GtkWidget *row = parent != NULL ? gtk_widget_get_parent (parent) : NULL;

  mm_fleet_cell_refresh (cell);
  if (row != NULL && gtk_widget_get_mapped (row))
    mm_fleet_cell_flash (row);
}

void
mm_fleet_cell_set_item (MmFleetCell *cell, MmFleetItem *item)
{
  if (cell->item != NULL)
    g_clear_signal_handler (&cell->changed, cell->item);
  g_set_object (&cell->item, item);
  if (item == NULL)
    return;
  cell->changed = g_signal_connect_swapped (item, "changed", G_CALLBACK (on_changed), cell);
  mm_fleet_cell_refresh (cell);
}

static void
mm_fleet_cell_dispose (GObject *object)
{
  mm_fleet_cell_set_item (MM_FLEET_CELL (object), NULL);
  G_OBJECT_CLASS (mm_fleet_cell_parent_class)->dispose (object);
}

static void
mm_fleet_cell_class_init (MmFleetCellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mm_fleet_cell_dispose;
}

static void
mm_fleet_cell_init (MmFleetCell *cell)
{
}

GtkWidget *
mm_fleet_cell_new (MmFleetColumn column)
{
  MmFleetCell *cell = g_object_new (MM_TYPE_FLEET_CELL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, is_figure (column) ? 3 : 6);

  cell->column = column;
  cell->label = GTK_LABEL (gtk_label_new (NULL));
  if (column == MM_FLEET_COLUMN_STATUS || is_figure (column))
    {
      cell->image = GTK_IMAGE (gtk_image_new_from_icon_name (
          column == MM_FLEET_COLUMN_STATUS ? NULL : "mm-badge-stale-symbolic"));
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (cell->image));
    }
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (cell->label));
  if (is_figure (column))
    {
      cell->unit = GTK_LABEL (gtk_label_new (NULL));
      gtk_widget_add_css_class (GTK_WIDGET (cell->unit), "mm-unit");
      gtk_widget_set_valign (GTK_WIDGET (cell->unit), GTK_ALIGN_BASELINE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (cell->image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Old data"), -1);
      gtk_widget_add_css_class (GTK_WIDGET (cell->label), "mm-figure");
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (cell->unit));
      gtk_widget_set_halign (box, GTK_ALIGN_END);
    }
  else
    {
      gtk_label_set_ellipsize (cell->label, PANGO_ELLIPSIZE_END);
      gtk_label_set_xalign (cell->label, column == MM_FLEET_COLUMN_ALERTS ? 1 : 0);
      gtk_widget_set_hexpand (GTK_WIDGET (cell->label), TRUE);
      if (column == MM_FLEET_COLUMN_LAST_CONTACT || column == MM_FLEET_COLUMN_ALERTS)
        gtk_widget_add_css_class (GTK_WIDGET (cell->label), "mm-figure");
    }
  adw_bin_set_child (ADW_BIN (cell), box);
  return GTK_WIDGET (cell);
}

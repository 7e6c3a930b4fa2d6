#include "mm-gateway-devices.h"

#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-quantity.h"

#include <math.h>
#include <string.h>

/* A row of one value. */
typedef struct
{
  GtkLabel *value;
  GtkLabel *age;
  GtkWidget *stale;
} Row;

struct _MmGatewayDevices
{
  AdwBin parent;

  char *shape;     /* which rows there are; see shape_of() */
  GPtrArray *rows; /* of Row, as the gateway's latest values */
};

G_DEFINE_FINAL_TYPE (MmGatewayDevices, mm_gateway_devices, ADW_TYPE_BIN)

/* What the rows depend on: only if it changes they are made anew. */
static char *
shape_of (JsonObject *gateway)
{
  GString *shape = g_string_new (NULL);
  JsonArray *devices = mm_json_array (gateway, "devices");
  JsonArray *latest = mm_json_array (gateway, "latest");

  for (guint i = 0; i < mm_json_length (devices); i++)
    {
      JsonObject *device = mm_json_element (devices, i);

      g_string_append_printf (shape, "%s/%s/%s/%s\n", mm_json_text (device, "device"),
                              mm_json_text (device, "maker"), mm_json_text (device, "model"),
                              mm_json_text (device, "serial"));
    }
  for (guint i = 0; i < mm_json_length (latest); i++)
    {
      JsonObject *value = mm_json_element (latest, i);

      g_string_append_printf (shape, "%s.%s\n", mm_json_text (value, "device"),
                              mm_json_text (value, "quantity"));
    }
  return g_string_free (shape, FALSE);
}

/* "PCS · maker model · serial number", as far as it is known. */
static char *
describe (JsonObject *device)
{
  g_autofree char *name = g_strstrip (
      g_strdup_printf ("%s %s", mm_json_text (device, "maker"), mm_json_text (device, "model")));
  const char *serial = mm_json_text (device, "serial");
  g_autofree char *numbered
      = *serial != '\0' ? g_strdup_printf (_ ("serial number %s"), serial) : NULL;
  const char *parts[3] = { NULL };
  guint n = 0;

  if (*name != '\0')
    parts[n++] = name;
  if (numbered != NULL)
    parts[n++] = numbered;
  return g_strjoinv (" · ", (char **) parts);
}

static AdwPreferencesGroup *
new_group (const char *id, JsonObject *device)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *described = device != NULL ? describe (device) : g_strdup ("");
  g_autofree char *title = g_markup_escape_text (*id != '\0' ? id : _ ("Gateway"), -1);
  g_autofree char *description = g_markup_escape_text (described, -1);

  adw_preferences_group_set_title (group, title);
  adw_preferences_group_set_description (group, description);
  return group;
}

static const char *
label_of (const char *name)
{
  const MmQuantity *quantity = mm_quantity_find (name);

  return quantity != NULL ? _ (quantity->label) : name;
}

/* A sign only where direction matters, and then a word instead (look.md). */
static char *
value_text (JsonObject *value)
{
  const char *quantity = mm_json_text (value, "quantity");
  double number = mm_json_number (value, "value");
  const char *word = strcmp (quantity, "grid_power") == 0      ? (number > 0   ? _ ("buying")
                                                                  : number < 0 ? _ ("selling")
                                                                               : NULL)
                     : strcmp (quantity, "battery_power") == 0 ? (number > 0   ? _ ("discharging")
                                                                  : number < 0 ? _ ("charging")
                                                                               : NULL)
                                                               : NULL;
  const MmQuantity *known = mm_quantity_find (quantity);
  MmFigure figure = mm_figure_of (mm_own_language (), word != NULL ? fabs (number) : number,
                                  mm_json_text (value, "unit"));
  g_autofree char *text = mm_figure_text (&figure);

  /* Without a unit, between 0 and 1: a question */
  if (known != NULL && *known->unit == '\0' && known->lowest == 0 && known->highest == 1)
    return g_strdup (number != 0 ? C_ ("value", "Yes") : C_ ("value", "No"));
  return word != NULL ? g_strdup_printf ("%s %s", word, text) : g_steal_pointer (&text);
}

static GtkWidget *
new_row (const char *quantity, Row *row)
{
  GtkWidget *widget = adw_action_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *title = g_markup_escape_text (label_of (quantity), -1);

  row->value = GTK_LABEL (gtk_label_new (NULL));
  row->age = GTK_LABEL (gtk_label_new (NULL));
  row->stale = gtk_image_new_from_icon_name ("mm-badge-stale-symbolic");
  gtk_widget_set_tooltip_text (row->stale, _ ("Old data"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->stale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Old data"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (row->value), "mm-figure");
  gtk_widget_add_css_class (GTK_WIDGET (row->age), "mm-figure");
  gtk_widget_add_css_class (GTK_WIDGET (row->age), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (row->age), "caption");
  gtk_label_set_width_chars (row->age, 8);
  gtk_label_set_xalign (row->age, 1);
  gtk_box_append (GTK_BOX (box), row->stale);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row->value));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row->age));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (widget), FALSE);
  return widget;
}

static JsonObject *
find_device (JsonArray *devices, const char *id)
{
  for (guint i = 0; i < mm_json_length (devices); i++)
    if (strcmp (mm_json_text (mm_json_element (devices, i), "device"), id) == 0)
      return mm_json_element (devices, i);
  return NULL;
}

/* Values come sorted by device; a device without any value still has its group. */
static void
build (MmGatewayDevices *devices, JsonObject *gateway)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  JsonArray *known = mm_json_array (gateway, "devices");
  JsonArray *latest = mm_json_array (gateway, "latest");
  g_autoptr (GHashTable) shown = g_hash_table_new (g_str_hash, g_str_equal);
  AdwPreferencesGroup *group = NULL;
  const char *current = NULL;

  g_ptr_array_set_size (devices->rows, 0);
  for (guint i = 0; i < mm_json_length (latest); i++)
    {
      JsonObject *value = mm_json_element (latest, i);
      const char *id = mm_json_text (value, "device");
      Row *row = g_new0 (Row, 1);

      if (group == NULL || strcmp (id, current) != 0)
        {
          group = new_group (id, find_device (known, id));
          current = id;
          g_hash_table_add (shown, (gpointer) id);
          gtk_box_append (GTK_BOX (box), GTK_WIDGET (group));
        }
      adw_preferences_group_add (group, new_row (mm_json_text (value, "quantity"), row));
      g_ptr_array_add (devices->rows, row);
    }
  for (guint i = 0; i < mm_json_length (known); i++)
    {
      JsonObject *device = mm_json_element (known, i);

      if (!g_hash_table_contains (shown, mm_json_text (device, "device")))
        gtk_box_append (GTK_BOX (box),
                        GTK_WIDGET (new_group (mm_json_text (device, "device"), device)));
    }
  if (gtk_widget_get_first_child (box) == NULL)
    {
      GtkWidget *nothing = gtk_label_new (_ ("Devices appear here as soon as the gateway sends its "
                                             "first measurements."));

      gtk_label_set_wrap (GTK_LABEL (nothing), TRUE);
      gtk_widget_add_css_class (nothing, "dim-label");
      gtk_widget_set_margin_top (nothing, 24);
      gtk_box_append (GTK_BOX (box), nothing);
    }
  adw_bin_set_child (ADW_BIN (devices), box);
}

void
mm_gateway_devices_show (
    MmGatewayDevices *devices, JsonObject *gateway, gint64 now, gint64 stale_after, GTimeZone *zone)
{
  const MmLanguage *language = mm_own_language ();
  JsonArray *latest = mm_json_array (gateway, "latest");
  g_autofree char *shape = shape_of (gateway);

  if (g_strcmp0 (shape, devices->shape) != 0)
    {
      build (devices, gateway);
      g_free (devices->shape);
      devices->shape = g_steal_pointer (&shape);
    }
  for (guint i = 0; i < devices->rows->len; i++)
    {
      JsonObject *value = mm_json_element (latest, i);
      Row *row = g_ptr_array_index (devices->rows, i);
      gint64 time = mm_json_time (value, "time");
      g_autofree char *text = value_text (value);
      g_autofree char *age = mm_figure_age_short (language, now, time, zone);
      g_autofree char *full = mm_language_format_time (language, time, zone);

      gtk_label_set_label (row->value, text);
      gtk_label_set_label (row->age, age);
      gtk_widget_set_tooltip_text (GTK_WIDGET (row->age), full);
      gtk_widget_set_visible (row->stale, now - time > stale_after);
    }
}

static void
mm_gateway_devices_finalize (GObject *object)
{
  MmGatewayDevices *devices = MM_GATEWAY_DEVICES (object);

  g_free (devices->shape);
  g_ptr_array_unref (devices->rows);
  G_OBJECT_CLASS (mm_gateway_devices_parent_class)->finalize (object);
}

static void
mm_gateway_devices_class_init (MmGatewayDevicesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_gateway_devices_finalize;
}

static void
mm_gateway_devices_init (MmGatewayDevices *devices)
{
  devices->rows = g_ptr_array_new_with_free_func (g_free);
}

#include "mm-gateway-customer.h"

#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-link.h"

#include <string.h>

struct _MmGatewayCustomer
{
  AdwBin parent;

  GtkBox *box;
  AdwPreferencesGroup *details; /* what was loaded last; NULL before */
  AdwPreferencesGroup *link;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmGatewayCustomer, mm_gateway_customer, ADW_TYPE_BIN)

static void
on_copy (GtkButton *button, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), text);
  gtk_widget_activate_action (GTK_WIDGET (button), "win.toast", "s", _ ("Copied"));
}

/* A row with @value, if there is one. @uri: what it opens, or NULL */
static void
add (AdwPreferencesGroup *group, const char *title, const char *value, const char *uri)
{
  GtkWidget *row;
  g_autofree char *markup = NULL;

  if (*value == '\0')
    return;
  row = adw_action_row_new ();
  markup = uri != NULL ? g_markup_printf_escaped ("<a href=\"%s\">%s</a>", uri, value)
                       : g_markup_escape_text (value, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), markup);
  if (uri != NULL)
    {
      GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");
      g_autofree char *name = g_strdup_printf (_ ("Copy: %s"), value);

      gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (copy, "flat");
      gtk_widget_set_tooltip_text (copy, _ ("Copy"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      g_signal_connect_data (copy, "clicked", G_CALLBACK (on_copy), g_strdup (value),
                             (GClosureNotify) (void (*) (void)) g_free, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), copy);
    }
  adw_preferences_group_add (group, row);
}

static void
replace (MmGatewayCustomer *customer, AdwPreferencesGroup **place, AdwPreferencesGroup *group)
{
  if (*place != NULL)
    gtk_box_remove (customer->box, GTK_WIDGET (*place));
  *place = group;
  gtk_box_append (customer->box, GTK_WIDGET (group));
}

static void
show_link (MmGatewayCustomer *customer, JsonObject *gateway, GTimeZone *zone)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  JsonObject *link = mm_json_object (gateway, "link");
  JsonArray *grants = mm_json_array (link, "grants");
  g_autoptr (GString) allowed = g_string_new (NULL);
  g_autofree char *since
      = mm_language_format_date (mm_own_language (), mm_json_time (link, "since"), zone);
  gint64 until = mm_json_time (link, "until");
  g_autofree char *end
      = until != 0 ? mm_language_format_date (mm_own_language (), until, zone) : g_strdup ("");

  for (guint i = 0; i < mm_json_length (grants); i++)
    {
      const char *name
          = json_node_get_value_type (json_array_get_element (grants, i)) == G_TYPE_STRING
                ? json_array_get_string_element (grants, i)
                : "";
      MmGrants grant = mm_link_grant_from_name (name);

      if (grant != 0)
        g_string_append_printf (allowed, "%s%s", allowed->len > 0 ? "\n" : "",
                                _ (mm_link_grant_label (grant)));
    }
  adw_preferences_group_set_title (group, _ ("What the customer allows"));
  add (group, _ ("Allowed"), allowed->str, NULL);
  add (group, _ ("Linked since"), since, NULL);
  add (group, _ ("Until"), end, NULL);
  replace (customer, &customer->link, group);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmGatewayCustomer) customer = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonObject *details = mm_json_root (answer);
  AdwPreferencesGroup *group;
  g_autofree char *address = NULL;
  g_autofree char *phone = NULL;
  g_autofree char *mail = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (group, _ ("Customer"));
  if (answer == NULL)
    {
      g_autofree char *markup = g_markup_escape_text (error->message, -1);

      adw_preferences_group_set_description (group, markup);
    }
  else
    {
      address = g_strstrip (g_strdup_printf ("%s %s %s%s", mm_json_text (details, "postal_code"),
                                             mm_json_text (details, "prefecture"),
                                             mm_json_text (details, "municipality"),
                                             mm_json_text (details, "address")));
      phone = g_strconcat ("tel:", mm_json_text (details, "phone"), NULL);
      mail = g_strconcat ("mailto:", mm_json_text (details, "mail"), NULL);
      add (group, _ ("Name"), mm_json_text (details, "name"), NULL);
      add (group, _ ("Name in katakana"), mm_json_text (details, "kana"), NULL);
      add (group, _ ("Phone"), mm_json_text (details, "phone"), phone);
      add (group, _ ("Mail address"), mm_json_text (details, "mail"), mail);
      add (group, _ ("Address"), address, NULL);
    }
  replace (customer, &customer->details, group);
  gtk_box_reorder_child_after (customer->box, GTK_WIDGET (group), NULL);
}

void
mm_gateway_customer_load (MmGatewayCustomer *customer,
                          MmApi *api,
                          JsonObject *gateway,
                          GTimeZone *zone)
{
  g_autofree char *id = g_uri_escape_string (mm_json_text (gateway, "id"), NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/api/v1/gateways/%s/customer", id);

  show_link (customer, gateway, zone);
  mm_api_send_async (api, "GET", path, NULL, customer->cancellable, on_loaded,
                     g_object_ref (customer));
}

static void
mm_gateway_customer_dispose (GObject *object)
{
  MmGatewayCustomer *customer = MM_GATEWAY_CUSTOMER (object);

  g_cancellable_cancel (customer->cancellable);
  g_clear_object (&customer->cancellable);
  G_OBJECT_CLASS (mm_gateway_customer_parent_class)->dispose (object);
}

static void
mm_gateway_customer_class_init (MmGatewayCustomerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mm_gateway_customer_dispose;
}

static void
mm_gateway_customer_init (MmGatewayCustomer *customer)
{
  customer->cancellable = g_cancellable_new ();
  customer->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  adw_bin_set_child (ADW_BIN (customer), GTK_WIDGET (customer->box));
}

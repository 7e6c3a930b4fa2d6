#include "mm-hosting-issued.h"

#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-labels.h"
#include "mm-window.h"

#include <string.h>

struct _MmHostingIssued
{
  MmPane parent;

  AdwPreferencesGroup *destination;
  AdwActionRow *server;
  GtkBox *list;
  GtkWidget *reach;
  GtkWidget *print;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
  JsonArray *issued;
  gboolean keys;    /* there are some among it */
  char *public_url; /* NULL on this computer, or before it is known */
};

G_DEFINE_FINAL_TYPE (MmHostingIssued, mm_hosting_issued, MM_TYPE_PANE)

static void
copy (GtkWidget *widget, const char *text)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  if (MM_IS_WINDOW (root))
    mm_window_toast (MM_WINDOW (root), _ ("Copied"));
}

static void
on_copy (GtkButton *button, gpointer user_data)
{
  copy (GTK_WIDGET (button), g_object_get_data (G_OBJECT (button), "text"));
}

static void
add_secret (AdwPreferencesGroup *group, const char *title, const char *name, const char *text)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  g_autofree char *label = g_strdup_printf (_ ("Copy: %s"), name);
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), markup);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  gtk_widget_add_css_class (row, "mm-fact");
  gtk_widget_add_css_class (row, "mm-secret");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "text", g_strdup (text), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_copy), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (group, row);
}

static void
fill (MmHostingIssued *view)
{
  gboolean codes = FALSE;

  for (guint i = 0; i < mm_json_length (view->issued); i++)
    {
      JsonObject *one = mm_json_element (view->issued, i);
      GtkWidget *group = adw_preferences_group_new ();
      const char *id = mm_json_text (one, "id");

      adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), id);
      if (*mm_json_text (one, "key") != '\0')
        {
          g_autofree char *name = g_strdup_printf (_ ("key of %s"), id);

          view->keys = TRUE;
          add_secret (ADW_PREFERENCES_GROUP (group), _ ("Key"), name, mm_json_text (one, "key"));
        }
      if (*mm_json_text (one, "activation_code") != '\0')
        {
          g_autofree char *name = g_strdup_printf (_ ("activation code of %s"), id);

          codes = TRUE;
          add_secret (ADW_PREFERENCES_GROUP (group), _ ("Activation code"), name,
                      mm_json_text (one, "activation_code"));
        }
      gtk_box_append (view->list, group);
    }
  gtk_widget_set_visible (view->print, codes);
}

static void
print_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingIssued *view = MM_HOSTING_ISSUED (widget);

  mm_labels_print (widget, view->public_url, view->issued);
}

static void
copy_server_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  copy (widget, adw_action_row_get_subtitle (MM_HOSTING_ISSUED (widget)->server));
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingIssued *view = MM_HOSTING_ISSUED (widget);
  g_autoptr (GString) table = g_string_new ("id\tkey\tactivation_code\n");

  for (guint i = 0; i < mm_json_length (view->issued); i++)
    {
      JsonObject *one = mm_json_element (view->issued, i);

      g_string_append_printf (table, "%s\t%s\t%s\n", mm_json_text (one, "id"),
                              mm_json_text (one, "key"), mm_json_text (one, "activation_code"));
    }
  copy (widget, table->str);
}

static void
on_server (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingIssued) view = user_data;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, NULL);
  JsonObject *facts = mm_json_root (answer);

  if (facts == NULL)
    return;
  adw_action_row_set_subtitle (view->server, mm_json_text (facts, "public_url"));
  gtk_widget_set_visible (GTK_WIDGET (view->destination), view->keys);
  if (strcmp (mm_json_text (facts, "reach"), "this-computer") != 0)
    view->public_url = g_strdup (mm_json_text (facts, "public_url"));
  gtk_widget_set_visible (view->reach,
                          view->public_url == NULL && gtk_widget_get_visible (view->print));
}

static void
mm_hosting_issued_dispose (GObject *object)
{
  g_cancellable_cancel (MM_HOSTING_ISSUED (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_issued_parent_class)->dispose (object);
}

static void
mm_hosting_issued_finalize (GObject *object)
{
  MmHostingIssued *view = MM_HOSTING_ISSUED (object);

  g_object_unref (view->cancellable);
  json_array_unref (view->issued);
  g_free (view->public_url);
  G_OBJECT_CLASS (mm_hosting_issued_parent_class)->finalize (object);
}

static void
mm_hosting_issued_class_init (MmHostingIssuedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_hosting_issued_dispose;
  object_class->finalize = mm_hosting_issued_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-issued.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingIssued, destination);
  gtk_widget_class_bind_template_child (widget_class, MmHostingIssued, server);
  gtk_widget_class_bind_template_child (widget_class, MmHostingIssued, list);
  gtk_widget_class_bind_template_child (widget_class, MmHostingIssued, reach);
  gtk_widget_class_bind_template_child (widget_class, MmHostingIssued, print);
  gtk_widget_class_install_action (widget_class, "issued.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "issued.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "issued.copy-server", NULL, copy_server_action);
}

static void
mm_hosting_issued_init (MmHostingIssued *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
}

GtkWidget *
mm_hosting_issued_new (MmApplication *app, JsonArray *issued)
{
  MmHostingIssued *view = g_object_new (MM_TYPE_HOSTING_ISSUED, NULL);
  MmServerChild *server = mm_application_get_server (app);

  view->app = app;
  view->issued = json_array_ref (issued);
  fill (view);
  mm_api_send_async (mm_server_child_get_operator (server), "GET", "/operator/v1/server", NULL,
                     view->cancellable, on_server, g_object_ref (view));
  return GTK_WIDGET (view);
}

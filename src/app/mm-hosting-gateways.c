#include "mm-hosting-gateways.h"

#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-hosting-page.h"
#include "mm-json.h"
#include "mm-status-look.h"
#include "mm-window.h"

#include <string.h>

#define MOST_ROWS 200 /* the search narrows it down */

struct _MmHostingGateways
{
  MmPane parent;

  GtkSearchEntry *search;
  GtkListBox *list;
  GtkLabel *more;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
  JsonNode *known;
};

G_DEFINE_FINAL_TYPE (MmHostingGateways, mm_hosting_gateways, MM_TYPE_PANE)

static gboolean
matches (JsonObject *gateway, const char *text)
{
  static const char *const names[] = { "id", "name", "prefecture", "municipality", "serial" };
  g_autofree char *wanted = g_utf8_casefold (text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folded = g_utf8_casefold (mm_json_text (gateway, names[i]), -1);

      if (strstr (folded, wanted) != NULL)
        return TRUE;
    }
  return FALSE;
}

static char *
subtitle_of (JsonObject *gateway)
{
  gint64 contact = mm_json_time (gateway, "last_contact");
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *age
      = contact != 0 ? mm_figure_age (mm_own_language (), g_get_real_time (), contact, zone) : NULL;
  g_autofree char *heard = age != NULL ? g_strdup_printf (_ ("Last contact: %s"), age)
                                       : g_strdup (_ ("Never heard of"));
  const char *key = mm_json_truth (gateway, "has_key") ? _ ("has a key") : _ ("no key");
  const char *owner = mm_json_truth (gateway, "has_owner") ? _ ("registered by a customer")
                                                           : _ ("not yet registered");
  const char *name = mm_json_text (gateway, "name");
  g_autofree char *place = g_strconcat (mm_json_text (gateway, "prefecture"),
                                        mm_json_text (gateway, "municipality"), NULL);
  char *text
      = g_strdup_printf ("%s%s%s\n%s · %s · %s", name, *name != '\0' && *place != '\0' ? " · " : "",
                         place, heard, key, owner);

  return g_strstrip (text);
}

static GtkWidget *
row_of (JsonObject *gateway)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  const char *id = mm_json_text (gateway, "id");
  g_autofree char *subtitle = subtitle_of (gateway);
  g_autofree char *label = g_strdup_printf (_ ("Key and code of %s"), id);
  const struct
  {
    const char *label;
    const char *action;
  } items[] = {
    { _ ("New activation code"), "gateways.code" },
    { _ ("New key"), "gateways.rotate" },
    { _ ("Revoke the key"), "gateways.revoke" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (items[i].label, NULL);

      g_menu_item_set_action_and_target (item, items[i].action, "s", id);
      g_menu_append_item (menu, item);
    }
  mm_status_look_apply (mm_status_look_parse (mm_json_text (gateway, "status")), GTK_IMAGE (icon),
                        NULL);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), id);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
show_rows (MmHostingGateways *view)
{
  JsonArray *gateways = mm_json_array (mm_json_root (view->known), "gateways");
  const char *text = gtk_editable_get_text (GTK_EDITABLE (view->search));
  GtkWidget *child;
  guint found = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (view->list))) != NULL)
    gtk_list_box_remove (view->list, child);
  for (guint i = 0; i < mm_json_length (gateways); i++)
    {
      JsonObject *gateway = mm_json_element (gateways, i);

      if (gateway == NULL || (*text != '\0' && !matches (gateway, text)))
        continue;
      if (found++ < MOST_ROWS)
        gtk_list_box_append (view->list, row_of (gateway));
    }
  gtk_widget_set_visible (GTK_WIDGET (view->list), found > 0);
  gtk_widget_set_visible (GTK_WIDGET (view->more), found == 0 || found > MOST_ROWS);
  if (found == 0)
    gtk_label_set_label (view->more, *text != '\0' ? _ ("No gateway is found.")
                                                   : _ ("There is no gateway yet. Add one, or "
                                                        "import a table of many."));
  else
    {
      g_autofree char *words = g_strdup_printf (ngettext ("%u more: search to find it.",
                                                          "%u more: search to find them.",
                                                          found - MIN (found, MOST_ROWS)),
                                                found - MIN (found, MOST_ROWS));

      gtk_label_set_label (view->more, words);
    }
}

static void
on_gateways (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingGateways) view = user_data;
  g_autoptr (GError) error = NULL;
  JsonNode *answer = mm_api_send_finish (MM_API (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer == NULL)
    {
      mm_pane_show_message (MM_PANE (view), "network-server-symbolic",
                            _ ("The server does not answer"), error->message, _ ("Back"),
                            "hosting.show::home");
      return;
    }
  g_clear_pointer (&view->known, json_node_unref);
  view->known = answer;
  show_rows (view);
  mm_pane_show_content (MM_PANE (view));
}

static void
load (MmHostingGateways *view)
{
  MmServerChild *server = mm_application_get_server (view->app);

  mm_api_send_async (mm_server_child_get_operator (server), "GET", "/operator/v1/gateways", NULL,
                     view->cancellable, on_gateways, g_object_ref (view));
}

/* Keys and codes */

static void
on_issued (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingGateways) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (view));
  JsonObject *issued = mm_json_root (answer);

  if (issued == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && MM_IS_WINDOW (root))
        mm_window_toast (MM_WINDOW (root), error->message);
      return;
    }
  if (*mm_json_text (issued, "key") != '\0' || *mm_json_text (issued, "activation_code") != '\0')
    {
      g_autoptr (JsonArray) all = json_array_new ();

      json_array_add_element (all, json_node_ref (answer));
      mm_hosting_page_show_issued (GTK_WIDGET (view), all);
    }
  else
    {
      if (MM_IS_WINDOW (root))
        mm_window_toast (MM_WINDOW (root), _ ("The key is revoked: the gateway is refused now."));
      load (view);
    }
}

static void
ask_for (MmHostingGateways *view, const char *method, const char *id, const char *what)
{
  MmServerChild *server = mm_application_get_server (view->app);
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/operator/v1/gateways/%s/%s", escaped, what);

  mm_api_send_async (mm_server_child_get_operator (server), method, path, NULL, view->cancellable,
                     on_issued, g_object_ref (view));
}

static void
code_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ask_for (MM_HOSTING_GATEWAYS (widget), "POST", g_variant_get_string (parameter, NULL),
           "activation-code");
}

typedef struct
{
  MmHostingGateways *view;
  char *id;
  gboolean rotates;
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->view);
  g_free (question->id);
  g_free (question);
}

static void
on_key_answered (AdwMessageDialog *dialog, const char *answer, Question *question)
{
  if (g_str_equal (answer, "go"))
    ask_for (question->view, question->rotates ? "POST" : "DELETE", question->id, "key");
}

/* The gateway that uses the key falls silent: that cannot be undone, so it is asked. */
static void
ask_about_key (GtkWidget *widget, const char *id, gboolean rotates)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *title
      = g_strdup_printf (rotates ? _ ("A new key for %s?") : _ ("Revoke the key of %s?"), id);
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, title,
                                rotates ? _ ("The key that the gateway uses now is refused at "
                                             "once, until the new one is entered there.")
                                        : _ ("What the gateway sends is refused at once, until it "
                                             "gets a new key."));
  Question *question = g_new0 (Question, 1);

  question->view = g_object_ref (MM_HOSTING_GATEWAYS (widget));
  question->id = g_strdup (id);
  question->rotates = rotates;
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "go",
                                    rotates ? _ ("_New key") : _ ("_Revoke"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "go",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_key_answered), question,
                         (GClosureNotify) (void (*) (void)) question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
rotate_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ask_about_key (widget, g_variant_get_string (parameter, NULL), TRUE);
}

static void
revoke_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ask_about_key (widget, g_variant_get_string (parameter, NULL), FALSE);
}

/* The object */

static void
mm_hosting_gateways_dispose (GObject *object)
{
  g_cancellable_cancel (MM_HOSTING_GATEWAYS (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_gateways_parent_class)->dispose (object);
}

static void
mm_hosting_gateways_finalize (GObject *object)
{
  MmHostingGateways *view = MM_HOSTING_GATEWAYS (object);

  g_object_unref (view->cancellable);
  g_clear_pointer (&view->known, json_node_unref);
  G_OBJECT_CLASS (mm_hosting_gateways_parent_class)->finalize (object);
}

static void
mm_hosting_gateways_class_init (MmHostingGatewaysClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_hosting_gateways_dispose;
  object_class->finalize = mm_hosting_gateways_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-gateways.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingGateways, search);
  gtk_widget_class_bind_template_child (widget_class, MmHostingGateways, list);
  gtk_widget_class_bind_template_child (widget_class, MmHostingGateways, more);
  gtk_widget_class_install_action (widget_class, "gateways.code", "s", code_action);
  gtk_widget_class_install_action (widget_class, "gateways.rotate", "s", rotate_action);
  gtk_widget_class_install_action (widget_class, "gateways.revoke", "s", revoke_action);
}

static void
mm_hosting_gateways_init (MmHostingGateways *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (view->search, "search-changed", G_CALLBACK (show_rows), view);
}

GtkWidget *
mm_hosting_gateways_new (MmApplication *app)
{
  MmHostingGateways *view = g_object_new (MM_TYPE_HOSTING_GATEWAYS, NULL);

  view->app = app;
  mm_pane_show_waiting (MM_PANE (view));
  load (view);
  return GTK_WIDGET (view);
}

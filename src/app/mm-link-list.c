#include "mm-link-list.h"

#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-link.h"
#include "mm-spoken-name.h"

struct _MmLinkList
{
  AdwBin parent;

  GtkListBox *rows;
  GtkLabel *message;

  MmApi *api;
  GCancellable *cancellable;
  GTimeZone *zone;
};

G_DEFINE_FINAL_TYPE (MmLinkList, mm_link_list, ADW_TYPE_BIN)

/* What belongs to one row, kept by its button. */
typedef struct
{
  MmLinkList *list; /* outlives its rows */
  char *id;
  GtkPopover *popover;
} Decline;

static void
decline_free (gpointer data, GClosure *closure)
{
  Decline *decline = data;

  g_free (decline->id);
  g_free (decline);
}

static void
say (MmLinkList *list, const char *text)
{
  gtk_label_set_label (list->message, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (list->message), text != NULL);
}

static void
on_declined (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmLinkList) list = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer == NULL && !g_error_matches (error, MM_ERROR, MM_ERROR_NOT_FOUND))
    {
      gtk_widget_set_sensitive (GTK_WIDGET (list->rows), TRUE);
      say (list, error->message);
      return;
    }
  gtk_widget_activate_action (GTK_WIDGET (list), "win.toast", "s",
                              _ ("You have declined. The customer has been told by mail."));
  mm_link_list_load (list, list->api);
}

static void
decline (GtkButton *button, Decline *data)
{
  MmLinkList *list = data->list;
  g_autofree char *path = g_strdup_printf ("/api/v1/links/%s/decline", data->id);

  gtk_popover_popdown (data->popover);
  gtk_widget_set_sensitive (GTK_WIDGET (list->rows), FALSE);
  mm_api_send_async (list->api, "POST", path, NULL, list->cancellable, on_declined,
                     g_object_ref (list));
}

/* The button opens what it means, and the second press does it. */
static GtkWidget *
decline_button (MmLinkList *list, const char *id, const char *customer)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Decline"));
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *confirm = gtk_button_new_with_label (_ ("Decline"));
  g_autofree char *name = g_strdup_printf (_ ("Decline %s"), customer);
  GtkWidget *text = gtk_label_new (_ ("The link ends at once: you no longer see the system, and "
                                      "the customer is told by mail. Only the customer can link it "
                                      "again."));
  Decline *data = g_new0 (Decline, 1);

  data->list = list;
  data->id = g_strdup (id);
  data->popover = GTK_POPOVER (popover);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 30);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_widget_add_css_class (confirm, "destructive-action");
  gtk_widget_set_halign (confirm, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), confirm);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_widget_set_parent (popover, button);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  mm_spoken_name_set (button, name);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (gtk_popover_popup), popover);
  g_signal_connect_swapped (button, "destroy", G_CALLBACK (gtk_widget_unparent), popover);
  g_signal_connect_data (confirm, "clicked", G_CALLBACK (decline), data, decline_free, 0);
  return button;
}

static char *
grants_of (JsonObject *link)
{
  JsonArray *grants = mm_json_array (link, "grants");
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < mm_json_length (grants); i++)
    {
      const char *name = json_node_get_string (json_array_get_element (grants, i));
      MmGrants grant = name != NULL ? mm_link_grant_from_name (name) : 0;

      if (grant == 0)
        continue;
      if (words->len > 0)
        g_string_append (words, " · ");
      g_string_append (words, _ (mm_link_grant_label (grant)));
    }
  return g_string_free (words, FALSE);
}

static void
add_row (MmLinkList *list, JsonObject *link)
{
  const MmLanguage *language = mm_own_language ();
  JsonObject *gateway = mm_json_object (link, "gateway");
  const char *customer = mm_json_text (mm_json_object (link, "customer"), "name");
  gint64 until = mm_json_time (link, "until");
  g_autofree char *grants = grants_of (link);
  g_autofree char *since
      = mm_language_format_date (language, mm_json_time (link, "since"), list->zone);
  g_autofree char *last
      = until != 0 ? mm_language_format_date (language, until - 1, list->zone) : NULL;
  g_autofree char *dates = last != NULL
                               ? g_strdup_printf (_ ("Access since %s, until %s"), since, last)
                               : g_strdup_printf (_ ("Access since %s"), since);
  g_autofree char *named = g_strdup_printf (C_ ("customer", "%s"), customer);
  const char *parts[4] = { NULL };
  g_autofree char *where = NULL;
  g_autofree char *subtitle = NULL;
  GtkWidget *row = adw_action_row_new ();
  guint n = 0;

  parts[n++] = mm_json_text (gateway, "id");
  if (*mm_json_text (gateway, "name") != '\0')
    parts[n++] = mm_json_text (gateway, "name");
  if (*mm_json_text (gateway, "municipality") != '\0')
    parts[n++] = mm_json_text (gateway, "municipality");
  where = g_strjoinv (" · ", (char **) parts);
  subtitle = g_strdup_printf ("%s\n%s\n%s", where, dates, grants);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), named);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             decline_button (list, mm_json_text (link, "id"), named));
  gtk_list_box_append (list->rows, row);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmLinkList) list = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonArray *links = mm_json_array (mm_json_root (answer), "links");
  GtkWidget *row;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (list->rows), TRUE);
  if (answer == NULL)
    {
      say (list, error->message);
      return;
    }
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list->rows))) != NULL)
    gtk_list_box_remove (list->rows, row);
  for (guint i = 0; i < mm_json_length (links); i++)
    if (mm_json_element (links, i) != NULL)
      add_row (list, mm_json_element (links, i));
  gtk_widget_set_visible (GTK_WIDGET (list->rows), mm_json_length (links) > 0);
  say (list, mm_json_length (links) > 0
                 ? NULL
                 : _ ("No customer has linked a system to you yet. Tell your customers your dealer "
                      "ID and your phone number; with them they give you access on their own "
                      "pages."));
}

void
mm_link_list_load (MmLinkList *list, MmApi *api)
{
  g_set_object (&list->api, api);
  mm_api_send_async (api, "GET", "/api/v1/links", NULL, list->cancellable, on_loaded,
                     g_object_ref (list));
}

static void
mm_link_list_dispose (GObject *object)
{
  MmLinkList *list = MM_LINK_LIST (object);

  g_cancellable_cancel (list->cancellable);
  g_clear_object (&list->api);
  G_OBJECT_CLASS (mm_link_list_parent_class)->dispose (object);
}

static void
mm_link_list_finalize (GObject *object)
{
  MmLinkList *list = MM_LINK_LIST (object);

  g_object_unref (list->cancellable);
  g_time_zone_unref (list->zone);
  G_OBJECT_CLASS (mm_link_list_parent_class)->finalize (object);
}

static void
mm_link_list_class_init (MmLinkListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_link_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_link_list_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-link-list.ui");
  gtk_widget_class_bind_template_child (widget_class, MmLinkList, rows);
  gtk_widget_class_bind_template_child (widget_class, MmLinkList, message);
}

static void
mm_link_list_init (MmLinkList *list)
{
  gtk_widget_init_template (GTK_WIDGET (list));
  list->cancellable = g_cancellable_new ();
  list->zone = g_time_zone_new_local ();
}

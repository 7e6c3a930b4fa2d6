#include "mm-hosting-outbox.h"

#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-mail-words.h"

struct _MmHostingOutbox
{
  MmPane parent;

  GtkListBox *list;
  GtkWidget *empty;

  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmHostingOutbox, mm_hosting_outbox, MM_TYPE_PANE)

static GtkWidget *
row_of (JsonObject *mail)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *words = mm_mail_words (mail);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  gint64 queued = mm_json_time (mail, "created");
  g_autofree char *age = mm_figure_age (mm_own_language (), g_get_real_time (), queued, zone);
  g_autofree char *moment = mm_language_format_time (mm_own_language (), queued, zone);
  g_autofree char *text = g_strdup_printf ("%s\n%s · %s", mm_json_text (mail, "to"), age, words);
  g_autofree char *action = g_strdup_printf ("hosting.show::letter:%s", mm_json_text (mail, "id"));
  const char *state = mm_json_text (mail, "state");
  gboolean failed = g_str_equal (state, "refused") || g_str_equal (state, "given-up");
  GtkWidget *icon = gtk_image_new_from_icon_name (failed ? "dialog-error-symbolic"
                                                  : g_str_equal (state, "accepted")
                                                      ? "emblem-ok-symbolic"
                                                      : "document-open-recent-symbolic");

  gtk_widget_set_tooltip_text (row, moment);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  if (failed)
    gtk_widget_add_css_class (icon, "error");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), mm_json_text (mail, "subject"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (row), action);
  return row;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingOutbox) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonArray *all = mm_json_array (mm_json_root (answer), "mails");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer == NULL)
    {
      mm_pane_show_message (MM_PANE (view), "network-server-symbolic",
                            _ ("The server does not answer"), error->message, _ ("Back"),
                            "hosting.show::home");
      return;
    }
  for (guint i = 0; i < mm_json_length (all); i++)
    gtk_list_box_append (view->list, row_of (mm_json_element (all, i)));
  gtk_widget_set_visible (GTK_WIDGET (view->list), mm_json_length (all) > 0);
  gtk_widget_set_visible (view->empty, mm_json_length (all) == 0);
  mm_pane_show_content (MM_PANE (view));
}

/* The object */

static void
mm_hosting_outbox_dispose (GObject *object)
{
  g_cancellable_cancel (MM_HOSTING_OUTBOX (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_outbox_parent_class)->dispose (object);
}

static void
mm_hosting_outbox_finalize (GObject *object)
{
  g_object_unref (MM_HOSTING_OUTBOX (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_outbox_parent_class)->finalize (object);
}

static void
mm_hosting_outbox_class_init (MmHostingOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_hosting_outbox_dispose;
  object_class->finalize = mm_hosting_outbox_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-outbox.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingOutbox, list);
  gtk_widget_class_bind_template_child (widget_class, MmHostingOutbox, empty);
}

static void
mm_hosting_outbox_init (MmHostingOutbox *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
}

GtkWidget *
mm_hosting_outbox_new (MmApplication *app)
{
  MmHostingOutbox *view = g_object_new (MM_TYPE_HOSTING_OUTBOX, NULL);
  MmServerChild *server = mm_application_get_server (app);

  mm_pane_show_waiting (MM_PANE (view));
  mm_api_send_async (mm_server_child_get_operator (server), "GET", "/operator/v1/mails?limit=200",
                     NULL, view->cancellable, on_answer, g_object_ref (view));
  return GTK_WIDGET (view);
}

#include "mm-hosting-dealers.h"

#include "mm-gettext.h"
#include "mm-json.h"

struct _MmHostingDealers
{
  MmPane parent;

  GtkListBox *list;
  GtkWidget *empty;

  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmHostingDealers, mm_hosting_dealers, MM_TYPE_PANE)

static GtkWidget *
row_of (JsonObject *dealer)
{
  GtkWidget *row = adw_action_row_new ();
  gboolean closed = g_str_equal (mm_json_text (dealer, "state"), "closed");
  g_autofree char *text
      = g_strdup_printf ("%s · %s · %s%s%s", mm_json_text (dealer, "user_id"),
                         mm_json_text (dealer, "name"), mm_json_text (dealer, "mail"),
                         closed ? " · " : "", closed ? _ ("closed") : "");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), mm_json_text (dealer, "dealer_name"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  return row;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingDealers) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonArray *all = mm_json_array (mm_json_root (answer), "dealers");

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
mm_hosting_dealers_dispose (GObject *object)
{
  g_cancellable_cancel (MM_HOSTING_DEALERS (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_dealers_parent_class)->dispose (object);
}

static void
mm_hosting_dealers_finalize (GObject *object)
{
  g_object_unref (MM_HOSTING_DEALERS (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_dealers_parent_class)->finalize (object);
}

static void
mm_hosting_dealers_class_init (MmHostingDealersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_hosting_dealers_dispose;
  object_class->finalize = mm_hosting_dealers_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-dealers.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingDealers, list);
  gtk_widget_class_bind_template_child (widget_class, MmHostingDealers, empty);
}

static void
mm_hosting_dealers_init (MmHostingDealers *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
}

GtkWidget *
mm_hosting_dealers_new (MmApplication *app)
{
  MmHostingDealers *view = g_object_new (MM_TYPE_HOSTING_DEALERS, NULL);
  MmServerChild *server = mm_application_get_server (app);

  mm_pane_show_waiting (MM_PANE (view));
  mm_api_send_async (mm_server_child_get_operator (server), "GET", "/operator/v1/dealers", NULL,
                     view->cancellable, on_answer, g_object_ref (view));
  return GTK_WIDGET (view);
}

#include "mm-sessions-page.h"

#include "mm-form-problem.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-spoken-name.h"

struct _MmSessionsPage
{
  AdwBin parent;

  GtkListBox *sessions;
  MmFormProblem *problem;
  GtkButton *all;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmSessionsPage, mm_sessions_page, ADW_TYPE_BIN)

static void fetch (MmSessionsPage *page);

static MmApi *
api_of (MmSessionsPage *page)
{
  return mm_desk_get_api (mm_application_get_desk (page->app));
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSessionsPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (g_cancellable_is_cancelled (page->cancellable))
    return;
  if (answer != NULL || g_error_matches (error, MM_ERROR, MM_ERROR_NOT_FOUND))
    fetch (page);
  else
    mm_form_problem_show (page->problem, error, NULL);
}

static void
on_end (GtkButton *button, gpointer user_data)
{
  MmSessionsPage *page = user_data;
  g_autofree char *path
      = g_strconcat ("/api/v1/sessions/", gtk_widget_get_name (GTK_WIDGET (button)), NULL);

  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  mm_api_send_async (api_of (page), "DELETE", path, NULL, page->cancellable, on_ended,
                     g_object_ref (page));
}

static char *
format_time (gint64 time)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  return mm_language_format_time (mm_own_language (), time, zone);
}

static GtkWidget *
make_row (MmSessionsPage *page, JsonObject *session)
{
  gboolean app = g_str_equal (mm_json_text (session, "kind"), "app");
  g_autofree char *seen = format_time (mm_json_time (session, "last_seen"));
  g_autofree char *used
      = g_strdup_printf (_ ("Last used %s from %s"), seen, mm_json_text (session, "address"));
  const char *agent = mm_json_text (session, "agent");
  g_autofree char *words = *agent != '\0' ? g_strconcat (agent, "\n", used, NULL) : g_strdup (used);
  g_autofree char *name = g_strdup_printf ("%s, %s", app ? _ ("App") : _ ("Browser"), used);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), app ? _ ("App") : _ ("Browser"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (mm_json_truth (session, "current"))
    {
      GtkWidget *badge = gtk_label_new (_ ("This one"));

      gtk_widget_add_css_class (badge, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), badge);
    }
  else
    {
      GtkWidget *end = gtk_button_new_with_label (_ ("Sign out"));
      g_autofree char *what = g_strdup_printf ("%s: %s", _ ("Sign out"), name);

      gtk_widget_set_name (end, mm_json_text (session, "id"));
      gtk_widget_set_valign (end, GTK_ALIGN_CENTER);
      mm_spoken_name_set (end, what);
      g_signal_connect (end, "clicked", G_CALLBACK (on_end), page);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), end);
    }
  return row;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSessionsPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonArray *sessions = mm_json_array (mm_json_root (answer), "sessions");
  GtkWidget *row;

  if (g_cancellable_is_cancelled (page->cancellable))
    return;
  mm_form_problem_show (page->problem, error, NULL);
  if (answer == NULL)
    return;
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (page->sessions))) != NULL)
    gtk_list_box_remove (page->sessions, row);
  for (guint i = 0; i < mm_json_length (sessions); i++)
    gtk_list_box_append (page->sessions, make_row (page, mm_json_element (sessions, i)));
}

static void
fetch (MmSessionsPage *page)
{
  mm_api_send_async (api_of (page), "GET", "/api/v1/sessions", NULL, page->cancellable, on_listed,
                     g_object_ref (page));
}

static void
on_all_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSessionsPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (g_cancellable_is_cancelled (page->cancellable))
    return;
  mm_form_problem_show (page->problem, error, NULL);
  if (answer != NULL)
    mm_desk_sign_out (mm_application_get_desk (page->app));
}

static void
on_response (MmSessionsPage *page, const char *response)
{
  if (g_str_equal (response, "all"))
    mm_api_send_async (api_of (page), "DELETE", "/api/v1/sessions", NULL, page->cancellable,
                       on_all_ended, g_object_ref (page));
}

static void
on_all (MmSessionsPage *page)
{
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (page))),
                                _ ("Sign out everywhere?"),
                                _ ("You are signed out here, too, and sign in again with your "
                                   "password."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), "all",
                                    _ ("Sign out everywhere"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "all",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response), page, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
mm_sessions_page_dispose (GObject *object)
{
  g_cancellable_cancel (MM_SESSIONS_PAGE (object)->cancellable);
  G_OBJECT_CLASS (mm_sessions_page_parent_class)->dispose (object);
}

static void
mm_sessions_page_finalize (GObject *object)
{
  g_object_unref (MM_SESSIONS_PAGE (object)->cancellable);
  G_OBJECT_CLASS (mm_sessions_page_parent_class)->finalize (object);
}

static void
mm_sessions_page_class_init (MmSessionsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_FORM_PROBLEM);
  G_OBJECT_CLASS (klass)->dispose = mm_sessions_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_sessions_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-sessions-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmSessionsPage, sessions);
  gtk_widget_class_bind_template_child (widget_class, MmSessionsPage, problem);
  gtk_widget_class_bind_template_child (widget_class, MmSessionsPage, all);
}

static void
mm_sessions_page_init (MmSessionsPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (page->all, "clicked", G_CALLBACK (on_all), page);
}

GtkWidget *
mm_sessions_page_new (MmApplication *app)
{
  MmSessionsPage *page = g_object_new (MM_TYPE_SESSIONS_PAGE, NULL);

  page->app = app;
  fetch (page);
  return GTK_WIDGET (page);
}

#include "mm-hosting-home.h"

#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-trust.h"
#include "mm-window.h"

#define ASK_EVERY 3 /* seconds */

struct _MmHostingHome
{
  MmPane parent;

  GtkLabel *state;
  GtkLabel *detail;
  GtkWidget *start;
  GtkWidget *stop;
  GtkWidget *restart;
  AdwPreferencesGroup *steps;
  AdwPreferencesGroup *facts;
  AdwActionRow *gateways;
  AdwActionRow *outbox;
  AdwActionRow *mail;
  AdwActionRow *dealers;
  GtkWidget *setup;
  GtkWidget *log;
  GtkWidget *habits;
  GtkSwitch *host_server;
  GtkSwitch *background;

  MmApplication *app; /* outlives its windows */
  MmServerChild *server;
  GCancellable *cancellable;
  gboolean asking;
  guint timer;
  JsonNode *known; /* the last answer */
  GPtrArray *made; /* rows of the steps and the facts */
  char *made_from; /* what they show, to leave them alone while it is the same */
};

G_DEFINE_FINAL_TYPE (MmHostingHome, mm_hosting_home, MM_TYPE_PANE)

/* State */

static char *
words_of_state (MmHostingHome *home)
{
  switch (mm_server_child_get_state (home->server))
    {
    case MM_CHILD_STARTING:
      return g_strdup (_ ("The server is starting…"));
    case MM_CHILD_RUNNING:
      return g_strdup (_ ("The server is running"));
    case MM_CHILD_WAITING:
      return g_strdup (_ ("The server has failed and will be started again"));
    case MM_CHILD_STOPPING:
      return g_strdup (_ ("The server is stopping…"));
    case MM_CHILD_STOPPED:
    default:
      return g_strdup (_ ("The server is not running"));
    }
}

static char *
words_of_detail (MmHostingHome *home)
{
  const char *why = mm_server_child_get_why (home->server);
  guint restarts = mm_server_child_get_restarts (home->server);
  JsonObject *facts = mm_json_root (home->known);

  if (mm_server_child_is_foreign (home->server))
    return g_strdup (_ ("It was started outside of the app, and is used as it is: the app neither "
                        "stops nor restarts it."));
  if (mm_server_child_get_state (home->server) == MM_CHILD_RUNNING && facts != NULL)
    {
      g_autofree char *span = mm_figure_span (mm_own_language (),
                                              mm_json_integer (facts, "uptime_s") * G_USEC_PER_SEC);
      g_autofree char *since = g_strdup_printf (_ ("For %s"), span);
      g_autofree char *again
          = restarts > 0 ? g_strdup_printf (ngettext ("It ended by itself and was started again "
                                                      "%u time.",
                                                      "It ended by itself and was started again "
                                                      "%u times.",
                                                      restarts),
                                            restarts)
                         : NULL;

      return again != NULL ? g_strdup_printf ("%s\n%s", since, again) : g_steal_pointer (&since);
    }
  return g_strdup (why != NULL ? why : "");
}

static void
show_state (MmHostingHome *home)
{
  MmChildState state = mm_server_child_get_state (home->server);
  gboolean foreign = mm_server_child_is_foreign (home->server);
  gboolean demo = mm_application_get_demo (home->app) != NULL;
  g_autofree char *words = words_of_state (home);
  g_autofree char *detail = words_of_detail (home);

  gtk_label_set_label (home->state, words);
  gtk_label_set_label (home->detail, detail);
  gtk_widget_set_visible (GTK_WIDGET (home->detail), *detail != '\0');
  gtk_widget_set_visible (
      home->start, !foreign && !demo && (state == MM_CHILD_STOPPED || state == MM_CHILD_WAITING));
  gtk_widget_set_visible (home->stop, !foreign && !demo && state != MM_CHILD_STOPPED
                                          && state != MM_CHILD_STOPPING);
  gtk_widget_set_visible (home->restart, !foreign && !demo && state == MM_CHILD_RUNNING);
  gtk_widget_set_visible (home->setup, !demo && !foreign);
  gtk_widget_set_visible (home->log, !foreign);
  gtk_widget_set_visible (home->habits, !demo && !foreign);
}

/* What works so far, and the facts */

static void
add_row (MmHostingHome *home, AdwPreferencesGroup *group, GtkWidget *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (home->made, row);
}

/* A step: done or not by shape and word; with a button for what comes next where it is not. */
static void
add_step (MmHostingHome *home,
          gboolean done,
          const char *title,
          const char *until,
          const char *label,
          const char *action)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon
      = gtk_image_new_from_icon_name (done ? "mm-normal-symbolic" : "mm-never-seen-symbolic");
  GtkWidget *button;

  gtk_widget_add_css_class (icon, done ? "mm-status-normal" : "mm-status-never-seen");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  done ? _ ("Done") : _ ("Not yet"), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), done            ? _ ("Done")
                                                     : until != NULL ? until
                                                                     : _ ("Not yet"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  if (!done && label != NULL)
    {
      button = gtk_button_new_with_mnemonic (label);
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), action);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  add_row (home, home->steps, row);
}

static void
add_fact (MmHostingHome *home, const char *title, const char *value)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *markup = g_markup_escape_text (value, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), markup);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  add_row (home, home->facts, row);
}

static const char *
words_of_reach (const char *reach)
{
  if (g_str_equal (reach, "internet"))
    return _ ("From the internet");
  if (g_str_equal (reach, "network"))
    return _ ("From the shop’s network");
  return _ ("From this computer only. There are no QR codes and links for others, as they would "
            "lead nowhere.");
}

static void
show_steps (MmHostingHome *home, JsonObject *facts)
{
  JsonObject *counts = mm_json_object (facts, "counts");
  JsonObject *mail = mm_json_object (facts, "mail");
  gboolean has_mail = mail != NULL && *mm_json_text (mail, "smtp_url") != '\0';

  /* In the order in which they are wanted */
  add_step (home, mm_server_child_get_url (home->server) != NULL, _ ("The server answers"), NULL,
            NULL, NULL);
  add_step (home, mm_json_integer (counts, "dealers") > 0, _ ("A dealer is registered"), NULL,
            _ ("Re_gister"), "hosting.register");
  add_step (home, mm_json_integer (counts, "gateways") > 0, _ ("Gateways are added"), NULL,
            _ ("_Add one"), "hosting.show::add");
  add_step (home, mm_json_integer (counts, "gateways_seen") > 0, _ ("A gateway has been heard of"),
            NULL, NULL, NULL);
  add_step (home, has_mail, _ ("A mail server is set up"),
            _ ("Not yet. Until then, mails are read in the outbox."), _ ("Set _up"),
            "hosting.show::mail");
}

static void
show_facts (MmHostingHome *home, JsonObject *facts)
{
  JsonObject *tls = mm_json_object (facts, "tls");
  g_autofree char *space = g_format_size ((guint64) mm_json_integer (facts, "free_bytes"));
  g_autofree char *size = g_format_size ((guint64) mm_json_integer (facts, "database_bytes"));
  g_autofree char *sizes = g_strdup_printf (_ ("%s used, %s free"), size, space);

  add_fact (home, _ ("Name"), mm_json_text (facts, "name"));
  add_fact (home, _ ("Address"), mm_json_text (facts, "public_url"));
  add_fact (home, _ ("Reach"), words_of_reach (mm_json_text (facts, "reach")));
  if (mm_json_truth (tls, "on") && *mm_json_text (tls, "fingerprint") != '\0')
    {
      g_autofree char *grouped = mm_trust_group_fingerprint (mm_json_text (tls, "fingerprint"));

      add_fact (home, _ ("Fingerprint (SHA-256)"), grouped);
    }
  add_fact (home, _ ("Version"), mm_json_text (facts, "version"));
  add_fact (home, _ ("Data"), mm_json_text (facts, "data_dir"));
  add_fact (home, _ ("Disk"), sizes);
}

/* What the rows are made from, without what changes all the time. */
static char *
essence_of (MmHostingHome *home, JsonObject *facts)
{
  JsonObject *counts = mm_json_object (facts, "counts");
  JsonObject *mail = mm_json_object (facts, "mail");

  return g_strdup_printf ("%s|%s|%s|%d%d%d|%s|%d", mm_json_text (facts, "name"),
                          mm_json_text (facts, "public_url"), mm_json_text (facts, "started"),
                          mm_json_integer (counts, "gateways") > 0,
                          mm_json_integer (counts, "gateways_seen") > 0,
                          mm_json_integer (counts, "dealers") > 0, mm_json_text (mail, "smtp_url"),
                          mm_server_child_get_url (home->server) != NULL);
}

static void
set_count (AdwActionRow *row, const char *format, gint64 count)
{
  g_autofree char *text = g_strdup_printf (format, (guint) count);

  adw_action_row_set_subtitle (row, text);
}

static void
show_known (MmHostingHome *home)
{
  JsonObject *facts = mm_json_root (home->known);
  JsonObject *counts = facts != NULL ? mm_json_object (facts, "counts") : NULL;
  gboolean runs = facts != NULL && mm_server_child_get_state (home->server) == MM_CHILD_RUNNING;
  g_autofree char *essence = runs ? essence_of (home, facts) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (home->steps), runs);
  gtk_widget_set_visible (GTK_WIDGET (home->facts), runs);
  if (!runs)
    return;
  if (g_strcmp0 (essence, home->made_from) != 0)
    {
      for (guint i = 0; i < home->made->len; i++)
        {
          GtkWidget *row = home->made->pdata[i];

          adw_preferences_group_remove (
              ADW_PREFERENCES_GROUP (gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP)),
              row);
        }
      g_ptr_array_set_size (home->made, 0);
      show_steps (home, facts);
      show_facts (home, facts);
      g_free (home->made_from);
      home->made_from = g_steal_pointer (&essence);
    }
  set_count (home->gateways, _ ("%u in all"), mm_json_integer (counts, "gateways"));
  set_count (home->dealers, _ ("%u registered"), mm_json_integer (counts, "dealers"));
  if (mm_json_integer (counts, "mails_failed") > 0)
    set_count (home->outbox, _ ("%u could not be delivered"),
               mm_json_integer (counts, "mails_failed"));
  else
    set_count (home->outbox, _ ("%u waiting"), mm_json_integer (counts, "mails_waiting"));
}

/* Asking */

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingHome) home = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  home->asking = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer != NULL)
    {
      g_clear_pointer (&home->known, json_node_unref);
      home->known = g_steal_pointer (&answer);
    }
  show_state (home);
  show_known (home);
}

static void
ask (MmHostingHome *home)
{
  if (home->asking || mm_server_child_get_state (home->server) != MM_CHILD_RUNNING)
    return;
  home->asking = TRUE;
  mm_api_send_async (mm_server_child_get_operator (home->server), "GET", "/operator/v1/server",
                     NULL, home->cancellable, on_answer, g_object_ref (home));
}

static gboolean
on_tick (gpointer user_data)
{
  ask (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_changed (MmServerChild *server, MmHostingHome *home)
{
  show_state (home);
  show_known (home);
  ask (home);
}

/* Actions */

static void
start_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_server_child_start (MM_HOSTING_HOME (widget)->server);
}

static void
stop_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_server_child_stop (MM_HOSTING_HOME (widget)->server);
}

static void
restart_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_server_child_restart (MM_HOSTING_HOME (widget)->server);
}

static void
toast (MmHostingHome *home, const char *text)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (home));

  if (MM_IS_WINDOW (root))
    mm_window_toast (MM_WINDOW (root), text);
}

/* Goes to the registration with this server chosen already, its certificate trusted: it is ours. */
static void
register_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingHome *home = MM_HOSTING_HOME (widget);
  GSettings *settings = mm_application_get_settings (home->app);
  const char *url = mm_server_child_get_url (home->server);
  JsonObject *tls = mm_json_object (mm_json_root (home->known), "tls");

  if (url == NULL)
    return;
  if (tls != NULL && *mm_json_text (tls, "fingerprint") != '\0')
    mm_trust_set_pin (settings, url, mm_json_text (tls, "fingerprint"));
  g_settings_set_string (settings, "server-url", url);
  gtk_widget_activate_action (widget, "win.show-view", "s", "register");
}

static void
on_backed_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingHome) home = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (answer != NULL)
    {
      g_autofree char *text
          = g_strdup_printf (_ ("Backed up to %s"), mm_json_text (mm_json_root (answer), "file"));

      toast (home, text);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    toast (home, error->message);
}

static void
on_backup_chosen (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (MmHostingHome) home = user_data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  JsonObject *body;
  JsonNode *node;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      body = json_object_new ();
      node = json_node_new (JSON_NODE_OBJECT);
      json_object_set_string_member (body, "file", path);
      json_node_take_object (node, body);
      mm_api_send_async (mm_server_child_get_operator (home->server), "POST", "/operator/v1/backup",
                         node, home->cancellable, on_backed_up, g_object_ref (home));
    }
  g_object_unref (dialog);
}

static void
backup_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingHome *home = MM_HOSTING_HOME (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "mimamori-%Y-%m-%d.db");
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (_ ("Back up to"),
                                     GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                     GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect (dialog, "response", G_CALLBACK (on_backup_chosen), g_object_ref (home));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* The object */

static void
mm_hosting_home_dispose (GObject *object)
{
  MmHostingHome *home = MM_HOSTING_HOME (object);

  g_clear_handle_id (&home->timer, g_source_remove);
  g_cancellable_cancel (home->cancellable);
  G_OBJECT_CLASS (mm_hosting_home_parent_class)->dispose (object);
}

static void
mm_hosting_home_finalize (GObject *object)
{
  MmHostingHome *home = MM_HOSTING_HOME (object);

  g_object_unref (home->cancellable);
  g_clear_pointer (&home->known, json_node_unref);
  g_clear_object (&home->server);
  g_ptr_array_unref (home->made);
  g_free (home->made_from);
  G_OBJECT_CLASS (mm_hosting_home_parent_class)->finalize (object);
}

static void
mm_hosting_home_class_init (MmHostingHomeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_hosting_home_dispose;
  object_class->finalize = mm_hosting_home_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-home.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, state);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, detail);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, start);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, stop);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, restart);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, steps);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, facts);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, gateways);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, outbox);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, mail);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, dealers);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, setup);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, log);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, habits);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, host_server);
  gtk_widget_class_bind_template_child (widget_class, MmHostingHome, background);
  gtk_widget_class_install_action (widget_class, "hosting.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "hosting.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "hosting.restart", NULL, restart_action);
  gtk_widget_class_install_action (widget_class, "hosting.register", NULL, register_action);
  gtk_widget_class_install_action (widget_class, "hosting.backup", NULL, backup_action);
}

static void
mm_hosting_home_init (MmHostingHome *home)
{
  gtk_widget_init_template (GTK_WIDGET (home));
  home->cancellable = g_cancellable_new ();
  home->made = g_ptr_array_new ();
}

GtkWidget *
mm_hosting_home_new (MmApplication *app)
{
  MmHostingHome *home = g_object_new (MM_TYPE_HOSTING_HOME, NULL);
  GSettings *settings = mm_application_get_settings (app);

  home->app = app;
  home->server = g_object_ref (mm_application_get_server (app));
  g_settings_bind (settings, "host-server", home->host_server, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "run-in-background", home->background, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (home->server, "changed", G_CALLBACK (on_changed), home, 0);
  home->timer = g_timeout_add_seconds (ASK_EVERY, on_tick, home);
  on_changed (home->server, home);
  return GTK_WIDGET (home);
}

#define G_LOG_DOMAIN "mm-app"

#include "mm-application.h"

#include "mm-background.h"
#include "mm-demo-terminal.h"
#ifdef MM_TEST_HOOKS
#include "mm-frame-clock.h"
#endif
#include "mm-gettext.h"
#include "mm-install.h"
#include "mm-notifier.h"
#include "mm-trust.h"
#include "mm-window.h"

#include <glib-unix.h>

struct _MmApplication
{
  AdwApplication parent;

  MmDesk *desk;
  GSettings *settings;
  MmServerChild *server; /* NULL until somebody asks for it */
  MmDemoFleet *demo;     /* NULL outside of the demo */
  MmDesk *demo_desk;     /* its own, so that nothing of it is kept; NULL outside of the demo */
  gboolean starts_demo;  /* --demo */
  gboolean holds;        /* goes on watching without a window */
  gboolean quits;
  MmSessionKeep *keep;
  MmNotifier *notifier;
  MmAccountEdit *account_edit;
  guint sigterm;
  guint sigint;
};

G_DEFINE_FINAL_TYPE (MmApplication, mm_application, ADW_TYPE_APPLICATION)

static MmWindow *
present (MmApplication *app)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (app));

  if (window == NULL)
    {
      window = GTK_WINDOW (mm_window_new (app));
#ifdef MM_TEST_HOOKS
      mm_frame_clock_watch (window);
#endif
    }
  gtk_window_present (window);
  return MM_WINDOW (window);
}

/* Going on without a window: while a server of ours runs, if the person wishes so. */
static void
update_hold (MmApplication *app)
{
  gboolean holds = !app->quits && app->server != NULL && mm_server_child_is_ours (app->server)
                   && g_settings_get_boolean (app->settings, "run-in-background");

  if (holds == app->holds)
    return;
  app->holds = holds;
  if (holds)
    g_application_hold (G_APPLICATION (app));
  else
    g_application_release (G_APPLICATION (app));
}

static void
on_background_changed (MmApplication *app)
{
  if (g_settings_get_boolean (app->settings, "run-in-background"))
    mm_background_request (app);
  update_hold (app);
}

/* The demo */

static char *
find_program (const char *name)
{
  char *program = mm_install_find_program (name);

  /* That it is not there is told by who tries to start it. */
  return program != NULL ? program : g_strdup (name);
}

static void
close_windows (MmApplication *app)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (app)));

  /* Closing remembers the window's size. */
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

/* Closes the windows of one desk and opens one of the other. */
static void
change_desk (MmApplication *app, void (*change) (MmApplication *app))
{
  g_application_hold (G_APPLICATION (app));
  close_windows (app);
  change (app);
  present (app);
  g_application_release (G_APPLICATION (app));
}

static void
on_demo_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!mm_desk_sign_in_finish (MM_DESK (source), result, &error))
    g_debug ("The demo's dealer was not let in: %s", error->message);
}

/* Signs the demo's dealer in as soon as there is one, and again should the session end. */
static void
on_demo (MmApplication *app)
{
  const char *url = app->demo != NULL ? mm_demo_fleet_get_url (app->demo) : NULL;
  g_autoptr (MmApi) api = NULL;

  if (url == NULL || mm_desk_get_state (app->demo_desk) != MM_DESK_SIGNED_OUT)
    return;
  api = mm_api_new (url, mm_desk_get_language (app->demo_desk));
  mm_desk_sign_in_async (app->demo_desk, api, mm_demo_fleet_get_user_id (app->demo),
                         mm_demo_fleet_get_password (app->demo), NULL, NULL, on_demo_signed_in,
                         NULL);
}

static void
begin_demo (MmApplication *app)
{
  g_autofree char *server = find_program ("mimamori-server");
  g_autofree char *gateway = find_program ("mimamori-gateway");
  g_autofree char *data_dir = mm_demo_fleet_default_dir ();
  const char *language = mm_desk_get_language (app->desk);

  app->demo = mm_demo_fleet_new (server, gateway, data_dir, language);
  app->demo_desk = mm_desk_new (language);
  g_signal_connect_object (app->demo, "changed", G_CALLBACK (on_demo), app, G_CONNECT_SWAPPED);
  mm_demo_fleet_start (app->demo);
}

static void
end_demo (MmApplication *app)
{
  g_autoptr (MmDemoFleet) demo = g_steal_pointer (&app->demo);

  g_clear_object (&app->demo_desk);
  g_signal_handlers_disconnect_by_data (demo, app);
  mm_demo_fleet_stop_and_wait (demo);
}

static void
enter_demo (MmApplication *app)
{
  if (app->demo == NULL)
    change_desk (app, begin_demo);
  else
    present (app);
}

static void
on_demo_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmApplication) app = user_data;
  g_autoptr (GError) error = NULL;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (app));

  if (!mm_demo_fleet_delete_finish (result, &error))
    g_warning ("The demo's data were not deleted: %s", error->message);
  if (window != NULL)
    mm_window_toast (MM_WINDOW (window), error == NULL
                                             ? _ ("The demo’s data are deleted.")
                                             : _ ("The demo’s data could not be deleted."));
  g_application_release (G_APPLICATION (app));
}

typedef struct
{
  MmApplication *app;
  gboolean deletes;
} Leaving;

static void
leaving_free (Leaving *leaving)
{
  g_object_unref (leaving->app);
  g_free (leaving);
}

static gboolean
leave (gpointer user_data)
{
  Leaving *leaving = user_data;
  MmApplication *app = leaving->app;
  g_autofree char *data_dir = mm_demo_fleet_default_dir ();

  if (app->demo == NULL)
    return G_SOURCE_REMOVE;
  change_desk (app, end_demo);
  if (leaving->deletes)
    {
      g_application_hold (G_APPLICATION (app));
      mm_demo_fleet_delete_async (data_dir, on_demo_deleted, g_object_ref (app));
    }
  return G_SOURCE_REMOVE;
}

static void
on_leave_answered (AdwMessageDialog *dialog, const char *answer, gpointer user_data)
{
  Leaving *leaving;

  if (g_str_equal (answer, "stay"))
    return;
  leaving = g_new0 (Leaving, 1);
  leaving->app = g_object_ref (user_data);
  leaving->deletes = g_str_equal (answer, "delete");
  /* Once the dialog is gone, so that its window may go, too. */
  g_idle_add_full (G_PRIORITY_LOW, leave, leaving, (GDestroyNotify) leaving_free);
}

/* Actions */

static void
on_demo_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  enter_demo (user_data);
}

static void
on_leave_demo (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  MmApplication *app = user_data;
  GtkWidget *dialog;

  if (app->demo == NULL)
    return;
  dialog = adw_message_dialog_new (
      gtk_application_get_active_window (GTK_APPLICATION (app)), _ ("Leave the demo?"),
      _ ("The simulated houses stop. If their data are kept, they go on from there the next "
         "time."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _ ("_Stay"), "delete",
                                    _ ("Leave and _delete the data"), "keep",
                                    _ ("_Leave and keep the data"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "keep",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_leave_answered), app, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_host (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  mm_window_show_hosting (present (user_data), NULL);
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  MmApplication *app = user_data;

  app->quits = TRUE;
  close_windows (app);
  update_hold (app);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data), "application-name",
                         _ ("Mimamori"), "application-icon", MM_APP_ID, "version", MM_VERSION,
                         "developer-name", _ ("The Mimamori developers"), "license-type",
                         GTK_LICENSE_GPL_3_0, "comments",
                         _ ("Look after your customers’ solar and battery systems."),
                         "translator-credits", _ ("translator-credits"), NULL);
}

static void
on_new_window (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (mm_window_new (user_data)));
}

static void
on_open_gateway (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  mm_window_open_gateway (present (user_data), g_variant_get_string (parameter, NULL));
}

static void
on_show_page (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  mm_window_show_page (present (user_data), g_variant_get_string (parameter, NULL));
}

/* Of the desktop entry, whose actions take no parameter. */
static void
on_alerts (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  mm_window_show_page (present (user_data), "alerts");
}

static void
on_acknowledge (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  mm_notifier_acknowledge (MM_APPLICATION (user_data)->notifier,
                           g_variant_get_string (parameter, NULL));
}

static const GActionEntry actions[] = {
  { "demo", on_demo_action },
  { "leave-demo", on_leave_demo },
  { "host", on_host },
  { "quit", on_quit },
  { "about", on_about },
  { "new-window", on_new_window },
  { "open-gateway", on_open_gateway, "s" },
  { "show-page", on_show_page, "s" },
  { "alerts", on_alerts },
  { "acknowledge", on_acknowledge, "s" },
};

/* The application */

static gboolean
on_signal (gpointer user_data)
{
  /* Nobody is there to be asked about an edit. */
  mm_account_edit_clear (MM_APPLICATION (user_data)->account_edit);
  g_action_group_activate_action (G_ACTION_GROUP (user_data), "quit", NULL);
  return G_SOURCE_CONTINUE;
}

/* What is on its way to the keyring arrives, even if the last window is closed meanwhile. */
static void
on_keep_busy (MmApplication *app)
{
  if (mm_session_keep_is_busy (app->keep))
    g_application_hold (G_APPLICATION (app));
  else
    g_application_release (G_APPLICATION (app));
}

static void
mm_application_window_removed (GtkApplication *gtk_app, GtkWindow *window)
{
  GTK_APPLICATION_CLASS (mm_application_parent_class)->window_removed (gtk_app, window);
  if (gtk_application_get_windows (gtk_app) == NULL)
    mm_session_keep_give_up (MM_APPLICATION (gtk_app)->keep);
  update_hold (MM_APPLICATION (gtk_app));
}

static void
mm_application_startup (GApplication *gapp)
{
  MmApplication *app = MM_APPLICATION (gapp);
  g_autoptr (GAction) notifications = NULL;

  G_APPLICATION_CLASS (mm_application_parent_class)->startup (gapp);
  app->settings = g_settings_new (MM_APP_ID);
  app->desk = mm_desk_new (mm_language_tag (mm_own_language ()));
  app->account_edit = mm_account_edit_new ();
  app->keep = mm_session_keep_new (app->desk, app->settings);
  g_signal_connect_object (app->keep, "notify::busy", G_CALLBACK (on_keep_busy), app,
                           G_CONNECT_SWAPPED);
  app->notifier = mm_notifier_new (gapp, app->desk, app->settings);
  notifications = g_settings_create_action (app->settings, "notifications");
  g_action_map_add_action (G_ACTION_MAP (app), notifications);
  g_action_map_add_action_entries (G_ACTION_MAP (app), actions, G_N_ELEMENTS (actions), app);
  gtk_application_set_accels_for_action (GTK_APPLICATION (app), "win.show-help-overlay",
                                         (const char *[]){ "<Control>question", "<Control>F1",
                                                           NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (app), "app.quit",
                                         (const char *[]){ "<Control>q", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (app), "app.new-window",
                                         (const char *[]){ "<Control>n", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (app), "window.close",
                                         (const char *[]){ "<Control>w", NULL });
  g_signal_connect_object (app->settings, "changed::run-in-background",
                           G_CALLBACK (on_background_changed), app, G_CONNECT_SWAPPED);
  if (g_settings_get_boolean (app->settings, "host-server"))
    mm_server_child_start (mm_application_get_server (app));
  /* A session that ends asks for it this way. */
  app->sigterm = g_unix_signal_add (SIGTERM, on_signal, app);
  app->sigint = g_unix_signal_add (SIGINT, on_signal, app);
}

static void
mm_application_activate (GApplication *gapp)
{
  MmApplication *app = MM_APPLICATION (gapp);

  if (app->starts_demo)
    enter_demo (app);
  else
    present (app);
  app->starts_demo = FALSE;
}

/* Options that are done with before there is a display. */
static int
mm_application_handle_local_options (GApplication *gapp, GVariantDict *options)
{
  MmApplication *app = MM_APPLICATION (gapp);
  gboolean demo = g_variant_dict_contains (options, "demo");
  g_autofree char *server = find_program ("mimamori-server");
  g_autofree char *gateway = find_program ("mimamori-gateway");
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("mimamori %s\n", MM_VERSION);
      return 0;
    }
  if (g_variant_dict_contains (options, "terminal"))
    {
      if (demo)
        return mm_demo_terminal_run (server, gateway);
      g_printerr ("mimamori: %s\n", _ ("--terminal goes with --demo only"));
      return 2;
    }
  if (!demo)
    return -1;
  if (!g_application_register (gapp, NULL, &error))
    {
      g_printerr ("mimamori: %s\n", error->message);
      return 1;
    }
  if (g_application_get_is_remote (gapp))
    {
      g_action_group_activate_action (G_ACTION_GROUP (app), "demo", NULL);
      return 0;
    }
  app->starts_demo = TRUE;
  return -1;
}

/* Addresses from mails, pages and the desktop. */
static void
mm_application_open (GApplication *gapp, GFile **files, int n, const char *hint)
{
  MmWindow *window = present (MM_APPLICATION (gapp));

  for (int i = 0; i < n; i++)
    {
      g_autofree char *address = g_file_get_uri (files[i]);
      g_autoptr (GError) error = NULL;
      MmMailLink *link = mm_mail_link_parse (address, &error);

      if (link != NULL)
        mm_window_open_link (window, link);
      else
        mm_window_toast (window, error->message);
    }
}

static void
mm_application_shutdown (GApplication *gapp)
{
  MmApplication *app = MM_APPLICATION (gapp);

  g_clear_handle_id (&app->sigterm, g_source_remove);
  g_clear_handle_id (&app->sigint, g_source_remove);
  if (app->demo != NULL)
    end_demo (app);
  if (app->server != NULL)
    mm_server_child_stop_and_wait (app->server);
  g_clear_object (&app->server);
  G_APPLICATION_CLASS (mm_application_parent_class)->shutdown (gapp);
  g_clear_object (&app->notifier);
  g_clear_object (&app->account_edit);
  g_settings_sync (); /* what was typed last is on its way */
  g_clear_object (&app->keep);
  g_clear_object (&app->desk);
  g_clear_object (&app->settings);
}

static void
mm_application_class_init (MmApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  app_class->startup = mm_application_startup;
  app_class->activate = mm_application_activate;
  app_class->handle_local_options = mm_application_handle_local_options;
  app_class->open = mm_application_open;
  app_class->shutdown = mm_application_shutdown;
  GTK_APPLICATION_CLASS (klass)->window_removed = mm_application_window_removed;
}

static void
mm_application_init (MmApplication *app)
{
  const GOptionEntry options[] = {
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Open the demo fleet: simulated houses"), NULL },
    { "terminal", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_ ("With --demo: show it in the terminal, without a window"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (app), options);
}

MmApplication *
mm_application_new (void)
{
  return g_object_new (MM_TYPE_APPLICATION, "application-id", MM_APP_ID, "resource-base-path",
                       "/org/mimamori/Mimamori", "flags", G_APPLICATION_HANDLES_OPEN, NULL);
}

MmDesk *
mm_application_get_desk (MmApplication *app)
{
  return app->demo_desk != NULL ? app->demo_desk : app->desk;
}

MmDemoFleet *
mm_application_get_demo (MmApplication *app)
{
  return app->demo;
}

MmServerChild *
mm_application_get_server (MmApplication *app)
{
  if (app->demo != NULL)
    return mm_demo_fleet_get_server (app->demo);
  if (app->server == NULL)
    {
      g_autofree char *program = find_program ("mimamori-server");
      g_autofree char *data_dir = mm_server_child_default_dir ();

      app->server = mm_server_child_new (program, data_dir, NULL, mm_desk_get_language (app->desk));
      g_signal_connect_object (app->server, "changed", G_CALLBACK (update_hold), app,
                               G_CONNECT_SWAPPED);
    }
  return app->server;
}

GSettings *
mm_application_get_settings (MmApplication *app)
{
  return app->settings;
}

MmApi *
mm_application_new_api (MmApplication *app, const char *url)
{
  return mm_trust_new_api (app->settings, url, mm_desk_get_language (app->desk));
}

MmSessionKeep *
mm_application_get_session_keep (MmApplication *app)
{
  return app->keep;
}

MmAccountEdit *
mm_application_get_account_edit (MmApplication *app)
{
  return app->account_edit;
}

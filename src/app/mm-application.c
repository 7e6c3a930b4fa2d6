#define G_LOG_DOMAIN "mm-app"

#include "mm-application.h"

#ifdef MM_TEST_HOOKS
#include "mm-frame-clock.h"
#endif
#include "mm-gettext.h"
#include "mm-trust.h"
#include "mm-window.h"

#include <glib-unix.h>

struct _MmApplication
{
  AdwApplication parent;

  MmDesk *desk;
  GSettings *settings;
  MmSessionKeep *keep;
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

/* Actions */

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  /* Closing remembers the window's size. */
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
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

static const GActionEntry actions[] = {
  { "quit", on_quit },
  { "about", on_about },
  { "new-window", on_new_window },
  { "open-gateway", on_open_gateway, "s" },
};

/* The application */

static gboolean
on_signal (gpointer user_data)
{
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
}

static void
mm_application_startup (GApplication *gapp)
{
  MmApplication *app = MM_APPLICATION (gapp);

  G_APPLICATION_CLASS (mm_application_parent_class)->startup (gapp);
  app->settings = g_settings_new (MM_APP_ID);
  app->desk = mm_desk_new (mm_language_tag (mm_own_language ()));
  app->keep = mm_session_keep_new (app->desk, app->settings);
  g_signal_connect_object (app->keep, "notify::busy", G_CALLBACK (on_keep_busy), app,
                           G_CONNECT_SWAPPED);
  g_action_map_add_action_entries (G_ACTION_MAP (app), actions, G_N_ELEMENTS (actions), app);
  gtk_application_set_accels_for_action (GTK_APPLICATION (app), "app.quit",
                                         (const char *[]){ "<Control>q", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (app), "app.new-window",
                                         (const char *[]){ "<Control>n", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (app), "window.close",
                                         (const char *[]){ "<Control>w", NULL });
  /* A session that ends asks for it this way. */
  app->sigterm = g_unix_signal_add (SIGTERM, on_signal, app);
  app->sigint = g_unix_signal_add (SIGINT, on_signal, app);
}

static void
mm_application_activate (GApplication *gapp)
{
  present (MM_APPLICATION (gapp));
}

static void
mm_application_shutdown (GApplication *gapp)
{
  MmApplication *app = MM_APPLICATION (gapp);

  g_clear_handle_id (&app->sigterm, g_source_remove);
  g_clear_handle_id (&app->sigint, g_source_remove);
  G_APPLICATION_CLASS (mm_application_parent_class)->shutdown (gapp);
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
  app_class->shutdown = mm_application_shutdown;
  GTK_APPLICATION_CLASS (klass)->window_removed = mm_application_window_removed;
}

static void
mm_application_init (MmApplication *app)
{
}

MmApplication *
mm_application_new (void)
{
  return g_object_new (MM_TYPE_APPLICATION, "application-id", MM_APP_ID, "resource-base-path",
                       "/org/mimamori/Mimamori", "flags", G_APPLICATION_DEFAULT_FLAGS, NULL);
}

MmDesk *
mm_application_get_desk (MmApplication *app)
{
  return app->desk;
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

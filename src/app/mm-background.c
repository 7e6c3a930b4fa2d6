#define G_LOG_DOMAIN "mm-app"

#include "mm-background.h"

#include "mm-gettext.h"

#define PORTAL "org.freedesktop.portal.Desktop"
#define FLATPAK_INFO "/.flatpak-info"

static void
take_back (MmApplication *app)
{
  g_settings_set_boolean (mm_application_get_settings (app), "run-in-background", FALSE);
}

/* Response (u response, a{sv} results) of the request that we made; 0: answered. */
static void
on_response (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer user_data)
{
  MmApplication *app = user_data;
  g_autoptr (GVariant) results = NULL;
  gboolean allowed = FALSE;
  guint response;

  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  g_variant_lookup (results, "background", "b", &allowed);
  if (response != 0 || !allowed)
    take_back (app);
}

static void
on_requested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmApplication) app = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) handle
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  /* A desktop without this portal does not keep anybody from it either. */
  if (handle == NULL)
    g_debug ("No leave was given to run in the background: %s", error->message);
}

void
mm_background_request (MmApplication *app)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (app));
  GVariantBuilder options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *token = NULL;
  g_autofree char *sender = NULL;
  g_autofree char *path = NULL;

  if (bus == NULL || !g_file_test (FLATPAK_INFO, G_FILE_TEST_EXISTS))
    return;
  /* The path of the request is known before it is made, so that no answer is missed. */
  token = g_strdup_printf ("mimamori%u", g_random_int ());
  sender = g_strdelimit (g_strdup (g_dbus_connection_get_unique_name (bus) + 1), ".", '_');
  path = g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s", sender, token);
  g_dbus_connection_signal_subscribe (bus, PORTAL, "org.freedesktop.portal.Request", "Response",
                                      path, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_response,
                                      g_object_ref (app), g_object_unref);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (_ ("To keep the server of this computer running")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (FALSE));
  g_dbus_connection_call (bus, PORTAL, "/org/freedesktop/portal/desktop",
                          "org.freedesktop.portal.Background", "RequestBackground",
                          g_variant_new ("(sa{sv})", "", &options), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_requested, g_object_ref (app));
}

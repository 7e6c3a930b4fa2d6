#include "mm-server-setup.h"

#include "mm-api.h"
#include "mm-gettext.h"

#include <errno.h>
#include <string.h>

#define FILE_NAME "mimamori.conf"
#define GROUP "server"
#define LOOPBACK "127.0.0.1"
#define EVERYWHERE "0.0.0.0"
#define LONGEST_NAME 60 /* characters */

static char *
file_of (const char *data_dir)
{
  return g_build_filename (data_dir, FILE_NAME, NULL);
}

gboolean
mm_server_setup_exists (const char *data_dir)
{
  g_autofree char *file = file_of (data_dir);
  g_autofree char *lock = g_build_filename (data_dir, "lock", NULL);

  return g_file_test (file, G_FILE_TEST_EXISTS) || g_file_test (lock, G_FILE_TEST_EXISTS);
}

/* A name without a dot, or an address that is not routed, is of the shop's own network. */
static MmSetupReach
reach_of (const char *public_url)
{
  g_autoptr (GUri) uri = g_uri_parse (public_url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : "";
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_site_local (address) || g_inet_address_get_is_link_local (address)
               ? MM_SETUP_NETWORK
               : MM_SETUP_INTERNET;
  return strchr (host, '.') == NULL || g_str_has_suffix (host, ".local") ? MM_SETUP_NETWORK
                                                                         : MM_SETUP_INTERNET;
}

MmServerSetup *
mm_server_setup_load (const char *data_dir)
{
  MmServerSetup *setup = g_new0 (MmServerSetup, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = file_of (data_dir);
  g_autofree char *listen = NULL;
  g_autofree char *tls = NULL;
  const char *colon;
  guint64 port = MM_SETUP_PORT;

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  setup->name = g_key_file_get_string (file, GROUP, "name", NULL);
  setup->public_url = g_key_file_get_string (file, GROUP, "public-url", NULL);
  setup->proxy = g_key_file_has_key (file, GROUP, "trusted-proxy", NULL);
  listen = g_key_file_get_string (file, GROUP, "listen", NULL);
  tls = g_key_file_get_string (file, GROUP, "tls", NULL);
  colon = listen != NULL ? strrchr (listen, ':') : NULL;
  if (colon != NULL)
    g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &port, NULL);
  setup->port = (guint) port;
  if (tls != NULL && strchr (tls, ',') != NULL)
    {
      setup->certificate = g_strndup (tls, (gsize) (strchr (tls, ',') - tls));
      setup->key = g_strdup (strchr (tls, ',') + 1);
    }
  setup->reach = setup->public_url != NULL ? reach_of (setup->public_url) : MM_SETUP_THIS_COMPUTER;
  return setup;
}

static void
check_file (GError **error, const char *field, const char *path)
{
  if (path == NULL)
    mm_error_add_field (error, field, "missing",
                        _ ("Outside of this computer passwords need encryption (TLS). Choose the "
                           "file, or stay on this computer for now."));
  else if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    mm_error_add_field (error, field, "missing", _ ("There is no such file."));
}

gboolean
mm_server_setup_check (const MmServerSetup *setup, GError **error)
{
  g_autoptr (GError) problems = NULL;
  g_autofree char *url = NULL;

  if (setup->name != NULL
      && (g_utf8_strlen (setup->name, -1) > LONGEST_NAME || strpbrk (setup->name, "\r\n") != NULL))
    mm_error_add_field (&problems, "name", "length", _ ("At most 60 characters, please."));
  if (setup->port < 1 || setup->port > 65535)
    mm_error_add_field (&problems, "port", "range", _ ("A port is a number from 1 to 65535."));
  if (setup->reach != MM_SETUP_THIS_COMPUTER)
    {
      url = setup->public_url != NULL ? mm_api_normalise_url (setup->public_url, NULL) : NULL;
      if (url == NULL || !g_str_has_prefix (url, "https://"))
        mm_error_add_field (
            &problems, "public_url", "address",
            _ ("Please enter the address under which people reach this computer, for example "
               "https://mimamori.example.jp."));
      if (!setup->proxy)
        {
          check_file (&problems, "certificate", setup->certificate);
          check_file (&problems, "key", setup->key);
        }
    }
  if (problems == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problems));
  return FALSE;
}

static void
put (GKeyFile *file, const char *key, const char *value)
{
  if (value != NULL && *value != '\0')
    g_key_file_set_string (file, GROUP, key, value);
  else
    g_key_file_remove_key (file, GROUP, key, NULL);
}

gboolean
mm_server_setup_save (const MmServerSetup *setup, const char *data_dir, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = file_of (data_dir);
  gboolean away = setup->reach != MM_SETUP_THIS_COMPUTER;
  gboolean own_tls = away && !setup->proxy;
  g_autofree char *listen = g_strdup_printf ("%s:%u", own_tls ? EVERYWHERE : LOOPBACK, setup->port);
  g_autofree char *tls = own_tls ? g_strconcat (setup->certificate, ",", setup->key, NULL) : NULL;
  g_autofree char *url = away ? mm_api_normalise_url (setup->public_url, error) : NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (away && url == NULL)
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS)
      && !g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, error))
    return FALSE;
  put (file, "name", setup->name);
  put (file, "listen", listen);
  put (file, "public-url", url);
  put (file, "tls", tls);
  put (file, "trusted-proxy", away && setup->proxy ? "127.0.0.1/32" : NULL);
  text = g_key_file_to_data (file, &length, NULL);
  if (g_mkdir_with_parents (data_dir, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", data_dir,
                   g_strerror (errno));
      return FALSE;
    }
  return g_file_set_contents_full (path, text, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

void
mm_server_setup_free (MmServerSetup *setup)
{
  g_free (setup->name);
  g_free (setup->public_url);
  g_free (setup->certificate);
  g_free (setup->key);
  g_free (setup);
}

#include "mm-config.h"

#include "mm-error.h"
#include "mm-text.h"

#include <string.h>

#define DEFAULT_PORT 8470
#define NAME_MAX_CHARACTERS 60

/* A setting: from the options, else from the file, else NULL. */
static char *
setting (GVariantDict *options, GKeyFile *file, const char *group, const char *key)
{
  char *value = NULL;

  if (options != NULL && g_variant_dict_lookup (options, key, "s", &value))
    return value;
  return file != NULL ? g_key_file_get_string (file, group, key, NULL) : NULL;
}

static gboolean
bad (GError **error, const char *key, const char *rule)
{
  g_autofree char *message = g_strdup_printf ("%s: %s", key, rule);

  return mm_error_set (error, MM_ERROR_INVALID, "bad-setting", message);
}

static gboolean
parse_number (
    const char *text, const char *key, guint min, guint max, guint *number, GError **error)
{
  guint64 value;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, min, max, &value, NULL))
    {
      g_autofree char *rule = g_strdup_printf ("must be a number from %u to %u", min, max);
      return bad (error, key, rule);
    }
  *number = (guint) value;
  return TRUE;
}

/* What may stand in a file; a key that nobody knows is a slip of the pen. */
static const char *const server_keys[]
    = { "data-dir",      "listen",     "public-url",   "name",         "timezone",       "tls",
        "trusted-proxy", "link-hours", "password-max", "gateway-rate", "disk-low-water", NULL };
static const char *const mail_keys[]
    = { "smtp", "smtp-user", "smtp-password-file", "smtp-ca", "smtp-starttls", "mail-from", NULL };

static gboolean
check_keys (GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      const char *const *known = g_str_equal (groups[i], "server") ? server_keys
                                 : g_str_equal (groups[i], "mail") ? mail_keys
                                                                   : NULL;
      g_auto (GStrv) keys = g_key_file_get_keys (file, groups[i], NULL, NULL);

      if (known == NULL)
        return bad (error, groups[i], "is no group; there are [server] and [mail]");
      for (guint k = 0; keys[k] != NULL; k++)
        if (!g_strv_contains (known, keys[k]))
          return bad (error, keys[k], "is no setting");
    }
  return TRUE;
}

/* A path: if it stands in the file, relative to @folder. */
static char *
resolve (GVariantDict *options, const char *key, const char *folder, char *path)
{
  g_autofree char *given = path;

  if (given == NULL || folder == NULL || g_path_is_absolute (given)
      || g_variant_dict_contains (options, key))
    return g_steal_pointer (&given);
  return g_build_filename (folder, given, NULL);
}

/* HOST:PORT, [V6]:PORT, :PORT. */
static gboolean
parse_listen (MmConfig *config, const char *text, GError **error)
{
  const char *colon = text != NULL ? strrchr (text, ':') : NULL;
  guint port = DEFAULT_PORT;

  if (text == NULL)
    {
      config->listen_host = g_strdup ("127.0.0.1");
      config->listen_port = DEFAULT_PORT;
      return TRUE;
    }
  if (colon == NULL || (text[0] == '[' && (colon[-1] != ']' || colon - text < 3)))
    return bad (error, "listen", "must be HOST:PORT");
  if (!parse_number (colon + 1, "listen", 0, 65535, &port, error))
    return FALSE;
  config->listen_port = (guint16) port;
  if (text[0] == '[')
    config->listen_host = g_strndup (text + 1, (gsize) (colon - text - 2));
  else
    config->listen_host = colon > text ? g_strndup (text, (gsize) (colon - text)) : g_strdup ("::");
  return TRUE;
}

/* Whether it stays within one line of a mail or of the head of an answer. */
static gboolean
is_line (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return TRUE;
}

static gboolean
parse_public_url (MmConfig *config, char *text, GError **error)
{
  g_autofree char *url = text;
  g_autoptr (GUri) uri = NULL;
  gsize length;

  if (url == NULL)
    return TRUE;
  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || !(g_str_has_prefix (url, "http://") || g_str_has_prefix (url, "https://"))
      || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || g_uri_get_userinfo (uri) != NULL || strpbrk (url, "?#\"<> ") != NULL || !is_line (url))
    return bad (error, "public-url", "must be http://HOST[:PORT] or https://HOST[:PORT]");
  length = strlen (url);
  while (length > 0 && url[length - 1] == '/')
    url[--length] = '\0';
  config->public_url = g_steal_pointer (&url);
  return TRUE;
}

static gboolean
parse_tls (
    MmConfig *config, GVariantDict *options, GKeyFile *file, const char *folder, GError **error)
{
  g_autofree char *pair = setting (options, file, "server", "tls");
  char *comma;

  if (pair == NULL)
    return TRUE;
  comma = strchr (pair, ',');
  if (comma == NULL || comma == pair || comma[1] == '\0')
    return bad (error, "tls", "must be CERT,KEY (two PEM files)");
  config->tls_cert = resolve (options, "tls", folder, g_strndup (pair, (gsize) (comma - pair)));
  config->tls_key = resolve (options, "tls", folder, g_strdup (comma + 1));
  return TRUE;
}

static gboolean
parse_smtp (
    MmConfig *config, GVariantDict *options, GKeyFile *file, const char *folder, GError **error)
{
  g_autofree char *password_file = resolve (options, "smtp-password-file", folder,
                                            setting (options, file, "mail", "smtp-password-file"));

  config->smtp_url = setting (options, file, "mail", "smtp");
  config->smtp_user = setting (options, file, "mail", "smtp-user");
  config->smtp_ca
      = resolve (options, "smtp-ca", folder, setting (options, file, "mail", "smtp-ca"));
  config->smtp_starttls = setting (options, file, "mail", "smtp-starttls");
  config->mail_from = setting (options, file, "mail", "mail-from");
  if (config->smtp_url != NULL && !g_str_has_prefix (config->smtp_url, "smtp://")
      && !g_str_has_prefix (config->smtp_url, "smtps://"))
    return bad (error, "smtp", "must be smtp://HOST:PORT or smtps://HOST:PORT");
  if (config->smtp_user != NULL && !is_line (config->smtp_user))
    return bad (error, "smtp-user", "must be one line");
  if (config->smtp_starttls != NULL
      && !g_strv_contains ((const char *const[]){ "required", "optional", "none", NULL },
                           config->smtp_starttls))
    return bad (error, "smtp-starttls", "must be required, optional or none");
  if (password_file != NULL)
    {
      if (!g_file_get_contents (password_file, &config->smtp_password, NULL, error))
        return FALSE;
      g_strchomp (config->smtp_password);
    }
  return TRUE;
}

/* A name that can stand in a mail's header and on a page. */
static gboolean
parse_name (MmConfig *config, char *text, GError **error)
{
  g_autofree char *name = text != NULL ? text : g_strdup ("Mimamori");
  g_autoptr (GError) wrong = NULL;

  config->name = mm_text_line (name, "name", NAME_MAX_CHARACTERS, "", &wrong);
  return config->name != NULL || bad (error, "name", "must be one line of 1 to 60 characters");
}

static gboolean
parse_low_water (MmConfig *config, char *text, GError **error)
{
  g_autofree char *megabytes = text;
  guint number = 0;

  if (!parse_number (megabytes, "disk-low-water", 0, G_MAXINT, &number, error))
    return FALSE;
  config->disk_low_water = megabytes != NULL ? number * G_GUINT64_CONSTANT (1048576) : G_MAXUINT64;
  return TRUE;
}

/* @file may be NULL, @folder is where it stands. @data_dir is taken. */
static MmConfig *
build (GVariantDict *options, GKeyFile *file, const char *folder, char *data_dir, GError **error)
{
  g_autoptr (MmConfig) config = g_new0 (MmConfig, 1);
  g_autoptr (GTimeZone) zone = NULL;
  g_autofree char *listen = NULL;
  g_autofree char *proxies = NULL;
  g_autofree char *hours = NULL;
  g_autofree char *password_max = NULL;
  g_autofree char *rate = NULL;

  config->data_dir = data_dir;
  config->options = g_variant_ref_sink (g_variant_dict_end (options));
  g_variant_dict_init (options, config->options);

  config->timezone = setting (options, file, "server", "timezone");
  if (config->timezone == NULL)
    config->timezone = g_strdup ("Asia/Tokyo");
  zone = g_time_zone_new_identifier (config->timezone);
  if (zone == NULL)
    {
      bad (error, "timezone", "must be the name of a time zone, such as Asia/Tokyo");
      return NULL;
    }

  config->link_hours = 72;
  config->password_max = 16;
  config->gateway_rate = 1000;
  listen = setting (options, file, "server", "listen");
  proxies = setting (options, file, "server", "trusted-proxy");
  hours = setting (options, file, "server", "link-hours");
  password_max = setting (options, file, "server", "password-max");
  rate = setting (options, file, "server", "gateway-rate");
  if (!parse_listen (config, listen, error)
      || !parse_public_url (config, setting (options, file, "server", "public-url"), error)
      || !parse_name (config, setting (options, file, "server", "name"), error)
      || !parse_tls (config, options, file, folder, error)
      || !parse_number (hours, "link-hours", 1, 24 * 30, &config->link_hours, error)
      || !parse_number (password_max, "password-max", 16, 128, &config->password_max, error)
      || !parse_number (rate, "gateway-rate", 0, 1000000, &config->gateway_rate, error)
      || !parse_low_water (config, setting (options, file, "server", "disk-low-water"), error)
      || !parse_smtp (config, options, file, folder, error))
    return NULL;
  if (proxies != NULL)
    config->trusted_proxies = g_strsplit (proxies, ",", -1);
  return g_steal_pointer (&config);
}

static GKeyFile *
load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error) && check_keys (file, error))
    return g_steal_pointer (&file);
  g_prefix_error (error, "%s: ", path);
  return NULL;
}

MmConfig *
mm_config_new (GVariantDict *options, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = path != NULL ? load (path, error) : NULL;
  g_autofree char *data_dir = setting (options, file, "server", "data-dir");
  g_autofree char *own = NULL;
  g_autofree char *folder = NULL;
  MmConfig *config;

  if (path != NULL && file == NULL)
    return NULL;
  if (data_dir == NULL)
    data_dir = g_build_filename (g_get_user_data_dir (), "mimamori", NULL);
  own = g_build_filename (data_dir, MM_CONFIG_OWN_FILE, NULL);
  if (path == NULL && g_file_test (own, G_FILE_TEST_EXISTS))
    {
      file = load (own, error);
      if (file == NULL)
        return NULL;
      if (g_key_file_has_key (file, "server", "data-dir", NULL))
        {
          bad (error, "data-dir", "cannot be set in the data directory itself");
          return NULL;
        }
      folder = g_strdup (data_dir);
    }
  else if (path != NULL)
    folder = g_path_get_dirname (path);
  config = build (options, file, folder, g_steal_pointer (&data_dir), error);
  if (config != NULL)
    config->file = g_strdup (path);
  return config;
}

MmConfig *
mm_config_with (const MmConfig *config, GKeyFile *file, GError **error)
{
  g_autoptr (GVariantDict) options = g_variant_dict_new (config->options);

  if (!check_keys (file, error))
    return NULL;
  return build (options, file, config->data_dir, g_strdup (config->data_dir), error);
}

void
mm_config_free (MmConfig *config)
{
  if (config == NULL)
    return;
  g_clear_pointer (&config->options, g_variant_unref);
  g_free (config->file);
  g_free (config->data_dir);
  g_free (config->listen_host);
  g_free (config->public_url);
  g_free (config->name);
  g_free (config->tls_cert);
  g_free (config->tls_key);
  g_strfreev (config->trusted_proxies);
  g_free (config->smtp_url);
  g_free (config->smtp_user);
  g_free (config->smtp_password);
  g_free (config->smtp_ca);
  g_free (config->smtp_starttls);
  g_free (config->mail_from);
  g_free (config->timezone);
  g_free (config);
}

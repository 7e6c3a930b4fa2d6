/* Options over the file over the defaults; what is wrong is named. */
#include "mm-config.h"

#include <glib/gstdio.h>
#include <string.h>

static MmConfig *
from_option (const char *key, const char *value, GError **error)
{
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);

  if (key != NULL)
    g_variant_dict_insert (options, key, "s", value);
  return mm_config_new (options, NULL, error);
}

static MmConfig *
from_file (const char *text, const char *key, const char *value, GError **error)
{
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);
  g_autofree char *path = NULL;
  MmConfig *config;
  int fd = g_file_open_tmp ("mm-XXXXXX", &path, NULL);

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  if (key != NULL)
    g_variant_dict_insert (options, key, "s", value);
  config = mm_config_new (options, path, error);
  g_unlink (path);
  return config;
}

static void
test_defaults (void)
{
  g_autoptr (MmConfig) config = from_option (NULL, NULL, NULL);

  g_assert_cmpstr (config->listen_host, ==, "127.0.0.1");
  g_assert_cmpuint (config->listen_port, ==, 8470);
  g_assert_true (g_str_has_suffix (config->data_dir, "/mimamori"));
  g_assert_cmpstr (config->timezone, ==, "Asia/Tokyo");
  g_assert_cmpuint (config->link_hours, ==, 72);
  g_assert_cmpuint (config->password_max, ==, 16);
  g_assert_null (config->public_url);
  g_assert_null (config->smtp_url);
}

static void
test_listen (void)
{
  static const struct
  {
    const char *text;
    const char *host;
    guint port;
  } good[] = {
    { "0.0.0.0:80", "0.0.0.0", 80 },
    { "[::1]:0", "::1", 0 },
    { ":8470", "::", 8470 },
    { "localhost:65535", "localhost", 65535 },
    { "[fe80::1%eth0]:1", "fe80::1%eth0", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (MmConfig) config = from_option ("listen", good[i].text, NULL);

      g_assert_cmpstr (config->listen_host, ==, good[i].host);
      g_assert_cmpuint (config->listen_port, ==, good[i].port);
    }
}

static void
test_bad_values (void)
{
  static const struct
  {
    const char *key;
    const char *value;
  } bad[] = {
    { "listen", "" },
    { "listen", "8470" },
    { "listen", "host" },
    { "listen", "host:" },
    { "listen", "host:65536" },
    { "listen", "host:-1" },
    { "listen", "host:80x" },
    { "listen", "[::1:80" },
    { "listen", "[]:80" },
    { "listen", "[:80" },
    { "public-url", "mimamori.example" },
    { "public-url", "ftp://mimamori.example" },
    { "public-url", "https://" },
    { "public-url", "https://user@mimamori.example" },
    { "public-url", "https://mimamori.example?x" },
    { "public-url", "https://mimamori.example#x" },
    { "public-url", "https://mima mori" },
    { "public-url", "https://mimamori.example/\rX: y" },
    { "public-url", "https://mimamori.example/\x01" },
    { "smtp-user", "shop\r\nRCPT TO:<x@example.jp>" },
    { "tls", "cert" },
    { "tls", ",key" },
    { "tls", "cert," },
    { "timezone", "Asia/Nowhere" },
    { "timezone", "" },
    { "smtp", "mail.example:25" },
    { "smtp-starttls", "maybe" },
    { "smtp-password-file", "/nonexistent/file" },
    { "link-hours", "0" },
    { "link-hours", "soon" },
    { "password-max", "15" },
    { "password-max", "129" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MmConfig) config = from_option (bad[i].key, bad[i].value, &error);

      g_test_message ("%s=%s: %s", bad[i].key, bad[i].value, error != NULL ? error->message : "-");
      g_assert_null (config);
      g_assert_nonnull (error);
      if (!g_str_equal (bad[i].key, "smtp-password-file"))
        g_assert_true (g_str_has_prefix (error->message, bad[i].key));
    }
}

static void
test_file_under_options (void)
{
  static const char text[]
      = "[server]\nname=御室\nlisten=0.0.0.0:1\npublic-url=https://a.example/\n"
        "trusted-proxy=10.0.0.0/8,::1\n[mail]\nsmtp=smtps://m.example\n";
  g_autoptr (MmConfig) config = from_file (text, "listen", "127.0.0.1:2", NULL);

  g_assert_cmpstr (config->name, ==, "御室");
  g_assert_cmpstr (config->listen_host, ==, "127.0.0.1");
  g_assert_cmpuint (config->listen_port, ==, 2);
  g_assert_cmpstr (config->public_url, ==, "https://a.example");
  g_assert_cmpuint (g_strv_length (config->trusted_proxies), ==, 2);
  g_assert_cmpstr (config->smtp_url, ==, "smtps://m.example");
}

/* A key that nobody knows is a slip of the pen, not nothing. */
static void
test_unknown_keys (void)
{
  static const char *const texts[] = {
    "[server]\npublic_url=https://a.example\n",
    "[mail]\nname=x\n",
    "[servers]\nname=x\n",
    "name=x\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MmConfig) config = from_file (texts[i], NULL, NULL, &error);

      g_assert_null (config);
      g_assert_nonnull (error);
    }
}

static void
test_password_file (void)
{
  g_autofree char *path = NULL;
  g_autoptr (MmConfig) config = NULL;
  int fd = g_file_open_tmp ("mm-XXXXXX", &path, NULL);

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, " sec ret \n", -1, NULL));
  config = from_option ("smtp-password-file", path, NULL);
  g_assert_cmpstr (config->smtp_password, ==, " sec ret");
  g_unlink (path);
}

/* The file in the data directory counts if no other is named; paths in it are relative to it. */
static void
test_own_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("mm-XXXXXX", NULL);
  g_autofree char *own = g_build_filename (folder, MM_CONFIG_OWN_FILE, NULL);
  g_autofree char *password = g_build_filename (folder, "secret", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmConfig) config = NULL;
  g_autoptr (MmConfig) other = NULL;
  g_autoptr (MmConfig) with = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_assert_true (g_file_set_contents (password, "word", -1, NULL));
  g_assert_true (g_file_set_contents (own,
                                      "[server]\nname=Own\ntls=cert.pem,/key.pem\n"
                                      "[mail]\nsmtp-password-file=secret\n",
                                      -1, NULL));
  config = from_option ("data-dir", folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (config->name, ==, "Own");
  g_assert_cmpstr (config->smtp_password, ==, "word");
  g_assert_true (g_str_has_prefix (config->tls_cert, folder));
  g_assert_cmpstr (config->tls_key, ==, "/key.pem");
  g_assert_null (config->file);

  other = from_file ("[server]\nname=Other\n", "data-dir", folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (other->name, ==, "Other");
  g_assert_nonnull (other->file);

  g_key_file_set_string (file, "server", "name", "With");
  with = mm_config_with (config, file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (with->name, ==, "With");
  g_assert_cmpstr (with->data_dir, ==, folder);
  g_assert_null (with->smtp_password);

  g_assert_true (g_file_set_contents (own, "[server]\ndata-dir=/elsewhere\n", -1, NULL));
  g_assert_null (from_option ("data-dir", folder, &error));
  g_assert_nonnull (error);
  g_unlink (own);
  g_unlink (password);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/defaults", test_defaults);
  g_test_add_func ("/config/listen", test_listen);
  g_test_add_func ("/config/bad-values", test_bad_values);
  g_test_add_func ("/config/file-under-options", test_file_under_options);
  g_test_add_func ("/config/unknown-keys", test_unknown_keys);
  g_test_add_func ("/config/password-file", test_password_file);
  g_test_add_func ("/config/own-file", test_own_file);
  return g_test_run ();
}

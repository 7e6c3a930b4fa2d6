/* How a server is set up: the rules and the file. */
#include "mm-error.h"
#include "mm-server-setup.h"

#include <glib/gstdio.h>
#include <string.h>

static char *dir;

static char *
file_named (const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents (path, "x", -1, NULL));
  return g_steal_pointer (&path);
}

static gboolean
is_wrong (const MmServerSetup *setup, const char *field)
{
  g_autoptr (GError) error = NULL;
  gboolean found = FALSE;

  if (mm_server_setup_check (setup, &error))
    return FALSE;
  g_assert_error (error, MM_ERROR, MM_ERROR_FIELDS);
  for (guint i = 0; i < mm_error_fields (error)->len; i++)
    found |= g_str_equal (((MmFieldError *) mm_error_fields (error)->pdata[i])->field, field);
  return found;
}

static void
test_nothing_is_set_up (void)
{
  g_autoptr (MmServerSetup) setup = mm_server_setup_load (dir);

  g_assert_false (mm_server_setup_exists (dir));
  g_assert_cmpint (setup->reach, ==, MM_SETUP_THIS_COMPUTER);
  g_assert_cmpuint (setup->port, ==, MM_SETUP_PORT);
  g_assert_null (setup->public_url);
  g_assert_true (mm_server_setup_check (setup, NULL));
}

static void
test_rules (void)
{
  g_autoptr (MmServerSetup) setup = mm_server_setup_load (dir);

  setup->port = 0;
  g_assert_true (is_wrong (setup, "port"));
  setup->port = 8470;
  setup->name = g_strnfill (61, 'x');
  g_assert_true (is_wrong (setup, "name"));
  setup->name[60] = '\0';
  g_assert_true (mm_server_setup_check (setup, NULL));

  /* Off this computer nothing goes in the clear. */
  setup->reach = MM_SETUP_NETWORK;
  g_assert_true (is_wrong (setup, "public_url"));
  setup->public_url = g_strdup ("http://shop.local:8470");
  g_assert_true (is_wrong (setup, "public_url"));
  g_free (setup->public_url);
  setup->public_url = g_strdup ("https://shop.local:8470");
  g_assert_true (is_wrong (setup, "certificate"));
  g_assert_true (is_wrong (setup, "key"));
  setup->certificate = g_strdup ("/nowhere/cert.pem");
  setup->key = file_named ("key.pem");
  g_assert_true (is_wrong (setup, "certificate"));
  g_assert_false (is_wrong (setup, "key"));
  g_free (setup->certificate);
  setup->certificate = file_named ("cert.pem");
  g_assert_true (mm_server_setup_check (setup, NULL));

  g_clear_pointer (&setup->certificate, g_free);
  setup->proxy = TRUE;
  g_assert_true (mm_server_setup_check (setup, NULL));
}

static char *
setting (const char *key)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = g_build_filename (dir, "sub", "mimamori.conf", NULL);

  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  return g_key_file_get_string (file, "server", key, NULL);
}

#define assert_setting(key, expected)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *stands = setting (key);                                                       \
    g_assert_cmpstr (stands, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

static void
test_file (void)
{
  g_autofree char *below = g_build_filename (dir, "sub", NULL);
  g_autofree char *path = g_build_filename (below, "mimamori.conf", NULL);
  g_autoptr (MmServerSetup) setup = mm_server_setup_load (below);
  g_autoptr (MmServerSetup) again = NULL;
  g_autoptr (MmServerSetup) back = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf found;

  setup->name = g_strdup ("見守サービス");
  setup->port = 9000;
  g_assert_true (mm_server_setup_save (setup, below, &error));
  g_assert_no_error (error);
  g_assert_true (mm_server_setup_exists (below));
  assert_setting ("listen", "127.0.0.1:9000");
  assert_setting ("name", "見守サービス");
  assert_setting ("public-url", NULL);
  g_assert_no_errno (g_stat (path, &found));
  g_assert_cmpint (found.st_mode & 0777, ==, 0600);

  setup->reach = MM_SETUP_INTERNET;
  setup->public_url = g_strdup ("https://mimamori.example.jp/");
  setup->certificate = file_named ("cert.pem");
  setup->key = file_named ("key.pem");
  g_assert_true (mm_server_setup_save (setup, below, &error));
  assert_setting ("listen", "0.0.0.0:9000");
  assert_setting ("public-url", "https://mimamori.example.jp");
  again = mm_server_setup_load (below);
  g_assert_cmpint (again->reach, ==, MM_SETUP_INTERNET);
  g_assert_cmpuint (again->port, ==, 9000);
  g_assert_cmpstr (again->certificate, ==, setup->certificate);
  g_assert_cmpstr (again->key, ==, setup->key);
  g_assert_false (again->proxy);

  /* Behind a proxy it stays on this computer itself; and back to where it was. */
  again->proxy = TRUE;
  g_assert_true (mm_server_setup_save (again, below, &error));
  assert_setting ("listen", "127.0.0.1:9000");
  assert_setting ("tls", NULL);
  assert_setting ("trusted-proxy", "127.0.0.1/32");
  again->reach = MM_SETUP_THIS_COMPUTER;
  g_assert_true (mm_server_setup_save (again, below, &error));
  assert_setting ("public-url", NULL);
  assert_setting ("trusted-proxy", NULL);
  back = mm_server_setup_load (below);
  g_assert_cmpint (back->reach, ==, MM_SETUP_THIS_COMPUTER);
  g_remove (path);
  g_rmdir (below);
}

static void
test_other_settings_stay (void)
{
  g_autofree char *path = g_build_filename (dir, "mimamori.conf", NULL);
  g_autoptr (MmServerSetup) setup = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (
      path,
      "[server]\ntimezone=Asia/Tokyo\npublic-url=https://192.168.1.5:8470\n[mail]\nsmtp=smtp://x\n",
      -1, NULL));
  setup = mm_server_setup_load (dir);
  g_assert_cmpint (setup->reach, ==, MM_SETUP_NETWORK);
  setup->reach = MM_SETUP_THIS_COMPUTER;
  g_assert_true (mm_server_setup_save (setup, dir, NULL));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "timezone=Asia/Tokyo"));
  g_assert_nonnull (strstr (text, "smtp=smtp://x"));
  g_assert_null (strstr (text, "public-url"));
  g_remove (path);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  dir = g_dir_make_tmp ("mm-setup-XXXXXX", NULL);
  g_test_add_func ("/server-setup/nothing-is-set-up", test_nothing_is_set_up);
  g_test_add_func ("/server-setup/rules", test_rules);
  g_test_add_func ("/server-setup/file", test_file);
  g_test_add_func ("/server-setup/other-settings-stay", test_other_settings_stay);
  status = g_test_run ();
  for (const char *const *name = (const char *const[]){ "cert.pem", "key.pem", NULL };
       *name != NULL; name++)
    {
      g_autofree char *path = g_build_filename (dir, *name, NULL);

      g_remove (path);
    }
  g_rmdir (dir);
  g_free (dir);
  return status;
}

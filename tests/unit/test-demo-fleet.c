/* What is deleted with a demo, and what is not. */
#include "mm-demo-fleet.h"

#include <glib/gstdio.h>

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  mm_demo_fleet_delete_finish (result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* Somebody put a link into the folder. */
static void
test_delete_link (void)
{
  g_autofree char *other = g_dir_make_tmp ("mm-other-XXXXXX", NULL);
  g_autofree char *precious = g_build_filename (other, "precious", NULL);
  g_autofree char *dir = g_dir_make_tmp ("mm-demo-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (dir, "folder", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  g_autoptr (GFile) at = g_file_new_for_path (link);
  gboolean deleted = FALSE;

  g_assert_true (g_file_set_contents (precious, "x", 1, NULL));
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_true (g_file_make_symbolic_link (at, other, NULL, NULL));
  mm_demo_fleet_delete_async (dir, on_deleted, &deleted);
  while (!deleted)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (precious, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (precious), ==, 0);
  g_assert_cmpint (g_rmdir (other), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-fleet/delete-link", test_delete_link);
  return g_test_run ();
}

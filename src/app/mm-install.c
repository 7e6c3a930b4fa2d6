#include "mm-install.h"

#include "mm-gettext.h"

#include <locale.h>

/* The folder of the running program; NULL if the system does not tell. */
static char *
own_folder (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL ? g_path_get_dirname (program) : NULL;
}

void
mm_install_init (void)
{
  g_autofree char *folder = own_folder ();
  g_autofree char *catalogues = folder != NULL ? g_build_filename (folder, "..", "po", NULL) : NULL;
  g_autofree char *built
      = folder != NULL ? g_build_filename (folder, "..", "po", "ja", "LC_MESSAGES", NULL) : NULL;
  g_autofree char *schemas = folder != NULL ? g_build_filename (folder, "..", "data", NULL) : NULL;
  g_autofree char *compiled
      = schemas != NULL ? g_build_filename (schemas, "gschemas.compiled", NULL) : NULL;

  setlocale (LC_ALL, "");
  if (built != NULL && g_file_test (built, G_FILE_TEST_IS_DIR))
    bindtextdomain (MM_GETTEXT_DOMAIN, catalogues);
  else
    bindtextdomain (MM_GETTEXT_DOMAIN, MM_LOCALE_DIR);
  bind_textdomain_codeset (MM_GETTEXT_DOMAIN, "UTF-8");
  textdomain (MM_GETTEXT_DOMAIN);
  if (compiled != NULL && g_file_test (compiled, G_FILE_TEST_EXISTS))
    g_setenv ("GSETTINGS_SCHEMA_DIR", schemas, FALSE);
}

char *
mm_install_find_program (const char *name)
{
  g_autofree char *folder = own_folder ();
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  return g_find_program_in_path (name);
}

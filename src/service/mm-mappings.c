#define G_LOG_DOMAIN "mm-service"

#include "mm-mappings.h"

#include "mm-error.h"
#include "mm-mapping-resources.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define PREFIX "/org/mimamori/mappings"
#define SUFFIX ".mapping"
#define MAX_FILES 100

struct _MmMappings
{
  GMutex lock; /* of the pointer, for a moment */
  MmMapping *mapping;
  GMutex change; /* held while files are read and written */
  char *directory;
};

static void
file_free (gpointer data)
{
  MmMappingFile *file = data;

  g_free (file->name);
  g_free (file->text);
  g_free (file);
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  const MmMappingFile *p = *(MmMappingFile *const *) a, *q = *(MmMappingFile *const *) b;

  if (p->shipped != q->shipped)
    return p->shipped ? 1 : -1;
  return strcmp (p->name, q->name);
}

static void
add_file (GPtrArray *files, const char *name, char *text, gsize length, gboolean shipped)
{
  MmMappingFile *file = g_new0 (MmMappingFile, 1);

  file->name = g_strdup (name);
  file->text = text;
  file->length = length;
  file->shipped = shipped;
  file->used = TRUE;
  g_ptr_array_add (files, file);
}

static void
add_shipped (GPtrArray *files)
{
  GResource *resource = mm_mappings_get_resource ();
  g_auto (GStrv) names
      = g_resource_enumerate_children (resource, PREFIX, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      g_autofree char *path = g_build_path ("/", PREFIX, *name, NULL);
      g_autoptr (GBytes) bytes
          = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      gsize length;
      const char *text = g_bytes_get_data (bytes, &length);

      add_file (files, *name, g_strndup (text, length), length, TRUE);
    }
}

static gboolean
fail (GError **error, const char *what, const char *path, const char *why)
{
  g_autofree char *message = g_strdup_printf ("cannot %s %s: %s", what, path, why);

  return mm_error_set (error, MM_ERROR_INTERNAL, "mapping-file", message);
}

static gboolean
add_operators (const MmMappings *mappings, GPtrArray *files, GError **error)
{
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) problem = NULL;
  const char *name;

  if (!g_file_test (mappings->directory, G_FILE_TEST_EXISTS))
    return TRUE;
  dir = g_dir_open (mappings->directory, 0, &problem);
  if (dir == NULL)
    return fail (error, "read", mappings->directory, problem->message);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (mappings->directory, name, NULL);
      GStatBuf status;
      char *text;
      gsize length;

      if (!g_str_has_suffix (name, SUFFIX) || name[0] == '.')
        continue;
      if (files->len == MAX_FILES || g_stat (path, &status) != 0
          || status.st_size > MM_MAPPING_MAX_FILE)
        return fail (error, "use", path, "too large, or too many files");
      if (!g_file_get_contents (path, &text, &length, &problem))
        return fail (error, "read", path, problem->message);
      add_file (files, name, text, length, FALSE);
    }
  return TRUE;
}

static void
mark_replaced (GPtrArray *files)
{
  for (guint i = 0; i < files->len; i++)
    for (guint j = 0; j < i; j++)
      {
        MmMappingFile *file = files->pdata[i];
        const MmMappingFile *earlier = files->pdata[j];

        if (strcmp (file->name, earlier->name) == 0)
          file->used = FALSE;
      }
}

static GPtrArray *
list_files (const MmMappings *mappings, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (file_free);

  if (!add_operators (mappings, files, error))
    return NULL;
  add_shipped (files);
  g_ptr_array_sort (files, compare_files);
  mark_replaced (files);
  return g_steal_pointer (&files);
}

GPtrArray *
mm_mappings_files (MmMappings *mappings, GError **error)
{
  GPtrArray *files;

  g_mutex_lock (&mappings->change);
  files = list_files (mappings, error);
  g_mutex_unlock (&mappings->change);
  return files;
}

/* Builds a mapping of @files; what is not sound is left out and told in @problems. */
static MmMapping *
build (const GPtrArray *files, GPtrArray *problems)
{
  g_autoptr (MmMappingBuilder) builder = mm_mapping_builder_new ();

  for (guint i = 0; i < files->len; i++)
    {
      const MmMappingFile *file = files->pdata[i];

      if (file->used)
        mm_mapping_builder_add (builder, file->name, file->text, file->length, problems);
    }
  return mm_mapping_builder_end (builder);
}

static void
put (MmMappings *mappings, MmMapping *mapping)
{
  MmMapping *old;

  g_mutex_lock (&mappings->lock);
  old = mappings->mapping;
  mappings->mapping = mapping;
  g_mutex_unlock (&mappings->lock);
  g_clear_pointer (&old, mm_mapping_unref);
}

MmMappings *
mm_mappings_new (const char *data_dir)
{
  MmMappings *mappings = g_new0 (MmMappings, 1);
  g_autoptr (GPtrArray) problems = mm_mapping_problems_new ();
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&mappings->lock);
  g_mutex_init (&mappings->change);
  mappings->directory = g_build_filename (data_dir, "mappings", NULL);
  files = list_files (mappings, &error);
  if (files == NULL)
    {
      g_warning ("only the shipped mappings are used: %s", error->message);
      files = g_ptr_array_new_with_free_func (file_free);
      add_shipped (files);
    }
  put (mappings, build (files, problems));
  for (guint i = 0; i < problems->len; i++)
    {
      const MmMappingProblem *problem = problems->pdata[i];

      g_warning ("a mapping is left out: %s:%u: %s", problem->file, problem->line,
                 problem->message);
    }
  return mappings;
}

void
mm_mappings_free (MmMappings *mappings)
{
  g_mutex_clear (&mappings->lock);
  g_mutex_clear (&mappings->change);
  mm_mapping_unref (mappings->mapping);
  g_free (mappings->directory);
  g_free (mappings);
}

MmMapping *
mm_mappings_get (MmMappings *mappings)
{
  MmMapping *mapping;

  g_mutex_lock (&mappings->lock);
  mapping = mm_mapping_ref (mappings->mapping);
  g_mutex_unlock (&mappings->lock);
  return mapping;
}

/* ---- changes ---- */

static gboolean
tell (const GPtrArray *problems, GError **error)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const MmMappingProblem *problem = problems->pdata[i];
      g_autofree char *field = g_strdup_printf ("%s:%u", problem->file, problem->line);

      mm_error_add_field (error, field, "bad-rule", problem->message);
    }
  return problems->len == 0;
}

static gboolean
reload (MmMappings *mappings, GError **error)
{
  g_autoptr (GPtrArray) problems = mm_mapping_problems_new ();
  g_autoptr (GPtrArray) files = list_files (mappings, error);
  g_autoptr (MmMapping) mapping = NULL;

  if (files == NULL)
    return FALSE;
  mapping = build (files, problems);
  if (!tell (problems, error))
    return FALSE;
  put (mappings, g_steal_pointer (&mapping));
  return TRUE;
}

gboolean
mm_mappings_reload (MmMappings *mappings, GError **error)
{
  gboolean done;

  g_mutex_lock (&mappings->change);
  done = reload (mappings, error);
  g_mutex_unlock (&mappings->change);
  return done;
}

static gboolean
name_is_fit (const char *name, GError **error)
{
  gsize stem = strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-");

  if (name[stem] == '\0' && name[0] != '.' && g_str_has_suffix (name, SUFFIX)
      && stem > strlen (SUFFIX) && stem <= 100)
    return TRUE;
  mm_error_add_field (error, "name", "bad-name",
                      "The name must be of letters, digits, “.”, “_” and “-” and end in .mapping.");
  return FALSE;
}

gboolean
mm_mappings_check (const char *name, const char *text, gsize length, GError **error)
{
  g_autoptr (MmMappingBuilder) builder = mm_mapping_builder_new ();
  g_autoptr (GPtrArray) problems = mm_mapping_problems_new ();

  if (!name_is_fit (name, error))
    return FALSE;
  mm_mapping_builder_add (builder, name, text, length, problems);
  return tell (problems, error);
}

/* Puts the contents of @path back, or away if there were none. */
static void
restore (const char *path, const char *text, gsize length)
{
  if (text == NULL)
    g_unlink (path);
  else if (!g_file_set_contents (path, text, (gssize) length, NULL))
    g_warning ("%s could not be put back", path);
}

/* Writes and reloads; if that fails (with the other files, or the disk) all is as before. */
static gboolean
write_and_reload (
    MmMappings *mappings, const char *path, const char *text, gsize length, GError **error)
{
  g_autofree char *before = NULL;
  g_autoptr (GError) problem = NULL;
  gsize length_before = 0;

  if (g_mkdir_with_parents (mappings->directory, 0700) != 0)
    return fail (error, "make", mappings->directory, g_strerror (errno));
  if (!g_file_get_contents (path, &before, &length_before, NULL))
    before = NULL;
  if (text == NULL ? g_unlink (path) != 0
                   : !g_file_set_contents (path, text, (gssize) length, &problem))
    return fail (error, "write", path, problem != NULL ? problem->message : g_strerror (errno));
  if (reload (mappings, error))
    return TRUE;
  restore (path, before, length_before);
  return FALSE;
}

gboolean
mm_mappings_set (
    MmMappings *mappings, const char *name, const char *text, gsize length, GError **error)
{
  g_autofree char *path = g_build_filename (mappings->directory, name, NULL);
  gboolean done;

  if (!mm_mappings_check (name, text, length, error))
    return FALSE;
  g_mutex_lock (&mappings->change);
  done = write_and_reload (mappings, path, text, length, error);
  g_mutex_unlock (&mappings->change);
  return done;
}

gboolean
mm_mappings_remove (MmMappings *mappings, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (mappings->directory, name, NULL);
  gboolean done;

  if (!name_is_fit (name, error))
    return FALSE;
  g_mutex_lock (&mappings->change);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    done = mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found",
                         "The operator has no mapping of this name.");
  else
    done = write_and_reload (mappings, path, NULL, 0, error);
  g_mutex_unlock (&mappings->change);
  return done;
}

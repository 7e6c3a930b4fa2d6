#define G_LOG_DOMAIN "mm-service"

#include "mm-keeping.h"

#include "mm-error.h"
#include "mm-migrator.h"
#include "mm-operating.h"
#include "mm-store-operator.h"
#include "mm-store-restore.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
refuse (GError **error, const char *code, const char *what, const char *path, const char *why)
{
  g_autofree char *message = g_strdup_printf ("%s %s: %s", what, path, why);

  return mm_error_set (error, MM_ERROR_INVALID, code, message);
}

/* What @path names is on disk when this returns: a file, or the names in a directory. */
static gboolean
sync_path (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return synced;
}

static gboolean
sync_folder_of (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return sync_path (folder);
}

/* ---- backup ---- */

/* A connection of its own: the copy must not stand in a transaction. */
static gboolean
copy_store (MmContext *context, const char *path, GError **error)
{
  g_autofree char *own
      = g_build_filename (mm_context_config (context)->data_dir, "mimamori.db", NULL);
  g_autoptr (MmDatabase) db = mm_database_open (own, MM_DATABASE_READER, error);

  return db != NULL && mm_database_copy_to (db, path, error);
}

static gboolean
copy_whole (MmContext *context, const char *path, GError **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autoptr (GError) problem = NULL;
  gboolean copied;

  g_unlink (part);
  copied = copy_store (context, part, &problem);
  /* link() and not rename(): what has come to be there meanwhile stays. */
  if (copied && sync_path (part) && link (part, path) == 0)
    {
      g_unlink (part);
      sync_folder_of (path);
      return TRUE;
    }
  refuse (error, "cannot-write", "cannot write", path,
          problem != NULL ? problem->message : g_strerror (errno));
  g_unlink (part);
  return FALSE;
}

gboolean
mm_keeping_backup (MmContext *context, const char *path, gint64 *size, GError **error)
{
  struct stat there;

  if (!g_path_is_absolute (path))
    return mm_error_set (error, MM_ERROR_INVALID, "relative",
                         "the backup needs a whole path, from / on");
  if (g_lstat (path, &there) == 0)
    {
      g_autofree char *message = g_strdup_printf ("there is a file %s already", path);

      return mm_error_set (error, MM_ERROR_CONFLICT, "exists", message);
    }
  if (!mm_context_save (context, error) || !copy_whole (context, path, error)
      || !mm_operating_note (context, "backup", path, error))
    return FALSE;
  *size = g_lstat (path, &there) == 0 ? there.st_size : 0;
  return TRUE;
}

/* ---- restore ---- */

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) problem = NULL;

  if (g_file_copy (source, target, G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, &problem))
    return g_chmod (to, 0600) == 0
           || refuse (error, "cannot-write", "cannot write", to, g_strerror (errno));
  return refuse (error, "cannot-read", "cannot read", from, problem->message);
}

/* The present store, readable and of this program's schema; its log is folded into the file. */
static gboolean
present_is_sound (const char *present)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDatabase) db = mm_database_open (present, MM_DATABASE_WRITER, &error);

  return db != NULL && mm_migrator_version (db, &error) == mm_migrator_latest ();
}

/* Makes @copy ready to be worked with. */
static gboolean
prepare (const char *copy, const char *present, gint64 now, GError **error)
{
  g_autoptr (MmDatabase) db = mm_database_open (copy, MM_DATABASE_WRITER, error);
  g_autofree char *problem = NULL;
  int version = db != NULL ? mm_migrator_version (db, error) : -1;

  if (version < 0)
    return FALSE;
  if (version == 0)
    return mm_error_set (error, MM_ERROR_INVALID, "empty", "there is nothing in it");
  if (!mm_database_integrity (db, &problem, error))
    return FALSE;
  if (problem != NULL)
    return mm_error_set (error, MM_ERROR_INVALID, "damaged", problem);
  if (!mm_migrator_run (db, copy, error) || !mm_store_restore_end (db, now, error)
      || !mm_store_operator_note (db, now, "restored", "", error))
    return FALSE;
  if (!g_file_test (present, G_FILE_TEST_EXISTS))
    return TRUE;
  if (present_is_sound (present))
    return mm_store_restore_carry_over (db, present, error);
  g_warning ("the present store cannot be read: what was revoked since the backup is not known");
  return TRUE;
}

/* A second name for the present store, so that there is always one of the name that counts. */
static char *
keep_present (const char *present, GError **error)
{
  for (guint n = 1; n < 1000; n++)
    {
      g_autofree char *suffix = n > 1 ? g_strdup_printf ("-%u", n) : g_strdup ("");
      g_autofree char *kept = g_strconcat (present, ".before-restore", suffix, NULL);

      if (link (present, kept) == 0)
        return g_steal_pointer (&kept);
      if (errno != EEXIST)
        break;
    }
  refuse (error, "cannot-write", "cannot keep", present, g_strerror (errno));
  return NULL;
}

/* What of a damaged store was not folded into its file goes along with it. */
static void
keep_beside (const char *present, const char *kept, const char *suffix)
{
  g_autofree char *from = g_strconcat (present, suffix, NULL);
  g_autofree char *to = g_strconcat (kept, suffix, NULL);

  if (g_file_test (from, G_FILE_TEST_EXISTS))
    g_rename (from, to);
}

static gboolean
put_in_place (const char *copy, const char *present, char **kept, GError **error)
{
  g_autofree char *kept_path = NULL;

  if (g_file_test (present, G_FILE_TEST_EXISTS))
    {
      kept_path = keep_present (present, error);
      if (kept_path == NULL)
        return FALSE;
      keep_beside (present, kept_path, "-wal");
      keep_beside (present, kept_path, "-shm");
    }
  if (!sync_path (copy) || g_rename (copy, present) != 0)
    return refuse (error, "cannot-write", "cannot write", present, g_strerror (errno));
  sync_folder_of (present);
  *kept = g_steal_pointer (&kept_path);
  return TRUE;
}

static void
remove_copy (const char *copy)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (copy, suffixes[i], NULL);

      g_unlink (path);
    }
}

gboolean
mm_keeping_restore (
    const MmConfig *config, gint64 now, const char *path, char **kept, GError **error)
{
  g_autofree char *present = g_build_filename (config->data_dir, "mimamori.db", NULL);
  g_autofree char *copy = g_build_filename (config->data_dir, "restoring.db", NULL);
  g_autoptr (GError) problem = NULL;
  gboolean restored;
  int lock = mm_context_lock_directory (config->data_dir, error);

  if (lock < 0)
    return FALSE;
  remove_copy (copy);
  restored = copy_file (path, copy, error);
  if (restored && !prepare (copy, present, now, &problem))
    restored = refuse (error, "bad-backup", "cannot restore", path, problem->message);
  restored = restored && put_in_place (copy, present, kept, error);
  remove_copy (copy);
  close (lock);
  return restored;
}

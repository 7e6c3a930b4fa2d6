#include "mm-disk.h"

#include "mm-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>

gboolean
mm_disk_look (const char *directory, MmDisk *disk, GError **error)
{
  static const char *const files[] = { "mimamori.db", "mimamori.db-wal", "mimamori.db-shm" };
  struct statvfs room;

  *disk = (MmDisk){ 0 };
  if (statvfs (directory, &room) != 0)
    {
      g_autofree char *message
          = g_strdup_printf ("cannot look at the disk of %s: %s", directory, g_strerror (errno));

      return mm_error_set (error, MM_ERROR_INTERNAL, "disk", message);
    }
  disk->available = (guint64) room.f_bavail * room.f_frsize;
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (directory, files[i], NULL);
      GStatBuf file;

      if (g_stat (path, &file) == 0)
        disk->database += (guint64) file.st_size;
    }
  return TRUE;
}

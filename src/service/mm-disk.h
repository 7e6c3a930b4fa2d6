/* How much room the store takes and how much there is left. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes.
 * @database: of the database and its journal
 * @available: free on that disk for this user */
typedef struct
{
  guint64 database;
  guint64 available;
} MmDisk;

/* Looks at the data directory @directory. */
gboolean mm_disk_look (const char *directory, MmDisk *disk, GError **error);

G_END_DECLS

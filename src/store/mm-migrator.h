/* Brings the database's schema up to date: numbered files of sql/, each in one transaction. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* The newest schema this program knows. */
int mm_migrator_latest (void);

/* The schema of @db: 0 for an empty file, -1 on failure. */
int mm_migrator_version (MmDatabase *db, GError **error);

/* Migrates @db to the newest schema. An existing database is first copied beside @path as
 * `PATH.before-N`. A newer schema (%MM_DATABASE_ERROR_NEWER) is refused and left untouched. Killed
 * at any step, the database has the old or the new schema, never one between. */
gboolean mm_migrator_run (MmDatabase *db, const char *path, GError **error);

G_END_DECLS

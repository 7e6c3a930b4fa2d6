/* Reading connections, lent to whoever needs one for a moment. Any thread. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

typedef struct _MmReaders MmReaders;

/* Readers of the database file @path, which exists and is migrated. */
MmReaders *mm_readers_new (const char *path);

/* Closes all connections; none may be lent out. */
void mm_readers_free (MmReaders *readers);

/* Lends a connection that begins a read transaction: all that is read with it is one moment.
 * Hand it back soon by mm_readers_give(): a long reader stops checkpoints. */
MmDatabase *mm_readers_take (MmReaders *readers, GError **error);
void mm_readers_give (MmReaders *readers, MmDatabase *db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmReaders, mm_readers_free)

G_END_DECLS

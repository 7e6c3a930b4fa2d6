#include "mm-readers.h"

struct _MmReaders
{
  char *path;
  GMutex mutex;
  GPtrArray *idle; /* of MmDatabase */
};

MmReaders *
mm_readers_new (const char *path)
{
  MmReaders *readers = g_new0 (MmReaders, 1);

  readers->path = g_strdup (path);
  g_mutex_init (&readers->mutex);
  readers->idle = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_database_close);
  return readers;
}

void
mm_readers_free (MmReaders *readers)
{
  if (readers == NULL)
    return;
  g_ptr_array_unref (readers->idle);
  g_mutex_clear (&readers->mutex);
  g_free (readers->path);
  g_free (readers);
}

MmDatabase *
mm_readers_take (MmReaders *readers, GError **error)
{
  g_autoptr (MmDatabase) db = NULL;

  g_mutex_lock (&readers->mutex);
  if (readers->idle->len > 0)
    db = g_ptr_array_steal_index_fast (readers->idle, readers->idle->len - 1);
  g_mutex_unlock (&readers->mutex);

  if (db == NULL)
    db = mm_database_open (readers->path, MM_DATABASE_READER, error);
  if (db == NULL || !mm_database_begin (db, error))
    return NULL;
  return g_steal_pointer (&db);
}

void
mm_readers_give (MmReaders *readers, MmDatabase *db)
{
  if (db == NULL)
    return;
  mm_database_rollback (db);
  g_mutex_lock (&readers->mutex);
  g_ptr_array_add (readers->idle, db);
  g_mutex_unlock (&readers->mutex);
}

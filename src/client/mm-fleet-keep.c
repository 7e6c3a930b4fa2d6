#define G_LOG_DOMAIN "mm-fleet"

#include "mm-fleet-keep.h"

#include "mm-fleet-cache.h"

#define PERIOD 60 /* seconds between two writings */

struct _MmFleetKeep
{
  GObject parent;

  MmFleetTable *table;
  char *owner;
  GFile *file;
  gboolean changed; /* since it was written */
  gboolean writing;
  gboolean forgotten;
  guint timer;
};

G_DEFINE_FINAL_TYPE (MmFleetKeep, mm_fleet_keep, G_TYPE_OBJECT)

/* Reading */

typedef struct
{
  GFile *file;
  char *owner;
  GArray *records;
  gint64 as_of;
} Load;

static void
load_free (Load *load)
{
  for (guint i = 0; i < load->records->len; i++)
    mm_fleet_record_clear (&g_array_index (load->records, MmFleetRecord, i));
  g_array_unref (load->records);
  g_object_unref (load->file);
  g_free (load->owner);
  g_free (load);
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Load *load = data;
  g_autoptr (GFileInfo) info = g_file_query_info (load->file, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (info != NULL && g_file_info_get_size (info) <= MM_FLEET_CACHE_MAX)
    bytes = g_file_load_bytes (load->file, NULL, NULL, NULL);
  g_task_return_boolean (
      task, bytes != NULL && mm_fleet_cache_read (bytes, load->owner, load->records, &load->as_of));
}

/* What the server told meanwhile is newer. */
static GArray *
take_unknown (MmFleetKeep *keep, GArray *records)
{
  GArray *unknown = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));

  for (guint i = 0; i < records->len; i++)
    {
      MmFleetRecord *record = &g_array_index (records, MmFleetRecord, i);
      guint32 slot;

      if (mm_fleet_table_find (keep->table, mm_fleet_record_id (record), &slot))
        continue;
      g_array_append_val (unknown, *record);
      *record = (MmFleetRecord){ 0 };
    }
  return unknown;
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MmFleetKeep *keep = MM_FLEET_KEEP (source);
  Load *load = g_task_get_task_data (G_TASK (result));
  g_autoptr (GArray) unknown = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), NULL) || keep->table == NULL
      || mm_fleet_table_is_loaded (keep->table))
    return;
  unknown = take_unknown (keep, load->records);
  mm_fleet_table_apply (keep->table, unknown, NULL);
  mm_fleet_table_set_loaded (keep->table, load->as_of);
}

static void
begin_load (MmFleetKeep *keep)
{
  g_autoptr (GTask) task = g_task_new (keep, NULL, on_loaded, NULL);
  Load *load = g_new0 (Load, 1);

  load->file = g_object_ref (keep->file);
  load->owner = g_strdup (keep->owner);
  load->records = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);
  g_task_run_in_thread (task, load_thread);
}

/* Writing */

static gboolean
make_folder (MmFleetKeep *keep)
{
  g_autofree char *folder = g_path_get_dirname (g_file_peek_path (keep->file));

  return g_mkdir_with_parents (folder, 0700) == 0;
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmFleetKeep) keep = user_data;
  g_autoptr (GError) error = NULL;

  keep->writing = FALSE;
  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_message ("the list could not be kept: %s", error->message);
  /* It was on its way when it was to be forgotten. */
  if (keep->forgotten)
    g_file_delete (keep->file, NULL, NULL);
}

static gboolean
on_timer (gpointer user_data)
{
  MmFleetKeep *keep = user_data;
  g_autoptr (GBytes) bytes = NULL;

  if (!keep->changed || keep->writing || !mm_fleet_table_is_loaded (keep->table)
      || !make_folder (keep))
    return G_SOURCE_CONTINUE;
  keep->changed = FALSE;
  keep->writing = TRUE;
  bytes = mm_fleet_cache_write (keep->table, keep->owner);
  g_file_replace_contents_bytes_async (keep->file, bytes, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                       NULL, on_written, g_object_ref (keep));
  return G_SOURCE_CONTINUE;
}

static void
write_now (MmFleetKeep *keep)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  if (!mm_fleet_table_is_loaded (keep->table) || !make_folder (keep))
    return;
  bytes = mm_fleet_cache_write (keep->table, keep->owner);
  if (!g_file_replace_contents (keep->file, g_bytes_get_data (bytes, NULL),
                                g_bytes_get_size (bytes), NULL, FALSE,
                                G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                NULL, &error))
    g_message ("the list could not be kept: %s", error->message);
}

void
mm_fleet_keep_stop (MmFleetKeep *keep, gboolean forget)
{
  if (keep->table == NULL)
    return;
  g_clear_handle_id (&keep->timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (keep->table, keep);
  keep->forgotten = forget;
  if (forget)
    g_file_delete (keep->file, NULL, NULL);
  else
    write_now (keep);
  g_clear_object (&keep->table);
}

/* The object */

static void
on_changed (MmFleetKeep *keep)
{
  keep->changed = TRUE;
}

static void
mm_fleet_keep_finalize (GObject *object)
{
  MmFleetKeep *keep = MM_FLEET_KEEP (object);

  g_clear_object (&keep->table);
  g_clear_object (&keep->file);
  g_free (keep->owner);
  G_OBJECT_CLASS (mm_fleet_keep_parent_class)->finalize (object);
}

static void
mm_fleet_keep_class_init (MmFleetKeepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_fleet_keep_finalize;
}

static void
mm_fleet_keep_init (MmFleetKeep *keep)
{
}

MmFleetKeep *
mm_fleet_keep_new (MmFleetTable *table, const char *url, const char *user_id)
{
  MmFleetKeep *keep = g_object_new (MM_TYPE_FLEET_KEEP, NULL);

  keep->table = g_object_ref (table);
  keep->owner = mm_fleet_cache_owner (url, user_id);
  keep->file = mm_fleet_cache_file (keep->owner);
  g_signal_connect_object (table, "changed", G_CALLBACK (on_changed), keep, G_CONNECT_SWAPPED);
  keep->timer = g_timeout_add_seconds (PERIOD, on_timer, keep);
  begin_load (keep);
  return keep;
}

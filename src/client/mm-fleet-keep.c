#define G_LOG_DOMAIN "mm-fleet"

#include "mm-fleet-keep.h"

#include "mm-fleet-cache.h"

#define PERIOD 60 /* seconds between two writings */
#define PART 2000 /* gateways written or taken at a time: 2 to 10 ms of the main thread */

/* What was read. */
typedef struct
{
  GArray *records;
  gint64 as_of;
} Load;

static void
load_free (Load *load)
{
  for (guint i = 0; i < load->records->len; i++)
    mm_fleet_record_clear (&g_array_index (load->records, MmFleetRecord, i));
  g_array_unref (load->records);
  g_free (load);
}

struct _MmFleetKeep
{
  GObject parent;

  MmFleetTable *table;
  char *owner;
  GFile *file;
  gboolean changed; /* since it was written */
  gboolean writing;
  MmFleetDraft *draft; /* what is being written, until all of it is there */
  Load *load;          /* what is being taken, until all of it is */
  guint n_taken;
  guint part; /* the source that goes on with either */
  gboolean forgotten;
  guint timer;
};

G_DEFINE_FINAL_TYPE (MmFleetKeep, mm_fleet_keep, G_TYPE_OBJECT)

/* Reading */

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  MmFleetKeep *keep = source;
  Load *load = g_new0 (Load, 1);
  g_autoptr (GFileInfo) info = g_file_query_info (keep->file, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, NULL);
  g_autoptr (GBytes) bytes = NULL;

  load->records = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
  if (info != NULL && g_file_info_get_size (info) <= MM_FLEET_CACHE_MAX)
    bytes = g_file_load_bytes (keep->file, NULL, NULL, NULL);
  if (bytes == NULL || !mm_fleet_cache_read (bytes, keep->owner, load->records, &load->as_of))
    g_clear_pointer (&load, load_free);
  g_task_return_pointer (task, load, (GDestroyNotify) load_free);
}

static void
stop_parts (MmFleetKeep *keep)
{
  g_clear_handle_id (&keep->part, g_source_remove);
  g_clear_pointer (&keep->draft, mm_fleet_draft_free);
  g_clear_pointer (&keep->load, load_free);
}

/* The next part of what was read; what the server told meanwhile is newer. */
static gboolean
take_part (gpointer user_data)
{
  MmFleetKeep *keep = user_data;
  g_autoptr (GArray) unknown = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
  guint end = MIN (keep->n_taken + PART, keep->load->records->len);

  if (mm_fleet_table_is_loaded (keep->table))
    end = keep->n_taken = keep->load->records->len;
  for (guint i = keep->n_taken; i < end; i++)
    {
      MmFleetRecord *record = &g_array_index (keep->load->records, MmFleetRecord, i);
      guint32 slot;

      if (mm_fleet_table_find (keep->table, mm_fleet_record_id (record), &slot))
        continue;
      g_array_append_val (unknown, *record);
      *record = (MmFleetRecord){ 0 };
    }
  keep->n_taken = end;
  mm_fleet_table_apply (keep->table, unknown, NULL);
  if (end < keep->load->records->len)
    return G_SOURCE_CONTINUE;
  keep->part = 0;
  if (!mm_fleet_table_is_loaded (keep->table))
    mm_fleet_table_set_loaded (keep->table, keep->load->as_of);
  g_clear_pointer (&keep->load, load_free);
  return G_SOURCE_REMOVE;
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MmFleetKeep *keep = MM_FLEET_KEEP (source);
  Load *load = g_task_propagate_pointer (G_TASK (result), NULL);

  if (load == NULL || keep->table == NULL || mm_fleet_table_is_loaded (keep->table))
    {
      g_clear_pointer (&load, load_free);
      return;
    }
  keep->load = load;
  keep->part = g_idle_add (take_part, keep);
}

/* The thread reads the file and the owner, which nobody changes. */
static void
begin_load (MmFleetKeep *keep)
{
  g_autoptr (GTask) task = g_task_new (keep, NULL, on_loaded, NULL);

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
  MmFleetKeep *keep = MM_FLEET_KEEP (source);
  g_autoptr (GError) error = NULL;

  keep->writing = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_message ("the list could not be kept: %s", error->message);
  /* It was on its way when it was to be forgotten. */
  if (keep->forgotten)
    g_file_delete (keep->file, NULL, NULL);
}

static gboolean
write_file (GFile *file, GBytes *bytes, GError **error)
{
  return g_file_replace_contents (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                  NULL, FALSE,
                                  G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                  NULL, error);
}

/* Signing takes as long as writing. */
static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GBytes) bytes = mm_fleet_draft_sign (data);
  GError *error = NULL;

  if (write_file (MM_FLEET_KEEP (source)->file, bytes, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
write_part (gpointer user_data)
{
  MmFleetKeep *keep = user_data;
  g_autoptr (GTask) task = NULL;

  if (mm_fleet_draft_add (keep->draft, PART))
    return G_SOURCE_CONTINUE;
  keep->part = 0;
  keep->writing = TRUE;
  mm_fleet_draft_close (keep->draft);
  task = g_task_new (keep, NULL, on_written, NULL);
  g_task_set_task_data (task, g_steal_pointer (&keep->draft), (GDestroyNotify) mm_fleet_draft_free);
  g_task_run_in_thread (task, write_thread);
  return G_SOURCE_REMOVE;
}

static gboolean
on_timer (gpointer user_data)
{
  MmFleetKeep *keep = user_data;

  if (!keep->changed || keep->writing || keep->part != 0 || !mm_fleet_table_is_loaded (keep->table)
      || !make_folder (keep))
    return G_SOURCE_CONTINUE;
  keep->changed = FALSE;
  keep->draft = mm_fleet_draft_new (keep->table, keep->owner);
  keep->part = g_idle_add (write_part, keep);
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
  if (!write_file (keep->file, bytes, &error))
    g_message ("the list could not be kept: %s", error->message);
}

void
mm_fleet_keep_stop (MmFleetKeep *keep, gboolean forget)
{
  if (keep->table == NULL)
    return;
  g_clear_handle_id (&keep->timer, g_source_remove);
  stop_parts (keep);
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

  stop_parts (keep);
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

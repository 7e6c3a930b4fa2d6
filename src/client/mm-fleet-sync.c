#define G_LOG_DOMAIN "mm-fleet"

#include "mm-fleet-sync.h"

#include "mm-json.h"

#define PAGE 1000 /* gateways per request: some 30 ms of a thread's work, 10 ms of this one's */
#define STALE_AFTER (60 * MM_SECOND) /* of a break: links may have run out, which nobody tells */
#define PAGES_MOST (MM_FLEET_MOST / PAGE)
#define NEWS_MOST 100000 /* kept at a time, whatever comes before a batch ends */
#define RETRY 5          /* seconds after a load that failed while the feed is live */

/* What the feed told, in its order. */
typedef struct
{
  MmFleetRecord record;
  char *removed; /* the ID if it is gone */
} News;

struct _MmFleetSync
{
  GObject parent;

  MmFleetTable *table;
  MmApi *api;
  MmLiveFeed *feed;
  GArray *news;              /* of News, not yet in the table */
  gboolean current;          /* loaded from the server, and followed since */
  GCancellable *cancellable; /* of the load that is under way */
  GHashTable *met;           /* the IDs it has met so far; NULL: none is under way */
  guint n_pages;             /* it has asked for */
  guint retry;
};

G_DEFINE_FINAL_TYPE (MmFleetSync, mm_fleet_sync, G_TYPE_OBJECT)

/* What the feed tells */

static void
news_clear (gpointer data)
{
  News *news = data;

  mm_fleet_record_clear (&news->record);
  g_free (news->removed);
}

/* Applies the news in their order; what was removed in between is a batch of its own only if it
 * came back afterwards, which is rare. */
static void
apply_news (MmFleetSync *sync)
{
  g_autoptr (GArray) news = g_steal_pointer (&sync->news);
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
  g_autoptr (GPtrArray) removed = g_ptr_array_new ();

  sync->news = g_array_new (FALSE, FALSE, sizeof (News));
  g_array_set_clear_func (sync->news, news_clear);
  for (guint i = 0; i < news->len; i++)
    {
      News *one = &g_array_index (news, News, i);

      if (one->removed == NULL)
        {
          g_array_append_val (records, one->record);
          one->record = (MmFleetRecord){ 0 };
          continue;
        }
      if (records->len > 0)
        {
          mm_fleet_table_apply (sync->table, records, removed);
          g_array_set_size (records, 0);
          g_ptr_array_set_size (removed, 0);
        }
      g_ptr_array_add (removed, one->removed);
    }
  if (records->len > 0 || removed->len > 0)
    mm_fleet_table_apply (sync->table, records, removed);
}

static void
add_news (MmFleetSync *sync, News news)
{
  g_array_append_val (sync->news, news);
  if (sync->news->len >= NEWS_MOST)
    apply_news (sync);
}

static void
on_gateway (MmFleetSync *sync, JsonObject *gateway)
{
  News news = { 0 };

  if (mm_fleet_record_read (&news.record, gateway))
    add_news (sync, news);
}

static void
on_removed (MmFleetSync *sync, const char *id)
{
  add_news (sync, (News){ .removed = g_strdup (id) });
}

static void
on_batch (MmFleetSync *sync)
{
  /* A page that is on its way may be older than what was told meanwhile, so that is applied after
   * the last one. Whatever changes between the two is told again. */
  if (sync->met == NULL)
    apply_news (sync);
}

/* Loading */

static void load_page (MmFleetSync *sync, const char *cursor);

typedef struct
{
  GArray *records;
  char *next;
} Page;

static void
page_free (Page *page)
{
  for (guint i = 0; i < page->records->len; i++)
    mm_fleet_record_clear (&g_array_index (page->records, MmFleetRecord, i));
  g_array_unref (page->records);
  g_free (page->next);
  g_free (page);
}

/* On a thread of its own: a page is a megabyte of JSON. */
static void
read_page (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GBytes *bytes = data;
  g_autoptr (JsonNode) answer
      = mm_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  JsonObject *root = mm_json_root (answer);
  JsonArray *gateways = mm_json_array (root, "gateways");
  Page *page;

  if (root == NULL)
    {
      g_task_return_error (task, mm_api_new_strange_error ());
      return;
    }
  page = g_new0 (Page, 1);
  page->records = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
  for (guint i = 0; i < mm_json_length (gateways); i++)
    {
      JsonObject *gateway = mm_json_element (gateways, i);
      MmFleetRecord record;

      if (gateway != NULL && mm_fleet_record_read (&record, gateway))
        g_array_append_val (page->records, record);
    }
  page->next = g_strdup (mm_json_text (root, "next"));
  g_task_return_pointer (task, page, (GDestroyNotify) page_free);
}

static void
stop_loading (MmFleetSync *sync)
{
  g_clear_handle_id (&sync->retry, g_source_remove);
  if (sync->cancellable != NULL)
    g_cancellable_cancel (sync->cancellable);
  g_clear_object (&sync->cancellable);
  g_clear_pointer (&sync->met, g_hash_table_unref);
}

static gboolean
on_retry (gpointer user_data)
{
  MmFleetSync *sync = user_data;

  sync->retry = 0;
  mm_fleet_sync_reload (sync);
  return G_SOURCE_REMOVE;
}

static void
fail (MmFleetSync *sync, GError *error)
{
  stop_loading (sync);
  apply_news (sync);
  g_debug ("the list could not be loaded: %s", error->message);
  mm_fleet_table_set_error (sync->table, error);
  /* Otherwise the feed brings the next try. */
  if (mm_live_feed_get_state (sync->feed) == MM_LIVE_LIVE)
    sync->retry = g_timeout_add_seconds (RETRY, on_retry, sync);
}

/* The list is whole: what is not in it is gone. */
static void
finish_load (MmFleetSync *sync)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  guint n;
  const MmFleetRecord *records = mm_fleet_table_peek (sync->table, &n);

  for (guint i = 0; i < n; i++)
    if (records[i].text != NULL && !g_hash_table_contains (sync->met, records[i].text))
      g_ptr_array_add (gone, g_strdup (records[i].text));
  mm_fleet_table_apply (sync->table, NULL, gone);
  g_clear_pointer (&sync->met, g_hash_table_unref);
  g_clear_object (&sync->cancellable);
  apply_news (sync);
  sync->current = TRUE;
  mm_fleet_table_set_live (sync->table, mm_live_feed_get_state (sync->feed) == MM_LIVE_LIVE);
  mm_fleet_table_set_error (sync->table, NULL);
  mm_fleet_table_set_loaded (sync->table, g_get_real_time ());
}

static void
on_page_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MmFleetSync *sync = MM_FLEET_SYNC (source);
  g_autoptr (GError) error = NULL;
  Page *page = g_task_propagate_pointer (G_TASK (result), &error);

  if (sync->cancellable != g_task_get_cancellable (G_TASK (result)))
    {
      g_clear_pointer (&page, page_free);
      return;
    }
  if (page == NULL)
    {
      fail (sync, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < page->records->len; i++)
    g_hash_table_add (sync->met, g_strdup (g_array_index (page->records, MmFleetRecord, i).text));
  mm_fleet_table_apply (sync->table, page->records, NULL);
  if (*page->next == '\0')
    finish_load (sync);
  else if (++sync->n_pages < PAGES_MOST && g_hash_table_size (sync->met) < MM_FLEET_MOST)
    load_page (sync, page->next);
  else
    fail (sync, mm_api_new_strange_error ());
  page_free (page);
}

static void
on_page (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MmFleetSync *sync = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = mm_api_fetch_finish (MM_API (source), result, &error);

  if (sync->cancellable != g_task_get_cancellable (task))
    {
      g_clear_pointer (&bytes, g_bytes_unref);
      g_task_return_error_if_cancelled (task);
      return;
    }
  if (bytes == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, bytes, (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, read_page);
}

static void
load_page (MmFleetSync *sync, const char *cursor)
{
  g_autofree char *escaped = g_uri_escape_string (cursor, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/api/v1/gateways?sort=id&limit=%d%s%s", PAGE,
                                           *cursor != '\0' ? "&cursor=" : "", escaped);

  mm_api_fetch_async (sync->api, "GET", path, NULL, NULL, sync->cancellable, on_page,
                      g_task_new (sync, sync->cancellable, on_page_read, NULL));
}

void
mm_fleet_sync_reload (MmFleetSync *sync)
{
  stop_loading (sync);
  sync->current = FALSE;
  sync->cancellable = g_cancellable_new ();
  sync->met = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sync->n_pages = 0;
  load_page (sync, "");
}

static void
on_feed_state (MmFleetSync *sync)
{
  gboolean live = mm_live_feed_get_state (sync->feed) == MM_LIVE_LIVE;
  gint64 gap = g_get_real_time () - mm_fleet_table_get_as_of (sync->table);

  mm_fleet_table_set_live (sync->table, live && sync->current);
  if (!live && sync->current)
    mm_fleet_table_set_loaded (sync->table, mm_live_feed_get_heard (sync->feed));
  else if (live && sync->met == NULL && (!sync->current || gap > STALE_AFTER))
    mm_fleet_sync_reload (sync);
}

/* The object */

void
mm_fleet_sync_stop (MmFleetSync *sync)
{
  stop_loading (sync);
  mm_fleet_table_set_live (sync->table, FALSE);
  g_signal_handlers_disconnect_by_data (sync->feed, sync);
}

static void
mm_fleet_sync_finalize (GObject *object)
{
  MmFleetSync *sync = MM_FLEET_SYNC (object);

  stop_loading (sync);
  g_array_unref (sync->news);
  g_clear_object (&sync->table);
  g_clear_object (&sync->api);
  g_clear_object (&sync->feed);
  G_OBJECT_CLASS (mm_fleet_sync_parent_class)->finalize (object);
}

static void
mm_fleet_sync_class_init (MmFleetSyncClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_fleet_sync_finalize;
}

static void
mm_fleet_sync_init (MmFleetSync *sync)
{
  sync->news = g_array_new (FALSE, FALSE, sizeof (News));
  g_array_set_clear_func (sync->news, news_clear);
}

MmFleetSync *
mm_fleet_sync_new (MmFleetTable *table, MmApi *api, MmLiveFeed *feed)
{
  MmFleetSync *sync = g_object_new (MM_TYPE_FLEET_SYNC, NULL);

  sync->table = g_object_ref (table);
  sync->api = g_object_ref (api);
  sync->feed = g_object_ref (feed);
  g_signal_connect_object (feed, "notify::state", G_CALLBACK (on_feed_state), sync,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "gateway", G_CALLBACK (on_gateway), sync, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "removed", G_CALLBACK (on_removed), sync, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "batch", G_CALLBACK (on_batch), sync, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "reset", G_CALLBACK (mm_fleet_sync_reload), sync,
                           G_CONNECT_SWAPPED);
  on_feed_state (sync);
  return sync;
}

#include "mm-alert-list.h"

#include "mm-json.h"

#include <string.h>

#define OPEN_PAGE 1000
#define PAST_PAGE 100
#define OPEN_MAX 5000

struct _MmAlertList
{
  GObject parent;

  MmApi *api;
  MmAlertListKind kind;
  GPtrArray *items;    /* MmAlertItem, in order */
  GHashTable *by_id;   /* the same by their IDs, which they own */
  GHashTable *pending; /* ID → JsonObject, from the feed, until its batch ends */
  GPtrArray *loading;  /* items of the pages so far; NULL: not loading */
  gboolean adds;       /* what is loaded adds to what is there */
  gboolean again;      /* to be loaded anew when that has ended */
  gboolean is_loaded;
  gboolean early; /* asked for before the feed began: what came between is in neither */
  char *next;     /* cursor; NULL: no further page */
  GError *error;
  GCancellable *cancellable;
};

static void model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MmAlertList,
                               mm_alert_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, model_init))

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  MmAlertList *list = user_data;
  MmAlertItem *first = *(MmAlertItem *const *) a;
  MmAlertItem *second = *(MmAlertItem *const *) b;

  return list->kind == MM_ALERT_LIST_OPEN ? mm_alert_item_compare_open (first, second)
                                          : mm_alert_item_compare_past (first, second);
}

/* Puts @items (transfer full) in the place of what is there: one change, of the part that differs.
 */
static void
replace (MmAlertList *list, GPtrArray *items)
{
  g_autoptr (GPtrArray) earlier = list->items;
  guint head = 0, tail = 0;

  g_ptr_array_sort_with_data (items, compare, list);
  while (head < MIN (earlier->len, items->len) && earlier->pdata[head] == items->pdata[head])
    head++;
  while (tail < MIN (earlier->len, items->len) - head
         && earlier->pdata[earlier->len - 1 - tail] == items->pdata[items->len - 1 - tail])
    tail++;
  list->items = items;
  g_hash_table_remove_all (list->by_id);
  for (guint i = 0; i < items->len; i++)
    g_hash_table_insert (list->by_id, g_strdup (mm_alert_item_get_id (items->pdata[i])),
                         items->pdata[i]);
  if (earlier->len - head - tail > 0 || items->len - head - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (list), head, earlier->len - head - tail,
                                items->len - head - tail);
  g_signal_emit (list, signals[CHANGED], 0);
}

static gboolean
belongs (MmAlertList *list, JsonObject *alert)
{
  gboolean over = strcmp (mm_json_text (alert, "state"), "recovered") == 0;

  return over == (list->kind == MM_ALERT_LIST_PAST);
}

/* Whether @alert is older than all that was loaded: its page will bring it. */
static gboolean
is_beyond (MmAlertList *list, JsonObject *alert)
{
  return list->kind == MM_ALERT_LIST_PAST && list->next != NULL && list->items->len > 0
         && mm_json_time (alert, "opened")
                < mm_json_time (mm_alert_item_get_alert (list->items->pdata[list->items->len - 1]),
                                "opened");
}

/* The item for @alert, the one that is there if it is. */
static MmAlertItem *
item_of (MmAlertList *list, JsonObject *alert)
{
  MmAlertItem *item = g_hash_table_lookup (list->by_id, mm_json_text (alert, "id"));

  if (item == NULL)
    return mm_alert_item_new (alert);
  mm_alert_item_set_alert (item, alert);
  return g_object_ref (item);
}

/* What the feed said since the last time. */
static void
apply (MmAlertList *list)
{
  GPtrArray *items;
  GHashTableIter iter;
  gpointer id, alert;

  if (!list->is_loaded || list->loading != NULL || g_hash_table_size (list->pending) == 0)
    return;
  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < list->items->len; i++)
    if (!g_hash_table_contains (list->pending, mm_alert_item_get_id (list->items->pdata[i])))
      g_ptr_array_add (items, g_object_ref (list->items->pdata[i]));
  g_hash_table_iter_init (&iter, list->pending);
  while (g_hash_table_iter_next (&iter, &id, &alert))
    if (belongs (list, alert)
        && (g_hash_table_contains (list->by_id, id) || !is_beyond (list, alert)))
      g_ptr_array_add (items, item_of (list, alert));
  g_hash_table_remove_all (list->pending);
  replace (list, items);
}

/* Loading */

static void ask (MmAlertList *list);

static void
finish (MmAlertList *list)
{
  g_clear_pointer (&list->loading, g_ptr_array_unref);
  if (list->again)
    {
      list->again = FALSE;
      mm_alert_list_reload (list);
    }
  else
    apply (list);
}

static void
take_page (MmAlertList *list, JsonObject *page)
{
  JsonArray *alerts = mm_json_array (page, "alerts");
  const char *next = mm_json_text (page, "next");

  for (guint i = 0; i < mm_json_length (alerts); i++)
    if (mm_json_element (alerts, i) != NULL)
      g_ptr_array_add (list->loading, item_of (list, mm_json_element (alerts, i)));
  g_free (list->next);
  list->next = *next != '\0' ? g_strdup (next) : NULL;
}

/* Those that are there already come first, so that none is in the list twice. */
static GPtrArray *
merged (MmAlertList *list)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint part = list->adds ? 0 : 1; part < 2; part++)
    {
      GPtrArray *some = part == 0 ? list->items : list->loading;

      for (guint i = 0; i < some->len; i++)
        if (g_hash_table_add (ids, (gpointer) mm_alert_item_get_id (some->pdata[i])))
          g_ptr_array_add (items, g_object_ref (some->pdata[i]));
    }
  return items;
}

static void
on_page (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmAlertList) list = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonObject *page = mm_json_root (answer);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_error (&list->error);
  if (page == NULL)
    {
      list->error = error != NULL ? g_steal_pointer (&error) : mm_api_new_strange_error ();
      g_signal_emit (list, signals[CHANGED], 0);
      finish (list);
      return;
    }
  take_page (list, page);
  /* An empty page that names a next one would be asked for without end. */
  if (list->kind == MM_ALERT_LIST_OPEN && list->next != NULL && list->loading->len < OPEN_MAX
      && mm_json_length (mm_json_array (page, "alerts")) > 0)
    {
      ask (list);
      return;
    }
  list->is_loaded = TRUE;
  replace (list, merged (list));
  finish (list);
}

static void
ask (MmAlertList *list)
{
  gboolean open = list->kind == MM_ALERT_LIST_OPEN;
  g_autofree char *cursor
      = list->next != NULL ? g_uri_escape_string (list->next, NULL, FALSE) : NULL;
  g_autofree char *path
      = g_strdup_printf ("/api/v1/alerts?state=%s&limit=%d%s%s", open ? "open" : "recovered",
                         open ? OPEN_PAGE : PAST_PAGE, cursor != NULL ? "&cursor=" : "",
                         cursor != NULL ? cursor : "");

  mm_api_send_async (list->api, "GET", path, NULL, list->cancellable, on_page, g_object_ref (list));
}

void
mm_alert_list_reload (MmAlertList *list)
{
  if (list->loading != NULL)
    {
      list->again = TRUE;
      return;
    }
  list->loading = g_ptr_array_new_with_free_func (g_object_unref);
  list->adds = FALSE;
  g_clear_pointer (&list->next, g_free);
  ask (list);
}

void
mm_alert_list_load_more (MmAlertList *list)
{
  if (list->loading != NULL || list->next == NULL)
    return;
  list->loading = g_ptr_array_new_with_free_func (g_object_unref);
  list->adds = TRUE;
  ask (list);
}

gboolean
mm_alert_list_is_loaded (MmAlertList *list)
{
  return list->is_loaded;
}

gboolean
mm_alert_list_has_more (MmAlertList *list)
{
  return list->next != NULL;
}

const GError *
mm_alert_list_get_error (MmAlertList *list)
{
  return list->error;
}

MmAlertItem *
mm_alert_list_find (MmAlertList *list, const char *id)
{
  return g_hash_table_lookup (list->by_id, id);
}

guint
mm_alert_list_count_unknown (MmAlertList *list)
{
  guint n = 0;

  for (guint i = 0; i < list->items->len; i++)
    if (!mm_alert_item_is_acknowledged (list->items->pdata[i]))
      n++;
  return n;
}

/* The feed */

static void
on_alert (MmAlertList *list, JsonObject *alert)
{
  g_hash_table_insert (list->pending, g_strdup (mm_json_text (alert, "id")),
                       json_object_ref (alert));
}

static void
on_removed (MmAlertList *list, const char *gateway)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < list->items->len; i++)
    {
      JsonObject *alert = mm_alert_item_get_alert (list->items->pdata[i]);

      if (strcmp (mm_json_text (alert, "gateway"), gateway) != 0)
        g_ptr_array_add (items, g_object_ref (list->items->pdata[i]));
    }
  replace (list, items);
}

/* What failed while the server was away is tried again when it is back. A feed that was away goes
 * on where it ended, but it begins with its present. */
static void
on_feed_state (MmAlertList *list, GParamSpec *pspec, MmLiveFeed *feed)
{
  if (mm_live_feed_get_state (feed) != MM_LIVE_LIVE || !(list->early || list->error != NULL))
    return;
  list->early = FALSE;
  mm_alert_list_reload (list);
}

/* The object */

static GType
get_item_type (GListModel *model)
{
  return MM_TYPE_ALERT_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return MM_ALERT_LIST (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  GPtrArray *items = MM_ALERT_LIST (model)->items;

  return position < items->len ? g_object_ref (items->pdata[position]) : NULL;
}

static void
model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
mm_alert_list_dispose (GObject *object)
{
  MmAlertList *list = MM_ALERT_LIST (object);

  g_cancellable_cancel (list->cancellable);
  g_clear_object (&list->api);
  G_OBJECT_CLASS (mm_alert_list_parent_class)->dispose (object);
}

static void
mm_alert_list_finalize (GObject *object)
{
  MmAlertList *list = MM_ALERT_LIST (object);

  g_object_unref (list->cancellable);
  g_hash_table_unref (list->by_id);
  g_hash_table_unref (list->pending);
  g_ptr_array_unref (list->items);
  g_clear_pointer (&list->loading, g_ptr_array_unref);
  g_clear_error (&list->error);
  g_free (list->next);
  G_OBJECT_CLASS (mm_alert_list_parent_class)->finalize (object);
}

static void
mm_alert_list_class_init (MmAlertListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mm_alert_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_alert_list_finalize;
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_ALERT_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
mm_alert_list_init (MmAlertList *list)
{
  list->items = g_ptr_array_new_with_free_func (g_object_unref);
  list->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  list->pending
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  list->cancellable = g_cancellable_new ();
}

MmAlertList *
mm_alert_list_new (MmApi *api, MmLiveFeed *feed, MmAlertListKind kind)
{
  MmAlertList *list = g_object_new (MM_TYPE_ALERT_LIST, NULL);

  list->api = g_object_ref (api);
  list->kind = kind;
  list->early = mm_live_feed_get_state (feed) != MM_LIVE_LIVE;
  g_signal_connect_object (feed, "alert", G_CALLBACK (on_alert), list, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "batch", G_CALLBACK (apply), list, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "removed", G_CALLBACK (on_removed), list, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "reset", G_CALLBACK (mm_alert_list_reload), list,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "notify::state", G_CALLBACK (on_feed_state), list,
                           G_CONNECT_SWAPPED);
  mm_alert_list_reload (list);
  return list;
}

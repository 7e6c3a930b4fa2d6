/* Three arrays of slots say everything: `order`, all gateways in their order; `passes`, a byte for
 * each slot; `rows`, those of `order` that pass. A filter is one walk over the records in the order
 * of memory and one over `order`, which is why it takes milliseconds for 100,000. A batch of few
 * changes takes those out of `order` and merges them in again.
 *
 * While rows are held, `rows` stays as it is, and `order` too; both are made anew by settling. */
#include "mm-fleet-model.h"

#include "mm-fleet-ranges.h"

#include <string.h>

#define PASSES 1                  /* everything but the status */
#define PASSES_STATUS 2           /* the status too */
#define MOVED MM_FLEET_SLOT_MOVED /* it is being merged in again */
#define SHOWN MM_FLEET_SLOT_SHOWN
#define MANY 16 /* more than one of so many gateways changed: sorting all is as quick */

struct _MmFleetModel
{
  GObject parent;

  MmFleetTable *table;
  MmFleetFilter *filter;
  MmFleetColumn column;
  gboolean descending;
  gboolean held;

  GArray *order;       /* of guint32 */
  GArray *rows;        /* of guint32 */
  GByteArray *passes;  /* by slot */
  GHashTable *items;   /* slot → MmFleetItem, which takes itself out */
  GHashTable *waiting; /* slots whose row is not what it would be */
  guint n_waiting;     /* as last told */
  guint counts[MM_N_STATUSES];
};

enum
{
  PROP_WAITING = 1,
  N_PROPS
};

enum
{
  COUNTED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MmFleetModel,
                               mm_fleet_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* The list */

static guint32
row_at (MmFleetModel *model, guint position)
{
  return g_array_index (model->rows, guint32, position);
}

static const MmFleetRecord *
record_of (MmFleetModel *model, guint32 slot)
{
  guint n;

  return mm_fleet_table_peek (model->table, &n) + slot;
}

static GType
get_item_type (GListModel *list)
{
  return MM_TYPE_FLEET_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  return MM_FLEET_MODEL (list)->rows->len;
}

static void
forget_item (gpointer data, guint32 slot)
{
  g_hash_table_remove (MM_FLEET_MODEL (data)->items, GUINT_TO_POINTER (slot));
}

static gpointer
get_item (GListModel *list, guint position)
{
  MmFleetModel *model = MM_FLEET_MODEL (list);
  MmFleetItem *item;
  guint32 slot;

  if (position >= model->rows->len)
    return NULL;
  slot = row_at (model, position);
  item = g_hash_table_lookup (model->items, GUINT_TO_POINTER (slot));
  if (item != NULL)
    return g_object_ref (item);
  item = mm_fleet_item_new (model->table, slot, forget_item, model);
  g_hash_table_insert (model->items, GUINT_TO_POINTER (slot), item);
  return item;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Filtering and sorting */

static void
tell_waiting (MmFleetModel *model)
{
  guint n = g_hash_table_size (model->waiting);

  if (n == model->n_waiting)
    return;
  model->n_waiting = n;
  g_object_notify_by_pspec (G_OBJECT (model), props[PROP_WAITING]);
}

/* Whether @slot passes; the bytes are there. Counts it. */
static void
judge (MmFleetModel *model, const MmFleetTest *test, const MmFleetRecord *records, guint32 slot)
{
  const MmFleetRecord *record = &records[slot];
  guint8 *byte = &model->passes->data[slot];

  *byte &= (guint8) ~(PASSES | PASSES_STATUS);
  if (record->text == NULL || !mm_fleet_test_passes (test, record))
    return;
  *byte |= PASSES;
  if (mm_fleet_test_passes_status (test, record))
    *byte |= PASSES_STATUS;
}

static MmFleetTest *
make_test (MmFleetModel *model)
{
  return mm_fleet_test_new (model->filter, g_get_real_time ());
}

static void
make_room (MmFleetModel *model)
{
  guint old = model->passes->len, n;

  mm_fleet_table_peek (model->table, &n);
  if (n <= old)
    return;
  g_byte_array_set_size (model->passes, n);
  memset (model->passes->data + old, 0, n - old);
}

static void
count_all (MmFleetModel *model)
{
  guint n;
  const MmFleetRecord *records = mm_fleet_table_peek (model->table, &n);
  guint counts[MM_N_STATUSES] = { 0 };

  for (guint i = 0; i < MIN (n, model->passes->len); i++)
    if (model->passes->data[i] & PASSES)
      counts[records[i].status]++;
  if (memcmp (counts, model->counts, sizeof counts) == 0)
    return;
  memcpy (model->counts, counts, sizeof counts);
  g_signal_emit (model, signals[COUNTED], 0);
}

static void
judge_all (MmFleetModel *model)
{
  g_autoptr (MmFleetTest) test = make_test (model);
  guint n;
  const MmFleetRecord *records = mm_fleet_table_peek (model->table, &n);

  make_room (model);
  for (guint i = 0; i < n; i++)
    judge (model, test, records, i);
}

static void
sort_all (MmFleetModel *model)
{
  guint n = mm_fleet_table_get_size (model->table), slots;
  const MmFleetRecord *records = mm_fleet_table_peek (model->table, &slots);

  g_array_set_size (model->order, 0);
  g_array_append_vals (model->order, mm_fleet_table_by_id (model->table), n);
  mm_fleet_sort (records, (guint32 *) (gpointer) model->order->data, n, model->column,
                 model->descending);
}

/* Takes @rows for the present ones and tells the difference. @in_parts: each range as the list is
 * then; none of the earlier rows may be gone for good. */
static void
replace_rows (MmFleetModel *model, GArray *rows, gboolean in_parts)
{
  g_autoptr (GArray) next = rows;
  MmFleetRange ranges[MM_FLEET_RANGES_MOST];
  guint n = mm_fleet_ranges_find (model->rows, next, model->passes->data, in_parts, ranges);

  for (guint i = 0; i < n; i++)
    {
      MmFleetRange *range = &ranges[i];

      g_array_remove_range (model->rows, range->at, range->n_gone);
      g_array_insert_vals (model->rows, range->at, (guint32 *) (gpointer) next->data + range->at,
                           range->n_come);
      g_list_model_items_changed (G_LIST_MODEL (model), range->at, range->n_gone, range->n_come);
    }
}

/* The rows are those of the order that pass. @in_parts as above. */
static void
gather (MmFleetModel *model, gboolean in_parts)
{
  const guint32 *order = (const guint32 *) (gpointer) model->order->data;
  GArray *rows = g_array_sized_new (FALSE, FALSE, sizeof (guint32), model->order->len);

  for (guint i = 0; i < model->order->len; i++)
    if (model->passes->data[order[i]] & PASSES_STATUS)
      g_array_append_val (rows, order[i]);
  g_hash_table_remove_all (model->waiting);
  replace_rows (model, rows, in_parts);
  count_all (model);
  tell_waiting (model);
}

void
mm_fleet_model_settle (MmFleetModel *model)
{
  judge_all (model);
  sort_all (model);
  gather (model, FALSE);
}

/* Changes */

static int
compare_slots (gconstpointer a, gconstpointer b, gpointer data)
{
  MmFleetModel *model = data;

  return mm_fleet_compare (record_of (model, *(const guint32 *) a),
                           record_of (model, *(const guint32 *) b), model->column,
                           model->descending);
}

static void
mark (MmFleetModel *model, const GArray *slots, gboolean moved)
{
  for (guint i = 0; i < slots->len; i++)
    {
      guint8 *byte = &model->passes->data[g_array_index (slots, guint32, i)];
      *byte = (guint8) (moved ? *byte | MOVED : *byte & ~MOVED);
    }
}

/* Takes the slots of @changed, which are marked, out of the order, and those that are gone, and
 * merges the others in where they belong now. @changed is sorted by this and holds none twice. */
static void
merge (MmFleetModel *model, GArray *changed)
{
  g_autoptr (GArray) old = g_steal_pointer (&model->order);
  guint n, next = 0;
  const MmFleetRecord *records = mm_fleet_table_peek (model->table, &n);

  g_array_sort_with_data (changed, compare_slots, model);
  model->order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), old->len + changed->len);
  for (guint i = 0; i < old->len; i++)
    {
      guint32 slot = g_array_index (old, guint32, i);

      if (model->passes->data[slot] & MOVED || records[slot].text == NULL)
        continue;
      while (next < changed->len
             && compare_slots (&g_array_index (changed, guint32, next), &slot, model) < 0)
        g_array_append_val (model->order, g_array_index (changed, guint32, next++));
      g_array_append_val (model->order, slot);
    }
  while (next < changed->len)
    g_array_append_val (model->order, g_array_index (changed, guint32, next++));
}

/* The rows without those that are gone. */
static void
drop_gone (MmFleetModel *model)
{
  guint n;
  const MmFleetRecord *records = mm_fleet_table_peek (model->table, &n);
  GArray *rows = g_array_sized_new (FALSE, FALSE, sizeof (guint32), model->rows->len);

  for (guint i = 0; i < model->rows->len; i++)
    {
      guint32 slot = row_at (model, i);

      if (records[slot].text != NULL)
        g_array_append_val (rows, slot);
    }
  replace_rows (model, rows, FALSE);
}

/* Whether the rows of @slot and its neighbours are in their order. */
static gboolean
is_in_place (MmFleetModel *model, guint position)
{
  const guint32 *rows = (const guint32 *) (gpointer) model->rows->data;

  return (position == 0 || compare_slots (&rows[position - 1], &rows[position], model) < 0)
         && (position + 1 == model->rows->len
             || compare_slots (&rows[position], &rows[position + 1], model) < 0);
}

/* Notes which of @changed are not where they would be. */
static void
note_waiting (MmFleetModel *model, GArray *changed)
{
  g_autoptr (GHashTable) positions = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < changed->len; i++)
    {
      guint32 slot = g_array_index (changed, guint32, i);
      guint8 byte = model->passes->data[slot];

      if (byte & SHOWN && byte & PASSES_STATUS)
        g_hash_table_add (positions, GUINT_TO_POINTER (slot));
      else if ((byte & SHOWN) != 0 || (byte & PASSES_STATUS) != 0)
        g_hash_table_add (model->waiting, GUINT_TO_POINTER (slot));
      else
        g_hash_table_remove (model->waiting, GUINT_TO_POINTER (slot));
    }
  if (g_hash_table_size (positions) == 0)
    return;
  for (guint i = 0; i < model->rows->len; i++)
    {
      gpointer key = GUINT_TO_POINTER (row_at (model, i));

      if (!g_hash_table_contains (positions, key))
        continue;
      if (is_in_place (model, i))
        g_hash_table_remove (model->waiting, key);
      else
        g_hash_table_add (model->waiting, key);
    }
}

static void
forget_items (MmFleetModel *model, GArray *removed)
{
  for (guint i = 0; i < removed->len; i++)
    {
      guint32 slot = g_array_index (removed, guint32, i);
      MmFleetItem *item = g_hash_table_lookup (model->items, GUINT_TO_POINTER (slot));

      if (item != NULL)
        mm_fleet_item_detach (item);
      g_hash_table_remove (model->items, GUINT_TO_POINTER (slot));
      g_hash_table_remove (model->waiting, GUINT_TO_POINTER (slot));
      model->passes->data[slot] &= (guint8) ~(PASSES | PASSES_STATUS);
    }
}

static void
tell_items (MmFleetModel *model, GArray *changed)
{
  for (guint i = 0; i < changed->len && g_hash_table_size (model->items) > 0; i++)
    {
      guint32 slot = g_array_index (changed, guint32, i);
      g_autoptr (MmFleetItem) item = g_hash_table_lookup (model->items, GUINT_TO_POINTER (slot));

      if (item == NULL)
        continue;
      mm_fleet_item_tell_changed (g_object_ref (item));
    }
}

/* Those of @slots once each, and judged. */
static GArray *
take_changed (MmFleetModel *model, GArray *slots)
{
  g_autoptr (MmFleetTest) test = make_test (model);
  GArray *changed = g_array_sized_new (FALSE, FALSE, sizeof (guint32), slots->len);
  guint n;
  const MmFleetRecord *records = mm_fleet_table_peek (model->table, &n);

  for (guint i = 0; i < slots->len; i++)
    {
      guint32 slot = g_array_index (slots, guint32, i);

      if (model->passes->data[slot] & MOVED)
        continue;
      judge (model, test, records, slot);
      model->passes->data[slot] |= MOVED;
      g_array_append_val (changed, slot);
    }
  mark (model, changed, FALSE);
  return changed;
}

static void
on_table_changed (MmFleetModel *model, const MmFleetChanges *changes)
{
  g_autoptr (GArray) changed = NULL;

  make_room (model);
  forget_items (model, changes->removed);
  if (!model->held && changes->slots->len > mm_fleet_table_get_size (model->table) / MANY)
    {
      mm_fleet_model_settle (model);
      tell_items (model, changes->slots);
      return;
    }
  changed = take_changed (model, changes->slots);
  if (changes->removed->len > 0)
    drop_gone (model);
  if (model->held)
    {
      note_waiting (model, changed);
      count_all (model);
      tell_waiting (model);
    }
  else
    {
      mark (model, changed, TRUE);
      merge (model, changed);
      gather (model, TRUE);
      mark (model, changed, FALSE);
    }
  tell_items (model, changed);
}

/* What is shown */

const MmFleetFilter *
mm_fleet_model_get_filter (MmFleetModel *model)
{
  return model->filter;
}

void
mm_fleet_model_set_filter (MmFleetModel *model, const MmFleetFilter *filter)
{
  MmFleetFilter *copy = mm_fleet_filter_copy (filter);

  mm_fleet_filter_free (model->filter);
  model->filter = copy;
  judge_all (model);
  /* While rows were held, what changed was not put into the order. */
  if (model->held)
    sort_all (model);
  gather (model, FALSE);
}

MmFleetColumn
mm_fleet_model_get_column (MmFleetModel *model)
{
  return model->column;
}

gboolean
mm_fleet_model_get_descending (MmFleetModel *model)
{
  return model->descending;
}

void
mm_fleet_model_set_order (MmFleetModel *model, MmFleetColumn column, gboolean descending)
{
  if (model->column == column && model->descending == descending)
    return;
  model->column = column;
  model->descending = descending;
  sort_all (model);
  gather (model, FALSE);
}

void
mm_fleet_model_hold (MmFleetModel *model, gboolean hold)
{
  if (model->held == hold)
    return;
  model->held = hold;
  if (!hold)
    mm_fleet_model_settle (model);
}

guint
mm_fleet_model_get_waiting (MmFleetModel *model)
{
  return model->n_waiting;
}

guint
mm_fleet_model_count (MmFleetModel *model, MmStatus status)
{
  return model->counts[status];
}

const MmFleetRecord *
mm_fleet_model_peek (MmFleetModel *model, guint position)
{
  return record_of (model, row_at (model, position));
}

gboolean
mm_fleet_model_find (MmFleetModel *model, const char *id, guint *position)
{
  guint32 slot;

  if (!mm_fleet_table_find (model->table, id, &slot))
    return FALSE;
  for (guint i = 0; i < model->rows->len; i++)
    if (row_at (model, i) == slot)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}

/* The object */

static void
mm_fleet_model_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_WAITING)
    g_value_set_uint (value, MM_FLEET_MODEL (object)->n_waiting);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mm_fleet_model_finalize (GObject *object)
{
  MmFleetModel *model = MM_FLEET_MODEL (object);
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, model->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    mm_fleet_item_detach (item);
  g_hash_table_unref (model->items);
  g_hash_table_unref (model->waiting);
  g_array_unref (model->order);
  g_array_unref (model->rows);
  g_byte_array_unref (model->passes);
  mm_fleet_filter_free (model->filter);
  g_object_unref (model->table);
  G_OBJECT_CLASS (mm_fleet_model_parent_class)->finalize (object);
}

static void
mm_fleet_model_class_init (MmFleetModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = mm_fleet_model_finalize;
  object_class->get_property = mm_fleet_model_get_property;
  props[PROP_WAITING] = g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[COUNTED] = g_signal_new ("counted", MM_TYPE_FLEET_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
mm_fleet_model_init (MmFleetModel *model)
{
  model->filter = mm_fleet_filter_new ();
  model->order = g_array_new (FALSE, FALSE, sizeof (guint32));
  model->rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  model->passes = g_byte_array_new ();
  model->items = g_hash_table_new (NULL, NULL);
  model->waiting = g_hash_table_new (NULL, NULL);
}

MmFleetModel *
mm_fleet_model_new (MmFleetTable *table)
{
  MmFleetModel *model = g_object_new (MM_TYPE_FLEET_MODEL, NULL);

  model->table = g_object_ref (table);
  g_signal_connect_object (table, "changed", G_CALLBACK (on_table_changed), model,
                           G_CONNECT_SWAPPED);
  mm_fleet_model_settle (model);
  return model;
}

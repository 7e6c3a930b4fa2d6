#define G_LOG_DOMAIN "mm-fleet"

#include "mm-fleet-table.h"

#include <string.h>

struct _MmFleetTable
{
  GObject parent;

  MmFleetRecord *records; /* by slot; no GArray, which would take up to twice the room */
  guint n_slots;
  guint room;
  GArray *free;  /* of guint32 */
  GArray *by_id; /* of guint32 */
  guint counts[MM_N_STATUSES];
  guint n_alerts;

  gboolean loaded;
  gboolean live;
  gint64 as_of;
  GError *error;
};

G_DEFINE_FINAL_TYPE (MmFleetTable, mm_fleet_table, G_TYPE_OBJECT)

enum
{
  PROP_LOADED = 1,
  PROP_ERROR,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static MmFleetRecord *
record_at (MmFleetTable *table, guint32 slot)
{
  return &table->records[slot];
}

/* IDs */

/* Where @id is or would be in by_id. */
static guint
place_of (MmFleetTable *table, const char *id)
{
  guint low = 0, high = table->by_id->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      guint32 slot = g_array_index (table->by_id, guint32, middle);

      if (strcmp (record_at (table, slot)->text, id) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
mm_fleet_table_find (MmFleetTable *table, const char *id, guint32 *slot)
{
  guint place = place_of (table, id);

  if (place == table->by_id->len)
    return FALSE;
  *slot = g_array_index (table->by_id, guint32, place);
  return strcmp (record_at (table, *slot)->text, id) == 0;
}

static int
compare_ids (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (record_at (data, *(const guint32 *) a)->text,
                 record_at (data, *(const guint32 *) b)->text);
}

/* Puts the new slots @added into by_id, from the back. */
static void
merge_ids (MmFleetTable *table, GArray *added)
{
  guint old = table->by_id->len, at = old + added->len, n = added->len;

  g_array_sort_with_data (added, compare_ids, table);
  g_array_set_size (table->by_id, at);
  while (n > 0)
    {
      guint32 *ids = (guint32 *) (gpointer) table->by_id->data;
      guint32 slot = g_array_index (added, guint32, n - 1);

      if (old > 0 && compare_ids (&ids[old - 1], &slot, table) > 0)
        ids[--at] = ids[--old];
      else
        {
          ids[--at] = slot;
          n--;
        }
    }
}

/* Changing */

static void
count (MmFleetTable *table, const MmFleetRecord *record, gboolean there)
{
  if (there)
    {
      table->counts[record->status]++;
      table->n_alerts += record->n_open;
    }
  else
    {
      table->counts[record->status]--;
      table->n_alerts -= record->n_open;
    }
}

static void
remove_gateways (MmFleetTable *table, GPtrArray *ids, MmFleetChanges *changes)
{
  g_autofree guint8 *is_gone = g_malloc0 (table->n_slots + 1);
  guint kept = 0;

  for (guint i = 0; i < ids->len; i++)
    {
      guint32 slot;

      if (!mm_fleet_table_find (table, ids->pdata[i], &slot) || is_gone[slot])
        continue;
      is_gone[slot] = TRUE;
      count (table, record_at (table, slot), FALSE);
      g_array_append_val (changes->removed, slot);
    }
  if (changes->removed->len == 0)
    return;
  for (guint i = 0; i < table->by_id->len; i++)
    {
      guint32 slot = g_array_index (table->by_id, guint32, i);

      if (!is_gone[slot])
        g_array_index (table->by_id, guint32, kept++) = slot;
    }
  g_array_set_size (table->by_id, kept);
  for (guint i = 0; i < changes->removed->len; i++)
    mm_fleet_record_clear (record_at (table, g_array_index (changes->removed, guint32, i)));
}

static guint32
take_slot (MmFleetTable *table)
{
  if (table->free->len > 0)
    {
      guint32 slot = g_array_index (table->free, guint32, table->free->len - 1);

      g_array_set_size (table->free, table->free->len - 1);
      return slot;
    }
  if (table->n_slots == table->room)
    {
      table->room += table->room / 32 + 64;
      table->records = g_renew (MmFleetRecord, table->records, table->room);
    }
  table->records[table->n_slots] = (MmFleetRecord){ 0 };
  return table->n_slots++;
}

/* Takes @record; one that comes twice in a batch as a new one is found by its place in @added. */
static void
put_gateway (MmFleetTable *table, MmFleetRecord *record, GHashTable *added, MmFleetChanges *changes)
{
  gpointer known;
  guint32 slot;
  gboolean is_new = !mm_fleet_table_find (table, record->text, &slot);

  if (is_new && g_hash_table_lookup_extended (added, record->text, NULL, &known))
    {
      slot = GPOINTER_TO_UINT (known);
      g_hash_table_steal (added, record->text);
    }
  else if (is_new && table->by_id->len + g_hash_table_size (added) >= MM_FLEET_MOST)
    {
      mm_fleet_record_clear (record);
      return;
    }
  else if (is_new)
    {
      slot = take_slot (table);
      g_array_append_val (changes->slots, slot);
    }
  else if (mm_fleet_record_equal (record_at (table, slot), record))
    {
      mm_fleet_record_clear (record);
      return;
    }
  else
    g_array_append_val (changes->slots, slot);
  if (record_at (table, slot)->text != NULL)
    {
      count (table, record_at (table, slot), FALSE);
      mm_fleet_record_clear (record_at (table, slot));
    }
  *record_at (table, slot) = *record;
  *record = (MmFleetRecord){ 0 };
  count (table, record_at (table, slot), TRUE);
  if (is_new)
    g_hash_table_insert (added, record_at (table, slot)->text, GUINT_TO_POINTER (slot));
}

void
mm_fleet_table_apply (MmFleetTable *table, GArray *records, GPtrArray *removed)
{
  g_autoptr (GArray) slots = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) new_slots = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) added = g_hash_table_new (g_str_hash, g_str_equal);
  MmFleetChanges changes = { slots, gone, FALSE };
  GHashTableIter iter;
  gpointer slot;

  if (removed != NULL)
    remove_gateways (table, removed, &changes);
  for (guint i = 0; records != NULL && i < records->len; i++)
    put_gateway (table, &g_array_index (records, MmFleetRecord, i), added, &changes);
  g_hash_table_iter_init (&iter, added);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    {
      guint32 number = GPOINTER_TO_UINT (slot);

      g_array_append_val (new_slots, number);
    }
  merge_ids (table, new_slots);
  changes.added = new_slots->len > 0;
  if (slots->len > 0 || gone->len > 0)
    g_signal_emit (table, signals[CHANGED], 0, &changes);
  g_array_append_vals (table->free, gone->data, gone->len);
}

/* The object */

void
mm_fleet_table_set_loaded (MmFleetTable *table, gint64 as_of)
{
  table->as_of = as_of;
  if (table->loaded)
    return;
  table->loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (table), props[PROP_LOADED]);
}

void
mm_fleet_table_set_live (MmFleetTable *table, gboolean live)
{
  table->live = live;
}

void
mm_fleet_table_set_error (MmFleetTable *table, GError *error)
{
  if (table->error == NULL && error == NULL)
    return;
  g_clear_error (&table->error);
  table->error = error;
  g_object_notify_by_pspec (G_OBJECT (table), props[PROP_ERROR]);
}

gboolean
mm_fleet_table_is_loaded (MmFleetTable *table)
{
  return table->loaded;
}

const GError *
mm_fleet_table_get_error (MmFleetTable *table)
{
  return table->error;
}

gint64
mm_fleet_table_get_as_of (MmFleetTable *table)
{
  return table->live ? g_get_real_time () : table->as_of;
}

guint
mm_fleet_table_get_size (MmFleetTable *table)
{
  return table->by_id->len;
}

guint
mm_fleet_table_count (MmFleetTable *table, MmStatus status)
{
  return table->counts[status];
}

guint
mm_fleet_table_count_alerts (MmFleetTable *table)
{
  return table->n_alerts;
}

const MmFleetRecord *
mm_fleet_table_peek (MmFleetTable *table, guint *n)
{
  *n = table->n_slots;
  return table->records;
}

const guint32 *
mm_fleet_table_by_id (MmFleetTable *table)
{
  return (const guint32 *) (gpointer) table->by_id->data;
}

static void
mm_fleet_table_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MmFleetTable *table = MM_FLEET_TABLE (object);

  switch (id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, table->loaded);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, table->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mm_fleet_table_finalize (GObject *object)
{
  MmFleetTable *table = MM_FLEET_TABLE (object);

  for (guint i = 0; i < table->n_slots; i++)
    mm_fleet_record_clear (record_at (table, i));
  g_free (table->records);
  g_array_unref (table->free);
  g_array_unref (table->by_id);
  g_clear_error (&table->error);
  G_OBJECT_CLASS (mm_fleet_table_parent_class)->finalize (object);
}

static void
mm_fleet_table_class_init (MmFleetTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = mm_fleet_table_finalize;
  object_class->get_property = mm_fleet_table_get_property;
  props[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_FLEET_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
mm_fleet_table_init (MmFleetTable *table)
{
  table->free = g_array_new (FALSE, FALSE, sizeof (guint32));
  table->by_id = g_array_new (FALSE, FALSE, sizeof (guint32));
}

MmFleetTable *
mm_fleet_table_new (void)
{
  return g_object_new (MM_TYPE_FLEET_TABLE, NULL);
}

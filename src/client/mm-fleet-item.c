#include "mm-fleet-item.h"

struct _MmFleetItem
{
  GObject parent;

  MmFleetTable *table; /* NULL once it is gone */
  guint32 slot;
  char *id;
  void (*forget) (gpointer data, guint32 slot);
  gpointer data;
};

G_DEFINE_FINAL_TYPE (MmFleetItem, mm_fleet_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

const char *
mm_fleet_item_get_id (MmFleetItem *item)
{
  return item->id;
}

const MmFleetRecord *
mm_fleet_item_peek (MmFleetItem *item)
{
  guint n;

  return item->table != NULL ? mm_fleet_table_peek (item->table, &n) + item->slot : NULL;
}

void
mm_fleet_item_tell_changed (MmFleetItem *item)
{
  g_signal_emit (item, signals[CHANGED], 0);
}

void
mm_fleet_item_detach (MmFleetItem *item)
{
  g_clear_object (&item->table);
}

static void
mm_fleet_item_finalize (GObject *object)
{
  MmFleetItem *item = MM_FLEET_ITEM (object);

  if (item->table != NULL)
    item->forget (item->data, item->slot);
  g_clear_object (&item->table);
  g_free (item->id);
  G_OBJECT_CLASS (mm_fleet_item_parent_class)->finalize (object);
}

static void
mm_fleet_item_class_init (MmFleetItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_fleet_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_FLEET_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
mm_fleet_item_init (MmFleetItem *item)
{
}

MmFleetItem *
mm_fleet_item_new (MmFleetTable *table,
                   guint32 slot,
                   void (*forget) (gpointer data, guint32 slot),
                   gpointer data)
{
  MmFleetItem *item = g_object_new (MM_TYPE_FLEET_ITEM, NULL);

  item->table = g_object_ref (table);
  item->slot = slot;
  item->forget = forget;
  item->data = data;
  item->id = g_strdup (mm_fleet_record_id (mm_fleet_item_peek (item)));
  return item;
}

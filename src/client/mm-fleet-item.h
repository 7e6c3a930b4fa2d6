/* One gateway of the fleet table as an object, for lists that show objects. It is small and made
 * only while somebody looks at it. Main thread. Signals: "changed": it says something else. */
#pragma once

#include "mm-fleet-table.h"

G_BEGIN_DECLS

#define MM_TYPE_FLEET_ITEM (mm_fleet_item_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetItem, mm_fleet_item, MM, FLEET_ITEM, GObject)

/* The gateway at @slot. @forget: called with @data and the slot when nobody uses the object any
 * more, unless it was detached before. */
MmFleetItem *mm_fleet_item_new (MmFleetTable *table,
                                guint32 slot,
                                void (*forget) (gpointer data, guint32 slot),
                                gpointer data);

/* Its ID. */
const char *mm_fleet_item_get_id (MmFleetItem *item);

/* What is known of it, good until the next change; NULL once it is gone. */
const MmFleetRecord *mm_fleet_item_peek (MmFleetItem *item);

/* For who made it: it says something else; and it is no gateway of the table any more. */
void mm_fleet_item_tell_changed (MmFleetItem *item);
void mm_fleet_item_detach (MmFleetItem *item);

G_END_DECLS

/* One row of the table of gateways, under the titles of a MmFleetHeader: a light widget for each
 * column that is shown and none around it, kept as the gateway is now. Main thread. */
#pragma once

#include "mm-fleet-header.h"
#include "mm-fleet-item.h"

G_BEGIN_DECLS

#define MM_TYPE_FLEET_ROW (mm_fleet_row_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetRow, mm_fleet_row, MM, FLEET_ROW, GtkWidget)

/* An empty one, floating, with the columns of @header. */
GtkWidget *mm_fleet_row_new (MmFleetHeader *header);

/* Shows @item from now on; NULL: nothing. */
void mm_fleet_row_set_item (MmFleetRow *row, MmFleetItem *item);

/* Shows it again, as time has passed. */
void mm_fleet_row_refresh (MmFleetRow *row);

G_END_DECLS

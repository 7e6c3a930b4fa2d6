/* Keeps a fleet table as the server has it: loads it whole, then follows the live feed; after a
 * break the feed goes on where it was, and when that is not possible, or took long, the list is
 * loaded anew. Main thread. */
#pragma once

#include "mm-fleet-table.h"
#include "mm-live-feed.h"

G_BEGIN_DECLS

#define MM_TYPE_FLEET_SYNC (mm_fleet_sync_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetSync, mm_fleet_sync, MM, FLEET_SYNC, GObject)

/* Begins as soon as @feed is live. */
MmFleetSync *mm_fleet_sync_new (MmFleetTable *table, MmApi *api, MmLiveFeed *feed);

/* Ends it for good. */
void mm_fleet_sync_stop (MmFleetSync *sync);

/* Loads anew, now. */
void mm_fleet_sync_reload (MmFleetSync *sync);

G_END_DECLS

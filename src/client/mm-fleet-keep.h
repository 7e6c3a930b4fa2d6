/* Keeps a fleet table on disk while somebody is signed in, and begins with what was kept. Main
 * thread; files are read and written on others. */
#pragma once

#include "mm-fleet-table.h"

G_BEGIN_DECLS

#define MM_TYPE_FLEET_KEEP (mm_fleet_keep_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetKeep, mm_fleet_keep, MM, FLEET_KEEP, GObject)

/* Fills @table with what was kept of @user_id at the server @url, as far as it does not know better
 * already, and keeps it from then on. */
MmFleetKeep *mm_fleet_keep_new (MmFleetTable *table, const char *url, const char *user_id);

/* Ends it: keeps the list as it is now, for the next start, or with @forget leaves nothing behind.
 */
void mm_fleet_keep_stop (MmFleetKeep *keep, gboolean forget);

G_END_DECLS

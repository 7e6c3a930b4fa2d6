/* The last known fleet on disk, so that the list can be read while the server is away. One file for
 * each server and user in the user's cache directory, readable by the user alone (0600); replaced
 * as a whole or not at all. What is not exactly such a file is as good as none. mm-fleet-keep.h
 * says when.
 */
#pragma once

#include "mm-fleet-table.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define MM_FLEET_CACHE_MAX (256 * 1024 * 1024) /* bytes of a file */

/* Whose list it is: @user_id at the server @url. Free with g_free(). */
char *mm_fleet_cache_owner (const char *url, const char *user_id);

/* The file of @owner; nothing need be there. */
GFile *mm_fleet_cache_file (const char *owner);

/* The whole of @table in the form of the file. Main thread. */
GBytes *mm_fleet_cache_write (MmFleetTable *table, const char *owner);

/* The same a part at a time, as 100,000 gateways take longer than a frame has: each is as it is
 * when its part comes, in the order of the IDs, so that others may come and go in between. */
typedef struct _MmFleetDraft MmFleetDraft;

/* One with no gateway yet. */
MmFleetDraft *mm_fleet_draft_new (MmFleetTable *table, const char *owner);

/* Adds up to @most further gateways; FALSE once there is none. Main thread. */
gboolean mm_fleet_draft_add (MmFleetDraft *draft, guint most);

/* Lets the table go; the draft may go to another thread. */
void mm_fleet_draft_close (MmFleetDraft *draft);

/* Signs it: the bytes of the file. Once, after it was closed; any thread. */
GBytes *mm_fleet_draft_sign (MmFleetDraft *draft);

void mm_fleet_draft_free (MmFleetDraft *draft);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFleetDraft, mm_fleet_draft_free)

/* Reads @bytes into @records (of MmFleetRecord, appended; the caller clears them) and @as_of. FALSE
 * if it is damaged, of another version, or not @owner's; nothing is appended then. Any thread. */
gboolean mm_fleet_cache_read (GBytes *bytes, const char *owner, GArray *records, gint64 *as_of);

G_END_DECLS

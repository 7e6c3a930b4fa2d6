/* All gateways that the dealer may see, as they are now: loaded once, kept up to date by the live
 * feed, and readable without the server from what was kept on disk (mm-fleet-cache.h). Main thread.
 *
 * A gateway keeps its slot, a small number, as long as it is there; a slot that became free is used
 * again in a later batch at the earliest.
 *
 * Signals: "changed" (const MmFleetChanges *), once per batch, never once per gateway.
 */
#pragma once

#include "mm-fleet-record.h"

G_BEGIN_DECLS

/* Gateways; more than a server of ours holds. Further ones are passed over. */
#define MM_FLEET_MOST 150000

/* What changed in one batch.
 * @slots: (element-type guint32) those whose gateway is new or says something else
 * @removed: (element-type guint32) those that are free now */
typedef struct
{
  GArray *slots;
  GArray *removed;
  gboolean added; /* some of @slots are new */
} MmFleetChanges;

#define MM_TYPE_FLEET_TABLE (mm_fleet_table_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetTable, mm_fleet_table, MM, FLEET_TABLE, GObject)

/* An empty one. */
MmFleetTable *mm_fleet_table_new (void);

/* Whether there is a whole list, from the server or from disk; the property "loaded". */
gboolean mm_fleet_table_is_loaded (MmFleetTable *table);

/* Why it could not be loaded, while it cannot; NULL otherwise. The property "error" is notified. */
const GError *mm_fleet_table_get_error (MmFleetTable *table);

/* The moment of which the list tells: now while it is followed, else when the server was heard
 * last. UTC microseconds; 0 if there is no list. */
gint64 mm_fleet_table_get_as_of (MmFleetTable *table);

/* How many gateways there are, with each status, and their open alerts. */
guint mm_fleet_table_get_size (MmFleetTable *table);
guint mm_fleet_table_count (MmFleetTable *table, MmStatus status);
guint mm_fleet_table_count_alerts (MmFleetTable *table);

/* All slots, free ones (text is NULL) included; good until the next change. */
const MmFleetRecord *mm_fleet_table_peek (MmFleetTable *table, guint *n);

/* The slots in the order of the IDs, as many as the size; good until the next change. */
const guint32 *mm_fleet_table_by_id (MmFleetTable *table);

/* The slot of the gateway @id; FALSE if there is none. */
gboolean mm_fleet_table_find (MmFleetTable *table, const char *id, guint32 *slot);

/* For those who fill it: @records (element-type MmFleetRecord; takes what they hold) are there as
 * they say, the IDs @removed (element-type utf8; NULL: none) are not. One batch. */
void mm_fleet_table_apply (MmFleetTable *table, GArray *records, GPtrArray *removed);

/* The list is whole, as of @as_of; also to say that it was still so then. */
void mm_fleet_table_set_loaded (MmFleetTable *table, gint64 as_of);

/* Whether it is being followed, so that it tells of now. */
void mm_fleet_table_set_live (MmFleetTable *table, gboolean live);

/* Takes @error; NULL: all is well. */
void mm_fleet_table_set_error (MmFleetTable *table, GError *error);

G_END_DECLS

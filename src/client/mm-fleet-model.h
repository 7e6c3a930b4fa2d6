/* The gateways that pass a filter, in an order, as a GListModel over the fleet table. An object is
 * made for those rows only that somebody looks at. Main thread.
 *
 * While it is held, rows stay where they are and only what they say changes (and what may not be
 * seen any more goes at once); what would move, come or go is counted: the property "waiting".
 *
 * Properties: "waiting" (uint). Signals: "counted": the counts by status are other ones.
 */
#pragma once

#include "mm-fleet-filter.h"
#include "mm-fleet-item.h"
#include "mm-fleet-sort.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define MM_TYPE_FLEET_MODEL (mm_fleet_model_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetModel, mm_fleet_model, MM, FLEET_MODEL, GObject)

/* All gateways of @table, worst first. */
MmFleetModel *mm_fleet_model_new (MmFleetTable *table);

/* The filter; owned by the model. */
const MmFleetFilter *mm_fleet_model_get_filter (MmFleetModel *model);

/* Shows what passes @filter, also while it is held. */
void mm_fleet_model_set_filter (MmFleetModel *model, const MmFleetFilter *filter);

/* The order, and setting it, also while it is held. */
MmFleetColumn mm_fleet_model_get_column (MmFleetModel *model);
gboolean mm_fleet_model_get_descending (MmFleetModel *model);
void mm_fleet_model_set_order (MmFleetModel *model, MmFleetColumn column, gboolean descending);

/* Holds the rows, or lets them go where they belong. */
void mm_fleet_model_hold (MmFleetModel *model, gboolean hold);

/* Puts everything where it belongs now; it stays held if it is. Also for conditions that depend on
 * the time. */
void mm_fleet_model_settle (MmFleetModel *model);

/* How many changes wait; the property "waiting". */
guint mm_fleet_model_get_waiting (MmFleetModel *model);

/* How many gateways pass everything but the status, with @status. */
guint mm_fleet_model_count (MmFleetModel *model, MmStatus status);

/* The record of the row @position; good until the next change. */
const MmFleetRecord *mm_fleet_model_peek (MmFleetModel *model, guint position);

/* The position of the gateway @id; FALSE if it is not among the rows. */
gboolean mm_fleet_model_find (MmFleetModel *model, const char *id, guint *position);

G_END_DECLS

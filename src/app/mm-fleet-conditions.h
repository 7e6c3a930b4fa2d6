/* The conditions of the list of gateways beside status and search: a button that offers them, and
 * those that hold, each with a way to take it back. Main thread.
 *
 * Signals: "changed": somebody chose other ones.
 */
#pragma once

#include "mm-fleet-filter.h"
#include "mm-fleet-table.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_FLEET_CONDITIONS (mm_fleet_conditions_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetConditions, mm_fleet_conditions, MM, FLEET_CONDITIONS, AdwBin)

/* Offers what there is in @table, and shows what was chosen of it in @shelf, which outlives it and
 * is hidden while nothing is. Once. */
void mm_fleet_conditions_begin (MmFleetConditions *conditions,
                                GtkScrolledWindow *shelf,
                                MmFleetTable *table);

/* Shows the conditions of @filter. */
void mm_fleet_conditions_show (MmFleetConditions *conditions, const MmFleetFilter *filter);

/* Sets those of @filter to what was chosen. */
void mm_fleet_conditions_apply (MmFleetConditions *conditions, MmFleetFilter *filter);

G_END_DECLS

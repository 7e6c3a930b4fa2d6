/* The status views across the top: all gateways, or those of one status, each with how many there
 * are now. Main thread.
 *
 * Properties: "statuses" (uint): bits 1 << MmStatus of the view chosen; 0: all.
 */
#pragma once

#include "mm-fleet-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_STATUS_CHIPS (mm_status_chips_get_type ())
G_DECLARE_FINAL_TYPE (MmStatusChips, mm_status_chips, MM, STATUS_CHIPS, AdwBin)

/* Counts the gateways of @model from now on. Once. */
void mm_status_chips_begin (MmStatusChips *chips, MmFleetModel *model);

/* The view chosen, and choosing one; also the property "statuses". */
guint mm_status_chips_get_statuses (MmStatusChips *chips);
void mm_status_chips_set_statuses (MmStatusChips *chips, guint statuses);

G_END_DECLS

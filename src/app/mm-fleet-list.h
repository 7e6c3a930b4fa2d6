/* The gateways of a model: a table, or where there is no room for one a list of two lines each,
 * over one selection. It holds the order while somebody is busy with it. Main thread.
 *
 * Activating a row (click, Enter) opens its gateway ("main.open-gateway"). The columns and their
 * order are remembered in the settings.
 */
#pragma once

#include "mm-fleet-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_FLEET_LIST (mm_fleet_list_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetList, mm_fleet_list, MM, FLEET_LIST, AdwBin)

/* Shows @model, with the columns that @settings remember. Once. */
void mm_fleet_list_begin (MmFleetList *list, MmFleetModel *model, GSettings *settings);

/* The columns shown, in their order, NULL-terminated; free with g_strfreev(). */
char **mm_fleet_list_dup_columns (MmFleetList *list);

/* Shows exactly these columns in this order; what is no column's name is passed over, and one of
 * them always remains. */
void mm_fleet_list_set_columns (MmFleetList *list, const char *const *names);

/* Puts everything where it belongs, keeping the selection. */
void mm_fleet_list_settle (MmFleetList *list);

/* Selects nothing, before the rows become others. */
void mm_fleet_list_unselect (MmFleetList *list);

G_END_DECLS

/* One cell of the table of gateways: a status, a text or a figure with its unit, kept as the
 * gateway is now. Main thread. */
#pragma once

#include "mm-fleet-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_FLEET_CELL (mm_fleet_cell_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetCell, mm_fleet_cell, MM, FLEET_CELL, AdwBin)

/* An empty one, floating, of @column. */
GtkWidget *mm_fleet_cell_new (MmFleetColumn column);

/* Shows @item from now on; NULL: nothing. */
void mm_fleet_cell_set_item (MmFleetCell *cell, MmFleetItem *item);

/* Shows it again, as time has passed. */
void mm_fleet_cell_refresh (MmFleetCell *cell);

/* The heading of @column, translated. */
const char *mm_fleet_cell_title (MmFleetColumn column);

/* What the cell of @column says about @record, in plain text. Free with g_free(). */
char *mm_fleet_cell_text (MmFleetColumn column, const MmFleetRecord *record);

/* The prefecture and municipality of @record as one text; free with g_free(). */
char *mm_fleet_cell_place (const MmFleetRecord *record);

/* How long ago it was heard, short; "–" if never. Free with g_free(). */
char *mm_fleet_cell_age (const MmFleetRecord *record);

/* Lets @row, a row of a list, stand out for a moment because it changed; not when animations are
 * switched off. */
void mm_fleet_cell_flash (GtkWidget *row);

G_END_DECLS

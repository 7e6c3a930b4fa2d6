/* What the cells of the table of gateways say: a status, a text or a figure with its unit. Main
 * thread. */
#pragma once

#include "mm-fleet-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The heading of @column, translated. */
const char *mm_fleet_cell_title (MmFleetColumn column);

/* What the cell of @column says about @record, in plain text. Free with g_free(). */
char *mm_fleet_cell_text (MmFleetColumn column, const MmFleetRecord *record);

/* The same in full, with the moment of a figure, for its tooltip; NULL if there is no more to say.
 * Free with g_free(). */
char *mm_fleet_cell_tip (MmFleetColumn column, const MmFleetRecord *record);

/* Whether its figure was measured so long ago that it must look old. */
gboolean mm_fleet_cell_is_old (MmFleetColumn column, const MmFleetRecord *record);

/* The prefecture and municipality of @record as one text; free with g_free(). */
char *mm_fleet_cell_place (const MmFleetRecord *record);

/* How long ago it was heard, short; "–" if never. Free with g_free(). */
char *mm_fleet_cell_age (const MmFleetRecord *record);

/* Lets @row, a row of a list, stand out for a moment because it changed; not when animations are
 * switched off. */
void mm_fleet_cell_flash (GtkWidget *row);

G_END_DECLS

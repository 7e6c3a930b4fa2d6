/* A gateway of the list where there is no room for a table, in two lines. Main thread. */
#pragma once

#include "mm-fleet-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_FLEET_LINE (mm_fleet_line_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetLine, mm_fleet_line, MM, FLEET_LINE, AdwBin)

/* An empty one, floating. */
GtkWidget *mm_fleet_line_new (void);

/* Shows @item from now on; NULL: nothing. */
void mm_fleet_line_set_item (MmFleetLine *line, MmFleetItem *item);

/* Shows it again, as time has passed. */
void mm_fleet_line_refresh (MmFleetLine *line);

G_END_DECLS

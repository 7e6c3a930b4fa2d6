/* The titles of the table of gateways: which columns there are, how wide, and which one sorts.
 * GTK's column view draws them, with nothing below; the rows (mm-fleet-row.h) follow where its
 * titles are. Main thread.
 *
 * GtkColumnView itself always keeps some 200 rows with a widget or more for each of their cells,
 * which takes longer to build, and to bind anew, than a frame has.
 *
 * Signals: "columns-changed": others, in another order, or of another width; "moved": the titles
 * are elsewhere now (while they are allocated); "order-chosen" (MmFleetColumn as int, descending).
 */
#pragma once

#include "mm-fleet-sort.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* px, of a cell, at both sides; at the outer side of the first and the last. See style.css. */
#define MM_FLEET_PADDING 6
#define MM_FLEET_OUTER_PADDING 18

/* The icon of a status, and the room after it. */
#define MM_FLEET_ICON 16
#define MM_FLEET_ICON_SPACE 6

/* Where a column is, px from the left of the table; -1 wide until that is known. */
typedef struct
{
  MmFleetColumn column;
  int x;
  int width;
} MmFleetSpan;

#define MM_TYPE_FLEET_HEADER (mm_fleet_header_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetHeader, mm_fleet_header, MM, FLEET_HEADER, GtkWidget)

/* Moves sideways as @adjustment does, which is that of the rows. */
void mm_fleet_header_follow (MmFleetHeader *header, GtkAdjustment *adjustment);

/* The columns shown, from the left; owned by the header, good until the next change. */
const MmFleetSpan *mm_fleet_header_get_spans (MmFleetHeader *header, guint *n);

/* The least width of a row, px; always more than half of what there is. */
int mm_fleet_header_get_width (MmFleetHeader *header);

/* Shows exactly the columns of @names in this order; what is no column's name is passed over, and
 * one of them always remains. */
void mm_fleet_header_set_columns (MmFleetHeader *header, const char *const *names);

/* Shows that @column sorts. */
void mm_fleet_header_set_order (MmFleetHeader *header, MmFleetColumn column, gboolean descending);

G_END_DECLS

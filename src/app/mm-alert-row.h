/* One alert in a list: status, what is wrong and since when, where, and acknowledging. Main thread.
 *
 * Signals: "acknowledge": its button was pressed; "toggle": it is to be selected, or not any more.
 */
#pragma once

#include "mm-alert-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_ALERT_ROW (mm_alert_row_get_type ())
G_DECLARE_FINAL_TYPE (MmAlertRow, mm_alert_row, MM, ALERT_ROW, AdwBin)

/* An empty one, floating. */
MmAlertRow *mm_alert_row_new (void);

/* Shows @item from now on; NULL: nothing. */
void mm_alert_row_set_item (MmAlertRow *row, MmAlertItem *item);

/* What it shows; NULL: nothing. */
MmAlertItem *mm_alert_row_get_item (MmAlertRow *row);

/* Whether rows are being selected, and whether this one is. */
void mm_alert_row_set_selecting (MmAlertRow *row, gboolean selecting, gboolean selected);

/* Whether there is little room. */
void mm_alert_row_set_narrow (MmAlertRow *row, gboolean narrow);

/* Where what asks about it is put. */
GtkWidget *mm_alert_row_get_button (MmAlertRow *row);

/* Says anew how long it has lasted. */
void mm_alert_row_tick (MmAlertRow *row);

G_END_DECLS

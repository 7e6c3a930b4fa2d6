/* One open alert in words: what it is and since when, what it means, what to do first, and the
 * button by which somebody says that they know. Main thread.
 *
 * Signal "changed": it was acknowledged; whoever shows it loads anew.
 */
#pragma once

#include "mm-api.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_ALERT_BOX (mm_alert_box_get_type ())
G_DECLARE_FINAL_TYPE (MmAlertBox, mm_alert_box, MM, ALERT_BOX, AdwBin)

/* A new one, floating. @alert: Alert of docs/openapi.yaml; @zone: of the site */
GtkWidget *mm_alert_box_new (MmApi *api, JsonObject *alert, GTimeZone *zone);

/* Says anew how long it has lasted. */
void mm_alert_box_tick (MmAlertBox *box);

G_END_DECLS

/* Open alerts and those that were.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_ALERTS_PAGE (mm_alerts_page_get_type ())
G_DECLARE_FINAL_TYPE (MmAlertsPage, mm_alerts_page, MM, ALERTS_PAGE, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_alerts_page_new (MmApplication *app);

G_END_DECLS

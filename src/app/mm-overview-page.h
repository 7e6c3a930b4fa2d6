/* What needs attention, at one glance: the fleet's statuses, open alerts, what to do next.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_OVERVIEW_PAGE (mm_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (MmOverviewPage, mm_overview_page, MM, OVERVIEW_PAGE, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_overview_page_new (MmApplication *app);

G_END_DECLS

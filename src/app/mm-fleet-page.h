/* All linked gateways: status views, search, conditions, the table or, when narrow, a list.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"
#include "mm-status.h"

G_BEGIN_DECLS

#define MM_TYPE_FLEET_PAGE (mm_fleet_page_get_type ())
G_DECLARE_FINAL_TYPE (MmFleetPage, mm_fleet_page, MM, FLEET_PAGE, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_fleet_page_new (MmApplication *app);

/* Shows the gateways with @status, and no other condition. */
void mm_fleet_page_show_status (MmFleetPage *page, MmStatus status);

/* Shows what passes the @conditions (a{sv}, mm_fleet_filter_to_variant()) of a saved view. */
void mm_fleet_page_show_view (MmFleetPage *page, GVariant *conditions);

G_END_DECLS

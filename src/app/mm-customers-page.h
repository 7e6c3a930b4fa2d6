/* What to tell customers so that they can link their gateways.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_CUSTOMERS_PAGE (mm_customers_page_get_type ())
G_DECLARE_FINAL_TYPE (MmCustomersPage, mm_customers_page, MM, CUSTOMERS_PAGE, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_customers_page_new (MmApplication *app);

G_END_DECLS

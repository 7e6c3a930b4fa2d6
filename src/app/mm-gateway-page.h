/* One gateway: state in words, energy flow, today, chart, devices, events, alerts, customer.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_GATEWAY_PAGE (mm_gateway_page_get_type ())
G_DECLARE_FINAL_TYPE (MmGatewayPage, mm_gateway_page, MM, GATEWAY_PAGE, MmPane)

/* A new one, floating, for the gateway @id. */
GtkWidget *mm_gateway_page_new (MmApplication *app, const char *id);

G_END_DECLS

/* The gateways of the server, as its operator sees them: never what they measure.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_GATEWAYS (mm_hosting_gateways_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingGateways, mm_hosting_gateways, MM, HOSTING_GATEWAYS, MmPane)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_gateways_new (MmApplication *app);

G_END_DECLS

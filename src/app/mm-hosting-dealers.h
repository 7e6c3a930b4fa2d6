/* The dealers that have registered at the server.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_DEALERS (mm_hosting_dealers_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingDealers, mm_hosting_dealers, MM, HOSTING_DEALERS, MmPane)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_dealers_new (MmApplication *app);

G_END_DECLS

/* How the server of this computer is set up: its name, and from where it is reached.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_SETUP (mm_hosting_setup_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingSetup, mm_hosting_setup, MM, HOSTING_SETUP, MmPane)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_setup_new (MmApplication *app);

G_END_DECLS

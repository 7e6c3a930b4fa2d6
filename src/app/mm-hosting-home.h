/* How the server of this computer is, what works so far, and what can be done next.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_HOME (mm_hosting_home_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingHome, mm_hosting_home, MM, HOSTING_HOME, MmPane)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_home_new (MmApplication *app);

G_END_DECLS

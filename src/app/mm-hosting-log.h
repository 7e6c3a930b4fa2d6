/* The last lines that the server said.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_LOG (mm_hosting_log_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingLog, mm_hosting_log, MM, HOSTING_LOG, MmPane)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_log_new (MmApplication *app);

G_END_DECLS

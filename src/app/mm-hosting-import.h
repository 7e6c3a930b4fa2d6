/* A table of gateways that are to be added, all or none.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_IMPORT (mm_hosting_import_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingImport, mm_hosting_import, MM, HOSTING_IMPORT, MmPane)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_import_new (MmApplication *app);

G_END_DECLS

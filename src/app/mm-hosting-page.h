/* The server that runs on this computer.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_PAGE (mm_hosting_page_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingPage, mm_hosting_page, MM, HOSTING_PAGE, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_hosting_page_new (MmApplication *app);

/* The same before signing in, with a way back to the first view. */
GtkWidget *mm_hosting_page_new_alone (MmApplication *app);

G_END_DECLS

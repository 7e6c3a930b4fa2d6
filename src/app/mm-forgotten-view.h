/* A forgotten password: has a link for a new one mailed; the link opens the server's page.
 * Main thread.
 */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_FORGOTTEN_VIEW (mm_forgotten_view_get_type ())
G_DECLARE_FINAL_TYPE (MmForgottenView, mm_forgotten_view, MM, FORGOTTEN_VIEW, MmPane)

/* A new one, floating, for the server and the user ID in the settings of @app. */
GtkWidget *mm_forgotten_view_new (MmApplication *app);

G_END_DECLS

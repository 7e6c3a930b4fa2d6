/* Signing in: server, user ID, password, and the code of the second factor if it is asked for.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_SIGN_IN_VIEW (mm_sign_in_view_get_type ())
G_DECLARE_FINAL_TYPE (MmSignInView, mm_sign_in_view, MM, SIGN_IN_VIEW, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_sign_in_view_new (MmApplication *app);

G_END_DECLS

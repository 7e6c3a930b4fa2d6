/* My account: what is registered, editing it, password, sessions.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_ACCOUNT_PAGE (mm_account_page_get_type ())
G_DECLARE_FINAL_TYPE (MmAccountPage, mm_account_page, MM, ACCOUNT_PAGE, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_account_page_new (MmApplication *app);

G_END_DECLS

/* Where one is signed in: each session with what is known of it, this one marked; ending one or
 * all. Part of the account page. Main thread.
 */
#pragma once

#include "mm-application.h"

G_BEGIN_DECLS

#define MM_TYPE_SESSIONS_PAGE (mm_sessions_page_get_type ())
G_DECLARE_FINAL_TYPE (MmSessionsPage, mm_sessions_page, MM, SESSIONS_PAGE, AdwBin)

/* A new one, floating, for the desk of @app. */
GtkWidget *mm_sessions_page_new (MmApplication *app);

G_END_DECLS

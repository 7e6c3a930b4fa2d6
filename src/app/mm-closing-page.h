/* Closing the account for good: what happens, then the password and the user ID typed. Part of the
 * account page. Main thread.
 */
#pragma once

#include "mm-application.h"

G_BEGIN_DECLS

#define MM_TYPE_CLOSING_PAGE (mm_closing_page_get_type ())
G_DECLARE_FINAL_TYPE (MmClosingPage, mm_closing_page, MM, CLOSING_PAGE, AdwBin)

/* A new one, floating, for the desk of @app. */
GtkWidget *mm_closing_page_new (MmApplication *app);

G_END_DECLS

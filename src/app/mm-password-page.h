/* Changing the password: the present one, the new one with its rules turning to checks, again. Part
 * of the account page. Main thread.
 */
#pragma once

#include "mm-application.h"

G_BEGIN_DECLS

#define MM_TYPE_PASSWORD_PAGE (mm_password_page_get_type ())
G_DECLARE_FINAL_TYPE (MmPasswordPage, mm_password_page, MM, PASSWORD_PAGE, AdwBin)

/* A new one, floating, for the desk of @app. */
GtkWidget *mm_password_page_new (MmApplication *app);

G_END_DECLS

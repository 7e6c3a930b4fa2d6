/* Two-factor sign-in: whether it is on, setting it up (QR code, key, first code, recovery codes),
 * and switching it off. Part of the account page. Main thread.
 */
#pragma once

#include "mm-application.h"

G_BEGIN_DECLS

#define MM_TYPE_TWO_FACTOR_PAGE (mm_two_factor_page_get_type ())
G_DECLARE_FINAL_TYPE (MmTwoFactorPage, mm_two_factor_page, MM, TWO_FACTOR_PAGE, AdwBin)

/* A new one, floating, for the desk of @app. */
GtkWidget *mm_two_factor_page_new (MmApplication *app);

G_END_DECLS

/* The page of the registration that shows all once more before it is sent. Main thread. */
#pragma once

#include "mm-registrar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_CONFIRM_PAGE (mm_registration_confirm_page_get_type ())
G_DECLARE_FINAL_TYPE (
    MmRegistrationConfirmPage, mm_registration_confirm_page, MM, REGISTRATION_CONFIRM_PAGE, AdwBin)

/* A new one, floating, for the walk of @registrar. */
GtkWidget *mm_registration_confirm_page_new (MmRegistrar *registrar);

G_END_DECLS

/* The page of the registration with all that is asked of a dealer. Main thread. */
#pragma once

#include "mm-registrar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_FORM_PAGE (mm_registration_form_page_get_type ())
G_DECLARE_FINAL_TYPE (
    MmRegistrationFormPage, mm_registration_form_page, MM, REGISTRATION_FORM_PAGE, AdwBin)

/* A new one, floating, for the walk of @registrar. */
GtkWidget *mm_registration_form_page_new (MmRegistrar *registrar);

G_END_DECLS

/* The page of the registration with the terms of use in full; shown before the form and again
 * before the password. Only agreeing goes on. Main thread. */
#pragma once

#include "mm-registrar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_TERMS_PAGE (mm_registration_terms_page_get_type ())
G_DECLARE_FINAL_TYPE (
    MmRegistrationTermsPage, mm_registration_terms_page, MM, REGISTRATION_TERMS_PAGE, AdwBin)

/* A new one, floating, for the walk of @registrar. */
GtkWidget *mm_registration_terms_page_new (MmRegistrar *registrar);

G_END_DECLS

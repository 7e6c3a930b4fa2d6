/* The page of the registration that sets the password. Main thread. */
#pragma once

#include "mm-registrar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_PASSWORD_PAGE (mm_registration_password_page_get_type ())
G_DECLARE_FINAL_TYPE (MmRegistrationPasswordPage,
                      mm_registration_password_page,
                      MM,
                      REGISTRATION_PASSWORD_PAGE,
                      AdwBin)

/* A new one, floating, for the walk of @registrar. */
GtkWidget *mm_registration_password_page_new (MmRegistrar *registrar);

/* Completes the registration with what was typed. */
void mm_registration_password_page_go_on (MmRegistrationPasswordPage *page);

G_END_DECLS

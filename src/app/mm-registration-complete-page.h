/* The last page of the registration: it is complete, and how to sign in. Main thread. */
#pragma once

#include "mm-registrar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_COMPLETE_PAGE (mm_registration_complete_page_get_type ())
G_DECLARE_FINAL_TYPE (MmRegistrationCompletePage,
                      mm_registration_complete_page,
                      MM,
                      REGISTRATION_COMPLETE_PAGE,
                      AdwBin)

/* A new one, floating, for the walk of @registrar. */
GtkWidget *mm_registration_complete_page_new (MmRegistrar *registrar);

G_END_DECLS

/* The page of the registration that asks for the server. Main thread. */
#pragma once

#include "mm-registrar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_SERVER_PAGE (mm_registration_server_page_get_type ())
G_DECLARE_FINAL_TYPE (
    MmRegistrationServerPage, mm_registration_server_page, MM, REGISTRATION_SERVER_PAGE, AdwBin)

/* A new one, floating, for the walk of @registrar. */
GtkWidget *mm_registration_server_page_new (MmRegistrar *registrar);

/* Goes on to the server whose address was typed. */
void mm_registration_server_page_go_on (MmRegistrationServerPage *page);

G_END_DECLS

/* The page of the registration that says where the mail went: sending it again, correcting the
 * address, pasting the link. Main thread. */
#pragma once

#include "mm-registrar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_MAIL_PAGE (mm_registration_mail_page_get_type ())
G_DECLARE_FINAL_TYPE (
    MmRegistrationMailPage, mm_registration_mail_page, MM, REGISTRATION_MAIL_PAGE, AdwBin)

/* A new one, floating, for the walk of @registrar. */
GtkWidget *mm_registration_mail_page_new (MmRegistrar *registrar);

/* The address that was pasted. */
const char *mm_registration_mail_page_get_link (MmRegistrationMailPage *page);

/* Says what is wrong with it, translated. */
void mm_registration_mail_page_refuse_link (MmRegistrationMailPage *page, const char *sentence);

G_END_DECLS

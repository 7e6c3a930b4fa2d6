/* The page of the registration for the link of the mail: pasting it, and what to do if it does not
 * work. Main thread. */
#pragma once

#include "mm-registrar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_LINK_PAGE (mm_registration_link_page_get_type ())
G_DECLARE_FINAL_TYPE (
    MmRegistrationLinkPage, mm_registration_link_page, MM, REGISTRATION_LINK_PAGE, AdwBin)

/* A new one, floating, for the walk of @registrar. */
GtkWidget *mm_registration_link_page_new (MmRegistrar *registrar);

/* The address that was pasted. */
const char *mm_registration_link_page_get_link (MmRegistrationLinkPage *page);

/* Says what is wrong with it, translated. */
void mm_registration_link_page_refuse_link (MmRegistrationLinkPage *page, const char *sentence);

/* Whether the way on from a link that is over for the reason @error is a new mail. */
gboolean mm_registration_link_page_can_resend (const GError *error);

G_END_DECLS

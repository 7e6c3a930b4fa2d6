/* The walk by which a dealer registers: server, terms, form, confirm, mail, terms and password,
 * done. It shows the page that the walk says (client/mm-registration-walk.h), with the way on at
 * the lower right and the way back at the lower left; Escape and Alt+Left go back, too. What was
 * typed is kept while one types. Main thread.
 *
 * Actions, for the pages: "registration.next", "registration.back", "registration.retry",
 * "registration.start-again", "registration.sign-in".
 */
#pragma once

#include "mm-application.h"
#include "mm-mail-link.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_VIEW (mm_registration_view_get_type ())
G_DECLARE_FINAL_TYPE (MmRegistrationView, mm_registration_view, MM, REGISTRATION_VIEW, MmPane)

/* A new one, floating, for the desk and the settings of @app; goes on with the registration that
 * was under way, if one was. */
GtkWidget *mm_registration_view_new (MmApplication *app);

/* The same, at the page that asks for the link of the mail. */
GtkWidget *mm_registration_view_new_for_link (MmApplication *app);

/* Opens @link, of the kind CONFIRM; what was typed stays. Its server is trusted by now. */
void mm_registration_view_open_link (MmRegistrationView *view, const MmMailLink *link);

/* The address of the server of the walk; "" if there is none yet. */
const char *mm_registration_view_get_server (MmRegistrationView *view);

G_END_DECLS

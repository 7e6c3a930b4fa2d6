/* The walk by which a dealer registers: terms, form, confirm, mail, terms and password, done.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_REGISTRATION_VIEW (mm_registration_view_get_type ())
G_DECLARE_FINAL_TYPE (MmRegistrationView, mm_registration_view, MM, REGISTRATION_VIEW, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_registration_view_new (MmApplication *app);

G_END_DECLS

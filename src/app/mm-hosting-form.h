/* The facts of one gateway that is to be added.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_FORM (mm_hosting_form_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingForm, mm_hosting_form, MM, HOSTING_FORM, MmPane)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_form_new (MmApplication *app);

G_END_DECLS

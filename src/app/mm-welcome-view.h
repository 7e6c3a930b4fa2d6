/* The first view: sign in, register as a dealer, run the server on this computer, look at the
 * demo fleet. product.md §1.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_WELCOME_VIEW (mm_welcome_view_get_type ())
G_DECLARE_FINAL_TYPE (MmWelcomeView, mm_welcome_view, MM, WELCOME_VIEW, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_welcome_view_new (MmApplication *app);

G_END_DECLS

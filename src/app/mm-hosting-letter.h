/* One mail of the outbox with its text, whose links lead on.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_LETTER (mm_hosting_letter_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingLetter, mm_hosting_letter, MM, HOSTING_LETTER, MmPane)

/* A new one, floating, for the mail @id of the server of @app. */
GtkWidget *mm_hosting_letter_new (MmApplication *app, const char *id);

G_END_DECLS

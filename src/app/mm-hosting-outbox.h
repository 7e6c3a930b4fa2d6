/* The newest mails and what became of them.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_OUTBOX (mm_hosting_outbox_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingOutbox, mm_hosting_outbox, MM, HOSTING_OUTBOX, MmPane)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_outbox_new (MmApplication *app);

G_END_DECLS

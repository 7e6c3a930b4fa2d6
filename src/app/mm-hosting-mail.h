/* The mail server that mails are handed to, and a test of it.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_MAIL (mm_hosting_mail_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingMail, mm_hosting_mail, MM, HOSTING_MAIL, MmPane)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_mail_new (MmApplication *app);

G_END_DECLS

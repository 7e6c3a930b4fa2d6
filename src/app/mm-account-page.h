/* My account: what is registered, editing it (edit, confirm, execute, done), and the ways to
 * password, sessions, second factor, export and closing. Main thread.
 *
 * Where the edit stands is the #MmAccountEdit of the application: it outlives the page, so that
 * neither another page nor an expired session loses what was entered.
 *
 * Actions, for the parts: "account.show::NAME" (view, password, sessions, two-factor, close),
 * "account.say::TEXT" (a toast), "account.edit", "account.leave", "account.discard",
 * "account.next", "account.back", "account.execute", "account.export", "account.retry".
 */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_ACCOUNT_PAGE (mm_account_page_get_type ())
G_DECLARE_FINAL_TYPE (MmAccountPage, mm_account_page, MM, ACCOUNT_PAGE, MmPane)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_account_page_new (MmApplication *app);

G_END_DECLS

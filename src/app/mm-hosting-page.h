/* The server of this computer: its state and what works so far, and from there its gateways, mails,
 * settings. Each is a pane of its own, made anew when it is shown. Main thread.
 *
 * Actions, for everything inside: "hosting.show::NAME", NAME one of home, setup, gateways, add,
 * import, mail, outbox, letter:ID, dealers, log.
 * Properties: "folded" and "back-action", as of #MmPane, for the first pane.
 */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_PAGE (mm_hosting_page_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingPage, mm_hosting_page, MM, HOSTING_PAGE, AdwBin)

/* A new one, floating, for the server and the settings of @app. */
GtkWidget *mm_hosting_page_new (MmApplication *app);

/* The same before signing in, with a way back to the first view. */
GtkWidget *mm_hosting_page_new_alone (MmApplication *app);

/* Shows the pane @name, as "hosting.show" does; "home" in place of the settings of a server that is
 * not ours to set. */
void mm_hosting_page_show (MmHostingPage *page, const char *name);

/* Shows what was issued just now, an array of "Issued" of docs/openapi.yaml, on the page that
 * @inside is in. */
void mm_hosting_page_show_issued (GtkWidget *inside, JsonArray *issued);

G_END_DECLS

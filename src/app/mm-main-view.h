/* What a signed-in dealer sees: the sidebar (the main menu) and the page that was chosen there. A
 * page is made when it is shown first. Main thread.
 *
 * Actions, for everything inside: "main.show-page::NAME", "main.show-sidebar",
 * "main.show-status::STATUS" (the gateways with it), "main.show-view::NAME" (a saved one),
 * "main.open-gateway::ID", "main.close-gateway"; "main.find", "main.reload" (on the page shown).
 */
#pragma once

#include "mm-application.h"

G_BEGIN_DECLS

#define MM_TYPE_MAIN_VIEW (mm_main_view_get_type ())
G_DECLARE_FINAL_TYPE (MmMainView, mm_main_view, MM, MAIN_VIEW, AdwBin)

/* A new one, floating, for the desk and the settings of @app. */
GtkWidget *mm_main_view_new (MmApplication *app);

/* Shows the page NAME of the sidebar. */
void mm_main_view_show_page (MmMainView *view, const char *name);

/* Shows the page of the server of this computer: its pane @pane, or if NULL the one it showed last.
 */
void mm_main_view_show_hosting (MmMainView *view, const char *pane);

/* Opens the page of the gateway @id over the list. */
void mm_main_view_open_gateway (MmMainView *view, const char *id);

G_END_DECLS

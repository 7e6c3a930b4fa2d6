/* One window: before signing in the ways to begin, afterwards the main view. Main thread.
 *
 * Actions: "win.show-view::NAME" (welcome, host, link, sign-in, forgotten, register),
 * "win.show-hosting::PANE" (of the server of this computer, as "hosting.show" has them),
 * "win.sign-out", "win.unlock-keyring", "win.toast::TEXT".
 */
#pragma once

#include "mm-application.h"
#include "mm-mail-link.h"

G_BEGIN_DECLS

#define MM_TYPE_WINDOW (mm_window_get_type ())
G_DECLARE_FINAL_TYPE (MmWindow, mm_window, MM, WINDOW, AdwApplicationWindow)

/* A new one, for the desk and the settings of @app. */
MmWindow *mm_window_new (MmApplication *app);

/* Opens the page of the gateway @id; after signing in, if that comes first. */
void mm_window_open_gateway (MmWindow *window, const char *id);

/* Shows the page NAME of the sidebar, if somebody is signed in. */
void mm_window_show_page (MmWindow *window, const char *name);

/* Shows the server of this computer, in the main view, or on its own before signing in: its pane
 * @pane, or if NULL the one that was shown last. */
void mm_window_show_hosting (MmWindow *window, const char *pane);

/* Goes where @link leads; asks first about a server that is not known. (transfer full) */
void mm_window_open_link (MmWindow *window, MmMailLink *link);

/* Shows @text for some seconds at the lower edge. */
void mm_window_toast (MmWindow *window, const char *text);

/* The same for longer, with a button that takes back what was done: @undo with @data, freed by
 * @destroy. */
void mm_window_toast_undo (
    MmWindow *window, const char *text, GCallback undo, gpointer data, GClosureNotify destroy);

G_END_DECLS

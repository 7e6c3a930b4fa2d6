/* The app: one desk, the settings, and the windows that show them. Main thread.
 *
 * Actions: "app.quit", "app.about", "app.new-window", "app.open-gateway::ID" (also from
 * notifications and mimamori: addresses), "app.host" (the server of this computer), "app.demo",
 * "app.leave-demo", "app.show-page::NAME", "app.acknowledge::ALERT", "app.notifications" (switch).
 */
#pragma once

#include "mm-account-edit.h"
#include "mm-demo-fleet.h"
#include "mm-session-keep.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_APP_ID "org.mimamori.Mimamori"

#define MM_TYPE_APPLICATION (mm_application_get_type ())
G_DECLARE_FINAL_TYPE (MmApplication, mm_application, MM, APPLICATION, AdwApplication)

/* The app, not yet running. */
MmApplication *mm_application_new (void);

/* Who is signed in, and where. The demo has a desk of its own: a change comes with new windows. */
MmDesk *mm_application_get_desk (MmApplication *app);

/* The demo that is being shown; NULL if none is. */
MmDemoFleet *mm_application_get_demo (MmApplication *app);

/* The server of this computer, running or not; during the demo, the demo's. */
MmServerChild *mm_application_get_server (MmApplication *app);

/* Our settings, data/org.mimamori.Mimamori.gschema.xml. */
GSettings *mm_application_get_settings (MmApplication *app);

/* Who sees to it that the session lasts. */
MmSessionKeep *mm_application_get_session_keep (MmApplication *app);

/* The edit of the own account, which outlives pages, windows and sessions. */
MmAccountEdit *mm_application_get_account_edit (MmApplication *app);

/* An API for the server at @url (as mm_api_normalise_url() gives it), in the desk's language and
 * with the pin that was put on it, if any. The way for everybody to make one. (transfer full) */
MmApi *mm_application_new_api (MmApplication *app, const char *url);

G_END_DECLS

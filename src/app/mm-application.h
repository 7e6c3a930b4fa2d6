/* The app: one desk, the settings, and the windows that show them. Main thread.
 *
 * Actions: "app.quit", "app.about", "app.new-window", "app.open-gateway::ID" (also from
 * notifications and mimamori: addresses).
 */
#pragma once

#include "mm-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_APP_ID "org.mimamori.Mimamori"

#define MM_TYPE_APPLICATION (mm_application_get_type ())
G_DECLARE_FINAL_TYPE (MmApplication, mm_application, MM, APPLICATION, AdwApplication)

/* The app, not yet running. */
MmApplication *mm_application_new (void);

/* Who is signed in, and where. */
MmDesk *mm_application_get_desk (MmApplication *app);

/* Our settings, data/org.mimamori.Mimamori.gschema.xml. */
GSettings *mm_application_get_settings (MmApplication *app);

G_END_DECLS

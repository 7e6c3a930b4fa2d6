/* Desktop notifications of alerts that open while the app runs (client/mm-alert-news.h says which).
 * The settings' key "notifications" switches them off. Main thread.
 *
 * Their actions: "app.open-gateway::ID", "app.acknowledge::ID", "app.show-page::alerts".
 */
#pragma once

#include "mm-desk.h"

G_BEGIN_DECLS

#define MM_TYPE_NOTIFIER (mm_notifier_get_type ())
G_DECLARE_FINAL_TYPE (MmNotifier, mm_notifier, MM, NOTIFIER, GObject)

/* One that shows, through @app, what happens at @desk. It must not outlive @app. */
MmNotifier *mm_notifier_new (GApplication *app, MmDesk *desk, GSettings *settings);

/* Acknowledges the alert with the ID @alert; after signing in, if that comes first. */
void mm_notifier_acknowledge (MmNotifier *notifier, const char *alert);

G_END_DECLS

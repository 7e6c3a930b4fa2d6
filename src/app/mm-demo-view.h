/* What is shown until the demo's houses can be looked at: what is being done, in words.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_DEMO_VIEW (mm_demo_view_get_type ())
G_DECLARE_FINAL_TYPE (MmDemoView, mm_demo_view, MM, DEMO_VIEW, MmPane)

/* A new one, floating, for the demo of @app. */
GtkWidget *mm_demo_view_new (MmApplication *app);

G_END_DECLS

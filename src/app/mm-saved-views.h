/* The saved views of the list of gateways, as a list of their own in the sidebar; nothing while
 * there are none. Choosing one activates "main.show-view". Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_SAVED_VIEWS (mm_saved_views_get_type ())
G_DECLARE_FINAL_TYPE (MmSavedViews, mm_saved_views, MM, SAVED_VIEWS, AdwBin)

/* Shows those of @settings, also when they change. Once. */
void mm_saved_views_begin (MmSavedViews *views, GSettings *settings);

/* The conditions (a{sv}) of the view @name in @settings; NULL if there is none. */
GVariant *mm_saved_views_find (GSettings *settings, const char *name);

G_END_DECLS

/* A layout that puts children side by side at their natural size, and goes on in the next line when
 * the width is used up. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MM_TYPE_WRAP_LAYOUT (mm_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (MmWrapLayout, mm_wrap_layout, MM, WRAP_LAYOUT, GtkLayoutManager)

/* With @spacing pixels between children and between lines. */
GtkLayoutManager *mm_wrap_layout_new (int spacing);

G_END_DECLS

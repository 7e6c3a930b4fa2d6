/* A layout that puts children side by side, all of the same width, in as many columns as their
 * smallest width allows; those of one line are equally high. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MM_TYPE_CARDS_LAYOUT (mm_cards_layout_get_type ())
G_DECLARE_FINAL_TYPE (MmCardsLayout, mm_cards_layout, MM, CARDS_LAYOUT, GtkLayoutManager)

/* With @spacing pixels between children and between lines. */
GtkLayoutManager *mm_cards_layout_new (int spacing);

G_END_DECLS

/* An alert on the time axis: a shape in the colour of its status, with words on hover and for the
 * screen reader; activated by click, Enter or Space.
 *
 * Main thread. Signal "activated": no arguments.
 */
#pragma once

#include "mm-palette.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MM_TYPE_MARK_BUTTON (mm_mark_button_get_type ())
G_DECLARE_FINAL_TYPE (MmMarkButton, mm_mark_button, MM, MARK_BUTTON, GtkWidget)

/* A button with the shape of @status. @palette must live as long as the button. */
GtkWidget *mm_mark_button_new (MmStatus status, const MmPalette *palette);

/* The words: tooltip and accessible name. */
void mm_mark_button_set_text (MmMarkButton *button, const char *text);

G_END_DECLS

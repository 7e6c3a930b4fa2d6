/* How a status looks, everywhere: never by colour alone (look.md "Status"). Main thread. */
#pragma once

#include "mm-status.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The name of its icon, "mm-fault-symbolic". */
const char *mm_status_look_icon (MmStatus status);

/* The CSS class that gives its colour, "mm-status-fault"; see style.css. */
const char *mm_status_look_class (MmStatus status);

/* Its words, translated. */
const char *mm_status_look_word (MmStatus status);

/* Gives @widget the colour of @status, and of no other. */
void mm_status_look_dress (GtkWidget *widget, MmStatus status);

/* Makes @image and @label (either may be NULL) show @status, whatever they showed before. The image
 * is named for the screen reader only where there is no label. */
void mm_status_look_apply (MmStatus status, GtkImage *image, GtkLabel *label);

/* The status by its name in the API; normal for one that this version does not know. */
MmStatus mm_status_look_parse (const char *name);

G_END_DECLS

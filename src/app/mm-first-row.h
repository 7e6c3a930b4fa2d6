/* Who sees the first row of a list sees the one that is the first now, whatever comes before it:
 * GTK keeps the row where it was. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* After the rows of @view, which scrolls, became others. */
void mm_first_row_keep (GtkWidget *view);

G_END_DECLS

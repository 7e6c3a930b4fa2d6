/* Saving bytes to a file that the person chooses, through the portal where there is one.
 * Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks where, beginning with the file name @name, and writes @bytes there. @parent: a widget of the
 * window that the dialog belongs to. */
void mm_save_async (GtkWidget *parent,
                    const char *name,
                    GBytes *bytes,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data);

/* Whether it is written; %G_IO_ERROR_CANCELLED if the person changed their mind. */
gboolean mm_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS

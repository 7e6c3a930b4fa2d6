/* The name of a button for the screen reader, where its own word says too little (several "Change"
 * or "Sign out" on one page) or gives way to a picture. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lets @button be called @name, which should begin with the text that it shows, if any: so whoever
 * speaks to the computer finds it by what is to be seen. */
void mm_spoken_name_set (GtkWidget *button, const char *name);

G_END_DECLS

/* The name of a button for the screen reader, where its own word says too little: several "Change"
 * or "Sign out" on one page. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lets @button, which has a text, be called @name (which should begin with that text, so that
 * whoever speaks to the computer finds it by what is to be seen). */
void mm_spoken_name_set (GtkWidget *button, const char *name);

G_END_DECLS

/* Where the program finds what belongs to it: installed below a prefix, or in a build directory,
 * from which it must run just as well. Main thread, before anything else. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sets up gettext and the search path for our settings' schema. */
void mm_install_init (void);

/* The program @name ("mimamori-server") that belongs to this one: beside it. Free with g_free(). */
char *mm_install_find_program (const char *name);

G_END_DECLS

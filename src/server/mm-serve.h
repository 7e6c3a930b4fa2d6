/* The running server: listeners, timers and signals around one context. */
#pragma once

#include "mm-config.h"

G_BEGIN_DECLS

/* Serves until SIGTERM or SIGINT. Prints "listening on URL" on standard output once requests are
 * served. FALSE with @error if it cannot begin. Main thread. */
gboolean mm_serve (const MmConfig *config, GError **error);

/* `mimamori-server serve`, with @argv from the word "serve" on. Returns the exit status. */
int mm_serve_command (int argc, char **argv);

G_END_DECLS

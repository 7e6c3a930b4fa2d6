/* The running server: listeners, timers and signals around one context. */
#pragma once

#include "mm-config.h"

G_BEGIN_DECLS

/* Serves until SIGTERM or SIGINT, and with @die_with_stdin until standard input ends: a pipe of
 * whoever started it, which the kernel closes however that one ends. Prints "listening on URL" on
 * standard output once requests are served. FALSE with @error if it cannot begin. Main thread. */
gboolean mm_serve (const MmConfig *config, gboolean die_with_stdin, GError **error);

/* `mimamori-server serve`, with @argv from the word "serve" on. Returns the exit status. */
int mm_serve_command (int argc, char **argv);

G_END_DECLS

/* The demo fleet in a terminal, for computers without a display. Main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Starts the demo in its data directory with the programs @server and @gateway and shows its
 * gateways until SIGINT or SIGTERM: as a table that is drawn anew every few seconds if standard
 * output is a terminal, else as one line every five seconds. The exit status of the process. */
int mm_demo_terminal_run (const char *server, const char *gateway);

G_END_DECLS

/* The operator's way in: a Unix socket in the data directory that only its owner can open. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Its path; free with g_free(). */
char *mm_control_socket_path (const char *data_dir);

/* Binds and listens (mode 0600), replacing one that a killed server left behind: the directory's
 * lock says that nobody else serves it. Returns the descriptor, or -1. */
int mm_control_socket_bind (const char *data_dir, GError **error);

/* The same for another @path in that directory. */
int mm_control_socket_bind_path (const char *path, GError **error);

/* Removes it when nobody serves any more. */
void mm_control_socket_remove (const char *data_dir);

G_END_DECLS

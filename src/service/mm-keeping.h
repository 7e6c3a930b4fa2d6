/* Backup of the store while it is in use, and restore. */
#pragma once

#include "mm-context.h"

G_BEGIN_DECLS

/* Copies all that is stored, as of one moment, into the new file @path (absolute; mode 0600): it is
 * there whole or not at all. @size: its bytes. %MM_ERROR_CONFLICT "exists" if there is something of
 * that name; %MM_ERROR_INVALID "cannot-write" says why it cannot be written. Any thread but the
 * writer's. */
gboolean mm_keeping_backup (MmContext *context, const char *path, gint64 *size, GError **error);

/* Puts the backup @path in the place of what is in @config's data directory.
 *
 * No server may work there (%MM_ERROR_CONFLICT "locked"). The backup is copied, checked and brought
 * to the newest schema first; then all sessions, tokens and waiting mails in it are ended, and what
 * was revoked or removed since in the present store (keys of gateways, activation codes, links,
 * maintenance contacts) is revoked and removed in it, too. The present store stays beside it.
 * @kept: (out): where, NULL if there was none; free with g_free()
 * On failure nothing has changed. */
gboolean mm_keeping_restore (
    const MmConfig *config, gint64 now, const char *path, char **kept, GError **error);

G_END_DECLS

/* Settings that the operator changes while the server runs, kept in the data directory.
 *
 * They stand in mimamori.conf there (mm-config.h), with the mail server's password in a file beside
 * it; both are readable by the server's user only and replaced as a whole. The name and the mail
 * settings count at once, the public URL after a restart.
 */
#pragma once

#include "mm-context.h"

G_BEGIN_DECLS

/* The settings that can be changed, by the names of the options of `serve`, and "smtp-password".
 * NULL-terminated. */
const char *const *mm_settings_keys (void);

/* Whether the command line decides over @key, so that a change would count for nothing. */
gboolean mm_settings_is_fixed (const MmConfig *config, const char *key);

/* Changes some settings.
 *
 * @changes: (element-type utf8 utf8): new values by key; NULL or empty takes a setting away. The
 * password is stored, and told to nobody. @restart_needed: whether something that is stored does
 * not count yet.
 *
 * Nothing is changed by %MM_ERROR_FIELDS (fields by key; codes "invalid", "fixed") and
 * %MM_ERROR_CONFLICT "settings-elsewhere" (the server was given another file). Any thread but the
 * writer's. */
gboolean mm_settings_change (MmContext *context,
                             GHashTable *changes,
                             gboolean *restart_needed,
                             GError **error);

G_END_DECLS

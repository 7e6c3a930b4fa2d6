/* What is done to a restored database before anybody works with it: on its only connection, the
 * directory locked, outside of a transaction. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* Ends all sessions, makes all tokens void and drops the mails that wait: they were sent meanwhile,
 * or their links are void. */
gboolean mm_store_restore_end (MmDatabase *db, gint64 now, GError **error);

/* Takes over from the database file @present, of the same schema, what must not come back: keys and
 * activation codes of gateways, passwords, second factors, owners, links that ended or grant less,
 * accounts that were closed, maintenance contacts that were removed. */
gboolean mm_store_restore_carry_over (MmDatabase *db, const char *present, GError **error);

G_END_DECLS

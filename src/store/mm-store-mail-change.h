/* The address that a customer wants to have, until the link sent to it is opened. Writes only on
 * the writer's thread. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* Remembers @mail for @account, in place of an earlier wish; NULL forgets it. */
gboolean mm_store_mail_change_set (MmDatabase *db,
                                   gint64 account,
                                   const char *mail,
                                   GError **error);

/* The address (free with g_free()); TRUE with NULL if there is no wish. */
gboolean mm_store_mail_change_get (MmDatabase *db, gint64 account, char **mail, GError **error);

G_END_DECLS

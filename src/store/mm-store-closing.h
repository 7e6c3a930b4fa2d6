/* What the store forgets when an account is closed. In a job of the writer. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* Makes the account @id a closed one and empties what is personal: name, kana, mail, phone,
 * address, password, second factor, maintenance contacts, tokens, sessions, and all letters in
 * the outbox that are about it. Its sign-in name is free from then on. What stays: consents, the
 * dealer's company name (customers' logs name who looked), links that have ended. */
gboolean mm_store_closing_erase (MmDatabase *db, gint64 id, gint64 now, GError **error);

/* Takes the owner from all gateways of @owner: what was measured until @now stays hidden from any
 * later owner, what was set aside and the settings they reported are gone, and nothing says any
 * more where they stand. */
gboolean mm_store_closing_disown (MmDatabase *db, gint64 owner, gint64 now, GError **error);

G_END_DECLS

/* Which gateway a provisional customer will own: the table claim.
 *
 * Reading takes any connection; changes belong into a job of the writer.
 */
#pragma once

#include "mm-store-gateways.h"

G_BEGIN_DECLS

/* The claim of a provisional customer: which gateway, by which activation code. One per account;
 * a new one replaces it. */
gboolean mm_store_claim_set (MmDatabase *db,
                             gint64 account,
                             gint64 gateway,
                             const guint8 activation[MM_GATEWAY_HASH_BYTES],
                             GError **error);

/* Takes the claim of @account: @gateway is its row, 0 if the account has none, or if the gateway's
 * code was used or replaced since. The claim is deleted. */
gboolean mm_store_claim_take (MmDatabase *db, gint64 account, gint64 *gateway, GError **error);

G_END_DECLS

/* Closing one's own account, for good.
 *
 * A dealer's links end, and their customers are told by letter. A customer's links end, the dealers
 * are told, and the gateways have no owner any more: what was measured stays hidden from whoever
 * registers them later, with a new activation code. All sessions end at once. What is personal is
 * erased, agreements to the terms are kept as evidence, the sign-in name is free again. The last
 * letter says so. Source: product.md §1.
 */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"

G_BEGIN_DECLS

/* Closes the account of @principal, a dealer or customer, whose @password it must be: errors of
 * mm_own_password_check(). May block; call it from a worker. */
gboolean mm_closing_close (MmContext *context,
                           const MmPrincipal *principal,
                           const char *password,
                           GError **error);

G_END_DECLS

/* Who is asking: the hook between a route and its handler.
 *
 * The API knows people by `Authorization: Bearer SESSION` alone, pages by the cookie mm_session
 * alone: a foreign page can make a browser send the cookie, but then only to routes that check the
 * form's token and the Origin. Handlers find the #MmPrincipal by mm_exchange_principal(). */
#pragma once

#include "mm-router.h"

G_BEGIN_DECLS

/* Finds out who asks and whether they may use @route at all; what they may see there is decided by
 * the service. Puts the principal into the exchange. FALSE: it has answered. @context is the
 * MmContext. */
gboolean mm_admit (MmExchange *x, const MmRoute *route, gpointer context);

G_END_DECLS

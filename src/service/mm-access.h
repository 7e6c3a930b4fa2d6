/* Who may see and do what with a gateway: the one place that decides.
 *
 * Foreign, unlinked and missing gateways look alike: %MM_ERROR_NOT_FOUND "not-found".
 */
#pragma once

#include "mm-database.h"
#include "mm-principal.h"
#include "mm-store-fleet.h"

G_BEGIN_DECLS

/* What a principal has of a gateway.
 * @gateway: its row
 * @link: row of the dealer's open link, 0 for the owner
 * @grants: bits of core/mm-link.h; all of them for the owner
 * @history_from: nothing before this moment may be shown (G_MININT64: everything) */
typedef struct
{
  gint64 gateway;
  gint64 link;
  guint grants;
  gint64 history_from;
} MmAccess;

/* Finds the gateway with the ID @public_id if @principal has all of @grants on it at @now: a dealer
 * by an open link, a customer as the owner. A gateway that the principal may see, but without one
 * of
 * @grants, is %MM_ERROR_FORBIDDEN "not-granted". */
gboolean mm_access_gateway (MmDatabase *db,
                            const MmPrincipal *principal,
                            const char *public_id,
                            guint grants,
                            gint64 now,
                            MmAccess *access,
                            GError **error);

/* What a dealer has by @link at @now; FALSE if it is nothing. For lists, where the links are at
 * hand already. */
gboolean mm_access_by_link (const MmLinkFacts *link, gint64 now, MmAccess *access);

/* Notes that @dealer looked at (or changed) the gateway, for the customer to see. Looks are one
 * entry per dealer, gateway and hour. On the writer's thread. @kind: "looked", "exported",
 * "acknowledged", "declined". */
gboolean mm_access_note (MmDatabase *db,
                         const MmAccess *access,
                         gint64 dealer,
                         const char *kind,
                         const char *detail,
                         gint64 now,
                         GError **error);

G_END_DECLS

/* The letters that tell both sides of a link what became of it. */
#pragma once

#include "mm-context.h"
#include "mm-store-links.h"

G_BEGIN_DECLS

/* Queues @letter ("linked-dealer", "link-changed", "link-ended") to the dealer of @link, or
 * ("linked-customer", "link-ended") to the gateway's owner, if there is one; in the transaction of
 * what it tells. @by: of "link-ended" the flag that says why ("by_customer", "by_dealer",
 * "by_time", "by_owner_change", "by_closing"), else NULL. */
gboolean mm_link_letters_to_dealer (MmContext *context,
                                    MmDatabase *db,
                                    const MmLinkRow *link,
                                    const char *letter,
                                    const char *by,
                                    gint64 now,
                                    GError **error);
gboolean mm_link_letters_to_owner (MmContext *context,
                                   MmDatabase *db,
                                   const MmLinkRow *link,
                                   const char *letter,
                                   const char *by,
                                   gint64 now,
                                   GError **error);

G_END_DECLS

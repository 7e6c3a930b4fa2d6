/* Links (保守紐付け): a customer lets a dealer look after a gateway, changes that, ends it.
 *
 * All functions decide by the principal; what is not the caller's looks as if it did not exist
 * (%MM_ERROR_NOT_FOUND). All may block (the store); call them from a worker. Errors that any of
 * them may give besides its own: %MM_ERROR_LIMITED, %MM_ERROR_BUSY, and those of the store.
 * Source: product.md §2.
 */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"
#include "mm-store-links.h"

G_BEGIN_DECLS

/* What a customer fills in to let a dealer in.
 * @gateway: ID of the customer's own gateway
 * @user_id: the dealer's, exactly as the dealer says it
 * @phone: the dealer's, in any spelling
 * @grants: bits of core/mm-link.h
 * @until: last day (2026-05-31) in the site's time zone; NULL or empty: until revoked */
typedef struct
{
  const char *gateway;
  const char *user_id;
  const char *phone;
  guint grants;
  const char *until;
} MmLinkForm;

/* Looks what @form would do, without doing it: @dealer_name (free with g_free()) is who would get
 * access.
 *
 * %MM_ERROR_FIELDS: "user_id", "phone" code "required"; "user_id" code "unknown" with one and the
 * same sentence whenever the two are not those of one active dealer; "see" code "required" if
 * nothing is granted; "until" codes "syntax", "past". %MM_ERROR_CONFLICT "already-linked". Tries
 * are limited per account and per address. */
gboolean mm_linking_check (MmContext *context,
                           const MmPrincipal *customer,
                           const MmLinkForm *form,
                           char **dealer_name,
                           GError **error);

/* Links, at once; both sides get a letter. @link: the public ID of the link. Errors as
 * mm_linking_check(). */
gboolean mm_linking_link (MmContext *context,
                          const MmPrincipal *customer,
                          const MmLinkForm *form,
                          char **link,
                          GError **error);

/* The open links (#MmLinkRow) of the caller: of all of a customer's gateways, or of a dealer. */
GPtrArray *mm_linking_list (MmContext *context, const MmPrincipal *principal, GError **error);

/* One open link of the caller, customer or dealer. */
MmLinkRow *mm_linking_find (MmContext *context,
                            const MmPrincipal *principal,
                            const char *link,
                            GError **error);

/* Changes what a link allows and until when, from now on; the dealer gets a letter. Errors on the
 * fields as mm_linking_check(). */
gboolean mm_linking_change (MmContext *context,
                            const MmPrincipal *customer,
                            const char *link,
                            guint grants,
                            const char *until,
                            GError **error);

/* The customer ends a link, the dealer declines one: at once, with a letter to both. */
gboolean mm_linking_revoke (MmContext *context,
                            const MmPrincipal *customer,
                            const char *link,
                            GError **error);
gboolean mm_linking_decline (MmContext *context,
                             const MmPrincipal *dealer,
                             const char *link,
                             GError **error);

/* Ends the links whose time is over at @now, with letters. From a timer, not on the writer's
 * thread. Nothing waits for it: access looks at the time by itself. */
gboolean mm_linking_expire (MmContext *context, gint64 now, GError **error);

/* Whom to tell after a commit that a link has changed. */
typedef struct
{
  gint64 dealer;
  gint64 gateway;
} MmLinkChange;

/* In a writer's job: ends all links of @gateway because it has a new owner, with letters. Appends
 * to @changes (of #MmLinkChange) what mm_linking_announce() is to be given after the commit. */
gboolean mm_linking_end_for_owner_change (MmContext *context,
                                          MmDatabase *db,
                                          gint64 gateway,
                                          gint64 now,
                                          GArray *changes,
                                          GError **error);

/* After the commit: tells the open apps of these dealers. Any thread. */
void mm_linking_announce (MmContext *context, const GArray *changes);

/* What dealers did with the customer's @gateway (#MmAccessRow), newest first, one page; @before is
 * the row where the page before ended, 0 begins. @more: whether there is another page. */
GPtrArray *mm_linking_log (MmContext *context,
                           const MmPrincipal *customer,
                           const char *gateway,
                           gint64 before,
                           gboolean *more,
                           GError **error);

G_END_DECLS

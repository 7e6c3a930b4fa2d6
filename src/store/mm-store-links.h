/* Links between a gateway and a dealer: the table link.
 *
 * The functions that read take any connection; those that change belong into a job of the writer.
 * A row that is not there is %MM_ERROR_NOT_FOUND "not-found". What a link means is said by
 * core/mm-link.h, who may see it by service/mm-linking.h.
 */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* One link with what is usually said about it. Times are UTC microseconds, MM_TIME_NONE for none;
 * texts are never NULL.
 * @grants: bits of core/mm-link.h
 * @until: first moment at which it no longer counts
 * @ended_by: "customer", "dealer", "time", "owner-change", "closed"; empty while open
 * @dealer_id: the dealer's user ID
 * @owner …: of the gateway now; 0 and empty texts if there is none */
typedef struct
{
  gint64 row;
  char *public_id;
  guint grants;
  gint64 since;
  gint64 until;
  gint64 ended;
  char *ended_by;

  gint64 gateway;
  char *gateway_id;
  char *gateway_name;
  char *gateway_municipality;
  char *timezone;

  gint64 dealer;
  char *dealer_id;
  char *dealer_name;
  char *dealer_mail;
  char *dealer_phone;
  char *dealer_language;

  gint64 owner;
  char *owner_name;
  char *owner_mail;
  char *owner_language;
} MmLinkRow;

void mm_link_row_free (MmLinkRow *link);

/* The link with the public ID @public_id, open or ended; the link of the row @row. */
MmLinkRow *mm_store_link_find (MmDatabase *db, const char *public_id, GError **error);
MmLinkRow *mm_store_link_get (MmDatabase *db, gint64 row, GError **error);

/* Links (#MmLinkRow) that are not ended: of a gateway, oldest first; of all gateways of an owner,
 * by gateway; of a dealer, by gateway; those whose time ran out at @now, at most @limit. */
GPtrArray *mm_store_links_of_gateway (MmDatabase *db, gint64 gateway, GError **error);
GPtrArray *mm_store_links_of_owner (MmDatabase *db, gint64 owner, GError **error);
GPtrArray *mm_store_links_of_dealer (MmDatabase *db, gint64 dealer, GError **error);
GPtrArray *mm_store_links_due (MmDatabase *db, gint64 now, guint limit, GError **error);

/* Opens a link. %MM_ERROR_CONFLICT "already-linked" if there is an open one. Sets @row. */
gboolean mm_store_link_add (MmDatabase *db,
                            const char *public_id,
                            gint64 gateway,
                            gint64 dealer,
                            guint grants,
                            gint64 since,
                            gint64 until,
                            gint64 *row,
                            GError **error);

/* What it allows, and until when, from now on. */
gboolean mm_store_link_change (
    MmDatabase *db, gint64 row, guint grants, gint64 until, GError **error);

/* Ends an open link; mails to the dealer of the gateway's alerts that still wait are dropped.
 * %MM_ERROR_NOT_FOUND if it is ended already. */
gboolean mm_store_link_end (MmDatabase *db, gint64 row, gint64 now, const char *by, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmLinkRow, mm_link_row_free)

G_END_DECLS

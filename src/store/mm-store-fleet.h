/* What a dealer's list of gateways is made of: sites, their links, their owners, open alerts.
 *
 * Functions that read; any connection. Who may see what is not decided here but in
 * service/mm-access.h, which is given the facts of each link.
 */
#pragma once

#include "mm-alert.h"
#include "mm-database.h"

G_BEGIN_DECLS

/* What decides over a dealer's access by a link. Times are UTC microseconds, MM_TIME_NONE for
 * none.
 * @gateway, @link: rows
 * @grants: bits of core/mm-link.h
 * @hidden_before: what was measured before belongs to an earlier owner of the gateway */
typedef struct
{
  gint64 gateway;
  gint64 link;
  guint grants;
  gint64 since;
  gint64 until;
  gint64 ended;
  gint64 hidden_before;
} MmLinkFacts;

/* One gateway as a dealer's link shows it. Texts are never NULL; numbers are NAN if unknown.
 * @link_id: public ID of the link
 * @customer, @kana: of the owner; empty if there is none */
typedef struct
{
  MmLinkFacts link;
  char *link_id;
  char *public_id;
  char *name;
  char *postal_code;
  char *prefecture;
  char *municipality;
  double latitude;
  double longitude;
  char *timezone;
  double pv_peak_w;
  double battery_wh;
  gint64 interval_s;
  char *model;
  char *serial;
  char *firmware;
  gint64 owner;
  char *customer;
  char *kana;
} MmFleetSite;

void mm_fleet_site_free (MmFleetSite *site);

/* The gateways (#MmFleetSite) to which @dealer has a link that is not ended, in no order; with
 * @gateway not 0, that one only. */
GPtrArray *mm_store_fleet_sites (MmDatabase *db, gint64 dealer, gint64 gateway, GError **error);

/* Called for the link of each of them, with the gateway's ID. */
typedef void (*MmFleetLinkFunc) (const MmLinkFacts *link, const char *public_id, gpointer data);

/* The same links without what is said of the sites. */
gboolean mm_store_fleet_links (
    MmDatabase *db, gint64 dealer, MmFleetLinkFunc func, gpointer data, GError **error);

/* The one of them that is to the gateway with the ID @public_id, exactly; @found says whether there
 * is one. */
gboolean mm_store_fleet_link (MmDatabase *db,
                              gint64 dealer,
                              const char *public_id,
                              MmLinkFacts *link,
                              gboolean *found,
                              GError **error);

/* One open alert of a gateway. @shows: the status that the fault itself is, or "". */
typedef struct
{
  gint64 gateway;
  MmAlertKind kind;
  int severity;
  const char *shows;
  gint64 opened;
} MmOpenAlert;

typedef void (*MmOpenAlertFunc) (const MmOpenAlert *alert, gpointer data);

/* Calls @func for the open alerts of those gateways. */
gboolean mm_store_fleet_open_alerts (MmDatabase *db,
                                     gint64 dealer,
                                     gint64 gateway,
                                     MmOpenAlertFunc func,
                                     gpointer data,
                                     GError **error);

/* The ID of the gateway with the row @gateway, if @dealer ever had a link to it; else TRUE with
 * NULL. For telling a dealer that a gateway it knew is gone from its list. */
gboolean mm_store_fleet_known_id (
    MmDatabase *db, gint64 dealer, gint64 gateway, char **public_id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFleetSite, mm_fleet_site_free)

G_END_DECLS

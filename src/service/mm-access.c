/* Who may see and do what with a gateway. Any thread that has a connection. */
#include "mm-access.h"

#include "mm-clock.h"
#include "mm-error.h"
#include "mm-link.h"
#include "mm-store-access.h"
#include "mm-store-fleet.h"
#include "mm-store-gateways.h"
#include "mm-words.h"

static gboolean
refuse_unknown (GError **error)
{
  return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
}

static gboolean
find_as_owner (
    MmDatabase *db, gint64 customer, const char *public_id, MmAccess *access, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (MmGatewayRow) row = mm_store_gateway_find (db, public_id, &problem);

  if (row == NULL && !g_error_matches (problem, MM_ERROR, MM_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (row == NULL || row->owner != customer)
    return refuse_unknown (error);
  access->gateway = row->row;
  access->link = 0;
  access->grants = MM_GRANTS_ALL;
  access->history_from = row->hidden_before;
  return TRUE;
}

gboolean
mm_access_by_link (const MmLinkFacts *link, gint64 now, MmAccess *access)
{
  access->gateway = link->gateway;
  access->link = link->link;
  access->grants = mm_link_grants (link->grants);
  access->history_from
      = MAX (mm_link_history_start (access->grants, link->since), link->hidden_before);
  return access->grants != 0 && mm_link_active (now, link->since, link->until, link->ended);
}

/* The link is asked for its time at every look: that nobody has come by to end it yet does not make
 * it last longer. */
static gboolean
find_as_dealer (MmDatabase *db,
                gint64 dealer,
                const char *public_id,
                gint64 now,
                MmAccess *access,
                GError **error)
{
  MmLinkFacts link;
  gboolean found;

  if (!mm_store_fleet_link (db, dealer, public_id, &link, &found, error))
    return FALSE;
  return (found && mm_access_by_link (&link, now, access)) || refuse_unknown (error);
}

gboolean
mm_access_gateway (MmDatabase *db,
                   const MmPrincipal *principal,
                   const char *public_id,
                   guint grants,
                   gint64 now,
                   MmAccess *access,
                   GError **error)
{
  *access = (MmAccess){ 0 };
  switch (principal->kind)
    {
    case MM_PRINCIPAL_CUSTOMER:
      if (!find_as_owner (db, principal->account, public_id, access, error))
        return FALSE;
      break;
    case MM_PRINCIPAL_DEALER:
      if (!find_as_dealer (db, principal->account, public_id, now, access, error))
        return FALSE;
      break;
    case MM_PRINCIPAL_ANYONE:
    case MM_PRINCIPAL_GATEWAY:
    case MM_PRINCIPAL_OPERATOR:
    default:
      return refuse_unknown (error);
    }
  if ((access->grants & grants) == grants)
    return TRUE;
  return mm_error_set (error, MM_ERROR_FORBIDDEN, "not-granted",
                       N_ ("The customer has not allowed this."));
}

gboolean
mm_access_note (MmDatabase *db,
                const MmAccess *access,
                gint64 dealer,
                const char *kind,
                const char *detail,
                gint64 now,
                GError **error)
{
  gboolean is_look = g_str_equal (kind, "looked") || g_str_equal (kind, "exported");
  gint64 hour = is_look ? now - now % MM_HOUR : now;

  return mm_store_access_add (db, access->gateway, dealer, kind, hour, now,
                              is_look || detail == NULL ? "" : detail, error);
}

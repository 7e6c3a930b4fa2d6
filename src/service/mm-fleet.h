/* The gateways of a dealer with their state: the list, one of them, what changed.
 *
 * All functions may block; call them from a worker. Who may see what comes from mm-access.h.
 */
#pragma once

#include "mm-access.h"
#include "mm-context.h"
#include "mm-status.h"
#include "mm-store-fleet.h"

G_BEGIN_DECLS

#define MM_FLEET_PAGE_DEFAULT 100
#define MM_FLEET_PAGE_MAX 10000

/* The values that the list shows. */
typedef enum
{
  MM_FLEET_PV_POWER,
  MM_FLEET_LOAD_POWER,
  MM_FLEET_GRID_POWER,
  MM_FLEET_BATTERY_POWER,
  MM_FLEET_SOC,
  MM_N_FLEET_VALUES,
} MmFleetValueKind;

/* The quantity's name. */
const char *mm_fleet_value_name (MmFleetValueKind kind);

/* @time: MM_TIME_NONE if there is no value */
typedef struct
{
  gint64 time;
  double value;
} MmFleetValue;

/* One gateway of the list. Times are UTC microseconds, MM_TIME_NONE for none or before what may be
 * seen.
 * @status_since: when the alert that makes the status opened, if one does
 * @n_open, @worst: of its open alerts, loss of contact included
 * @today_energy: Wh produced today; NAN if nothing is known, and if only a part of the day may be
 *   seen (mm-today.h says what that part produced) */
typedef struct
{
  MmFleetSite *site;
  MmAccess access;
  MmStatus status;
  gint64 status_since;
  gint64 last_contact;
  guint n_open;
  MmSeverity worst;
  MmFleetValue values[MM_N_FLEET_VALUES];
  double today_energy;
} MmFleetRow;

void mm_fleet_row_free (MmFleetRow *row);

typedef enum
{
  MM_FLEET_BY_URGENCY, /* worst first */
  MM_FLEET_BY_ID,
  MM_FLEET_BY_NAME,     /* of the site */
  MM_FLEET_BY_CUSTOMER, /* by kana */
  MM_FLEET_BY_PLACE,    /* prefecture, municipality */
  MM_FLEET_BY_MODEL,
  MM_FLEET_BY_LAST_CONTACT,
  MM_FLEET_BY_OPEN_ALERTS,
  MM_FLEET_BY_SOC,
  MM_FLEET_BY_PV_POWER,
  MM_N_FLEET_ORDERS,
} MmFleetOrder;

/* "urgency", "id", "name", "customer", "place", "model", "last_contact", "open_alerts", "soc",
 * "pv_power"; FALSE for anything else. */
gboolean mm_fleet_order_from_name (const char *name, MmFleetOrder *order);

/* What is asked for; conditions combine, zero asks for everything.
 * @statuses: bits 1 << MmStatus
 * @search: words over ID, serial, site name, customer, kana, municipality; NULL for all
 * @prefecture, @model: exactly; NULL for all
 * @contact_before: last contact earlier than this, or never; MM_TIME_NONE for all
 * @has_soc_below, @soc_below: battery level in %
 * @descending: turns the order round, but not that of what has nothing to sort by, which is last
 * @limit: 1 … MM_FLEET_PAGE_MAX
 * @cursor: of the page before; NULL begins */
typedef struct
{
  guint statuses;
  const char *search;
  const char *prefecture;
  const char *model;
  gint64 contact_before;
  gboolean has_soc_below;
  double soc_below;
  MmFleetOrder order;
  gboolean descending;
  guint limit;
  const char *cursor;
} MmFleetQuery;

/* One page of the list.
 * @rows: of MmFleetRow
 * @total: all that match
 * @counts: by status, of all that match everything but @statuses
 * @next: cursor of the next page; NULL after the last
 * @changes: to be given to mm_fleet_since() later
 * @now: the server's time of all this */
typedef struct
{
  GPtrArray *rows;
  guint total;
  guint counts[MM_N_STATUSES];
  char *next;
  char *changes;
  gint64 now;
} MmFleetPage;

void mm_fleet_page_free (MmFleetPage *page);

/* %MM_ERROR_FIELDS "cursor" "unknown" if the cursor is none. */
MmFleetPage *mm_fleet_page (MmContext *context,
                            const MmPrincipal *principal,
                            const MmFleetQuery *query,
                            GError **error);

/* What changed.
 * @rows: of MmFleetRow, as they are now
 * @removed: IDs that are no longer the dealer's
 * @reset: too much time has passed, or the server has started again: load the list anew
 * @changes: where to go on */
typedef struct
{
  GPtrArray *rows;
  GPtrArray *removed;
  gboolean reset;
  char *changes;
  gint64 now;
} MmFleetChanges;

void mm_fleet_changes_free (MmFleetChanges *changes);

/* Never refuses @cursor: one that is not ours asks to begin anew. */
MmFleetChanges *mm_fleet_since (MmContext *context,
                                const MmPrincipal *principal,
                                const char *cursor,
                                GError **error);

/* The gateway with the row @gateway as a row of the list; TRUE with NULL if @dealer may not see it
 * at @now. @db: a connection for reading. */
gboolean mm_fleet_find (MmContext *context,
                        MmDatabase *db,
                        gint64 dealer,
                        gint64 gateway,
                        gint64 now,
                        MmFleetRow **row,
                        GError **error);

/* A place in the order of changes (mm-feed.h) as text, and back; FALSE if it is not of this start
 * of the server. */
char *mm_fleet_changes_cursor (MmContext *context, guint64 revision);
gboolean mm_fleet_changes_revision (MmContext *context, const char *cursor, guint64 *revision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFleetRow, mm_fleet_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFleetPage, mm_fleet_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFleetChanges, mm_fleet_changes_free)

G_END_DECLS

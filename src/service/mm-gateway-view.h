/* One gateway as a dealer opens it: facts, latest values, devices, events, its customer.
 *
 * Each of these is a look, noted for the customer before it is answered, once per dealer, gateway
 * and hour. Foreign, unlinked and missing gateways are %MM_ERROR_NOT_FOUND alike (mm-access.h). All
 * functions may block; call them from a worker.
 */
#pragma once

#include "mm-clock-sense.h"
#include "mm-fleet.h"
#include "mm-history.h"
#include "mm-store-accounts.h"
#include "mm-store-alert-rows.h"
#include "mm-today.h"

G_BEGIN_DECLS

/* The newest value of a series. Texts are owned by it; @unit is NULL if the quantity is unknown. */
typedef struct
{
  char *device;
  char *quantity;
  const char *unit;
  gint64 time;
  double value;
} MmLatestValue;

/* @row: as in the fleet list
 * @devices: of MmDeviceRow
 * @values: of MmLatestValue, by device and quantity
 * @alerts: its open alerts, of MmAlertRow, newest first
 * @today: what it produced, used … today
 * @clock: what is known of its clock
 * @by_receipt: of MmReceivedTime: when its data was placed by the time it was received */
typedef struct
{
  MmFleetRow *row;
  GPtrArray *devices;
  GPtrArray *values;
  GPtrArray *alerts;
  MmToday today;
  MmClockState clock;
  GArray *by_receipt;
  gint64 now;
} MmGatewayView;

void mm_gateway_view_free (MmGatewayView *view);

/* All of it; NULL with %MM_ERROR_NOT_FOUND. */
MmGatewayView *mm_gateway_view_open (MmContext *context,
                                     const MmPrincipal *principal,
                                     const char *public_id,
                                     GError **error);

/* What is asked of the history, with the times as they were given: RFC 3339, or a day of the site
 * ("2016-10-07"), from its beginning or to its end. */
typedef struct
{
  const char *from;
  const char *to;
  const char *resolution;
  guint points; /* see MmHistoryQuery */
  const char *device;
  const char *const *quantities;
} MmHistoryRequest;

/* mm_history_read() for a dealer. %MM_ERROR_FIELDS with "from", "to", "resolution". */
MmHistory *mm_gateway_view_history (MmContext *context,
                                    const MmPrincipal *principal,
                                    const char *public_id,
                                    const MmHistoryRequest *request,
                                    GError **error);

/* At most @limit events (#MmEventRow), newest first, nothing from before the link unless that is
 * allowed. @cursor: of the page before, NULL begins. @next: cursor of the next page, NULL after the
 * last; free with g_free(). */
GPtrArray *mm_gateway_view_events (MmContext *context,
                                   const MmPrincipal *principal,
                                   const char *public_id,
                                   const char *cursor,
                                   guint limit,
                                   char **next,
                                   GError **error);

/* The customer as registered, if SEE is granted. */
MmAccountRow *mm_gateway_view_customer (MmContext *context,
                                        const MmPrincipal *principal,
                                        const char *public_id,
                                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmGatewayView, mm_gateway_view_free)

G_END_DECLS

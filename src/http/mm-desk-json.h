/* What the app is told of gateways and alerts, as JSON; docs/openapi.yaml names the members. Used
 * by the handlers and by the live feed. Any thread; new references. */
#pragma once

#include "mm-alerts.h"
#include "mm-fleet.h"
#include "mm-gateway-view.h"
#include "mm-latest.h"

#include <jansson.h>

G_BEGIN_DECLS

/* FleetGateway, and a list of them (#MmFleetRow). */
json_t *mm_desk_row_json (const MmFleetRow *row);
json_t *mm_desk_rows_json (const GPtrArray *rows);

/* Alert with its words in @language (a tag), and a list of them (#MmAlertRow). */
json_t *mm_desk_alert_json (MmContext *context, const MmAlertRow *alert, const char *language);
json_t *mm_desk_alerts_json (MmContext *context, const GPtrArray *alerts, const char *language);

/* Adds what is known of a gateway's clock to @json: of the dealer's and of the operator's list. */
void mm_desk_set_clock (json_t *json, const MmClockState *clock);

/* Gateway: the row, and all that its page shows. */
json_t *mm_desk_view_json (MmContext *context, const MmGatewayView *view, const char *language);

/* Event. */
json_t *mm_desk_event_json (MmContext *context, const MmEventRow *event, const char *language);

/* Customer. */
json_t *mm_desk_customer_json (const MmAccountRow *customer);

/* History, as text: it may have a million points. */
GBytes *mm_desk_history_text (const MmHistory *history);

/* @quantities: those that were asked for */
GBytes *mm_desk_latest_text (const MmLatest *latest, const char *const *quantities);

G_END_DECLS

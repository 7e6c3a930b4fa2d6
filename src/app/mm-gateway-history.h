/* The history of a gateway: the day's powers, or the energies of a week, a month or a year, with
 * the way to other days. Main thread.
 *
 * Keys: Ctrl+Page Up and Ctrl+Page Down go to the earlier and the later one.
 */
#pragma once

#include "mm-api.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_GATEWAY_HISTORY (mm_gateway_history_get_type ())
G_DECLARE_FINAL_TYPE (MmGatewayHistory, mm_gateway_history, MM, GATEWAY_HISTORY, AdwBin)

/* Begins with today of @gateway (Gateway of docs/openapi.yaml), or the last day that anything is
 * known of. */
void mm_gateway_history_begin (MmGatewayHistory *history,
                               MmApi *api,
                               JsonObject *gateway,
                               GTimeZone *zone);

/* Adds the present values of @gateway to the chart, if it shows today. @now: of the server */
void mm_gateway_history_follow (MmGatewayHistory *history, JsonObject *gateway, gint64 now);

/* Loads what is shown anew, with the alerts. */
void mm_gateway_history_reload (MmGatewayHistory *history);

G_END_DECLS

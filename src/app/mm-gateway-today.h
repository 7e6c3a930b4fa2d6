/* Today's energies of a gateway in figures: produced, used, sold, bought, self-sufficiency.
 * Main thread. */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define MM_TYPE_GATEWAY_TODAY (mm_gateway_today_get_type ())
G_DECLARE_FINAL_TYPE (MmGatewayToday, mm_gateway_today, MM, GATEWAY_TODAY, AdwBin)

/* Shows @today (Today of docs/openapi.yaml); NULL: nothing is known. */
void mm_gateway_today_show (MmGatewayToday *box, JsonObject *today);

G_END_DECLS

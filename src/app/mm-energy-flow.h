/* Where the energy goes at this moment: sun, house, battery and grid as four places around a
 * middle, joined by lines whose arrows point the way it flows (look.md "Page of a gateway").
 * Everything the picture says is also said in words, on the places themselves and to the screen
 * reader. Main thread. */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define MM_TYPE_ENERGY_FLOW (mm_energy_flow_get_type ())
G_DECLARE_FINAL_TYPE (MmEnergyFlow, mm_energy_flow, MM, ENERGY_FLOW, AdwBin)

/* Shows the values of @gateway (Gateway of docs/openapi.yaml) as they are at @now; a value is old,
 * and looks it, @stale_after microseconds after its time. */
void mm_energy_flow_show (MmEnergyFlow *flow, JsonObject *gateway, gint64 now, gint64 stale_after);

G_END_DECLS

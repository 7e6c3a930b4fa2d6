/* The devices of a gateway and the newest value of everything they measure, each with its age.
 * Main thread. */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define MM_TYPE_GATEWAY_DEVICES (mm_gateway_devices_get_type ())
G_DECLARE_FINAL_TYPE (MmGatewayDevices, mm_gateway_devices, MM, GATEWAY_DEVICES, AdwBin)

/* Shows the devices and values of @gateway (Gateway of docs/openapi.yaml) as they are at @now; a
 * value looks old @stale_after microseconds after its time. What stays the same stays in place. */
void mm_gateway_devices_show (MmGatewayDevices *devices,
                              JsonObject *gateway,
                              gint64 now,
                              gint64 stale_after,
                              GTimeZone *zone);

G_END_DECLS

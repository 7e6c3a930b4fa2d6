/* What happened at a gateway, newest first, a page at a time: its events as the devices reported
 * them, or its alerts with their lives. Main thread. */
#pragma once

#include "mm-api.h"

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  MM_GATEWAY_EVENTS,
  MM_GATEWAY_ALERTS,
} MmGatewayLogKind;

#define MM_TYPE_GATEWAY_LOG (mm_gateway_log_get_type ())
G_DECLARE_FINAL_TYPE (MmGatewayLog, mm_gateway_log, MM, GATEWAY_LOG, AdwBin)

/* Shows the log of @kind of the gateway @id from its beginning; again to load it anew. */
void mm_gateway_log_load (
    MmGatewayLog *log, MmApi *api, const char *id, MmGatewayLogKind kind, GTimeZone *zone);

G_END_DECLS

/* Is it up, and how is it: for probes and for Prometheus. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

void mm_handle_healthz (MmExchange *x, gpointer context); /* GET /healthz */
void mm_handle_metrics (MmExchange *x, gpointer context); /* GET /metrics, operator only */

G_END_DECLS

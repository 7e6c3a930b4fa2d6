/* The API for the desk: the fleet, one gateway, its values, events and customer, alerts. The data
 * of all is the #MmContext; they run on a worker. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

void mm_handle_fleet (MmExchange *x, gpointer context);    /* GET /api/v1/gateways */
void mm_handle_gateway (MmExchange *x, gpointer context);  /* GET …/{id} */
void mm_handle_history (MmExchange *x, gpointer context);  /* GET …/{id}/history */
void mm_handle_events (MmExchange *x, gpointer context);   /* GET …/{id}/events */
void mm_handle_customer (MmExchange *x, gpointer context); /* GET …/{id}/customer */

void mm_handle_latest (MmExchange *x, gpointer context); /* GET /api/v1/latest */

void mm_handle_alerts (MmExchange *x, gpointer context);      /* GET /api/v1/alerts */
void mm_handle_acknowledge (MmExchange *x, gpointer context); /* POST …/{id}/acknowledge */

G_END_DECLS

/* The first page, and what the app asks before anything else. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET / : dealers and customers begin here. */
void mm_handle_entry (MmExchange *x, gpointer context);

/* GET /api/v1/server: version, features, who it is. */
void mm_handle_server (MmExchange *x, gpointer context);

/* GET /api/v1/terms?audience=dealer|customer[&language=ja|en] */
void mm_handle_terms (MmExchange *x, gpointer context);

/* GET /open/gateway/{id}: a link that opens the gateway in the app. Says nothing about whether
 * there is one. */
void mm_handle_open_gateway (MmExchange *x, gpointer context);

G_END_DECLS

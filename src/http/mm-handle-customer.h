/* Pages of customers: their systems, who has access, the log, one more gateway.
 *
 * They translate only; service/mm-customers.h and mm-linking.h decide. All run on workers.
 */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET /my: all systems of the customer. */
void mm_handle_customer_home (MmExchange *x, gpointer context);

/* GET /my/gateways/{id}: one system, who has access. GET …/log: what dealers did. POST …/name. */
void mm_handle_customer_gateway (MmExchange *x, gpointer context);
void mm_handle_customer_log (MmExchange *x, gpointer context);
void mm_handle_customer_rename (MmExchange *x, gpointer context);

/* GET and POST /my/add: one more gateway. */
void mm_handle_customer_add (MmExchange *x, gpointer context);

G_END_DECLS

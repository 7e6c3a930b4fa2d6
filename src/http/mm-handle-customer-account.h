/* Pages of a customer's own account. On workers. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET /my/account; GET and POST /my/account/edit */
void mm_handle_customer_account (MmExchange *x, gpointer context);
void mm_handle_customer_account_edit (MmExchange *x, gpointer context);

G_END_DECLS

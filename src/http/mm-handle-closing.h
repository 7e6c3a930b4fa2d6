/* Closing one's own account: page and API. On workers. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* DELETE /api/v1/account */
void mm_handle_account_delete (MmExchange *x, gpointer context);

/* GET, POST /account/close; GET /account/closed */
void mm_handle_account_close (MmExchange *x, gpointer context);
void mm_handle_account_closed (MmExchange *x, gpointer context);

G_END_DECLS

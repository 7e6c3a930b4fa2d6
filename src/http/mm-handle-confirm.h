/* Pages of the mailed link: terms again → password, phone → complete. For dealers and customers.
 * Opening the link consumes nothing. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET and POST /confirm?token=… */
void mm_handle_confirm (MmExchange *x, gpointer context);

/* GET /confirm/done */
void mm_handle_confirm_done (MmExchange *x, gpointer context);

/* POST /confirm/resend: a new mail instead of a link that ended by itself. */
void mm_handle_confirm_resend (MmExchange *x, gpointer context);

G_END_DECLS

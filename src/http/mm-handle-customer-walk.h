/* Pages of the customer's walk: terms → form → confirm → mail. Values travel as hidden fields and
 * are checked again at each step, so that going back loses nothing. What follows the mail is shared
 * with dealers (mm-handle-confirm.h). */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET and POST /register/customer */
void mm_handle_customer_walk (MmExchange *x, gpointer context);

G_END_DECLS

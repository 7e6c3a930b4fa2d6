/* Pages of the dealer's walk: terms → form → confirm → mail. Values travel as hidden fields and are
 * checked again at each step, so that going back loses nothing. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET and POST /register/dealer */
void mm_handle_walk (MmExchange *x, gpointer context);

/* GET and POST /register/sent: where the mail went; send again, correct the address. */
void mm_handle_sent (MmExchange *x, gpointer context);

G_END_DECLS

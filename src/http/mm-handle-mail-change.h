/* A customer's other mail address. On workers. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET and POST /my/account/mail; GET and POST /mail-change?token=…, the mailed link */
void mm_handle_mail_change (MmExchange *x, gpointer context);
void mm_handle_mail_change_link (MmExchange *x, gpointer context);

G_END_DECLS

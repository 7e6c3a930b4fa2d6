/* The second factor: setting it up, switching it off, and the second page of signing in. On
 * workers.
 */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET, POST, DELETE /api/v1/account/two-factor; POST /api/v1/account/two-factor/confirm */
void mm_handle_two_factor_get (MmExchange *x, gpointer context);
void mm_handle_two_factor_begin (MmExchange *x, gpointer context);
void mm_handle_two_factor_confirm (MmExchange *x, gpointer context);
void mm_handle_two_factor_end (MmExchange *x, gpointer context);

/* GET /two-factor/qr.svg: the picture of the setup that was begun; GET and POST /two-factor */
void mm_handle_two_factor_qr (MmExchange *x, gpointer context);
void mm_handle_two_factor_page (MmExchange *x, gpointer context);

G_END_DECLS

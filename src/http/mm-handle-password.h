/* Passwords: changing one's own; a new one by mail. Pages and API. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* POST /api/v1/account/password, /api/v1/password-resets, /api/v1/password-resets/redeem */
void mm_handle_password_change (MmExchange *x, gpointer context);
void mm_handle_password_forgotten (MmExchange *x, gpointer context);
void mm_handle_password_redeem (MmExchange *x, gpointer context);

/* GET and POST /password, /forgotten, /new-password?token=… */
void mm_handle_password_page (MmExchange *x, gpointer context);
void mm_handle_forgotten_page (MmExchange *x, gpointer context);
void mm_handle_new_password_page (MmExchange *x, gpointer context);

G_END_DECLS

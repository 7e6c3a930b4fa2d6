/* A dealer's own account: view → edit → confirm → execute → done; and by API. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET and PUT /api/v1/account; POST /api/v1/account/check */
void mm_handle_account_get (MmExchange *x, gpointer context);
void mm_handle_account_put (MmExchange *x, gpointer context);
void mm_handle_account_check (MmExchange *x, gpointer context);

/* GET /account; GET and POST /account/edit; GET /account/done */
void mm_handle_account_page (MmExchange *x, gpointer context);
void mm_handle_account_edit (MmExchange *x, gpointer context);
void mm_handle_account_done (MmExchange *x, gpointer context);

/* GET and POST /contact?token=…, /contact/remove?token=…: for the reader of a contact's mail. */
void mm_handle_contact (MmExchange *x, gpointer context);
void mm_handle_contact_remove (MmExchange *x, gpointer context);

G_END_DECLS

/* Exporting one's own data. On workers. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET /api/v1/account/export, and the page's GET /account/export, which saves it as a file. */
void mm_handle_account_export (MmExchange *x, gpointer context);
void mm_handle_account_export_file (MmExchange *x, gpointer context);

G_END_DECLS

/* Links between gateways and dealers: the customer's pages, the dealer's page and API.
 *
 * They translate only; service/mm-linking.h decides. All run on workers.
 */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET /link: where the dealer's QR code leads (?dealer=ID): the customer chooses the system. */
void mm_handle_link_start (MmExchange *x, gpointer context);

/* GET /my/gateways/{id}/link: the form; POST: confirm; POST …/link/execute: done. */
void mm_handle_link_form (MmExchange *x, gpointer context);
void mm_handle_link_confirm (MmExchange *x, gpointer context);
void mm_handle_link_execute (MmExchange *x, gpointer context);

/* GET /my/links/{id}: what it allows; POST: change it. GET …/done: after linking. POST …/end: one
 * button, effective at once. */
void mm_handle_link_show (MmExchange *x, gpointer context);
void mm_handle_link_change (MmExchange *x, gpointer context);
void mm_handle_link_done (MmExchange *x, gpointer context);
void mm_handle_link_end (MmExchange *x, gpointer context);

/* GET /links: a dealer's links; POST /links/{id}/decline. */
void mm_handle_link_dealer (MmExchange *x, gpointer context);
void mm_handle_link_dealer_decline (MmExchange *x, gpointer context);

/* GET /api/v1/links, POST /api/v1/links/{id}/decline */
void mm_handle_link_api_list (MmExchange *x, gpointer context);
void mm_handle_link_api_decline (MmExchange *x, gpointer context);

G_END_DECLS

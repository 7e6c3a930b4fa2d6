/* Registration over the API, for the app's walk. Bodies and answers: docs/openapi.yaml. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET /api/v1/user-ids/{id} */
void mm_handle_user_id (MmExchange *x, gpointer context);

/* POST /api/v1/registrations/check, /api/v1/registrations, …/resend; PUT …/mail */
void mm_handle_registration_check (MmExchange *x, gpointer context);
void mm_handle_registration (MmExchange *x, gpointer context);
void mm_handle_registration_resend (MmExchange *x, gpointer context);
void mm_handle_registration_mail (MmExchange *x, gpointer context);

/* POST /api/v1/confirmations/peek, /api/v1/confirmations */
void mm_handle_confirmation_peek (MmExchange *x, gpointer context);
void mm_handle_confirmation (MmExchange *x, gpointer context);

G_END_DECLS

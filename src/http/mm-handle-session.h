/* Signing in and out, the list of sessions, the main menu. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* POST, GET /api/v1/sessions; DELETE /api/v1/sessions, /api/v1/sessions/{id} ("current" is the one
 * in use) */
void mm_handle_session_open (MmExchange *x, gpointer context);
void mm_handle_session_list (MmExchange *x, gpointer context);
void mm_handle_session_end_all (MmExchange *x, gpointer context);
void mm_handle_session_end (MmExchange *x, gpointer context);

/* GET and POST /sign-in; POST /sign-out; GET and POST /sessions; GET /menu, /monitoring */
void mm_handle_sign_in (MmExchange *x, gpointer context);
void mm_handle_sign_in_code (MmExchange *x, gpointer context);
void mm_handle_sign_out (MmExchange *x, gpointer context);
void mm_handle_sessions_page (MmExchange *x, gpointer context);
void mm_handle_menu (MmExchange *x, gpointer context);
void mm_handle_monitoring (MmExchange *x, gpointer context);

G_END_DECLS

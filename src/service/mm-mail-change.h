/* A customer's other mail address, which is also what the customer signs in with: it counts once
 * the link sent to it was opened. All functions may block; call them from a worker. */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"

G_BEGIN_DECLS

/* Mails a link, good for a day and once, to the address that the customer @principal enters twice;
 * an earlier link is void. Whether somebody has an account with that address is told only to who
 * reads its mails. %MM_ERROR_FIELDS with "mail", "mail_again", "password"; %MM_ERROR_LIMITED. */
gboolean mm_mail_change_ask (MmContext *context,
                             const MmPrincipal *principal,
                             const char *mail,
                             const char *mail_again,
                             const char *password,
                             GError **error);

/* The new address of a link (free with g_free()); consumes nothing. NULL with the errors of
 * mm_confirming_peek(). */
char *mm_mail_change_peek (MmContext *context, const char *token, GError **error);

/* Changes the address, once; letters tell the old and the new one. Errors of mm_confirming_peek(),
 * and %MM_ERROR_CONFLICT "already-registered". */
gboolean mm_mail_change_confirm (MmContext *context, const char *token, GError **error);

G_END_DECLS

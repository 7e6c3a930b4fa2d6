/* Registering an account, the second half: the mailed link → terms, password, phone → complete.
 *
 * For dealers and customers alike. Opening a link consumes nothing; only mm_confirming_redeem()
 * does, once. Source: product.md §1.
 */
#pragma once

#include "mm-context.h"
#include "mm-store-tokens.h"

G_BEGIN_DECLS

/* What the reader of the mail may know of the link.
 * @audience: whose terms to show ("dealer", "customer")
 * @sign_in: the name to sign in with
 * @name: of the person, as in the mail's greeting */
typedef struct
{
  char *audience;
  char *sign_in;
  char *name;
  gint64 expires;
} MmConfirmation;

void mm_confirmation_free (MmConfirmation *confirmation);

/* Looks at a link; consumes nothing. NULL with %MM_ERROR_GONE "link-used" (used or replaced),
 * "link-expired", "link-locked" (too many wrong phones), or %MM_ERROR_NOT_FOUND "link-unknown". */
MmConfirmation *mm_confirming_peek (MmContext *context, const char *token, GError **error);

/* Completes the registration: terms again, password twice, phone of the form. Exactly one of many
 * calls with the same token succeeds. Errors of mm_confirming_peek(), and %MM_ERROR_FIELDS with
 * "terms", "password", "password_again", "phone" (code "mismatch": one of the five tries is
 * gone), and of a customer those of mm_customers_complete(). @language: in which the terms were
 * read.
 */
gboolean mm_confirming_redeem (MmContext *context,
                               const char *token,
                               gint64 terms,
                               const char *language,
                               const char *password,
                               const char *password_again,
                               const char *phone,
                               GError **error);

/* Whether @password keeps the rules and @again repeats it; else %MM_ERROR_FIELDS. */
gboolean mm_confirming_check_password (MmContext *context,
                                       const char *password,
                                       const char *again,
                                       GError **problems);

/* Whether a token of a mailed link may still be used at @now: TRUE, or the errors of
 * mm_confirming_peek(). @token may be NULL (unknown). */
gboolean mm_confirming_judge (const MmTokenRow *token, gint64 now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmConfirmation, mm_confirmation_free)

G_END_DECLS

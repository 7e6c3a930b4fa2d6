/* Registering an account, the first half: form → provisional mail. The second is mm-confirming.h.
 *
 * The dealer's walk, and the parts of it that a customer's shares: a provisional account with its
 * links, resending, correcting the address. Source: product.md §1.
 *
 * All functions may block (the store, Argon2id); call them from a worker. @address is where the
 * request came from. Errors that any of them may give besides their own: %MM_ERROR_LIMITED,
 * %MM_ERROR_BUSY, and those of the store.
 */
#pragma once

#include "mm-context.h"
#include "mm-registration.h"
#include "mm-store-accounts.h"

G_BEGIN_DECLS

/* Whether the user ID @user_id could be registered now: the one question whose answer reveals an
 * ID, and nothing more, rate-limited per address. %MM_ERROR_FIELDS if it breaks a rule. */
gboolean mm_registering_is_free (MmContext *context,
                                 const char *address,
                                 const char *user_id,
                                 gboolean *is_free,
                                 GError **error);

/* Checks a dealer's form without registering: rules of the fields, and whether the ID is taken
 * (field "user_id", code "taken"). Normalises @form in place. */
gboolean mm_registering_check_dealer (MmContext *context,
                                      const char *address,
                                      MmDealerForm *form,
                                      GError **error);

/* What a registration leaves in the hands of the person who made it.
 * @walk: secret that allows resending and correcting, and nothing else
 * @mail: where the link went
 * @expires: when the link ends */
typedef struct
{
  char *walk;
  char *mail;
  gint64 expires;
} MmProvisional;

void mm_provisional_free (MmProvisional *provisional);

/* Registers a dealer provisionally and mails the link. @terms: the version agreed to; @language:
 * of the page, kept as the account's. NULL with %MM_ERROR_FIELDS for the form, "terms", or a taken
 * user ID, also when another registration won a race for it. */
MmProvisional *mm_registering_register_dealer (MmContext *context,
                                               const char *address,
                                               MmDealerForm *form,
                                               gint64 terms,
                                               const char *language,
                                               GError **error);

/* Limits how many registrations come from one address, and how many mails registrations send to
 * one recipient (5 an hour). Before the writer's job. */
gboolean mm_registering_limit (MmContext *context,
                               const char *address,
                               const char *mail,
                               GError **error);

/* The part of a registration inside a writer's job, for dealers and customers: checks the terms,
 * frees @row's sign-in name from an expired provisional account, adds the account (all of @row but
 * id, public_id, state and times is set by the caller), records the consent and mails the link.
 * %MM_ERROR_FIELDS with "terms", or with "user_id" "taken" if the sign-in name is in use: whoever
 * must not tell looks first (mm_store_accounts_find()). */
MmProvisional *mm_registering_begin (
    MmContext *context, MmDatabase *db, MmAccountRow *row, gint64 terms, GError **error);

/* The address to which the link of the registration of @walk went; NULL with the errors of
 * mm_registering_resend(). Free with g_free(). */
char *mm_registering_waiting_mail (MmContext *context, const char *walk, GError **error);

/* Mails a new link; the earlier one dies. @secret: of the walk, or that of a link that has expired
 * or is locked (its bearer had the mail, and the new one goes to the same address).
 * %MM_ERROR_GONE "link-used" if the registration is complete, %MM_ERROR_NOT_FOUND "link-unknown".
 */
MmProvisional *mm_registering_resend (MmContext *context,
                                      const char *address,
                                      const char *secret,
                                      GError **error);

/* Corrects the address of a registration that is not complete and mails a new link there. Only with
 * the secret of the walk. %MM_ERROR_FIELDS with "mail", "mail_again". */
MmProvisional *mm_registering_correct_mail (MmContext *context,
                                            const char *address,
                                            const char *walk,
                                            const char *mail,
                                            const char *mail_again,
                                            GError **error);

/* The normal form of an address that was written twice; NULL after adding the fields "mail" and
 * "mail_again" to *@problems. */
char *mm_registering_mail_pair (const char *mail, const char *again, GError **problems);

/* Forgets tokens long expired and provisional accounts that nobody completed. From time to time. */
gboolean mm_registering_sweep (MmContext *context, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmProvisional, mm_provisional_free)

G_END_DECLS

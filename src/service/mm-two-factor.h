/* The second factor at signing in: codes of an authenticator app (TOTP, RFC 6238: SHA-1, 30
 * seconds, 6 digits), and ten recovery codes for when it is lost.
 *
 * A code of the step before, the present or the next one counts, each once, and none from before
 * the last that was accepted. All functions may block; call them from a worker. What is stored, and
 * who may read it: mm-store-second-factor.h. Source: product.md §1.
 */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"

G_BEGIN_DECLS

#define MM_RECOVERY_CODES 10

/* The step of RFC 6238 that is at @now. */
gint64 mm_two_factor_step (gint64 now);

/* The code of 20 bytes @secret at @step; free with g_free(). */
char *mm_two_factor_code (const guint8 *secret, gint64 step);

/* Whether the account of @principal has a second factor, and how many recovery codes are left. */
gboolean mm_two_factor_look (MmContext *context,
                             const MmPrincipal *principal,
                             gboolean *on,
                             guint *recovery_codes,
                             GError **error);

/* What an authenticator app needs. @secret: base 32, in groups of four; @url: otpauth://… */
typedef struct
{
  char *secret;
  char *url;
} MmTwoFactorSetup;

void mm_two_factor_setup_free (MmTwoFactorSetup *setup);

/* Begins to set it up; it does not count yet. Errors of mm_own_password_check(), and
 * %MM_ERROR_CONFLICT "two-factor-on". */
MmTwoFactorSetup *mm_two_factor_begin (MmContext *context,
                                       const MmPrincipal *principal,
                                       const char *password,
                                       GError **error);

/* The setup that was begun within the last hour; %MM_ERROR_CONFLICT "no-setup" without one. */
MmTwoFactorSetup *mm_two_factor_begun (MmContext *context,
                                       const MmPrincipal *principal,
                                       GError **error);

/* Ends the setup with the first @code; from now on signing in asks for one. Returns the recovery
 * codes, which are never shown again (free with g_strfreev()). %MM_ERROR_FIELDS with "code"; tries
 * are limited. A letter tells the account's address. */
char **mm_two_factor_confirm (MmContext *context,
                              const MmPrincipal *principal,
                              const char *code,
                              GError **error);

/* Switches it off, by the password and a code of the app or a recovery code. A letter tells. */
gboolean mm_two_factor_end (MmContext *context,
                            const MmPrincipal *principal,
                            const char *password,
                            const char *code,
                            GError **error);

/* Switches it off for the dealer who signs in as @user_id and has lost phone and recovery codes;
 * the operator has seen who asks. A letter tells, and the operator's log keeps it.
 * %MM_ERROR_NOT_FOUND "not-found", %MM_ERROR_CONFLICT "two-factor-off". */
gboolean mm_two_factor_reset (MmContext *context, const char *user_id, GError **error);

/* In a job of the writer: whether @code counts for @account now; if so it is used up. Counts the
 * try: %MM_ERROR_LIMITED. @name: the account's public ID. */
gboolean mm_two_factor_spend (MmContext *context,
                              MmDatabase *db,
                              gint64 account,
                              const char *name,
                              const char *code,
                              gint64 now,
                              gboolean *right,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmTwoFactorSetup, mm_two_factor_setup_free)

G_END_DECLS

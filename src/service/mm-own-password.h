/* Asking people who are signed in for their password again, before what cannot be undone. */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"
#include "mm-store-accounts.h"

G_BEGIN_DECLS

/* The account of @principal if @password (may be NULL) is its own. %MM_ERROR_FIELDS with "password"
 * code "required" or "mismatch"; %MM_ERROR_LIMITED: wrong ones count as those at signing in do. May
 * block (Argon2, the store). */
MmAccountRow *mm_own_password_check (MmContext *context,
                                     const MmPrincipal *principal,
                                     const char *password,
                                     GError **error);

/* In a job of the writer: the account as it is by now, if it is still active with the password that
 * @checked had; else %MM_ERROR_CONFLICT "changed". */
MmAccountRow *mm_own_password_recheck (MmDatabase *db, const MmAccountRow *checked, GError **error);

G_END_DECLS

/* Signing in: by password, and where there is one by the second factor (mm-two-factor.h).
 *
 * All functions may block; call them from a worker. Source: product.md §1.
 */
#pragma once

#include "mm-sessions.h"
#include "mm-store-accounts.h"

G_BEGIN_DECLS

typedef enum
{
  MM_SESSION_WEB,
  MM_SESSION_APP,
} MmSessionKind;

/* A session that was just made. @secret is shown once. */
typedef struct
{
  char *secret;
  char *id; /* public */
  gint64 expires;
  MmPrincipal *principal;
} MmSignedIn;

void mm_signed_in_free (MmSignedIn *signed_in);

/* Signs in with a dealer's user ID (exactly as registered) or a customer's mail address. @agent:
 * what the client calls itself, may be NULL. NULL with %MM_ERROR_UNAUTHENTICATED "wrong-sign-in",
 * in the same time and words whether or not there is such an account, or %MM_ERROR_LIMITED: tries
 * are counted per account and per address, with a growing wait.
 *
 * @code: for an account with a second factor (mm-two-factor.h), which answers
 * %MM_ERROR_UNAUTHENTICATED "second-factor" without it and "wrong-code" for a wrong one. @half:
 * where not NULL, "second-factor" comes with a secret that stands for the password from now on. */
MmSignedIn *mm_signing_in (MmContext *context,
                           const char *address,
                           const char *sign_in,
                           const char *password,
                           const char *code,
                           MmSessionKind kind,
                           const char *agent,
                           char **half,
                           GError **error);

/* The second half of signing in, with @half of mm_signing_in(), within ten minutes and five
 * tries: %MM_ERROR_UNAUTHENTICATED "wrong-code", %MM_ERROR_GONE "sign-in-expired",
 * %MM_ERROR_LIMITED. */
MmSignedIn *mm_signing_in_half (MmContext *context,
                                const char *address,
                                const char *half,
                                const char *code,
                                MmSessionKind kind,
                                const char *agent,
                                GError **error);

/* The active account that signs in as @sign_in, NULL if there is none. Any connection. */
gboolean mm_signing_in_find (MmDatabase *db,
                             const char *sign_in,
                             MmAccountRow **account,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmSignedIn, mm_signed_in_free)

G_END_DECLS

/* Sessions, passwords, and whose session a secret is; signing in is mm-signing-in.h.
 *
 * A session is a random secret of which only the hash is stored: a browser's ends after 12 idle
 * hours, an app's after 90 idle days. A session that is ended is over with the answer that says so.
 * All functions may block; call them from a worker.
 */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"
#include "mm-store-sessions.h"

G_BEGIN_DECLS

/* How long a session of @kind ("web", "app") may rest, in microseconds. */
gint64 mm_sessions_idle_time (const char *kind);

/* Who has a session with the public ID @session. @kind: "dealer" or "customer". */
MmPrincipal *mm_sessions_make_principal (const char *kind,
                                         gint64 account,
                                         const char *public_id,
                                         const char *session,
                                         const char *language,
                                         const char *address);

/* Whose session @secret is: a dealer or customer, or NULL with %MM_ERROR_UNAUTHENTICATED
 * "no-session". Using a session keeps it alive. @address: where the request came from. */
MmPrincipal *mm_sessions_principal (MmContext *context,
                                    const char *secret,
                                    const char *address,
                                    GError **error);

/* The living sessions (#MmSessionRow) of @principal, the last used first. */
GPtrArray *mm_sessions_list (MmContext *context, const MmPrincipal *principal, GError **error);

/* Ends the session with the public id @id of @principal; %MM_ERROR_NOT_FOUND if it has none such.
 * Signing out is ending principal->session. */
gboolean mm_sessions_end (MmContext *context,
                          const MmPrincipal *principal,
                          const char *id,
                          GError **error);

/* Ends all sessions of @principal, with or without the present one. */
gboolean mm_sessions_end_all (MmContext *context,
                              const MmPrincipal *principal,
                              gboolean keep_present,
                              GError **error);

/* Sets a new password, which needs the old one; all other sessions end, and a mail says so.
 * %MM_ERROR_FIELDS with "old_password", "password", "password_again". */
gboolean mm_sessions_change_password (MmContext *context,
                                      const MmPrincipal *principal,
                                      const char *old_password,
                                      const char *password,
                                      const char *password_again,
                                      GError **error);

/* Mails a link for a new password to the account with the sign-in name, if there is one. The answer
 * is the same in words and time whether there is; TRUE but for limits by @address. */
gboolean mm_sessions_forgotten (MmContext *context,
                                const char *address,
                                const char *sign_in,
                                GError **error);

/* Whether the link for a new password may be used; consumes nothing. Errors as
 * mm_confirming_peek(). */
gboolean mm_sessions_peek_reset (MmContext *context, const char *token, GError **error);

/* Sets a new password by the mailed link, once; all sessions end. Errors as mm_confirming_peek(),
 * and %MM_ERROR_FIELDS with "password", "password_again". */
gboolean mm_sessions_reset_password (MmContext *context,
                                     const char *token,
                                     const char *password,
                                     const char *password_again,
                                     GError **error);

/* Forgets sessions that are over. From time to time. */
gboolean mm_sessions_sweep (MmContext *context, GError **error);

G_END_DECLS

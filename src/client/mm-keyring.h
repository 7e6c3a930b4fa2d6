/* The session of a dealer in the person's keyring (Secret Service, or the Secret portal in a
 * Flatpak), so that the next start goes on without signing in.
 *
 * What is kept is the session's token, never the password: a token can be ended from everywhere
 * ("sign out everywhere", a changed password), ends by itself when it is not used, opens nothing
 * but this server, and does not open the account's own settings that ask for the password again.
 * See docs/decisions/0008-session-in-the-keyring.md.
 *
 * Nothing here blocks or hangs: each call ends within MM_KEYRING_PATIENCE, but for those that may
 * @ask the person to unlock the keyring, which last until they answer. Main thread.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define MM_KEYRING_PATIENCE 5 /* seconds */

#define MM_KEYRING_ERROR (mm_keyring_error_quark ())

typedef enum
{
  MM_KEYRING_ERROR_LOCKED,  /* it is there, but must be unlocked first */
  MM_KEYRING_ERROR_MISSING, /* none, no bus, or no answer in time */
} MmKeyringError;

GQuark mm_keyring_error_quark (void);

/* Looks up the session of @user_id at the server @url. @ask: whether the person may be asked to
 * unlock the keyring. */
void mm_keyring_look_up_async (const char *url,
                               const char *user_id,
                               gboolean ask,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/* The session, free with g_free(); NULL without @error if none is kept. */
char *mm_keyring_look_up_finish (GAsyncResult *result, GError **error);

/* Keeps @session, in the place of an earlier one. @ask: as above. */
void mm_keyring_store_async (const char *url,
                             const char *user_id,
                             const char *session,
                             gboolean ask,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean mm_keyring_store_finish (GAsyncResult *result, GError **error);

/* Removes it; that there is none is no error. */
void mm_keyring_remove_async (const char *url,
                              const char *user_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean mm_keyring_remove_finish (GAsyncResult *result, GError **error);

G_END_DECLS

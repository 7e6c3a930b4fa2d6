/* Keeps the desk's session from one start of the app to the next: follows who is signed in, and
 * brings the settings (server, user ID) and the keyring (session) into line. Main thread.
 *
 * At the start:
 *
 *     nothing known ─────────────────────────────────────────────▶ the first window
 *     server and user ID known ──keyring──▶ session ──▶ signed in, without asking the server
 *                                      └──▶ none, locked, missing ──▶ sign in
 *
 * Afterwards signed in means stored, signed out (also by the server) means removed. Where the
 * keyring does not help, the session lasts as long as the app, and "trouble" says so.
 *
 * Properties: "resuming" (the keyring is being asked), "trouble" (a translated sentence, or NULL),
 * "busy" (something is on its way to the keyring: the app should not end yet).
 */
#pragma once

#include "mm-desk.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define MM_TYPE_SESSION_KEEP (mm_session_keep_get_type ())
G_DECLARE_FINAL_TYPE (MmSessionKeep, mm_session_keep, MM, SESSION_KEEP, GObject)

/* For @desk, with the keys "server-url", "user-id" and "servers" of @settings. Begins to resume at
 * once if they name somebody. */
MmSessionKeep *mm_session_keep_new (MmDesk *desk, GSettings *settings);

/* Whether the keyring is being asked for the session of the last time. */
gboolean mm_session_keep_is_resuming (MmSessionKeep *keep);

/* Whether something is on its way to the keyring. */
gboolean mm_session_keep_is_busy (MmSessionKeep *keep);

/* Why the session will not last, or could not be resumed; NULL if nothing is wrong. */
const char *mm_session_keep_get_trouble (MmSessionKeep *keep);

/* Whether unlocking the keyring would help. */
gboolean mm_session_keep_is_locked (MmSessionKeep *keep);

/* Asks the person to unlock the keyring, then stores the session if one is signed in, resumes
 * otherwise. */
void mm_session_keep_unlock (MmSessionKeep *keep);

/* No longer waits for the keyring to answer a look-up, or for the person to unlock it. */
void mm_session_keep_give_up (MmSessionKeep *keep);

G_END_DECLS

/* What of a half-done registration survives closing the app, and where.
 *
 * What was typed and how far the walk came stands in the settings' key "registration". The secret
 * that allows resending the mail and correcting its address does not: it is in a file of its own
 * that only its owner may read, below XDG_STATE_HOME. Passwords and the tokens of links are kept
 * nowhere; the link stays in the mail. Main thread. Source: product.md §1.
 */
#pragma once

#include "mm-registration-walk.h"

G_BEGIN_DECLS

/* What is to be kept of @walk (a{ss}, floating); empty if there is nothing. */
GVariant *mm_kept_walk_pack (MmRegistrationWalk *walk);

/* Goes on from what was packed, on a new @walk; unknown, broken or overlong parts are left out. */
void mm_kept_walk_unpack (MmRegistrationWalk *walk, GVariant *kept);

/* Brings settings and file up to date with @walk: kept, or removed when there is nothing. */
void mm_kept_walk_save (MmRegistrationWalk *walk, GSettings *settings);

/* Goes on from what is kept, if anything is, with the secret. */
void mm_kept_walk_load (MmRegistrationWalk *walk, GSettings *settings);

/* Whether something is kept. */
gboolean mm_kept_walk_exists (GSettings *settings);

/* Removes what is kept. */
void mm_kept_walk_discard (GSettings *settings);

/* Removes it, but returns it (with the secret, so for memory only) to be given back: undo. Free
 * with g_variant_unref(). */
GVariant *mm_kept_walk_take (GSettings *settings);
void mm_kept_walk_give_back (GSettings *settings, GVariant *taken);

G_END_DECLS

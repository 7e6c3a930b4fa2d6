/* Passwords by Argon2id: 19 MiB, 2 passes; at most two at once, a short queue, shed first. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MmPasswords MmPasswords;

MmPasswords *mm_passwords_new (void);
void mm_passwords_free (MmPasswords *passwords);

/* Blocks for about 30 ms plus the queue. NULL and %MM_ERROR_BUSY if too many wait. Any thread that
 * may block. */
char *mm_passwords_hash (MmPasswords *passwords, const char *password, GError **error);

/* TRUE in @matches if @password made @hash. A NULL @hash never matches but takes the same time, so
 * that a stranger cannot tell a missing account from a wrong password. */
gboolean mm_passwords_verify (MmPasswords *passwords,
                              const char *hash,
                              const char *password,
                              gboolean *matches,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmPasswords, mm_passwords_free)

G_END_DECLS

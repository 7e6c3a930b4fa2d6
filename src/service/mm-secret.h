/* Random secrets and their hashes. Any thread; mm_secret_init() first. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_SECRET_HASH_BYTES 32

/* Prepares the random generator; aborts if there is none. Once, at the start of main. */
void mm_secret_init (void);

/* A random 256-bit secret, URL-safe base64 without padding (43 characters). */
char *mm_secret_new (void);

/* A random 128-bit public id (22 characters of URL-safe base64). */
char *mm_secret_new_id (void);

/* A random activation code as printed on labels: 16 characters, four groups (core/mm-gateway.h). */
char *mm_secret_new_activation_code (void);

/* What is stored of a secret: keyed BLAKE2b would need a key to look after, and the secrets have
 * 256 bits of their own (activation codes 80, with tries limited), so a plain hash is enough. */
void mm_secret_hash (const char *secret, guint8 hash[MM_SECRET_HASH_BYTES]);

/* A value derived from @secret for the use @label, 43 characters: e.g. a session's CSRF token. */
char *mm_secret_derive (const char *secret, const char *label);

/* TRUE if both are equal; takes the same time wherever they differ. */
gboolean mm_secret_equal (const char *a, const char *b);

G_END_DECLS

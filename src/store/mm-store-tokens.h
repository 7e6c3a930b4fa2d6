/* Single-use secrets sent by mail or kept by a walk; only their hash is stored.
 *
 * Writes only on the writer's thread. Hashes are those of mm_secret_hash(), 32 bytes.
 */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

#define MM_TOKEN_HASH_BYTES 32

/* One row of the table token. @account, @contact: 0 for none; @used: 0 while unused. */
typedef struct
{
  guint8 hash[MM_TOKEN_HASH_BYTES];
  char *purpose; /* as in the table's CHECK */
  gint64 account;
  gint64 contact;
  gint64 created;
  gint64 expires;
  int tries_left;
  gint64 used;
  gboolean dead; /* replaced by a newer one */
} MmTokenRow;

void mm_token_row_free (MmTokenRow *row);

/* Adds a token; used and dead of @row are ignored. */
gboolean mm_store_tokens_insert (MmDatabase *db, const MmTokenRow *row, GError **error);

/* Finds the token with @hash and @purpose; TRUE with NULL if there is none. */
gboolean mm_store_tokens_find (
    MmDatabase *db, const guint8 *hash, const char *purpose, MmTokenRow **row, GError **error);

/* Marks an unused, living token as used. @won: whether it was this call that did. */
gboolean mm_store_tokens_use (
    MmDatabase *db, const guint8 *hash, gint64 now, gboolean *won, GError **error);

/* Takes one of its tries away. */
gboolean mm_store_tokens_lose_try (MmDatabase *db, const guint8 *hash, GError **error);

/* Ends all unused tokens of @account for @purpose. */
gboolean mm_store_tokens_kill (MmDatabase *db, gint64 account, const char *purpose, GError **error);

/* Forgets tokens that expired before @before, but those of contacts: they go with the contact, who
 * may want to remove itself at any time. */
gboolean mm_store_tokens_sweep (MmDatabase *db, gint64 before, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmTokenRow, mm_token_row_free)

G_END_DECLS

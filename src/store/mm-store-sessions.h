/* Sessions of people who are signed in; only the hash of their secret is stored.
 *
 * Writes only on the writer's thread. Hashes are those of mm_secret_hash(), 32 bytes.
 */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* One row of the table session. @agent and @address are what the person is shown to tell sessions
 * apart. Times in UTC microseconds. */
typedef struct
{
  char *public_id;
  gint64 account;
  char *kind; /* "web" or "app" */
  gint64 created;
  gint64 last_seen;
  gint64 expires;
  char *agent;
  char *address;
} MmSessionRow;

/* Whose session it is. */
typedef struct
{
  gint64 account;
  char *account_public_id;
  char *account_kind; /* "dealer" or "customer" */
  char *language;
  char *session; /* public id */
  char *kind;    /* "web" or "app" */
  gint64 last_seen;
} MmSessionOwner;

void mm_session_row_free (MmSessionRow *row);
void mm_session_owner_free (MmSessionOwner *owner);

/* Adds a session with the secret's @hash. */
gboolean mm_store_sessions_insert (MmDatabase *db,
                                   const guint8 *hash,
                                   const MmSessionRow *row,
                                   GError **error);

/* Finds who has the session with @hash at @now; TRUE with NULL if there is none, it is over, or its
 * account is not active. */
gboolean mm_store_sessions_owner (
    MmDatabase *db, const guint8 *hash, gint64 now, MmSessionOwner **owner, GError **error);

/* Notes that a session was used at @now and lives until @expires. */
gboolean mm_store_sessions_touch (
    MmDatabase *db, const guint8 *hash, gint64 now, gint64 expires, GError **error);

/* The living sessions of @account (#MmSessionRow), the last used first. */
gboolean mm_store_sessions_list (
    MmDatabase *db, gint64 account, gint64 now, GPtrArray **rows, GError **error);

/* Ends one session of @account by its public id. @ended: whether there was one. */
gboolean mm_store_sessions_end (
    MmDatabase *db, gint64 account, const char *public_id, gboolean *ended, GError **error);

/* Ends all sessions of @account, but the one with the public id @keep (NULL: none). */
gboolean mm_store_sessions_end_all (MmDatabase *db,
                                    gint64 account,
                                    const char *keep,
                                    GError **error);

/* Forgets sessions that ended before @before. */
gboolean mm_store_sessions_sweep (MmDatabase *db, gint64 before, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmSessionRow, mm_session_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmSessionOwner, mm_session_owner_free)

G_END_DECLS

/* Second factors of accounts and their recovery codes.
 *
 * A secret has to be read to compute what it says now, so it is stored as it is: the database file
 * is readable by its owner only (0600), and so are its copies. Of recovery codes only hashes are
 * stored (mm_secret_hash(), 32 bytes). Writes only on the writer's thread.
 */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* Bytes of a secret: what RFC 4226 recommends. */
#define MM_SECOND_FACTOR_BYTES 20

/* @made: when its setup began; @confirmed: 0 while it is being set up; @last_step: of 30 seconds
 * since 1970, the last one whose code was accepted. Times in UTC microseconds. */
typedef struct
{
  guint8 secret[MM_SECOND_FACTOR_BYTES];
  gint64 made;
  gint64 confirmed;
  gint64 last_step;
  guint recovery_codes; /* left */
} MmSecondFactorRow;

/* The second factor of @account; TRUE with @found FALSE if there is none. */
gboolean mm_store_second_factor_get (
    MmDatabase *db, gint64 account, MmSecondFactorRow *row, gboolean *found, GError **error);

/* Begins a setup, in place of whatever there was. */
gboolean mm_store_second_factor_begin (
    MmDatabase *db, gint64 account, const guint8 *secret, gint64 now, GError **error);

/* Ends the setup: it counts from now on. */
gboolean mm_store_second_factor_confirm (MmDatabase *db,
                                         gint64 account,
                                         gint64 now,
                                         GError **error);

/* Notes the step of the code that was accepted. */
gboolean mm_store_second_factor_set_step (MmDatabase *db,
                                          gint64 account,
                                          gint64 step,
                                          GError **error);

/* Removes it with its recovery codes. */
gboolean mm_store_second_factor_remove (MmDatabase *db, gint64 account, GError **error);

/* Adds a recovery code; uses one up, @used: whether it was one. */
gboolean mm_store_recovery_code_add (MmDatabase *db,
                                     gint64 account,
                                     const guint8 *hash,
                                     GError **error);
gboolean mm_store_recovery_code_use (
    MmDatabase *db, gint64 account, const guint8 *hash, gboolean *used, GError **error);

G_END_DECLS

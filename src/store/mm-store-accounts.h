/* Accounts of dealers and customers, their maintenance contacts.
 *
 * Plain reads and writes; rules and rights are the service's. Writes only on the writer's thread.
 * Functions that look for one row return TRUE with NULL (or 0) if there is none.
 */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* One row of the table account. Texts are owned by the row and never NULL, but @password (NULL
 * while provisional) and @public_id before the insert. Times are UTC microseconds; @activated is 0
 * while provisional. */
typedef struct
{
  gint64 id;
  char *public_id;
  char *kind;  /* "dealer" or "customer" */
  char *state; /* "provisional", "active" or "closed" */
  char *sign_in;
  char *sign_in_folded;
  char *password;
  char *language;
  char *name;
  char *kana;
  char *mail;
  char *phone;
  char *postal_code;
  char *prefecture;
  char *municipality;
  char *address;
  char *dealer_name;
  gboolean alert_own_mail;
  gint64 created;
  gint64 activated;
  gint64 changed;
} MmAccountRow;

/* One maintenance contact. @confirmed is 0 until the reader of the mails agreed. */
typedef struct
{
  gint64 id;
  char *public_id;
  gint64 account;
  int position; /* 1 to 5 */
  char *mail;
  char *language;
  gint64 created;
  gint64 confirmed;
} MmContactRow;

/* An empty row, to be filled for an insert. */
MmAccountRow *mm_account_row_new (void);
void mm_account_row_free (MmAccountRow *row);
void mm_contact_row_free (MmContactRow *row);

/* Adds @row, whose texts that are NULL become empty, and sets its id. The caller has set public_id
 * (random). %MM_DATABASE_ERROR_CONSTRAINT if the sign-in name is taken. */
gboolean mm_store_accounts_insert (MmDatabase *db, MmAccountRow *row, GError **error);

/* Finds an account by its row, or by its kind and folded sign-in name. */
gboolean mm_store_accounts_get (MmDatabase *db, gint64 id, MmAccountRow **row, GError **error);
gboolean mm_store_accounts_find (
    MmDatabase *db, const char *kind, const char *folded, MmAccountRow **row, GError **error);

/* Whether nobody holds the folded sign-in name at @now; a provisional account of which no link
 * lives does not count. */
gboolean mm_store_accounts_is_free (MmDatabase *db,
                                    const char *kind,
                                    const char *folded,
                                    gint64 now,
                                    gboolean *is_free,
                                    GError **error);

/* All accounts of @kind that are not provisional, by sign-in name, for the operator. */
gboolean mm_store_accounts_list (MmDatabase *db,
                                 const char *kind,
                                 GPtrArray **rows,
                                 GError **error);

/* Writes what the person may change: language, name … dealer_name, alert_own_mail, changed. */
gboolean mm_store_accounts_update (MmDatabase *db, const MmAccountRow *row, GError **error);

/* Renames an account; %MM_DATABASE_ERROR_CONSTRAINT if the name is taken. */
gboolean mm_store_accounts_set_sign_in (
    MmDatabase *db, gint64 id, const char *sign_in, const char *folded, GError **error);

/* Makes a provisional account an active one. */
gboolean mm_store_accounts_activate (
    MmDatabase *db, gint64 id, const char *password, gint64 now, GError **error);

/* Replaces the Argon2id string. */
gboolean mm_store_accounts_set_password (
    MmDatabase *db, gint64 id, const char *password, gint64 now, GError **error);

/* Removes the provisional account that holds @folded if none of its links lives at @now. */
gboolean mm_store_accounts_release (
    MmDatabase *db, const char *kind, const char *folded, gint64 now, GError **error);

/* Removes provisional accounts made before @before of which no link lives at @now. */
gboolean mm_store_accounts_sweep (MmDatabase *db, gint64 before, gint64 now, GError **error);

/* The maintenance contacts of @account (#MmContactRow) in their order. */
gboolean mm_store_contacts_list (MmDatabase *db, gint64 account, GPtrArray **rows, GError **error);

/* One contact by its row. */
gboolean mm_store_contacts_get (MmDatabase *db, gint64 id, MmContactRow **row, GError **error);

/* Adds @row and sets its id. */
gboolean mm_store_contacts_insert (MmDatabase *db, MmContactRow *row, GError **error);

/* Moves a contact to another of the five places. */
gboolean mm_store_contacts_move (MmDatabase *db, gint64 id, int position, GError **error);

/* Notes that the contact's reader agreed to get mails; the first time counts. */
gboolean mm_store_contacts_confirm (MmDatabase *db, gint64 id, gint64 now, GError **error);

/* Removes a contact with its tokens. */
gboolean mm_store_contacts_delete (MmDatabase *db, gint64 id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmAccountRow, mm_account_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmContactRow, mm_contact_row_free)

G_END_DECLS

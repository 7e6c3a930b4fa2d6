/* Editing one's own account: what is stored, what is to be, and the walk between them. Knows
 * neither the API nor widgets; the page asks the server and tells the answers. Main thread.
 *
 *          begin           submit            checked            execute           executed
 *     VIEW ─────▶ EDIT ───────────▶ CHECKING ───────▶ CONFIRM ──────────▶ EXECUTING ─────▶ DONE
 *      ▲ ▲          ▲ │                │ failed          │ ▲                 │ │              │
 *      │ └─ leave ──│─┘                │                 │ └───── moved ─────┘ │              │
 *      │            ├──────────────────┴───── back ──────┴────────── failed ───┘              │
 *      └────────────│───────────────────── leave ─────────────────────────────────────────────┘
 *
 * - Leaving the form keeps what was entered; only discarding drops it.
 * - If the account was changed elsewhere meanwhile (load() with other values), fields that were not
 *   touched here take the new values, touched ones stay, and "moved" sends back to CONFIRM.
 *
 * Signal: "changed" after any change of state, values or errors.
 */
#pragma once

#include "mm-account.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_ACCOUNT_EDIT_VIEW,
  MM_ACCOUNT_EDIT_EDIT,
  MM_ACCOUNT_EDIT_CHECKING,
  MM_ACCOUNT_EDIT_CONFIRM,
  MM_ACCOUNT_EDIT_EXECUTING,
  MM_ACCOUNT_EDIT_DONE,
} MmAccountEditState;

/* One line of the confirm page. @label: message id; values as entered, "" for none */
typedef struct
{
  const char *name;
  const char *label;
  const char *old_value;
  const char *new_value;
} MmAccountDifference;

#define MM_TYPE_ACCOUNT_EDIT (mm_account_edit_get_type ())
G_DECLARE_FINAL_TYPE (MmAccountEdit, mm_account_edit, MM, ACCOUNT_EDIT, GObject)

/* With nothing loaded. */
MmAccountEdit *mm_account_edit_new (void);

/* As drawn above. */
MmAccountEditState mm_account_edit_get_state (MmAccountEdit *edit);

/* Whether an account is there to show. */
gboolean mm_account_edit_is_loaded (MmAccountEdit *edit);

/* What the server says the account is (schema "Account"). Another user's account replaces all.
 * Returns whether something has changed elsewhere while there are changes here. */
gboolean mm_account_edit_load (MmAccountEdit *edit, JsonObject *account);

/* Forgets the account and what was entered, for somebody else. */
void mm_account_edit_clear (MmAccountEdit *edit);

/* The walk. Each does nothing from a state that has no such arrow. submit() returns FALSE if
 * nothing was changed: there is nothing to confirm. */
void mm_account_edit_begin (MmAccountEdit *edit);
gboolean mm_account_edit_submit (MmAccountEdit *edit);
void mm_account_edit_checked (MmAccountEdit *edit);
void mm_account_edit_back (MmAccountEdit *edit);
void mm_account_edit_execute (MmAccountEdit *edit);
void mm_account_edit_executed (MmAccountEdit *edit);
void mm_account_edit_moved (MmAccountEdit *edit);
void mm_account_edit_leave (MmAccountEdit *edit);

/* CHECKING or EXECUTING did not succeed: back to EDIT, with the fields that @error names. */
void mm_account_edit_failed (MmAccountEdit *edit, const GError *error);

/* Drops what was entered: back to VIEW, or, with accept(), without a move: what was entered is
 * stored now, as the server spells it. */
void mm_account_edit_discard (MmAccountEdit *edit);
void mm_account_edit_accept (MmAccountEdit *edit);

/* The names of the fields in the order of the page, ended by NULL: name, kana, mail, mail_again,
 * language, dealer_name, phone, postal_code, prefecture, address, contacts[0] … contacts[4]. */
const char *const *mm_account_edit_fields (void);

/* What the field @name is called; message id. */
const char *mm_account_edit_label (const char *name);

/* What is stored and what is entered under @name, never NULL. */
const char *mm_account_edit_get_stored (MmAccountEdit *edit, const char *name);
const char *mm_account_edit_get (MmAccountEdit *edit, const char *name);

/* Enters @text; the field's error goes. */
void mm_account_edit_set (MmAccountEdit *edit, const char *name, const char *text);

/* Fault mails to the account's own address, too: as entered, and as stored. */
gboolean mm_account_edit_get_own_mail (MmAccountEdit *edit);
void mm_account_edit_set_own_mail (MmAccountEdit *edit, gboolean own_mail);
gboolean mm_account_edit_get_stored_own_mail (MmAccountEdit *edit);

/* The dealer's user ID; "" if nothing is loaded. */
const char *mm_account_edit_get_user_id (MmAccountEdit *edit);

/* Whether the contact with the address @mail is stored and has confirmed. */
gboolean mm_account_edit_is_confirmed (MmAccountEdit *edit, const char *mail);

/* What is wrong with the field, as the server said; NULL if nothing is known. */
const char *mm_account_edit_get_error (MmAccountEdit *edit, const char *name);

/* Whether something is entered that is not stored. */
gboolean mm_account_edit_has_changes (MmAccountEdit *edit);

/* What would change, in the order of the page (#MmAccountDifference, owned by @edit until the next
 * change). mail_again is left out; own mail is "on" or "". */
GArray *mm_account_edit_differences (MmAccountEdit *edit);

/* The body to check or execute (schema "AccountEdit"). */
JsonNode *mm_account_edit_to_json (MmAccountEdit *edit);

G_END_DECLS

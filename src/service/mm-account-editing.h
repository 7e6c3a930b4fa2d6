/* A dealer's own account: see it, check an edit, execute it; and its maintenance contacts.
 *
 * product.md §1: view → edit → confirm → execute → done, up to five maintenance addresses, a notice
 * to the account's address (old and new, if it changed). All functions may block.
 */
#pragma once

#include "mm-account.h"
#include "mm-context.h"
#include "mm-principal.h"
#include "mm-store-accounts.h"

G_BEGIN_DECLS

/* An account with its maintenance contacts (#MmContactRow) in their order. */
typedef struct
{
  MmAccountRow *account;
  GPtrArray *contacts;
} MmAccountView;

/* What can be edited, named as in the API; the contacts are "contacts[0]" to "contacts[4]". Texts
 * are NULL or owned by the form. @mail_again is needed only if @mail is another than now. */
typedef struct
{
  char *name;
  char *kana;
  char *mail;
  char *mail_again;
  char *dealer_name;
  char *phone;
  char *postal_code;
  char *prefecture;
  char *address;
  char *language;
  char *contacts[MM_MAINTENANCE_ADDRESSES_MAX];
  gboolean alert_own_mail; /* fault mails also to the account's own address */
} MmAccountForm;

/* The names of the form's texts but the contacts, in the order of the page, ended by NULL. */
extern const char *const mm_account_form_fields[];

/* Where @form keeps the text called @name, a contact's too; NULL if it has none. */
char **mm_account_form_field (MmAccountForm *form, const char *name);

MmAccountForm *mm_account_form_new (void);
void mm_account_form_free (MmAccountForm *form);

/* The form filled with what is stored. */
MmAccountForm *mm_account_form_new_from_view (const MmAccountView *view);

/* The account of @principal, a dealer; %MM_ERROR_FORBIDDEN for others. */
MmAccountView *mm_account_editing_view (MmContext *context,
                                        const MmPrincipal *principal,
                                        GError **error);
void mm_account_view_free (MmAccountView *view);

/* Puts @form into its normal form, contacts without gaps; %MM_ERROR_FIELDS if a rule is broken.
 * Contacts: "duplicate" besides the codes of a mail address. */
gboolean mm_account_editing_check (MmContext *context,
                                   const MmPrincipal *principal,
                                   MmAccountForm *form,
                                   GError **error);

/* Checks and executes the edit. If something changed, the account's address (old and new) is told
 * which fields; new contacts are asked to confirm. @changed: (out) (optional): whether anything
 * did. */
gboolean mm_account_editing_execute (MmContext *context,
                                     const MmPrincipal *principal,
                                     MmAccountForm *form,
                                     gboolean *changed,
                                     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmAccountView, mm_account_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmAccountForm, mm_account_form_free)

G_END_DECLS

/* The form of one's own account: person, company, up to five maintenance addresses. What is entered
 * lives in the #MmAccountEdit. Main thread.
 */
#pragma once

#include "mm-account-edit.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_ACCOUNT_FORM (mm_account_form_get_type ())
G_DECLARE_FINAL_TYPE (MmAccountForm, mm_account_form, MM, ACCOUNT_FORM, AdwBin)

/* For @edit, which stays the caller's. */
void mm_account_form_set_edit (MmAccountForm *form, MmAccountEdit *edit);

/* Moves the focus to the first field that is wrong, or else to the first. */
void mm_account_form_focus (MmAccountForm *form);

G_END_DECLS

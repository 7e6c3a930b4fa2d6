/* The lists of the account page: what is registered, and what an edit would change. Main thread. */
#pragma once

#include "mm-account-edit.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Fills @box with what is stored, in groups, and the ways on from there (actions of the account
 * page); what was in it goes. */
void mm_account_facts_fill (GtkBox *box, MmAccountEdit *edit);

/* Fills @group with one row for each difference, old → new. Returns the rows made in @rows, so that
 * they can be removed again. */
void mm_account_facts_fill_differences (AdwPreferencesGroup *group,
                                        GPtrArray *rows,
                                        MmAccountEdit *edit);

G_END_DECLS

/* Maintenance contacts as their readers see them: each agrees to get the mails, or removes itself,
 * by the link in the mail. Who enters them is in mm-account-editing.h.
 *
 * Whoever has the link is its reader; nobody signs in. All functions may block.
 */
#pragma once

#include "mm-context.h"

G_BEGIN_DECLS

/* What the reader of a contact's mail may know. @confirmable: FALSE once the link is too old to
 * confirm by; removing oneself is always possible. */
typedef struct
{
  char *mail;
  char *dealer_name;
  gboolean confirmed;
  gboolean confirmable;
} MmContactView;

/* Looks at the link of a contact's mail; consumes nothing. %MM_ERROR_NOT_FOUND "link-unknown" also
 * after the contact was removed. */
MmContactView *mm_contacts_find (MmContext *context, const char *token, GError **error);
void mm_contact_view_free (MmContactView *view);

/* The reader of the mails agrees to get them; %MM_ERROR_GONE "link-expired" after 30 days. */
gboolean mm_contacts_confirm (MmContext *context, const char *token, GError **error);

/* The reader of the mails removes itself. */
gboolean mm_contacts_remove (MmContext *context, const char *token, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmContactView, mm_contact_view_free)

G_END_DECLS

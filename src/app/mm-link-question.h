/* Whether the person trusts the server that a link from outside leads to.
 *
 * A server that was signed in to, pinned, or chosen in the present walk is known and not asked
 * about. For another one a dialog shows its host, and "open" is not the default: whoever sends a
 * link must not be able to make somebody type a password at a server of the sender's. Main thread.
 * Source: product.md §1 step 6. */
#pragma once

#include "mm-application.h"
#include "mm-mail-link.h"

G_BEGIN_DECLS

/* Calls @open with @user_data, at once or after the person agreed; never if not, or if @widget,
 * whose window the dialog belongs to, has gone. @known: address that counts as known; may be NULL.
 * @link: (transfer full) */
void mm_link_question_ask (GtkWidget *widget,
                           MmApplication *app,
                           const char *known,
                           MmMailLink *link,
                           void (*open) (MmMailLink *link, gpointer user_data),
                           gpointer user_data);

G_END_DECLS

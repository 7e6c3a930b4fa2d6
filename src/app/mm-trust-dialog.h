/* Whether to trust a server whose certificate no known authority signed.
 *
 * For one that is met for the first time, the dialog shows the fingerprint and how to compare it;
 * trusting pins it. One that shows another certificate than the pinned one is a loud stop: trusting
 * it anyway takes a tick first, is drawn as dangerous and never the default. Main thread.
 */
#pragma once

#include "mm-application.h"

G_BEGIN_DECLS

/* Asks about the server of @api after a call to it ended with %MM_REACH_ERROR_CERTIFICATE.
 * @parent: a widget of the window that the dialog belongs to. If the person trusts it, the pin is
 * in the settings and in @api: the call can be tried again. */
void mm_trust_dialog_ask_async (GtkWidget *parent,
                                MmApplication *app,
                                MmApi *api,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/* Whether it is trusted now. */
gboolean mm_trust_dialog_ask_finish (GAsyncResult *result, GError **error);

/* Warns before a password goes to @api in the clear (mm_trust_is_exposed()); answers TRUE at once
 * where it does not. */
void mm_trust_dialog_warn_async (GtkWidget *parent,
                                 MmApi *api,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

/* Whether to go on. */
gboolean mm_trust_dialog_warn_finish (GAsyncResult *result, GError **error);

G_END_DECLS

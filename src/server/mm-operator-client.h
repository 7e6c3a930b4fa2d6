/* How a sub-command reaches the operator's API: over the control socket of the server that works on
 * the data directory; without one, by holding the directory itself and serving the same routes to
 * itself on a private socket. So there is one implementation, and never a second writer. Main
 * thread. */
#pragma once

#include "mm-config.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct _MmOperatorClient MmOperatorClient;

/* Finds the server or takes the directory's lock; waits some seconds for whoever holds it without
 * answering: a server that starts or stops, another sub-command. @config must outlive the client.
 */
MmOperatorClient *mm_operator_client_new (const MmConfig *config, GError **error);
void mm_operator_client_free (MmOperatorClient *client);

/* Sends @body (NULL: none) of @type and returns the answer's body.
 * @next: (out) (optional): its header Mimamori-Next, or NULL; free with g_free()
 * @error: the answer's problem as one line; or that there was no answer. */
GBytes *mm_operator_client_send (MmOperatorClient *client,
                                 const char *method,
                                 const char *path,
                                 const char *type,
                                 GBytes *body,
                                 char **next,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmOperatorClient, mm_operator_client_free)

G_END_DECLS

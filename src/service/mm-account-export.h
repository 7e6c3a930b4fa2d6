/* All that is kept about a person, for the person. */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"

#include <jansson.h>

G_BEGIN_DECLS

/* What is kept about the dealer or customer @principal, at one moment: account, contacts, consents,
 * sessions, links, letters; a customer's gateways and what dealers did with them; a dealer's
 * acknowledgements. Never hashes or secrets, nor what others measured. Long lists end after the
 * newest 50,000 rows; "complete" tells whether one did. Times as RFC 3339. NULL with @error; a new
 * reference. May block; call it from a worker. */
json_t *mm_account_export (MmContext *context, const MmPrincipal *principal, GError **error);

G_END_DECLS

/* Who acts. Made once per request from what the caller showed (session, key, socket), then passed
 * to the service functions, which decide what it may do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_PRINCIPAL_ANYONE,
  MM_PRINCIPAL_GATEWAY,
  MM_PRINCIPAL_DEALER,
  MM_PRINCIPAL_CUSTOMER,
  MM_PRINCIPAL_OPERATOR,
} MmPrincipalKind;

/* @account: row of the account (dealer, customer), else 0
 * @public_id: its public id, or the gateway's ID; NULL for others
 * @session: public id of the session in use, or NULL
 * @csrf: the session's token against forged forms, or NULL
 * @language: of the account, or NULL
 * @address: where the request came from, for limits */
typedef struct
{
  MmPrincipalKind kind;
  gint64 account;
  char *public_id;
  char *session;
  char *csrf;
  char *language;
  char *address;
} MmPrincipal;

/* Somebody unknown at @address. */
MmPrincipal *mm_principal_new_anyone (const char *address);
MmPrincipal *mm_principal_new_operator (void);
void mm_principal_free (MmPrincipal *principal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmPrincipal, mm_principal_free)

G_END_DECLS

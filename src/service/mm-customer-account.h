/* A customer's own account: see it, change it. The mail address, with which a customer signs in, is
 * not changed here. May block; call from a worker. */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"
#include "mm-store-accounts.h"

G_BEGIN_DECLS

/* The fields that can be changed, in the order of the page, ended by NULL. */
extern const char *const mm_customer_account_fields[];

/* Where @account keeps the field @name; NULL if it is none of those. */
char **mm_customer_account_field (MmAccountRow *account, const char *name);

/* The account of @customer; %MM_ERROR_NOT_FOUND for others. */
MmAccountRow *mm_customer_account_get (MmContext *context,
                                       const MmPrincipal *customer,
                                       GError **error);

/* Puts the fields of @account into their normal form and stores them; if something changed, the
 * account's address is told which fields. %MM_ERROR_FIELDS if a rule is broken. Only the fields of
 * @account are looked at; whose account it is says @customer. */
gboolean mm_customer_account_change (MmContext *context,
                                     const MmPrincipal *customer,
                                     MmAccountRow *account,
                                     GError **error);

G_END_DECLS

/* Customers: registering with a gateway, the gateways they own.
 *
 * The walk of a registration is shared with dealers (mm-registering.h, mm-confirming.h); here is
 * what differs: the gateway and its activation code, and that the mail address is what a customer
 * signs in with. While a registration is provisional it holds neither the address nor the gateway:
 * whoever completes first has both, and nobody can block another by starting.
 *
 * All functions may block (the store); call them from a worker. @address is where the request came
 * from. Errors that any of them may give besides its own: %MM_ERROR_LIMITED, %MM_ERROR_BUSY, and
 * those of the store. Source: product.md §2.
 */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"
#include "mm-registering.h"
#include "mm-status.h"
#include "mm-store-gateways.h"

G_BEGIN_DECLS

/* Checks a customer's form without registering, and normalises it in place.
 *
 * %MM_ERROR_FIELDS for the rules of the fields; "activation_code" code "unknown" with one and the
 * same sentence whether the gateway is missing, the code is another or was used. Tries are limited
 * per address and per gateway ID. */
gboolean mm_customers_check (MmContext *context,
                             const char *address,
                             MmCustomerForm *form,
                             GError **error);

/* Registers a customer provisionally and mails the link; if the address has an account already its
 * reader is told so by mail instead, and the answer is the same. @terms: the version agreed to;
 * @language: of the page, kept as the account's. Errors of mm_customers_check(), and the field
 * "terms". The code is not used up by this. */
MmProvisional *mm_customers_register (MmContext *context,
                                      const char *address,
                                      MmCustomerForm *form,
                                      gint64 terms,
                                      const char *language,
                                      GError **error);

/* In the writer's job that completes a registration: the customer now signs in with the mail
 * address and owns the gateway, whose code is used up. %MM_ERROR_GONE "gateway-gone" if somebody
 * else took the gateway meanwhile or its code was replaced, "already-registered" if the address has
 * an account by now. Appends to @changes (of #MmLinkChange) what mm_linking_announce() is to be
 * given after the commit. */
gboolean mm_customers_complete (MmContext *context,
                                MmDatabase *db,
                                const MmAccountRow *account,
                                gint64 now,
                                GArray *changes,
                                GError **error);

/* Makes one more gateway the customer's own, by ID and activation code. A gateway of somebody else
 * changes hands: its links end and its earlier history is hidden. @gateway: its ID as it is spelled
 * on the label. Errors of mm_customers_check() for the two fields. */
gboolean mm_customers_add_gateway (MmContext *context,
                                   const MmPrincipal *customer,
                                   const char *gateway_id,
                                   const char *activation_code,
                                   char **gateway,
                                   GError **error);

/* Names the site. An empty @name takes the name away. %MM_ERROR_FIELDS "name". */
gboolean mm_customers_rename (MmContext *context,
                              const MmPrincipal *customer,
                              const char *gateway,
                              const char *name,
                              GError **error);

/* The customer's gateways (#MmGatewayRow), and one of them. */
GPtrArray *mm_customers_gateways (MmContext *context, const MmPrincipal *customer, GError **error);
MmGatewayRow *mm_customers_gateway (MmContext *context,
                                    const MmPrincipal *customer,
                                    const char *gateway,
                                    GError **error);

/* What is known of a gateway now. @last_contact: MM_TIME_NONE if there was none
 * since it became this owner's. */
MmStatus mm_customers_status (MmContext *context,
                              const MmGatewayRow *gateway,
                              gint64 *last_contact);

G_END_DECLS

/* The customer of a gateway as registered, as far as the link allows to see it, and what the link
 * allows. Main thread. */
#pragma once

#include "mm-api.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_GATEWAY_CUSTOMER (mm_gateway_customer_get_type ())
G_DECLARE_FINAL_TYPE (MmGatewayCustomer, mm_gateway_customer, MM, GATEWAY_CUSTOMER, AdwBin)

/* Loads and shows the customer of @gateway (Gateway of docs/openapi.yaml). */
void mm_gateway_customer_load (MmGatewayCustomer *customer,
                               MmApi *api,
                               JsonObject *gateway,
                               GTimeZone *zone);

G_END_DECLS

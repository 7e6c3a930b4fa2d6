/* What a dealer tells a customer who is to link a gateway: ID, phone, the address of the page where
 * it is done, and the steps in words, in the customer's language. Any thread.
 * Source: product.md §2, and S 1-3 of the document it follows.
 */
#pragma once

#include "mm-gettext.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define MM_CUSTOMER_SHEET_STEPS 4

/* Texts are never NULL, but @address is where no customer can reach the server. */
typedef struct
{
  char *dealer_name;
  char *user_id;
  char *phone;
  char *address;
} MmCustomerSheet;

/* For the dealer with @account (Account of docs/openapi.yaml) at the server that calls itself
 * @public_url. */
MmCustomerSheet *mm_customer_sheet_new (JsonObject *account, const char *public_url);

/* The same once more. */
MmCustomerSheet *mm_customer_sheet_copy (const MmCustomerSheet *sheet);

void mm_customer_sheet_free (MmCustomerSheet *sheet);

/* Whether @url leads nowhere but to the computer it is used on: "localhost", 127.0.0.1, [::1],
 * 0.0.0.0. TRUE for what is no address. */
gboolean mm_customer_sheet_is_private (const char *url);

/* The heading in @language, as the other three; free with g_free(). */
char *mm_customer_sheet_title (const MmCustomerSheet *sheet, const MmLanguage *language);

/* Step @index (below %MM_CUSTOMER_SHEET_STEPS), without its number. */
char *mm_customer_sheet_step (const MmCustomerSheet *sheet,
                              const MmLanguage *language,
                              guint index);

/* That it can be changed at any time. */
char *mm_customer_sheet_closing (const MmCustomerSheet *sheet, const MmLanguage *language);

/* All of it as text to put into a mail; NULL without an address. */
char *mm_customer_sheet_letter (const MmCustomerSheet *sheet, const MmLanguage *language);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmCustomerSheet, mm_customer_sheet_free)

G_END_DECLS

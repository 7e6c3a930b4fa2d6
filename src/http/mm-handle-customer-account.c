/* Pages of a customer's own account. On workers. */
#include "mm-handle-customer-account.h"

#include "mm-customer-account.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-form.h"
#include "mm-page.h"

static const MmPageField person_fields[] = {
  { .name = "name",
    .label = N_ ("Name"),
    .type = "text",
    .autocomplete = "name",
    .max_length = 100 },
  { .name = "kana", .label = N_ ("Name in katakana"), .type = "text", .max_length = 100 },
  { .name = "phone",
    .label = N_ ("Phone number"),
    .type = "tel",
    .autocomplete = "tel",
    .inputmode = "tel",
    .max_length = 30 },
};
static const MmPageField address_fields[] = {
  { .name = "postal_code",
    .label = N_ ("Postal code"),
    .type = "text",
    .autocomplete = "postal-code",
    .inputmode = "numeric",
    .max_length = 12 },
  { .name = "prefecture",
    .label = N_ ("Prefecture"),
    .type = "select",
    .autocomplete = "address-level1" },
  { .name = "municipality",
    .label = N_ ("Municipality"),
    .type = "text",
    .autocomplete = "address-level2",
    .max_length = 200 },
  { .name = "address",
    .label = N_ ("Address"),
    .type = "text",
    .autocomplete = "street-address",
    .max_length = 200 },
};
static const MmPageGroup groups[] = {
  { N_ ("About you"), person_fields, G_N_ELEMENTS (person_fields) },
  { N_ ("Your address"), address_fields, G_N_ELEMENTS (address_fields) },
};

static const char *
account_value (gpointer account, const char *name)
{
  return *mm_customer_account_field (account, name);
}

static void
answer (MmExchange *x,
        MmContext *context,
        const char *title,
        const char *page,
        MmAccountRow *account,
        const GError *error)
{
  json_t *values = mm_page_values (x, context, title);

  mm_page_form_add (values, groups, G_N_ELEMENTS (groups), account_value, account, error,
                    mm_exchange_language (x));
  json_object_set_new (values, "mail", json_string (account->mail));
  json_object_set_new (values, "saved", json_boolean (mm_exchange_query (x, "saved") != NULL));
  mm_page_answer (x, context, error != NULL ? 422 : 200, page, values);
}

void
mm_handle_customer_account (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmAccountRow) account
      = mm_customer_account_get (context, mm_exchange_principal (x), &error);

  if (account != NULL)
    answer (x, context, N_ ("My account"), "customer/account", account, NULL);
  else
    mm_page_answer_error (x, context, error);
}

void
mm_handle_customer_account_edit (MmExchange *x, gpointer context)
{
  const MmPrincipal *customer = mm_exchange_principal (x);
  gboolean post = g_str_equal (mm_exchange_method (x), "POST");
  g_autoptr (GError) error = NULL;
  g_autoptr (MmAccountRow) account = mm_customer_account_get (context, customer, &error);

  for (guint i = 0; account != NULL && post && mm_customer_account_fields[i] != NULL; i++)
    {
      char **text = mm_customer_account_field (account, mm_customer_account_fields[i]);

      g_free (*text);
      *text = g_strdup (mm_exchange_form (x, mm_customer_account_fields[i]));
    }
  if (account != NULL && post && mm_customer_account_change (context, customer, account, &error))
    mm_page_redirect (x, "/my/account?saved=1");
  else if (account == NULL
           || (error != NULL && !g_error_matches (error, MM_ERROR, MM_ERROR_FIELDS)))
    mm_page_answer_error (x, context, error);
  else
    answer (x, context, N_ ("Edit my account"), "customer/account-edit", account, error);
}

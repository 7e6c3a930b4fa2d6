/* The customer's walk. On workers. */
#include "mm-handle-customer-walk.h"

#include "mm-customers.h"
#include "mm-language.h"
#include "mm-walk.h"

static const MmPageField label_fields[] = {
  { .name = "gateway_id",
    .label = N_ ("Gateway ID"),
    .help = N_ ("On the label of the gateway."),
    .type = "text",
    .autocomplete = "off",
    .max_length = 64 },
  { .name = "activation_code",
    .label = N_ ("Activation code"),
    .help = N_ ("On the label, 16 letters and digits such as 7K2M-9QXD-4TRV-8NHB."),
    .type = "text",
    .autocomplete = "off",
    .max_length = 40 },
};
static const MmPageField person_fields[] = {
  { .name = "name",
    .label = N_ ("Name"),
    .type = "text",
    .autocomplete = "name",
    .max_length = 100 },
  { .name = "kana",
    .label = N_ ("Name in katakana"),
    .help = N_ ("For example オムロ タロウ."),
    .type = "text",
    .max_length = 100 },
  { .name = "mail",
    .label = N_ ("Mail address"),
    .help = N_ ("The mail to complete the registration goes here. You sign in with this address."),
    .type = "email",
    .autocomplete = "email",
    .inputmode = "email",
    .max_length = 254 },
  { .name = "mail_again",
    .label = N_ ("Mail address again"),
    .type = "email",
    .autocomplete = "off",
    .inputmode = "email",
    .max_length = 254 },
  { .name = "phone",
    .label = N_ ("Phone number"),
    .help = N_ ("You need it again to set the password."),
    .type = "tel",
    .autocomplete = "tel",
    .inputmode = "tel",
    .max_length = 30 },
};
static const MmPageField place_fields[] = {
  { .name = "postal_code",
    .label = N_ ("Postal code"),
    .help = N_ ("Seven digits, for example 380-0838."),
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
    .help = N_ ("For example 長野市."),
    .type = "text",
    .autocomplete = "address-level2",
    .max_length = 200 },
  { .name = "address",
    .label = N_ ("Address"),
    .help = N_ ("Street and number, building."),
    .type = "text",
    .autocomplete = "street-address",
    .max_length = 200 },
};
static const MmPageGroup groups[] = {
  { N_ ("Your gateway"), label_fields, G_N_ELEMENTS (label_fields) },
  { N_ ("About you"), person_fields, G_N_ELEMENTS (person_fields) },
  { N_ ("Where the system is"), place_fields, G_N_ELEMENTS (place_fields) },
};

static char **
find_field (gpointer form, const char *name)
{
  return mm_customer_form_field (form, name);
}

static gboolean
check (MmContext *context, const char *address, gpointer form, GError **error)
{
  return mm_customers_check (context, address, form, error);
}

static MmProvisional *
enrol (MmContext *context,
       const char *address,
       gpointer form,
       gint64 terms,
       const char *language,
       GError **error)
{
  return mm_customers_register (context, address, form, terms, language, error);
}

static const MmWalk customer_walk = {
  .audience = "customer",
  .title = N_ ("Registration as a customer"),
  .groups = groups,
  .n_groups = G_N_ELEMENTS (groups),
  .fields = mm_customer_form_fields,
  .field = find_field,
  .check = check,
  .enrol = enrol,
};

void
mm_handle_customer_walk (MmExchange *x, gpointer context)
{
  g_autoptr (MmCustomerForm) form = mm_customer_form_new ();

  mm_walk_handle (x, context, &customer_walk, form);
}

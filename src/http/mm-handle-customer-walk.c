/* The customer's walk. On workers. */
#include "mm-handle-customer-walk.h"

#include "mm-customers.h"
#include "mm-error.h"
#include "mm-page-form.h"
#include "mm-page-walk.h"
#include "mm-page.h"

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

static const char *
form_value (gpointer form, const char *name)
{
  char **text = mm_customer_form_field (form, name);

  return text != NULL ? *text : NULL;
}

static MmCustomerForm *
read_form (MmExchange *x)
{
  MmCustomerForm *form = mm_customer_form_new ();

  for (guint i = 0; mm_customer_form_fields[i] != NULL; i++)
    *mm_customer_form_field (form, mm_customer_form_fields[i])
        = g_strdup (mm_exchange_form (x, mm_customer_form_fields[i]));
  return form;
}

/* A page of the walk: what was entered goes along hidden, and the switch of language sends it. */
static json_t *
walk_values (MmExchange *x,
             MmContext *context,
             MmRegistrationStep step,
             MmCustomerForm *form,
             const GError *error)
{
  json_t *values = mm_page_values (x, context, N_ ("Registration as a customer"));
  json_t *hidden = json_array ();

  mm_page_walk_add_steps (values, step);
  mm_page_form_add (values, groups, G_N_ELEMENTS (groups), form_value, form, error,
                    mm_exchange_language (x));
  for (guint i = 0; step != MM_REGISTRATION_FORM && mm_customer_form_fields[i] != NULL; i++)
    {
      const char *text = form_value (form, mm_customer_form_fields[i]);

      json_array_append_new (hidden, json_pack ("{s:s, s:s}", "name", mm_customer_form_fields[i],
                                                "value", text != NULL ? text : ""));
    }
  json_object_set_new (values, "hidden", hidden);
  json_object_set_new (values, "agreed", json_integer (mm_page_walk_terms (x)));
  json_object_set_new (values, "keep_form", json_true ());
  return values;
}

static void
show_terms (MmExchange *x, MmContext *context, MmCustomerForm *form, const char *problem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmTerms) terms
      = mm_terms_get (context, "customer", mm_language_tag (mm_exchange_language (x)), &error);
  json_t *values;

  if (terms == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = walk_values (x, context, MM_REGISTRATION_TERMS, form, NULL);
  mm_page_walk_add_terms (values, terms);
  if (problem != NULL)
    json_object_set_new (values, "problem", json_string (problem));
  mm_page_answer (x, context, problem != NULL ? 422 : 200, "customer/terms", values);
}

static void
show_form (MmExchange *x, MmContext *context, MmCustomerForm *form, const GError *error)
{
  mm_page_answer (x, context, error != NULL ? 422 : 200, "customer/form",
                  walk_values (x, context, MM_REGISTRATION_FORM, form, error));
}

/* Shows what is wrong at the step where it can be mended. */
static void
show_refusal (MmExchange *x, MmContext *context, MmCustomerForm *form, const GError *error)
{
  const GPtrArray *fields = mm_error_fields (error);
  const MmFieldError *first = fields != NULL && fields->len > 0 ? fields->pdata[0] : NULL;

  if (first == NULL)
    mm_page_answer_error (x, context, error);
  else if (g_str_equal (first->field, "terms"))
    show_terms (x, context, form, first->message);
  else
    show_form (x, context, form, error);
}

static void
show_confirm (MmExchange *x, MmContext *context, MmCustomerForm *form)
{
  g_autoptr (GError) error = NULL;

  if (mm_customers_check (context, mm_exchange_peer (x), form, &error))
    mm_page_answer (x, context, 200, "customer/confirm",
                    walk_values (x, context, MM_REGISTRATION_CONFIRM, form, NULL));
  else
    show_refusal (x, context, form, error);
}

static void
register_customer (MmExchange *x, MmContext *context, MmCustomerForm *form)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional
      = mm_customers_register (context, mm_exchange_peer (x), form, mm_page_walk_terms (x),
                               mm_language_tag (mm_exchange_language (x)), &error);

  if (provisional == NULL)
    {
      show_refusal (x, context, form, error);
      return;
    }
  mm_page_walk_keep (x, provisional->walk);
  mm_page_redirect (x, "/register/sent");
}

void
mm_handle_customer_walk (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (MmCustomerForm) form = read_form (x);
  const char *at = mm_exchange_form (x, "at");
  const char *go = mm_exchange_form (x, "go");

  if (mm_exchange_form (x, "lang") != NULL) /* the same page in another language */
    go = g_strcmp0 (at, "confirm") == 0 ? "confirm" : g_strcmp0 (at, "form") == 0 ? "form" : NULL;
  if (g_strcmp0 (go, "form") == 0)
    {
      if (mm_page_walk_terms (x) > 0)
        show_form (x, context, form, NULL);
      else
        show_terms (x, context, form, N_ ("Please agree to the terms of use."));
    }
  else if (g_strcmp0 (go, "confirm") == 0)
    show_confirm (x, context, form);
  else if (g_strcmp0 (go, "register") == 0)
    register_customer (x, context, form);
  else
    show_terms (x, context, form, NULL);
}

#include "mm-handle-walk.h"

#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-form.h"
#include "mm-page-walk.h"
#include "mm-page.h"
#include "mm-problem.h"
#include "mm-registering.h"

#include <string.h>

static const MmPageField person_fields[] = {
  { "name", N_ ("Name"), N_ ("Of the person who manages this account."), "text", "name", NULL, 100,
    FALSE },
  { "kana", N_ ("Name in katakana"), N_ ("For example オムロ タロウ."), "text", NULL, NULL, 100,
    FALSE },
  { "mail", N_ ("Mail address"), N_ ("The mail to complete the registration goes here."), "email",
    "email", "email", 254, FALSE },
  { "mail_again", N_ ("Mail address again"), NULL, "email", "off", "email", 254, FALSE },
};
static const MmPageField company_fields[] = {
  { "dealer_name", N_ ("Dealer name"),
    N_ ("Name of the company or body. A department registers its department's name."), "text",
    "organization", NULL, 100, FALSE },
  { "phone", N_ ("Phone number"),
    N_ ("You need it again to set the password, and your customers need it to link their "
        "gateways."),
    "tel", "tel", "tel", 30, FALSE },
  { "postal_code", N_ ("Postal code"), N_ ("Seven digits, for example 380-0838."), "text",
    "postal-code", "numeric", 12, FALSE },
  { "prefecture", N_ ("Prefecture"), NULL, "select", "address-level1", NULL, 0, FALSE },
  { "address", N_ ("Address"), N_ ("Municipality, street, building."), "text", "street-address",
    NULL, 200, FALSE },
};
static const MmPageField id_fields[] = {
  { "user_id", N_ ("User ID (dealer ID)"),
    N_ ("3 to 16 letters, digits, “_” or “-”. Capital and small letters differ. Your customers "
        "enter it to link their gateways."),
    "text", "username", NULL, 16, FALSE },
};
static const MmPageGroup groups[] = {
  { N_ ("Person who registers and manages the account"), person_fields,
    G_N_ELEMENTS (person_fields) },
  { N_ ("Company or body"), company_fields, G_N_ELEMENTS (company_fields) },
  { N_ ("For signing in"), id_fields, G_N_ELEMENTS (id_fields) },
};

static const char *
form_value (gpointer form, const char *name)
{
  char **text = mm_dealer_form_field (form, name);

  return text != NULL ? *text : NULL;
}

static MmDealerForm *
read_form (MmExchange *x)
{
  MmDealerForm *form = mm_dealer_form_new ();

  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    *mm_dealer_form_field (form, mm_dealer_form_fields[i])
        = g_strdup (mm_exchange_form (x, mm_dealer_form_fields[i]));
  return form;
}

/* A page of the walk: what was entered goes along hidden, and the switch of language sends it. */
static json_t *
walk_values (MmExchange *x,
             MmContext *context,
             MmRegistrationStep step,
             MmDealerForm *form,
             const GError *error)
{
  json_t *values = mm_page_values (x, context, N_ ("Registration as a dealer"));
  json_t *hidden = json_array ();

  mm_page_walk_add_steps (values, step);
  mm_page_form_add (values, groups, G_N_ELEMENTS (groups), form_value, form, error,
                    mm_exchange_language (x));
  if (step != MM_REGISTRATION_FORM)
    for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
      {
        const char *text = form_value (form, mm_dealer_form_fields[i]);

        json_array_append_new (hidden, json_pack ("{s:s, s:s}", "name", mm_dealer_form_fields[i],
                                                  "value", text != NULL ? text : ""));
      }
  json_object_set_new (values, "hidden", hidden);
  json_object_set_new (values, "agreed", json_integer (mm_page_walk_terms (x)));
  json_object_set_new (values, "keep_form", json_true ());
  return values;
}

static void
show_terms (MmExchange *x, MmContext *context, MmDealerForm *form, const char *problem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmTerms) terms
      = mm_terms_get (context, "dealer", mm_language_tag (mm_exchange_language (x)), &error);
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
  mm_page_answer (x, context, problem != NULL ? 422 : 200, "dealer/terms", values);
}

static void
show_form (MmExchange *x, MmContext *context, MmDealerForm *form, const GError *error)
{
  mm_page_answer (x, context, error != NULL ? 422 : 200, "dealer/form",
                  walk_values (x, context, MM_REGISTRATION_FORM, form, error));
}

/* Shows what is wrong at the step where it can be mended. */
static void
show_refusal (MmExchange *x, MmContext *context, MmDealerForm *form, const GError *error)
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
show_confirm (MmExchange *x, MmContext *context, MmDealerForm *form)
{
  g_autoptr (GError) error = NULL;

  if (mm_registering_check_dealer (context, mm_exchange_peer (x), form, &error))
    mm_page_answer (x, context, 200, "dealer/confirm",
                    walk_values (x, context, MM_REGISTRATION_CONFIRM, form, NULL));
  else
    show_refusal (x, context, form, error);
}

static void
register_dealer (MmExchange *x, MmContext *context, MmDealerForm *form)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional
      = mm_registering_register_dealer (context, mm_exchange_peer (x), form, mm_page_walk_terms (x),
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
mm_handle_walk (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (MmDealerForm) form = read_form (x);
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
    register_dealer (x, context, form);
  else
    show_terms (x, context, form, NULL);
}

/* ---- the mail is on its way ---- */

static const MmPageField mail_fields[] = {
  { "mail", N_ ("Correct mail address"), NULL, "email", "email", "email", 254, FALSE },
  { "mail_again", N_ ("Mail address again"), NULL, "email", "off", "email", 254, FALSE },
};
static const MmPageGroup mail_group = { NULL, mail_fields, G_N_ELEMENTS (mail_fields) };

static const char *
posted_value (gpointer x, const char *name)
{
  return mm_exchange_form (x, name);
}

static void
show_sent (MmExchange *x, MmContext *context, const char *walk, const GError *problem)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *mail = mm_registering_waiting_mail (context, walk, &error);
  gboolean fields = problem != NULL && mm_error_fields (problem) != NULL;
  json_t *values;

  if (mail == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, N_ ("A mail is on its way"));
  mm_page_walk_add_steps (values, MM_REGISTRATION_MAIL);
  mm_page_form_add (values, &mail_group, 1, posted_value, x, problem, mm_exchange_language (x));
  json_object_set_new (values, "mail", json_string (mail));
  json_object_set_new (values, "hours", json_integer (context->config->link_hours));
  json_object_set_new (values, "again", json_boolean (mm_exchange_query (x, "again") != NULL));
  json_object_set_new (values, "correcting",
                       json_boolean (fields || mm_exchange_query (x, "correct") != NULL));
  if (problem != NULL && !fields)
    json_object_set_new (values, "problem", json_string (problem->message));
  mm_page_answer (x, context, problem != NULL ? mm_problem_status (problem) : 200, "sent", values);
}

void
mm_handle_sent (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const char *walk = mm_exchange_cookie (x, "mm_walk");
  const char *address = mm_exchange_peer (x);
  const char *go = mm_exchange_form (x, "go");
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional = NULL;

  if (walk == NULL)
    {
      mm_page_redirect (x, "/");
      return;
    }
  if (g_strcmp0 (go, "resend") == 0)
    provisional = mm_registering_resend (context, address, walk, &error);
  else if (g_strcmp0 (go, "correct") == 0)
    provisional = mm_registering_correct_mail (context, address, walk, mm_exchange_form (x, "mail"),
                                               mm_exchange_form (x, "mail_again"), &error);
  if (provisional != NULL)
    mm_page_redirect (x, "/register/sent?again=1");
  else
    show_sent (x, context, walk, error);
}

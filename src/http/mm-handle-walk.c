#include "mm-handle-walk.h"

#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-form.h"
#include "mm-page-walk.h"
#include "mm-page.h"
#include "mm-problem.h"
#include "mm-registering.h"
#include "mm-walk.h"

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

static char **
find_field (gpointer form, const char *name)
{
  return mm_dealer_form_field (form, name);
}

static gboolean
check (MmContext *context, const char *address, gpointer form, GError **error)
{
  return mm_registering_check_dealer (context, address, form, error);
}

static MmProvisional *
enrol (MmContext *context,
       const char *address,
       gpointer form,
       gint64 terms,
       const char *language,
       GError **error)
{
  return mm_registering_register_dealer (context, address, form, terms, language, error);
}

static const MmWalk dealer_walk = {
  .audience = "dealer",
  .title = N_ ("Registration as a dealer"),
  .groups = groups,
  .n_groups = G_N_ELEMENTS (groups),
  .fields = mm_dealer_form_fields,
  .field = find_field,
  .check = check,
  .enrol = enrol,
};

void
mm_handle_walk (MmExchange *x, gpointer context)
{
  g_autoptr (MmDealerForm) form = mm_dealer_form_new ();

  mm_walk_handle (x, context, &dealer_walk, form);
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
  json_object_set_new (values, "hours", json_integer (mm_context_config (context)->link_hours));
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

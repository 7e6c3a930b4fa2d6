#include "mm-handle-confirm.h"

#include "mm-confirming.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-form.h"
#include "mm-page-walk.h"
#include "mm-page.h"
#include "mm-registering.h"

#include <string.h>

static const MmPageField fields[] = {
  { "password", N_ ("New password"), NULL, "password", "new-password", NULL, 0, FALSE },
  { "password_again", N_ ("New password again"), NULL, "password", "new-password", NULL, 0, FALSE },
  { "phone", N_ ("Phone number"),
    N_ ("The number that you entered in the form, with or without hyphens."), "tel", "tel", "tel",
    30, FALSE },
};
static const MmPageGroup group = { NULL, fields, G_N_ELEMENTS (fields) };

static const char *
posted_value (gpointer x, const char *name)
{
  return mm_exchange_form (x, name);
}

/* Why the link cannot be used, and the way on. */
static void
show_dead_link (MmExchange *x, MmContext *context, const char *token, const GError *error)
{
  const char *code = mm_error_code (error);
  guint status = g_error_matches (error, MM_ERROR, MM_ERROR_NOT_FOUND) ? 404 : 410;
  json_t *values;

  if (!g_error_matches (error, MM_ERROR, MM_ERROR_NOT_FOUND)
      && !g_error_matches (error, MM_ERROR, MM_ERROR_GONE))
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, N_ ("This link is no longer valid"));
  json_object_set_new (values, "sentence", json_string (error->message));
  json_object_set_new (values, "token", json_string (token));
  json_object_set_new (values, "can_resend",
                       json_boolean (g_str_equal (code, "link-expired")
                                     || g_str_equal (code, "link-locked")));
  json_object_set_new (values, "may_sign_in",
                       json_boolean (g_str_equal (code, "link-used")
                                     || g_str_equal (code, "already-registered")));
  mm_page_answer (x, context, status, "dead-link", values);
}

/* The link opens the app, too, which asks before it trusts a server. */
static char *
app_url (MmContext *context, const char *token)
{
  g_autofree char *server = g_uri_escape_string (context->public_url, NULL, FALSE);
  g_autofree char *escaped = g_uri_escape_string (token, NULL, FALSE);

  return g_strconcat ("mimamori:confirm?server=", server, "&token=", escaped, NULL);
}

static void
show_page (MmExchange *x,
           MmContext *context,
           const char *token,
           const MmConfirmation *confirmation,
           gboolean agreed,
           const GError *problem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmTerms) terms = NULL;
  g_autofree char *app = app_url (context, token);
  json_t *values;

  terms = mm_terms_get (context, confirmation->audience, mm_language_tag (mm_exchange_language (x)),
                        &error);
  if (terms == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, N_ ("Complete the registration"));
  mm_page_walk_add_steps (values, MM_REGISTRATION_PASSWORD);
  mm_page_walk_add_terms (values, terms);
  mm_page_form_add (values, &group, 1, posted_value, x, problem, mm_exchange_language (x));
  mm_page_form_explain_password (values, mm_context_config (context)->password_max,
                                 mm_exchange_language (x));
  json_object_set_new (values, "token", json_string (token));
  json_object_set_new (values, "sign_in", json_string (confirmation->sign_in));
  json_object_set_new (values, "name", json_string (confirmation->name));
  json_object_set_new (values, "agreed", json_integer (mm_page_walk_terms (x)));
  json_object_set_new (values, "dealer",
                       json_boolean (g_str_equal (confirmation->audience, "dealer")));
  json_object_set_new (values, "app_url", json_string (app));
  if (problem != NULL)
    {
      const MmFieldError *first = mm_error_fields (problem)->pdata[0];

      if (g_str_equal (first->field, "terms"))
        json_object_set_new (values, "problem", json_string (first->message));
    }
  mm_page_answer (x, context, problem != NULL ? 422 : 200,
                  agreed ? "confirm-password" : "confirm-terms", values);
}

static gboolean
is_about_terms (const GError *error)
{
  const GPtrArray *wrong = mm_error_fields (error);

  return wrong != NULL && wrong->len > 0
         && g_str_equal (((MmFieldError *) wrong->pdata[0])->field, "terms");
}

void
mm_handle_confirm (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  gboolean posted = g_str_equal (mm_exchange_method (x), "POST");
  const char *token = posted ? mm_exchange_form (x, "token") : mm_exchange_query (x, "token");
  const char *go = mm_exchange_form (x, "go");
  g_autoptr (GError) error = NULL;
  g_autoptr (MmConfirmation) confirmation = NULL;

  token = token != NULL ? token : "";
  confirmation = mm_confirming_peek (context, token, &error);
  if (confirmation == NULL)
    show_dead_link (x, context, token, error);
  else if (g_strcmp0 (go, "agree") == 0 && mm_page_walk_terms (x) > 0)
    show_page (x, context, token, confirmation, TRUE, NULL);
  else if (g_strcmp0 (go, "complete") != 0)
    show_page (x, context, token, confirmation, FALSE, NULL);
  else if (mm_confirming_redeem (context, token, mm_page_walk_terms (x),
                                 mm_language_tag (mm_exchange_language (x)),
                                 mm_exchange_form (x, "password"),
                                 mm_exchange_form (x, "password_again"),
                                 mm_exchange_form (x, "phone"), &error))
    {
      mm_page_walk_keep (x, NULL);
      mm_page_redirect (x, g_str_equal (confirmation->audience, "customer")
                               ? "/confirm/done?for=customer"
                               : "/confirm/done");
    }
  else if (mm_error_fields (error) != NULL)
    show_page (x, context, token, confirmation, !is_about_terms (error), error);
  else
    show_dead_link (x, context, token, error);
}

void
mm_handle_confirm_done (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  json_t *values = mm_page_values (x, context, N_ ("The registration is complete"));

  mm_page_walk_add_steps (values, MM_REGISTRATION_COMPLETE);
  json_object_set_new (values, "customer",
                       json_boolean (g_strcmp0 (mm_exchange_query (x, "for"), "customer") == 0));
  mm_page_answer (x, context, 200, "confirm-done", values);
}

void
mm_handle_confirm_resend (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const char *token = mm_exchange_form (x, "token");
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional
      = mm_registering_resend (context, mm_exchange_peer (x), token != NULL ? token : "", &error);
  json_t *values;

  if (provisional == NULL)
    {
      show_dead_link (x, context, token != NULL ? token : "", error);
      return;
    }
  values = mm_page_values (x, context, N_ ("A new mail is on its way"));
  json_object_set_new (values, "text",
                       json_string (N_ ("Please open the link in the new mail. The earlier link is "
                                        "no longer valid.")));
  mm_page_answer (x, context, 200, "message", values);
}

#include "mm-handle-two-factor.h"

#include "mm-body.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-form.h"
#include "mm-page.h"
#include "mm-qr.h"
#include "mm-two-factor.h"

/* ---- API ---- */

void
mm_handle_two_factor_get (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  gboolean on;
  guint left;

  if (!mm_two_factor_look (context, mm_exchange_principal (x), &on, &left, &error))
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_answer_json (x, 200,
                           json_pack ("{s:b, s:i}", "on", on, "recovery_codes", (int) left));
}

void
mm_handle_two_factor_begin (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmTwoFactorSetup) setup = NULL;
  const char *password;
  json_t *body = mm_body_object (x, &error);

  if (body != NULL && mm_body_text (body, "password", &password, &error))
    setup = mm_two_factor_begin (context, mm_exchange_principal (x), password, &error);
  json_decref (body);
  if (setup == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer_json (x, 201,
                           json_pack ("{s:s, s:s}", "secret", setup->secret, "url", setup->url));
}

static json_t *
list_codes (char **codes)
{
  json_t *list = json_array ();

  for (guint i = 0; codes[i] != NULL; i++)
    json_array_append_new (list, json_string (codes[i]));
  return list;
}

void
mm_handle_two_factor_confirm (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) codes = NULL;
  const char *code;
  json_t *body = mm_body_object (x, &error);

  if (body != NULL && mm_body_text (body, "code", &code, &error))
    codes = mm_two_factor_confirm (context, mm_exchange_principal (x), code, &error);
  json_decref (body);
  if (codes == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer_json (x, 200, json_pack ("{s:o}", "recovery_codes", list_codes (codes)));
}

void
mm_handle_two_factor_end (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  const char *password, *code;
  json_t *body = mm_body_object (x, &error);
  gboolean done = body != NULL && mm_body_text (body, "password", &password, &error)
                  && mm_body_text (body, "code", &code, &error)
                  && mm_two_factor_end (context, mm_exchange_principal (x), password, code, &error);

  json_decref (body);
  if (done)
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

/* ---- the page ---- */

#define PASSWORD                                                                                   \
  {                                                                                                \
    "password", N_ ("Present password"), NULL, "password", "current-password", NULL, 0, FALSE      \
  }

static const MmPageField off_fields[] = { PASSWORD };
static const MmPageField setup_fields[] = {
  { "code", N_ ("Code"), N_ ("Six digits, as your authenticator app shows them now."), "text",
    "one-time-code", "numeric", 10, FALSE },
};
static const MmPageField on_fields[] = {
  PASSWORD,
  { "code", N_ ("Code"), N_ ("Of your authenticator app, or one of your recovery codes."), "text",
    "one-time-code", NULL, 30, FALSE },
};
static const MmPageGroup off_group = { NULL, off_fields, G_N_ELEMENTS (off_fields) };
static const MmPageGroup setup_group = { NULL, setup_fields, G_N_ELEMENTS (setup_fields) };
static const MmPageGroup on_group = { NULL, on_fields, G_N_ELEMENTS (on_fields) };

/* Codes are used up or wrong: what was entered is never shown again. */
static const char *
no_value (gpointer form, const char *name)
{
  return NULL;
}

static json_t *
form_values (MmExchange *x, MmContext *context, const MmPageGroup *group, const GError *error)
{
  json_t *values = mm_page_values (x, context, N_ ("Two-factor sign-in"));

  mm_page_form_add (values, group, 1, no_value, NULL, error, mm_exchange_language (x));
  return values;
}

static void
show_state (MmExchange *x, MmContext *context, const GError *wrong)
{
  g_autoptr (GError) error = NULL;
  gboolean on;
  guint left;
  json_t *values;

  if (!mm_two_factor_look (context, mm_exchange_principal (x), &on, &left, &error))
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = form_values (x, context, on ? &on_group : &off_group, wrong);
  if (on)
    {
      g_autofree char *text = g_strdup_printf ("%u", left);

      json_object_set_new (values, "left", json_string (text));
    }
  mm_page_answer (x, context, wrong != NULL ? 422 : 200, on ? "two-factor/on" : "two-factor/off",
                  values);
}

static void
show_setup (MmExchange *x, MmContext *context, const MmTwoFactorSetup *setup, const GError *error)
{
  json_t *values = form_values (x, context, &setup_group, error);

  json_object_set_new (values, "secret", json_string (setup->secret));
  mm_page_answer (x, context, error != NULL ? 422 : 200, "two-factor/setup", values);
}

void
mm_handle_two_factor_qr (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmTwoFactorSetup) setup
      = mm_two_factor_begun (context, mm_exchange_principal (x), &error);
  g_autofree char *svg = NULL;

  if (setup == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  svg = mm_qr_svg (setup->url);
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer_text (x, 200, "image/svg+xml", svg);
}

static void
show_codes (MmExchange *x, MmContext *context, char **codes)
{
  json_t *values = mm_page_values (x, context, N_ ("Two-factor sign-in is on"));

  json_object_set_new (values, "codes", list_codes (codes));
  mm_page_answer (x, context, 200, "two-factor/codes", values);
}

static void
begin (MmExchange *x, MmContext *context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmTwoFactorSetup) setup
      = mm_two_factor_begin (context, mm_exchange_principal (x), mm_exchange_form (x, "password"),
                             &error);

  if (setup != NULL)
    show_setup (x, context, setup, NULL);
  else if (mm_error_fields (error) != NULL)
    show_state (x, context, error);
  else
    mm_page_answer_error (x, context, error);
}

static void
confirm (MmExchange *x, MmContext *context)
{
  const MmPrincipal *principal = mm_exchange_principal (x);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) gone = NULL;
  g_auto (GStrv) codes
      = mm_two_factor_confirm (context, principal, mm_exchange_form (x, "code"), &error);
  g_autoptr (MmTwoFactorSetup) setup = NULL;

  if (codes != NULL)
    {
      show_codes (x, context, codes);
      return;
    }
  if (mm_error_fields (error) != NULL)
    setup = mm_two_factor_begun (context, principal, &gone);
  if (setup != NULL)
    show_setup (x, context, setup, error);
  else
    mm_page_answer_error (x, context, gone != NULL ? gone : error);
}

static void
end (MmExchange *x, MmContext *context)
{
  g_autoptr (GError) error = NULL;

  if (mm_two_factor_end (context, mm_exchange_principal (x), mm_exchange_form (x, "password"),
                         mm_exchange_form (x, "code"), &error))
    mm_page_redirect (x, "/two-factor");
  else if (mm_error_fields (error) != NULL)
    show_state (x, context, error);
  else
    mm_page_answer_error (x, context, error);
}

void
mm_handle_two_factor_page (MmExchange *x, gpointer context)
{
  const char *go = mm_exchange_form (x, "go");

  if (g_strcmp0 (go, "begin") == 0)
    begin (x, context);
  else if (g_strcmp0 (go, "confirm") == 0)
    confirm (x, context);
  else if (g_strcmp0 (go, "end") == 0)
    end (x, context);
  else
    show_state (x, context, NULL);
}

#include "mm-handle-closing.h"

#include "mm-body.h"
#include "mm-closing.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-form.h"
#include "mm-page.h"

void
mm_handle_account_delete (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  const char *password;
  json_t *body = mm_body_object (x, &error);
  gboolean done = body != NULL && mm_body_text (body, "password", &password, &error)
                  && mm_closing_close (context, mm_exchange_principal (x), password, &error);

  json_decref (body);
  if (done)
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

static const MmPageField fields[] = {
  { "password", N_ ("Present password"), NULL, "password", "current-password", NULL, 0, FALSE },
};
static const MmPageGroup group = { NULL, fields, G_N_ELEMENTS (fields) };

static const char *
no_value (gpointer form, const char *name)
{
  return NULL;
}

void
mm_handle_account_close (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  json_t *values;

  if (g_str_equal (mm_exchange_method (x), "POST")
      && mm_closing_close (context, mm_exchange_principal (x), mm_exchange_form (x, "password"),
                           &error))
    {
      mm_page_set_cookie (x, "mm_session", NULL, "/", 0);
      mm_page_redirect (x, "/account/closed");
      return;
    }
  if (error != NULL && mm_error_fields (error) == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, N_ ("Close my account"));
  mm_page_form_add (values, &group, 1, no_value, NULL, error, mm_exchange_language (x));
  mm_page_answer (x, context, error != NULL ? 422 : 200, "account/close", values);
}

void
mm_handle_account_closed (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  json_t *values = mm_page_values (x, context, N_ ("Your account was closed"));

  json_object_set_new (values, "text",
                       json_string (N_ ("A last mail that says so is on its way to your address. "
                                        "Thank you for having used Mimamori.")));
  json_object_set_new (values, "good", json_true ());
  mm_page_answer (x, context, 200, "message", values);
}

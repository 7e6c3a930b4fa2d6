#include "mm-handle-mail-change.h"

#include "mm-error.h"
#include "mm-language.h"
#include "mm-mail-change.h"
#include "mm-page-form.h"
#include "mm-page.h"

static const MmPageField fields[] = {
  { "mail", N_ ("New mail address"), NULL, "email", "email", "email", 254, FALSE },
  { "mail_again", N_ ("New mail address again"), NULL, "email", "off", "email", 254, FALSE },
  { "password", N_ ("Present password"), NULL, "password", "current-password", NULL, 0, FALSE },
};
static const MmPageGroup group = { NULL, fields, G_N_ELEMENTS (fields) };

static const char *
posted_value (gpointer x, const char *name)
{
  return mm_exchange_form (x, name);
}

static gboolean
is_post (MmExchange *x)
{
  return g_str_equal (mm_exchange_method (x), "POST");
}

static void
show_message (MmExchange *x, MmContext *context, const char *title, const char *text, gboolean good)
{
  json_t *values = mm_page_values (x, context, title);

  json_object_set_new (values, "text", json_string (text));
  json_object_set_new (values, "good", json_boolean (good));
  mm_page_answer (x, context, 200, "message", values);
}

void
mm_handle_mail_change (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  json_t *values;

  if (is_post (x)
      && mm_mail_change_ask (context, mm_exchange_principal (x), mm_exchange_form (x, "mail"),
                             mm_exchange_form (x, "mail_again"), mm_exchange_form (x, "password"),
                             &error))
    {
      show_message (x, context, N_ ("Please look at your mail"),
                    N_ ("A mail with a link is on its way to the new address. The address changes "
                        "once you open the link, within a day."),
                    FALSE);
      return;
    }
  if (error != NULL && mm_error_fields (error) == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, N_ ("Change the mail address"));
  mm_page_form_add (values, &group, 1, posted_value, x, error, mm_exchange_language (x));
  mm_page_answer (x, context, error != NULL ? 422 : 200, "customer/mail", values);
}

void
mm_handle_mail_change_link (MmExchange *x, gpointer context)
{
  const char *token = is_post (x) ? mm_exchange_form (x, "token") : mm_exchange_query (x, "token");
  g_autoptr (GError) error = NULL;
  g_autofree char *mail = NULL;
  json_t *values;

  token = token != NULL ? token : "";
  if (is_post (x) && mm_mail_change_confirm (context, token, &error))
    {
      show_message (x, context, N_ ("Your mail address was changed"),
                    N_ ("From now on, please sign in with the new address."), TRUE);
      return;
    }
  if (error == NULL)
    mail = mm_mail_change_peek (context, token, &error);
  if (mail == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, N_ ("Confirm the new address"));
  json_object_set_new (values, "token", json_string (token));
  json_object_set_new (values, "mail", json_string (mail));
  mm_page_answer (x, context, 200, "mail-change", values);
}

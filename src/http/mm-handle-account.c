#include "mm-handle-account.h"

#include "mm-account-editing.h"
#include "mm-body.h"
#include "mm-contacts.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-form.h"
#include "mm-page.h"
#include "mm-time.h"

#include <string.h>

static const char *const contact_names[MM_MAINTENANCE_ADDRESSES_MAX]
    = { "contacts[0]", "contacts[1]", "contacts[2]", "contacts[3]", "contacts[4]" };

/* ---- API ---- */

static json_t *
account_json (const MmAccountView *view)
{
  const MmAccountRow *row = view->account;
  g_autofree char *created = mm_time_format (row->created);
  json_t *contacts = json_array ();

  for (guint i = 0; i < view->contacts->len; i++)
    {
      const MmContactRow *contact = view->contacts->pdata[i];

      json_array_append_new (contacts,
                             json_pack ("{s:s, s:s, s:s, s:b}", "id", contact->public_id, "mail",
                                        contact->mail, "language", contact->language, "confirmed",
                                        contact->confirmed != 0));
    }
  return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:o}", "id",
                    row->public_id, "user_id", row->sign_in, "name", row->name, "kana", row->kana,
                    "mail", row->mail, "dealer_name", row->dealer_name, "phone", row->phone,
                    "postal_code", row->postal_code, "prefecture", row->prefecture, "address",
                    row->address, "language", row->language, "alert_own_mail", row->alert_own_mail,
                    "created", created, "contacts", contacts);
}

static void
answer_account (MmExchange *x, MmContext *context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmAccountView) view
      = mm_account_editing_view (context, mm_exchange_principal (x), &error);

  if (view == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer_json (x, 200, account_json (view));
}

void
mm_handle_account_get (MmExchange *x, gpointer context)
{
  answer_account (x, context);
}

/* Contacts are a list of addresses, at most five. */
static gboolean
read_contacts (const json_t *body, MmAccountForm *form, GError **error)
{
  const json_t *contacts = json_object_get (body, "contacts");

  if (contacts == NULL || json_is_null (contacts))
    return TRUE;
  if (!json_is_array (contacts) || json_array_size (contacts) > MM_MAINTENANCE_ADDRESSES_MAX)
    return mm_error_set (error, MM_ERROR_INVALID, "contacts",
                         N_ ("There can be up to five maintenance contacts."));
  for (gsize i = 0; i < json_array_size (contacts); i++)
    {
      const json_t *contact = json_array_get (contacts, i);

      if (!json_is_string (contact))
        return mm_error_set (error, MM_ERROR_INVALID, "type",
                             N_ ("A member of the body has another type than expected."));
      form->contacts[i] = g_strdup (json_string_value (contact));
    }
  return TRUE;
}

static MmAccountForm *
read_body (MmExchange *x, GError **error)
{
  g_autoptr (MmAccountForm) form = mm_account_form_new ();
  json_t *body = mm_body_object (x, error);
  gboolean ok = body != NULL;

  for (guint i = 0; ok && mm_account_form_fields[i] != NULL; i++)
    {
      const char *text;

      ok = mm_body_text (body, mm_account_form_fields[i], &text, error);
      if (ok)
        *mm_account_form_field (form, mm_account_form_fields[i]) = g_strdup (text);
    }
  ok = ok && mm_body_boolean (body, "alert_own_mail", FALSE, &form->alert_own_mail, error)
       && read_contacts (body, form, error);
  json_decref (body);
  return ok ? g_steal_pointer (&form) : NULL;
}

void
mm_handle_account_put (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmAccountForm) form = read_body (x, &error);

  if (form != NULL
      && mm_account_editing_execute (context, mm_exchange_principal (x), form, NULL, &error))
    answer_account (x, context);
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_account_check (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmAccountForm) form = read_body (x, &error);

  if (form != NULL && mm_account_editing_check (context, mm_exchange_principal (x), form, &error))
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

/* ---- pages ---- */

static const MmPageField person_fields[] = {
  { "name", N_ ("Name"), NULL, "text", "name", NULL, 100, FALSE },
  { "kana", N_ ("Name in katakana"), NULL, "text", NULL, NULL, 100, FALSE },
  { "mail", N_ ("Mail address"), NULL, "email", "email", "email", 254, FALSE },
  { "mail_again", N_ ("Mail address again"), N_ ("Only if you change the address."), "email", "off",
    "email", 254, TRUE },
  { "language", N_ ("Language"), N_ ("Of the mails that you get from us."), "select", NULL, NULL, 0,
    FALSE },
};
static const MmPageField company_fields[] = {
  { "dealer_name", N_ ("Dealer name"), NULL, "text", "organization", NULL, 100, FALSE },
  { "phone", N_ ("Phone number"), N_ ("Your customers need it to link their gateways."), "tel",
    "tel", "tel", 30, FALSE },
  { "postal_code", N_ ("Postal code"), NULL, "text", "postal-code", "numeric", 12, FALSE },
  { "prefecture", N_ ("Prefecture"), NULL, "select", "address-level1", NULL, 0, FALSE },
  { "address", N_ ("Address"), NULL, "text", "street-address", NULL, 200, FALSE },
};
static const MmPageField contact_fields[] = {
  { "contacts[0]", N_ ("Address 1"), NULL, "email", "off", "email", 254, TRUE },
  { "contacts[1]", N_ ("Address 2"), NULL, "email", "off", "email", 254, TRUE },
  { "contacts[2]", N_ ("Address 3"), NULL, "email", "off", "email", 254, TRUE },
  { "contacts[3]", N_ ("Address 4"), NULL, "email", "off", "email", 254, TRUE },
  { "contacts[4]", N_ ("Address 5"), NULL, "email", "off", "email", 254, TRUE },
  { "alert_own_mail", N_ ("Send fault mails to the account's own address, too"), NULL, "checkbox",
    NULL, NULL, 0, TRUE },
};
static const MmPageGroup groups[] = {
  { N_ ("Person in charge"), person_fields, G_N_ELEMENTS (person_fields) },
  { N_ ("Company or body"), company_fields, G_N_ELEMENTS (company_fields) },
  { N_ ("Maintenance contacts"), contact_fields, G_N_ELEMENTS (contact_fields) },
};

static const char *
form_value (gpointer data, const char *name)
{
  MmAccountForm *form = data;
  char **text = mm_account_form_field (form, name);

  if (g_str_equal (name, "alert_own_mail"))
    return form->alert_own_mail ? "1" : "";
  return text != NULL ? *text : NULL;
}

static MmAccountForm *
read_form (MmExchange *x)
{
  MmAccountForm *form = mm_account_form_new ();

  for (guint i = 0; mm_account_form_fields[i] != NULL; i++)
    *mm_account_form_field (form, mm_account_form_fields[i])
        = g_strdup (mm_exchange_form (x, mm_account_form_fields[i]));
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    form->contacts[i] = g_strdup (mm_exchange_form (x, contact_names[i]));
  form->alert_own_mail = g_strcmp0 (mm_exchange_form (x, "alert_own_mail"), "1") == 0;
  return form;
}

static json_t *
form_values (
    MmExchange *x, MmContext *context, const char *title, MmAccountForm *form, const GError *error)
{
  json_t *values = mm_page_values (x, context, title);

  mm_page_form_add (values, groups, G_N_ELEMENTS (groups), form_value, form, error,
                    mm_exchange_language (x));
  json_object_set_new (values, "alert_own_mail", json_boolean (form->alert_own_mail));
  return values;
}

void
mm_handle_account_page (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MmAccountView) view
      = mm_account_editing_view (context, mm_exchange_principal (x), &error);
  g_autoptr (MmAccountForm) form = NULL;
  json_t *values;
  json_t *contacts;

  if (view == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  form = mm_account_form_new_from_view (view);
  values = form_values (x, context, N_ ("My account"), form, NULL);
  /* The contacts are listed apart, with what they answered. */
  mm_page_form_add (values, groups, G_N_ELEMENTS (groups) - 1, form_value, form, NULL,
                    mm_exchange_language (x));
  contacts = json_array ();
  for (guint i = 0; i < view->contacts->len; i++)
    {
      const MmContactRow *contact = view->contacts->pdata[i];

      json_array_append_new (contacts, json_pack ("{s:s, s:b}", "mail", contact->mail, "confirmed",
                                                  contact->confirmed != 0));
    }
  json_object_set_new (values, "contacts", contacts);
  json_object_set_new (values, "user_id", json_string (view->account->sign_in));
  mm_page_answer (x, context, 200, "account/view", values);
}

static void
show_edit (MmExchange *x, MmContext *context, MmAccountForm *form, const GError *error)
{
  mm_page_answer (x, context, error != NULL ? 422 : 200, "account/edit",
                  form_values (x, context, N_ ("Edit my account"), form, error));
}

static void
show_confirm (MmExchange *x, MmContext *context, MmAccountForm *form)
{
  json_t *values = form_values (x, context, N_ ("Confirm the changes"), form, NULL);
  json_t *hidden = json_array ();

  for (guint i = 0; mm_account_form_fields[i] != NULL; i++)
    json_array_append_new (hidden,
                           json_pack ("{s:s, s:s*}", "name", mm_account_form_fields[i], "value",
                                      form_value (form, mm_account_form_fields[i])));
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX && form->contacts[i] != NULL; i++)
    json_array_append_new (hidden, json_pack ("{s:s, s:s}", "name", contact_names[i], "value",
                                              form->contacts[i]));
  json_object_set_new (values, "hidden", hidden);
  mm_page_answer (x, context, 200, "account/confirm", values);
}

void
mm_handle_account_edit (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const MmPrincipal *principal = mm_exchange_principal (x);
  const char *go = mm_exchange_form (x, "go");
  g_autoptr (GError) error = NULL;
  g_autoptr (MmAccountForm) form = NULL;
  gboolean changed = FALSE;

  if (go == NULL)
    {
      g_autoptr (MmAccountView) view = mm_account_editing_view (context, principal, &error);

      if (view == NULL)
        mm_page_answer_error (x, context, error);
      else
        {
          form = mm_account_form_new_from_view (view);
          show_edit (x, context, form, NULL);
        }
      return;
    }
  form = read_form (x);
  if (g_str_equal (go, "confirm") && mm_account_editing_check (context, principal, form, &error))
    show_confirm (x, context, form);
  else if (g_str_equal (go, "execute")
           && mm_account_editing_execute (context, principal, form, &changed, &error))
    mm_page_redirect (x, changed ? "/account/done" : "/account");
  else if (error == NULL || mm_error_fields (error) != NULL)
    show_edit (x, context, form, error);
  else
    mm_page_answer_error (x, context, error);
}

void
mm_handle_account_done (MmExchange *x, gpointer data)
{
  MmContext *context = data;

  mm_page_answer (x, context, 200, "account/done",
                  mm_page_values (x, context, N_ ("Your account was changed")));
}

/* ---- maintenance contacts ---- */

/* Only a POST is an answer: mail scanners look at links with HEAD, too. */
static gboolean
is_post (MmExchange *x)
{
  return g_str_equal (mm_exchange_method (x), "POST");
}

static const char *
shown_token (MmExchange *x)
{
  const char *token = is_post (x) ? mm_exchange_form (x, "token") : mm_exchange_query (x, "token");

  return token != NULL ? token : "";
}

static void
show_message (MmExchange *x, MmContext *context, const char *title, const char *text)
{
  json_t *values = mm_page_values (x, context, title);

  json_object_set_new (values, "text", json_string (text));
  json_object_set_new (values, "good", json_true ());
  mm_page_answer (x, context, 200, "message", values);
}

static void
show_contact (MmExchange *x, MmContext *context, const char *token, const char *template)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmContactView) view = mm_contacts_find (context, token, &error);
  json_t *values;

  if (view == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, N_ ("Maintenance contact"));
  json_object_set_new (values, "token", json_string (token));
  json_object_set_new (values, "mail", json_string (view->mail));
  json_object_set_new (values, "dealer_name", json_string (view->dealer_name));
  json_object_set_new (values, "confirmed", json_boolean (view->confirmed));
  json_object_set_new (values, "confirmable", json_boolean (view->confirmable && !view->confirmed));
  json_object_set_new (values, "late", json_boolean (!view->confirmable && !view->confirmed));
  mm_page_answer (x, context, 200, template, values);
}

void
mm_handle_contact (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const char *token = shown_token (x);
  g_autoptr (GError) error = NULL;

  if (!is_post (x))
    show_contact (x, context, token, "contact");
  else if (mm_contacts_confirm (context, token, &error))
    show_message (x, context, N_ ("Thank you"),
                  N_ ("From now on you get a mail at this address when something is wrong with a "
                      "system that the dealer looks after."));
  else
    mm_page_answer_error (x, context, error);
}

void
mm_handle_contact_remove (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const char *token = shown_token (x);
  g_autoptr (GError) error = NULL;

  if (!is_post (x))
    show_contact (x, context, token, "contact-remove");
  else if (mm_contacts_remove (context, token, &error))
    show_message (x, context, N_ ("Your address was removed"),
                  N_ ("No more mails about faults are sent to this address."));
  else
    mm_page_answer_error (x, context, error);
}

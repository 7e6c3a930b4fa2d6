/* Links: the customer's pages, the dealer's page and API. On workers. */
#include "mm-handle-link.h"

#include "mm-customers.h"
#include "mm-error.h"
#include "mm-link-until.h"
#include "mm-link.h"
#include "mm-linking.h"
#include "mm-page-form.h"
#include "mm-page.h"
#include "mm-problem.h"
#include "mm-time.h"
#include "mm-words-of.h"

/* ---- what the forms say ---- */

/* The values of a link's form, by the names of its fields: user_id, phone, until, and the grants'
 * names. */
static const char *
form_value (gpointer form, const char *name)
{
  const MmLinkForm *link = form;
  MmGrants grant = mm_link_grant_from_name (name);

  if (grant != 0)
    return link->grants & grant ? "1" : NULL;
  if (g_str_equal (name, "user_id"))
    return link->user_id;
  return g_str_equal (name, "phone") ? link->phone : link->until;
}

static MmLinkForm
read_form (MmExchange *x)
{
  MmLinkForm form = { .gateway = mm_exchange_param (x, "id"),
                      .user_id = mm_exchange_form (x, "user_id"),
                      .phone = mm_exchange_form (x, "phone"),
                      .until = mm_exchange_form (x, "until") };

  for (guint grant = MM_GRANT_SEE; grant <= MM_GRANT_HISTORY; grant <<= 1)
    if (mm_exchange_form (x, mm_link_grant_name ((MmGrants) grant)) != NULL)
      form.grants |= grant;
  return form;
}

static const MmPageField dealer_fields[] = {
  { .name = "user_id",
    .label = N_ ("Dealer ID"),
    .help = N_ ("Exactly as the dealer writes it; capital and small letters are not the same."),
    .type = "text",
    .autocomplete = "off",
    .max_length = 16 },
  { .name = "phone",
    .label = N_ ("Phone number of the dealer"),
    .help = N_ ("With or without hyphens."),
    .type = "tel",
    .autocomplete = "off",
    .inputmode = "tel",
    .max_length = 30 },
};

static const MmPageField until_fields[] = {
  { .name = "until",
    .label = N_ ("Last day"),
    .help = N_ ("If you leave it empty, the access lasts until you end it."),
    .type = "date",
    .autocomplete = "off",
    .optional = TRUE },
};

/* Adds the fields of @form; without those of the dealer for a link that exists. */
static void
add_form (MmExchange *x, json_t *values, MmLinkForm *form, gboolean exists, const GError *error)
{
  MmPageField grants[] = {
    { .type = "checkbox" }, { .type = "checkbox" }, { .type = "checkbox" }, { .type = "checkbox" }
  };
  const MmPageGroup groups[]
      = { { N_ ("Which dealer"), dealer_fields, G_N_ELEMENTS (dealer_fields) },
          { N_ ("What the dealer may do"), grants, G_N_ELEMENTS (grants) },
          { N_ ("Until when"), until_fields, G_N_ELEMENTS (until_fields) } };

  for (guint i = 0; i < G_N_ELEMENTS (grants); i++)
    {
      grants[i].name = mm_link_grant_name ((MmGrants) (1u << i));
      grants[i].label = mm_link_grant_label ((MmGrants) (1u << i));
    }
  mm_page_form_add (values, exists ? groups + 1 : groups, exists ? 2 : 3, form_value, form, error,
                    mm_exchange_language (x));
}

static void
set_url (json_t *values, const char *key, const char *format, const char *id)
{
  g_autofree char *url = g_strdup_printf (format, id);

  json_object_set_new (values, key, json_string (url));
}

/* The values of a page about the customer's gateway {id}; NULL after answering that there is none.
 */
static json_t *
gateway_values (MmExchange *x, MmContext *context, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmGatewayRow) gateway = mm_customers_gateway (context, mm_exchange_principal (x),
                                                           mm_exchange_param (x, "id"), &error);
  json_t *values;

  if (gateway == NULL)
    {
      mm_page_answer_error (x, context, error);
      return NULL;
    }
  values = mm_page_values (x, context, title);
  json_object_set_new (values, "gateway",
                       json_pack ("{s:s, s:s}", "id", gateway->public_id, "title",
                                  mm_gateway_row_title (gateway)));
  set_url (values, "back_url", "/my/gateways/%s", gateway->public_id);
  set_url (values, "form_url", "/my/gateways/%s/link", gateway->public_id);
  set_url (values, "execute_url", "/my/gateways/%s/link/execute", gateway->public_id);
  return values;
}

/* The form; with @error, what is wrong with it, or that error's own page. */
static void
answer_form (MmExchange *x, MmContext *context, MmLinkForm *form, const GError *error)
{
  gboolean conflict = g_error_matches (error, MM_ERROR, MM_ERROR_CONFLICT);
  json_t *values;

  if (error != NULL && !conflict && !g_error_matches (error, MM_ERROR, MM_ERROR_FIELDS))
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = gateway_values (x, context, N_ ("Let a dealer look after your system"));
  if (values == NULL)
    return;
  add_form (x, values, form, FALSE, error);
  json_object_set_new (values, "keep_form", json_true ());
  if (conflict)
    json_object_set_new (values, "problem", json_string (error->message));
  mm_page_answer (x, context, error == NULL ? 200 : mm_problem_status (error), "customer/link-form",
                  values);
}

/* ---- the customer's pages ---- */

void
mm_handle_link_start (MmExchange *x, gpointer context)
{
  const char *dealer = mm_exchange_query (x, "dealer");
  g_autofree char *escaped = g_uri_escape_string (dealer != NULL ? dealer : "", NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) gateways
      = mm_customers_gateways (context, mm_exchange_principal (x), &error);
  json_t *values, *list;

  if (gateways == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < gateways->len; i++)
    {
      const MmGatewayRow *gateway = gateways->pdata[i];
      g_autofree char *url
          = g_strdup_printf ("/my/gateways/%s/link?dealer=%s", gateway->public_id, escaped);

      if (gateways->len == 1)
        {
          json_decref (list);
          mm_page_redirect (x, url);
          return;
        }
      json_array_append_new (list, json_pack ("{s:s, s:s, s:s}", "id", gateway->public_id, "title",
                                              mm_gateway_row_title (gateway), "url", url));
    }
  values = mm_page_values (x, context, N_ ("Which system is it about?"));
  json_object_set_new (values, "gateways", list);
  json_object_set_new (values, "has_gateways", json_boolean (gateways->len > 0));
  mm_page_answer (x, context, 200, "customer/link-start", values);
}

void
mm_handle_link_form (MmExchange *x, gpointer context)
{
  MmLinkForm form = { .user_id = mm_exchange_query (x, "dealer"), .grants = MM_GRANTS_DEFAULT };

  answer_form (x, context, &form, NULL);
}

static void
add_hidden (json_t *hidden, const char *name, const char *value)
{
  if (value != NULL)
    json_array_append_new (hidden, json_pack ("{s:s, s:s}", "name", name, "value", value));
}

/* The page that shows what the form means, and carries it on. */
static void
answer_confirm (MmExchange *x, MmContext *context, MmLinkForm *form, const char *dealer)
{
  json_t *values = gateway_values (x, context, N_ ("Is this right?"));
  g_autofree char *until = NULL;
  json_t *hidden;

  if (values == NULL)
    return;
  hidden = json_array ();
  form->grants = mm_link_grants (form->grants);
  add_hidden (hidden, "user_id", form->user_id);
  add_hidden (hidden, "phone", form->phone);
  add_hidden (hidden, "until", form->until);
  for (guint grant = MM_GRANT_SEE; grant <= MM_GRANT_HISTORY; grant <<= 1)
    add_hidden (hidden, mm_link_grant_name ((MmGrants) grant), form->grants & grant ? "1" : NULL);
  json_object_set_new (values, "hidden", hidden);
  json_object_set_new (values, "dealer", json_string (dealer));
  json_object_set_new (values, "scope", mm_words_of_scope (form->grants));
  until = mm_words_of_day (mm_exchange_language (x), form->until);
  json_object_set_new (values, "until", json_string (until));
  mm_page_answer (x, context, 200, "customer/link-confirm", values);
}

void
mm_handle_link_confirm (MmExchange *x, gpointer context)
{
  MmLinkForm form = read_form (x);
  g_autofree char *dealer = NULL;
  g_autoptr (GError) error = NULL;

  /* The language was switched, or the person came back: the form as it was. */
  if (mm_exchange_form (x, "back") != NULL || mm_exchange_form (x, "lang") != NULL)
    answer_form (x, context, &form, NULL);
  else if (mm_linking_check (context, mm_exchange_principal (x), &form, &dealer, &error))
    answer_confirm (x, context, &form, dealer);
  else
    answer_form (x, context, &form, error);
}

void
mm_handle_link_execute (MmExchange *x, gpointer context)
{
  MmLinkForm form = read_form (x);
  g_autofree char *link = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;

  if (!mm_linking_link (context, mm_exchange_principal (x), &form, &link, &error))
    {
      answer_form (x, context, &form, error);
      return;
    }
  url = g_strdup_printf ("/my/links/%s/done", link);
  mm_page_redirect (x, url);
}

/* A page about the customer's own link {id}; with @error, what is wrong with its form. */
static void
answer_link (
    MmExchange *x, MmContext *context, const char *title, const char *page, const GError *error)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (MmLinkRow) link
      = mm_linking_find (context, mm_exchange_principal (x), mm_exchange_param (x, "id"), &missing);
  g_autofree char *until = NULL;
  MmLinkForm form;
  json_t *values;

  if (link == NULL)
    {
      mm_page_answer_error (x, context, missing);
      return;
    }
  until = mm_link_until_day (link);
  form = error != NULL ? read_form (x) : (MmLinkForm){ .grants = link->grants, .until = until };
  values = mm_page_values (x, context, title);
  json_object_set_new (values, "link", mm_words_of_link (mm_exchange_language (x), link));
  set_url (values, "form_url", "/my/links/%s", link->public_id);
  set_url (values, "end_url", "/my/links/%s/end", link->public_id);
  set_url (values, "gateway_url", "/my/gateways/%s", link->gateway_id);
  add_form (x, values, &form, TRUE, error);
  mm_page_answer (x, context, error != NULL ? 422 : 200, page, values);
}

void
mm_handle_link_show (MmExchange *x, gpointer context)
{
  answer_link (x, context, N_ ("What this dealer may do"), "customer/link-change", NULL);
}

void
mm_handle_link_done (MmExchange *x, gpointer context)
{
  answer_link (x, context, N_ ("The dealer now looks after your system"), "customer/link-done",
               NULL);
}

void
mm_handle_link_change (MmExchange *x, gpointer context)
{
  const MmPrincipal *customer = mm_exchange_principal (x);
  const char *id = mm_exchange_param (x, "id");
  MmLinkForm form = read_form (x);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmLinkRow) link = mm_linking_find (context, customer, id, &error);
  g_autofree char *url = NULL;

  if (link == NULL)
    mm_page_answer_error (x, context, error);
  else if (mm_linking_change (context, customer, id, form.grants, form.until, &error))
    {
      url = g_strdup_printf ("/my/gateways/%s?note=changed", link->gateway_id);
      mm_page_redirect (x, url);
    }
  else if (g_error_matches (error, MM_ERROR, MM_ERROR_FIELDS))
    answer_link (x, context, N_ ("What this dealer may do"), "customer/link-change", error);
  else
    mm_page_answer_error (x, context, error);
}

void
mm_handle_link_end (MmExchange *x, gpointer context)
{
  const MmPrincipal *customer = mm_exchange_principal (x);
  const char *id = mm_exchange_param (x, "id");
  g_autoptr (GError) error = NULL;
  g_autoptr (MmLinkRow) link = mm_linking_find (context, customer, id, &error);
  g_autofree char *url = NULL;

  if (link == NULL || !mm_linking_revoke (context, customer, id, &error))
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  url = g_strdup_printf ("/my/gateways/%s?note=ended", link->gateway_id);
  mm_page_redirect (x, url);
}

/* ---- the dealer's page ---- */

void
mm_handle_link_dealer (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) links = mm_linking_list (context, mm_exchange_principal (x), &error);
  json_t *values, *list;

  if (links == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < links->len; i++)
    json_array_append_new (list, mm_words_of_link (mm_exchange_language (x), links->pdata[i]));
  values = mm_page_values (x, context, N_ ("Systems entrusted to you"));
  json_object_set_new (values, "links", list);
  json_object_set_new (values, "has_links", json_boolean (links->len > 0));
  json_object_set_new (values, "declined",
                       json_boolean (g_strcmp0 (mm_exchange_query (x, "note"), "declined") == 0));
  mm_page_answer (x, context, 200, "dealer/links", values);
}

void
mm_handle_link_dealer_decline (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;

  if (mm_linking_decline (context, mm_exchange_principal (x), mm_exchange_param (x, "id"), &error))
    mm_page_redirect (x, "/links?note=declined");
  else
    mm_page_answer_error (x, context, error);
}

/* ---- the dealer's API ---- */

static json_t *
link_to_json (const MmLinkRow *link)
{
  g_autofree char *since = mm_time_format (link->since);
  g_autofree char *until = link->until != MM_TIME_NONE ? mm_time_format (link->until) : NULL;
  guint granted = mm_link_grants (link->grants);
  json_t *grants = json_array ();

  for (guint grant = MM_GRANT_SEE; grant <= MM_GRANT_HISTORY; grant <<= 1)
    if (granted & grant)
      json_array_append_new (grants, json_string (mm_link_grant_name ((MmGrants) grant)));
  return json_pack ("{s:s, s:{s:s, s:s, s:s}, s:{s:s}, s:o, s:s, s:s?}", "id", link->public_id,
                    "gateway", "id", link->gateway_id, "name", link->gateway_name, "municipality",
                    link->gateway_municipality, "customer", "name", link->owner_name, "grants",
                    grants, "since", since, "until", until);
}

void
mm_handle_link_api_list (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) links = mm_linking_list (context, mm_exchange_principal (x), &error);
  json_t *list;

  if (links == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < links->len; i++)
    json_array_append_new (list, link_to_json (links->pdata[i]));
  mm_exchange_answer_json (x, 200, json_pack ("{s:o}", "links", list));
}

void
mm_handle_link_api_decline (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;

  if (mm_linking_decline (context, mm_exchange_principal (x), mm_exchange_param (x, "id"), &error))
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

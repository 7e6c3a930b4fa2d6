/* Pages of customers. On workers. */
#include "mm-handle-customer.h"

#include "mm-customers.h"
#include "mm-error.h"
#include "mm-link.h"
#include "mm-linking.h"
#include "mm-page-form.h"
#include "mm-page.h"
#include "mm-store-access.h"
#include "mm-words-of.h"

#include <string.h>

static const char *
posted_value (gpointer x, const char *name)
{
  return mm_exchange_form (x, name);
}

static void
set_url (json_t *values, const char *key, const char *format, const char *id)
{
  g_autofree char *url = g_strdup_printf (format, id);

  json_object_set_new (values, key, json_string (url));
}

/* ---- a system in words ---- */

/* What is known of @gateway: id, title, status, status_label, last_contact and last_contact_full
 * (empty if never), and the addresses of its pages. */
static void
add_gateway (MmExchange *x, MmContext *context, json_t *values, const MmGatewayRow *gateway)
{
  const MmLanguage *language = mm_exchange_language (x);
  gint64 contact;
  MmStatus status = mm_customers_status (context, gateway, &contact);
  g_autofree char *age = NULL;
  g_autofree char *full = NULL;

  if (contact != MM_TIME_NONE)
    {
      age = mm_words_of_age (language, mm_clock_now (context->clock), contact, gateway->timezone);
      full = mm_words_of_time (language, contact, gateway->timezone);
    }
  json_object_set_new (values, "id", json_string (gateway->public_id));
  json_object_set_new (values, "name", json_string (mm_gateway_row_title (gateway)));
  json_object_set_new (values, "status", json_string (mm_status_name (status)));
  json_object_set_new (values, "status_label", json_string (mm_status_label (status)));
  json_object_set_new (values, "last_contact", json_string (age != NULL ? age : ""));
  json_object_set_new (values, "last_contact_full", json_string (full != NULL ? full : ""));
  set_url (values, "status_url", "/static/status-%s.svg", mm_status_name (status));
  set_url (values, "url", "/my/gateways/%s", gateway->public_id);
  set_url (values, "link_url", "/my/gateways/%s/link", gateway->public_id);
  set_url (values, "log_url", "/my/gateways/%s/log", gateway->public_id);
  set_url (values, "name_url", "/my/gateways/%s/name", gateway->public_id);
}

void
mm_handle_customer_home (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const MmPrincipal *customer = mm_exchange_principal (x);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) gateways = mm_customers_gateways (context, customer, &error);
  g_autoptr (GPtrArray) links
      = gateways != NULL ? mm_linking_list (context, customer, &error) : NULL;
  json_t *values, *list;

  if (links == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < gateways->len; i++)
    {
      const MmGatewayRow *gateway = gateways->pdata[i];
      json_t *item = json_object ();
      json_t *dealers = json_array ();

      for (guint j = 0; j < links->len; j++)
        {
          const MmLinkRow *link = links->pdata[j];

          if (link->gateway == gateway->row)
            json_array_append_new (dealers, json_string (link->dealer_name));
        }
      add_gateway (x, context, item, gateway);
      json_object_set_new (item, "dealers", dealers);
      json_array_append_new (list, item);
    }
  values = mm_page_values (x, context, N_ ("My gateways"));
  json_object_set_new (values, "has_gateways", json_boolean (gateways->len > 0));
  json_object_set_new (values, "gateways", list);
  mm_page_answer (x, context, 200, "customer/home", values);
}

/* ---- one system ---- */

static const MmPageField name_fields[] = {
  { .name = "name",
    .label = N_ ("Name of this system"),
    .help = N_ ("Only you and the dealers with access see it, for example “Home” or “Shop”."),
    .type = "text",
    .autocomplete = "off",
    .max_length = 100,
    .optional = TRUE },
};
static const MmPageGroup name_group = { NULL, name_fields, G_N_ELEMENTS (name_fields) };

static const char *
gateway_name (gpointer gateway, const char *name)
{
  return ((const MmGatewayRow *) gateway)->name;
}

/* What has just been done, as the page before says. */
static const char *
note_of (MmExchange *x)
{
  static const struct
  {
    const char *note;
    const char *sentence;
  } notes[] = {
    { "changed", N_ ("Saved. It applies from now on, and the dealer is told.") },
    { "ended", N_ ("The access has ended. Both of you get a mail.") },
    { "named", N_ ("The name has been saved.") },
    { "added", N_ ("The gateway now belongs to your account.") },
  };
  const char *note = mm_exchange_query (x, "note");

  for (gsize i = 0; note != NULL && i < G_N_ELEMENTS (notes); i++)
    if (g_str_equal (notes[i].note, note))
      return notes[i].sentence;
  return "";
}

/* The page of the customer's system {id}; with @problem, what is wrong with the new name. */
static void
answer_gateway (MmExchange *x, MmContext *context, const GError *problem)
{
  const MmPrincipal *customer = mm_exchange_principal (x);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmGatewayRow) gateway
      = mm_customers_gateway (context, customer, mm_exchange_param (x, "id"), &error);
  g_autoptr (GPtrArray) links
      = gateway != NULL ? mm_linking_list (context, customer, &error) : NULL;
  g_autofree char *place = NULL;
  json_t *values, *list;

  if (links == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < links->len; i++)
    {
      const MmLinkRow *link = links->pdata[i];

      if (link->gateway == gateway->row)
        json_array_append_new (list, mm_words_of_link (mm_exchange_language (x), link));
    }
  place = g_strconcat (gateway->prefecture, gateway->municipality, NULL);
  values = mm_page_values (x, context, N_ ("System"));
  add_gateway (x, context, values, gateway);
  json_object_set_new (values, "model", json_string (gateway->model));
  json_object_set_new (values, "place", json_string (place));
  json_object_set_new (values, "links", list);
  json_object_set_new (values, "note", json_string (note_of (x)));
  if (problem != NULL)
    mm_page_form_add (values, &name_group, 1, posted_value, x, problem, mm_exchange_language (x));
  else
    mm_page_form_add (values, &name_group, 1, gateway_name, gateway, NULL,
                      mm_exchange_language (x));
  mm_page_answer (x, context, problem != NULL ? 422 : 200, "customer/gateway", values);
}

void
mm_handle_customer_gateway (MmExchange *x, gpointer context)
{
  answer_gateway (x, context, NULL);
}

void
mm_handle_customer_rename (MmExchange *x, gpointer context)
{
  const char *id = mm_exchange_param (x, "id");
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;

  if (mm_customers_rename (context, mm_exchange_principal (x), id, mm_exchange_form (x, "name"),
                           &error))
    {
      url = g_strdup_printf ("/my/gateways/%s?note=named", id);
      mm_page_redirect (x, url);
    }
  else if (g_error_matches (error, MM_ERROR, MM_ERROR_FIELDS))
    answer_gateway (x, context, error);
  else
    mm_page_answer_error (x, context, error);
}

/* ---- the log ---- */

/* What a line of the log says; its detail stays as it is. */
static const char *
kind_in_words (const char *kind)
{
  static const struct
  {
    const char *kind;
    const char *words;
  } kinds[] = {
    { "looked", N_ ("Looked at the system") },
    { "exported", N_ ("Exported data of the system") },
    { "acknowledged", N_ ("Took note of an alert") },
    { "linked", N_ ("You gave access") },
    { "link-changed", N_ ("You changed what is allowed") },
    { "link-ended", N_ ("The access ended: you ended it") },
    { "link-expired", N_ ("The access ended: its time was over") },
    { "dealer-closed", N_ ("The access ended: the dealer closed its account") },
    { "declined", N_ ("The access ended: the dealer declined") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      return kinds[i].words;
  return kind;
}

/* The details of a line as message ids: grants by their labels, all else as it is. */
static json_t *
detail_in_words (const MmAccessRow *line)
{
  g_auto (GStrv) parts = g_strsplit (line->detail, ",", -1);
  gboolean grants = g_str_equal (line->kind, "linked") || g_str_equal (line->kind, "link-changed");
  json_t *list = json_array ();

  if (!grants && *line->detail != '\0')
    json_array_append_new (list, json_string (line->detail));
  for (gsize i = 0; grants && parts[i] != NULL; i++)
    {
      MmGrants grant = mm_link_grant_from_name (parts[i]);

      if (grant != 0)
        json_array_append_new (list, json_string (mm_link_grant_label (grant)));
    }
  return list;
}

void
mm_handle_customer_log (MmExchange *x, gpointer context)
{
  const MmPrincipal *customer = mm_exchange_principal (x);
  const char *id = mm_exchange_param (x, "id");
  const char *before = mm_exchange_query (x, "before");
  gint64 row = before != NULL ? g_ascii_strtoll (before, NULL, 10) : 0;
  gboolean more = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (MmGatewayRow) gateway = mm_customers_gateway (context, customer, id, &error);
  g_autoptr (GPtrArray) lines
      = gateway != NULL ? mm_linking_log (context, customer, id, row, &more, &error) : NULL;
  json_t *values, *list;

  if (lines == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < lines->len; i++)
    {
      const MmAccessRow *line = lines->pdata[i];
      g_autofree char *when
          = mm_words_of_time (mm_exchange_language (x), line->at, gateway->timezone);

      row = line->row;
      json_array_append_new (
          list, json_pack ("{s:s, s:o, s:s, s:s}", "what", kind_in_words (line->kind), "details",
                           detail_in_words (line), "dealer", line->dealer_name, "when", when));
    }
  values = mm_page_values (x, context, N_ ("What dealers did"));
  json_object_set_new (values, "has_lines", json_boolean (lines->len > 0));
  json_object_set_new (values, "lines", list);
  json_object_set_new (values, "name", json_string (mm_gateway_row_title (gateway)));
  set_url (values, "back_url", "/my/gateways/%s", id);
  if (more)
    {
      g_autofree char *older
          = g_strdup_printf ("/my/gateways/%s/log?before=%" G_GINT64_FORMAT, id, row);

      json_object_set_new (values, "older_url", json_string (older));
    }
  mm_page_answer (x, context, 200, "customer/log", values);
}

/* ---- one more gateway ---- */

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
static const MmPageGroup label_group = { NULL, label_fields, G_N_ELEMENTS (label_fields) };

void
mm_handle_customer_add (MmExchange *x, gpointer context)
{
  gboolean post = g_str_equal (mm_exchange_method (x), "POST");
  g_autofree char *added = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;
  json_t *values;

  if (post && mm_exchange_form (x, "lang") == NULL
      && mm_customers_add_gateway (context, mm_exchange_principal (x),
                                   mm_exchange_form (x, "gateway_id"),
                                   mm_exchange_form (x, "activation_code"), &added, &error))
    {
      url = g_strdup_printf ("/my/gateways/%s?note=added", added);
      mm_page_redirect (x, url);
      return;
    }
  if (error != NULL && !g_error_matches (error, MM_ERROR, MM_ERROR_FIELDS))
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, N_ ("Add a gateway"));
  mm_page_form_add (values, &label_group, 1, posted_value, x, error, mm_exchange_language (x));
  json_object_set_new (values, "keep_form", json_true ());
  mm_page_answer (x, context, error != NULL ? 422 : 200, "customer/add", values);
}

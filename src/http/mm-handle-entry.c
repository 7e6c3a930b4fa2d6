#include "mm-handle-entry.h"

#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-language.h"
#include "mm-page.h"
#include "mm-terms.h"

void
mm_handle_entry (MmExchange *x, gpointer data)
{
  MmContext *context = data;

  mm_page_answer (x, context, 200, "entry",
                  mm_page_values (x, context, N_ ("Account registration")));
}

void
mm_handle_server (MmExchange *x, gpointer data)
{
  MmContext *context = data;

  mm_exchange_answer_json (x, 200,
                           json_pack ("{s:s, s:s, s:s, s:s, s:i, s:[s, s, s, s]}", "version",
                                      MM_VERSION, "server_id", context->server_id, "name",
                                      mm_context_config (context)->name, "public_url",
                                      context->public_url, "password_max",
                                      (int) mm_context_config (context)->password_max, "features",
                                      "dealers", "customers", "gateways", "alerts"));
}

void
mm_handle_terms (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const char *audience = mm_exchange_query (x, "audience");
  const char *language = mm_exchange_query (x, "language");
  g_autoptr (GError) error = NULL;
  g_autoptr (MmTerms) terms = NULL;

  if (language == NULL)
    language = mm_language_tag (mm_exchange_language (x));
  terms = mm_terms_get (context, audience != NULL ? audience : "", language, &error);
  if (terms == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_answer_json (x, 200,
                           json_pack ("{s:s, s:I, s:s, s:s}", "audience", terms->audience,
                                      "version", (json_int_t) terms->version, "language",
                                      terms->language, "body", terms->body));
}

void
mm_handle_open_gateway (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) wrong = NULL;
  g_autofree char *id = mm_gateway_id_normalise (mm_exchange_param (x, "id"), "id", &wrong);
  g_autoptr (GError) error = NULL;
  json_t *values;

  /* What cannot be an ID does not get into a link of ours. */
  if (id == NULL)
    {
      mm_error_set (&error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is nothing here."));
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, N_ ("Open in the app"));
  json_object_set_new (values, "app_url", json_sprintf ("mimamori:gateway/%s", id));
  mm_page_answer (x, context, 200, "open-gateway", values);
}

#include "mm-handle-desk.h"

#include "mm-body.h"
#include "mm-desk-json.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-number.h"
#include "mm-time-json.h"

#include <string.h>

#define LIST_DEFAULT 100
#define LIST_MAX 1000

/* Answers with @json, which only the one who asked may keep, or with @error if it is NULL. */
static void
answer (MmExchange *x, json_t *json, const GError *error)
{
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  if (json != NULL)
    mm_exchange_answer_json (x, 200, json);
  else
    mm_exchange_answer_error (x, error);
}

static const char *
language_of (MmExchange *x)
{
  const MmLanguage *language = mm_exchange_language (x);

  return language != NULL ? mm_language_tag (language) : "en";
}

/* ---- query parameters ---- */

static guint
take_number (MmExchange *x, const char *name, guint missing, guint most, GError **wrong)
{
  const char *text = mm_exchange_query (x, name);
  guint64 number = missing;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, most, &number, NULL))
    mm_error_add_field (wrong, name, "range", N_ ("This is not a number in the allowed range."));
  return (guint) number;
}

static guint
take_limit (MmExchange *x, guint missing, guint most, GError **wrong)
{
  return take_number (x, "limit", missing, most, wrong);
}

/* NULL if it is absent or empty. */
static const char *
take_text (MmExchange *x, const char *name)
{
  const char *text = mm_exchange_query (x, name);

  return text != NULL && *text != '\0' ? text : NULL;
}

static void
take_statuses (MmExchange *x, MmFleetQuery *query, GError **wrong)
{
  const char *text = take_text (x, "status");
  g_auto (GStrv) names = g_strsplit (text != NULL ? text : "", ",", -1);

  for (char **name = names; *name != NULL; name++)
    {
      MmStatus status;

      if (mm_status_from_name (*name, &status))
        query->statuses |= 1u << status;
      else
        mm_error_add_field (wrong, "status", "unknown", N_ ("There is no such status."));
    }
}

static void
take_order (MmExchange *x, MmFleetQuery *query, GError **wrong)
{
  const char *text = take_text (x, "sort");

  if (text == NULL)
    return;
  query->descending = *text == '-';
  if (!mm_fleet_order_from_name (query->descending ? text + 1 : text, &query->order))
    mm_error_add_field (wrong, "sort", "unknown", N_ ("The list cannot be sorted by this."));
}

static void
take_conditions (MmExchange *x, MmFleetQuery *query, GError **wrong)
{
  const char *contact = take_text (x, "contact_before");
  const char *soc = take_text (x, "soc_below");
  gsize length = soc != NULL ? strlen (soc) : 0;

  query->search = take_text (x, "q");
  query->prefecture = take_text (x, "prefecture");
  query->model = take_text (x, "model");
  query->contact_before = MM_TIME_NONE;
  if (contact != NULL && !mm_time_parse (contact, &query->contact_before))
    mm_error_add_field (wrong, "contact_before", "syntax",
                        N_ ("Times look like 2026-05-01T12:00:00Z, days like 2026-05-01."));
  query->has_soc_below = soc != NULL;
  if (soc != NULL && !mm_number_parse (soc, length, &query->soc_below))
    mm_error_add_field (wrong, "soc_below", "syntax", N_ ("This is not a number."));
}

/* ---- the fleet ---- */

static json_t *
counts_json (const MmFleetPage *page)
{
  json_t *counts = json_object ();

  for (guint i = 0; i < MM_N_STATUSES; i++)
    json_object_set_new (counts, mm_status_name ((MmStatus) i), json_integer (page->counts[i]));
  return counts;
}

static json_t *
fleet_json (MmExchange *x, MmContext *context, GError **error)
{
  MmFleetQuery query = { .cursor = take_text (x, "cursor") };
  g_autoptr (MmFleetPage) page = NULL;

  query.limit = take_limit (x, MM_FLEET_PAGE_DEFAULT, MM_FLEET_PAGE_MAX, error);
  take_statuses (x, &query, error);
  take_order (x, &query, error);
  take_conditions (x, &query, error);
  if (*error != NULL)
    return NULL;
  page = mm_fleet_page (context, mm_exchange_principal (x), &query, error);
  if (page == NULL)
    return NULL;
  return json_pack ("{s:o, s:i, s:o, s:s?, s:s, s:o}", "gateways", mm_desk_rows_json (page->rows),
                    "total", (int) page->total, "counts", counts_json (page), "next", page->next,
                    "changes", page->changes, "now", mm_time_json (page->now));
}

static json_t *
changes_json (MmExchange *x, MmContext *context, const char *since, GError **error)
{
  g_autoptr (MmFleetChanges) changes
      = mm_fleet_since (context, mm_exchange_principal (x), since, error);
  json_t *removed;

  if (changes == NULL)
    return NULL;
  removed = json_array ();
  for (guint i = 0; i < changes->removed->len; i++)
    json_array_append_new (removed, json_string (changes->removed->pdata[i]));
  return json_pack ("{s:o, s:o, s:b, s:s, s:o}", "gateways", mm_desk_rows_json (changes->rows),
                    "removed", removed, "reset", changes->reset, "changes", changes->changes, "now",
                    mm_time_json (changes->now));
}

void
mm_handle_fleet (MmExchange *x, gpointer context)
{
  const char *since = mm_exchange_query (x, "since");
  g_autoptr (GError) error = NULL;
  json_t *json
      = since != NULL ? changes_json (x, context, since, &error) : fleet_json (x, context, &error);

  answer (x, json, error);
}

/* ---- one gateway ---- */

void
mm_handle_gateway (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmGatewayView) view = mm_gateway_view_open (context, mm_exchange_principal (x),
                                                         mm_exchange_param (x, "id"), &error);

  answer (x, view != NULL ? mm_desk_view_json (context, view, language_of (x)) : NULL, error);
}

static MmHistory *
read_history (MmExchange *x, MmContext *context, GError **error)
{
  const char *quantities = take_text (x, "quantity");
  g_auto (GStrv) names = quantities != NULL ? g_strsplit (quantities, ",", -1) : NULL;
  const MmHistoryRequest request = {
    .from = mm_exchange_query (x, "from"),
    .to = mm_exchange_query (x, "to"),
    .resolution = take_text (x, "resolution"),
    .points = take_number (x, "points", 0, MM_HISTORY_MAX_POINTS, error),
    .device = take_text (x, "device"),
    .quantities = (const char *const *) names,
  };

  if (*error != NULL)
    return NULL;
  return mm_gateway_view_history (context, mm_exchange_principal (x), mm_exchange_param (x, "id"),
                                  &request, error);
}

void
mm_handle_history (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmHistory) history = read_history (x, context, &error);
  g_autoptr (GBytes) text = NULL;

  if (history == NULL)
    {
      answer (x, NULL, error);
      return;
    }
  text = mm_desk_history_text (history);
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer (x, 200, MM_TYPE_JSON, text);
}

void
mm_handle_latest (MmExchange *x, gpointer context)
{
  const char *quantities = take_text (x, "quantity");
  g_auto (GStrv) names = g_strsplit (quantities != NULL ? quantities : "", ",", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmLatest) latest
      = mm_latest_read (context, mm_exchange_principal (x), (const char *const *) names, &error);
  g_autoptr (GBytes) text = NULL;

  if (latest == NULL)
    {
      answer (x, NULL, error);
      return;
    }
  text = mm_desk_latest_text (latest, (const char *const *) names);
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer (x, 200, MM_TYPE_JSON, text);
}

static json_t *
events_json (MmExchange *x, MmContext *context, GError **error)
{
  guint limit = take_limit (x, LIST_DEFAULT, LIST_MAX, error);
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *next = NULL;
  json_t *list;

  if (*error != NULL)
    return NULL;
  events = mm_gateway_view_events (context, mm_exchange_principal (x), mm_exchange_param (x, "id"),
                                   take_text (x, "cursor"), limit, &next, error);
  if (events == NULL)
    return NULL;
  list = json_array ();
  for (guint i = 0; i < events->len; i++)
    json_array_append_new (list, mm_desk_event_json (context, events->pdata[i], language_of (x)));
  return json_pack ("{s:o, s:s?}", "events", list, "next", next);
}

void
mm_handle_events (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  json_t *json = events_json (x, context, &error);

  answer (x, json, error);
}

void
mm_handle_customer (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmAccountRow) customer
      = mm_gateway_view_customer (context, mm_exchange_principal (x), mm_exchange_param (x, "id"),
                                  &error);

  answer (x, customer != NULL ? mm_desk_customer_json (customer) : NULL, error);
}

/* ---- alerts ---- */

static MmAlertsState
take_state (MmExchange *x, GError **wrong)
{
  const char *text = take_text (x, "state");

  if (text == NULL || strcmp (text, "open") == 0)
    return MM_ALERTS_OPEN;
  if (strcmp (text, "recovered") == 0)
    return MM_ALERTS_RECOVERED;
  if (strcmp (text, "all") != 0)
    mm_error_add_field (wrong, "state", "unknown", N_ ("It is open, recovered or all."));
  return MM_ALERTS_ALL;
}

static json_t *
alerts_json (MmExchange *x, MmContext *context, GError **error)
{
  const MmAlertsQuery query = {
    .state = take_state (x, error),
    .gateway = take_text (x, "gateway"),
    .limit = take_limit (x, LIST_DEFAULT, LIST_MAX, error),
    .cursor = take_text (x, "cursor"),
  };
  g_autoptr (GPtrArray) alerts = NULL;
  g_autofree char *next = NULL;

  if (*error != NULL)
    return NULL;
  alerts = mm_alerts_page (context, mm_exchange_principal (x), &query, &next, error);
  if (alerts == NULL)
    return NULL;
  return json_pack ("{s:o, s:s?}", "alerts", mm_desk_alerts_json (context, alerts, language_of (x)),
                    "next", next);
}

void
mm_handle_alerts (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  json_t *json = alerts_json (x, context, &error);

  answer (x, json, error);
}

static json_t *
acknowledge (MmExchange *x, MmContext *context, GError **error)
{
  gsize length;
  json_t *body = NULL;
  const char *note = NULL;
  g_autoptr (MmAlertRow) alert = NULL;

  mm_exchange_body (x, &length);
  if (length > 0)
    {
      body = mm_body_object (x, error);
      if (body == NULL)
        return NULL;
    }
  if (body == NULL || mm_body_text (body, "note", &note, error))
    alert = mm_alerts_acknowledge (context, mm_exchange_principal (x), mm_exchange_param (x, "id"),
                                   note, error);
  json_decref (body);
  return alert != NULL ? mm_desk_alert_json (context, alert, language_of (x)) : NULL;
}

void
mm_handle_acknowledge (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  json_t *json = acknowledge (x, context, &error);

  answer (x, json, error);
}

#include "mm-desk-json.h"

#include "mm-fault.h"
#include "mm-link.h"
#include "mm-number.h"
#include "mm-store-received-time.h"
#include "mm-time-json.h"

#include <math.h>
#include <string.h>

static json_t *
number_json (double number)
{
  return isnan (number) ? json_null () : json_real (number);
}

/* ---- gateways ---- */

static json_t *
link_json (const MmFleetRow *row)
{
  json_t *grants = json_array ();

  for (guint bit = 1; bit <= MM_GRANTS_ALL; bit <<= 1)
    if (row->access.grants & bit)
      json_array_append_new (grants, json_string (mm_link_grant_name ((MmGrants) bit)));
  return json_pack ("{s:s, s:o, s:o, s:o, s:o}", "id", row->site->link_id, "grants", grants,
                    "since", mm_time_json (row->site->link.since), "until",
                    mm_time_json (row->site->link.until), "history_from",
                    mm_time_json (row->access.history_from));
}

static json_t *
values_json (const MmFleetRow *row)
{
  json_t *values = json_object ();

  for (guint i = 0; i < MM_N_FLEET_VALUES; i++)
    {
      const MmFleetValue *value = &row->values[i];

      json_object_set_new (values, mm_fleet_value_name ((MmFleetValueKind) i),
                           value->time == MM_TIME_NONE
                               ? json_null ()
                               : json_pack ("{s:f, s:o}", "value", value->value, "time",
                                            mm_time_json (value->time)));
    }
  return values;
}

json_t *
mm_desk_row_json (const MmFleetRow *row)
{
  const MmFleetSite *site = row->site;

  return json_pack (
      "{s:s, s:s, s:i, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:i, s:s, s:o, s:o, "
      "s:o}",
      "id", site->public_id, "status", mm_status_name (row->status), "urgency",
      (int) mm_status_urgency (row->status, FALSE), "status_since",
      mm_time_json (row->status_since), "last_contact", mm_time_json (row->last_contact), "name",
      site->name, "prefecture", site->prefecture, "municipality", site->municipality, "model",
      site->model, "serial", site->serial, "firmware", site->firmware, "customer", "name",
      site->customer, "kana", site->kana, "open_alerts", (int) row->n_open, "worst_severity",
      mm_severity_name (row->worst), "values", values_json (row), "today_energy",
      number_json (row->today_energy), "link", link_json (row));
}

json_t *
mm_desk_rows_json (const GPtrArray *rows)
{
  json_t *list = json_array ();

  for (guint i = 0; i < rows->len; i++)
    json_array_append_new (list, mm_desk_row_json (rows->pdata[i]));
  return list;
}

static json_t *
devices_json (const GPtrArray *devices)
{
  json_t *list = json_array ();

  for (guint i = 0; i < devices->len; i++)
    {
      const MmDeviceRow *device = devices->pdata[i];

      json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:s, s:s}", "device", device->name,
                                              "kind", device->kind, "maker", device->maker, "model",
                                              device->model, "serial", device->serial));
    }
  return list;
}

static json_t *
latest_json (const GPtrArray *values)
{
  json_t *list = json_array ();

  for (guint i = 0; i < values->len; i++)
    {
      const MmLatestValue *value = values->pdata[i];

      json_array_append_new (list,
                             json_pack ("{s:s, s:s, s:s?, s:o, s:f}", "device", value->device,
                                        "quantity", value->quantity, "unit", value->unit, "time",
                                        mm_time_json (value->time), "value", value->value));
    }
  return list;
}

static json_t *
today_json (const MmToday *today)
{
  json_t *json
      = json_pack ("{s:s, s:o, s:o}", "date", today->date, "from", mm_time_json (today->from),
                   "self_sufficiency", number_json (today->self_sufficiency));

  for (guint i = 0; i < MM_N_TODAY; i++)
    json_object_set_new (json, mm_today_name ((MmTodayFigure) i), number_json (today->energy[i]));
  return json;
}

void
mm_desk_set_clock (json_t *json, const MmClockState *clock)
{
  json_object_set_new (json, "clock_offset_s",
                       clock->is_known ? json_integer (clock->offset_s) : json_null ());
  json_object_set_new (json, "clock_off", json_boolean (clock->is_off));
  json_object_set_new (json, "time", json_string (clock->by_receipt ? "received" : "device"));
}

static json_t *
received_times_json (const GArray *times)
{
  json_t *list = json_array ();

  for (guint i = 0; i < times->len; i++)
    {
      const MmReceivedTime *time = &g_array_index (times, MmReceivedTime, i);

      json_array_append_new (list, json_pack ("{s:o, s:o}", "from", mm_time_json (time->since),
                                              "to", mm_time_json (time->until)));
    }
  return list;
}

json_t *
mm_desk_view_json (MmContext *context, const MmGatewayView *view, const char *language)
{
  const MmFleetSite *site = view->row->site;
  json_t *json = mm_desk_row_json (view->row);
  json_t *facts
      = json_pack ("{s:s, s:o, s:o, s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "postal_code",
                   site->postal_code, "latitude", number_json (site->latitude), "longitude",
                   number_json (site->longitude), "timezone", site->timezone, "pv_peak_w",
                   number_json (site->pv_peak_w), "battery_wh", number_json (site->battery_wh),
                   "interval_s", (json_int_t) site->interval_s, "devices",
                   devices_json (view->devices), "latest", latest_json (view->values), "alerts",
                   mm_desk_alerts_json (context, view->alerts, language), "today",
                   today_json (&view->today), "now", mm_time_json (view->now));

  json_object_update (json, facts);
  json_decref (facts);
  mm_desk_set_clock (json, &view->clock);
  json_object_set_new (json, "received_times", received_times_json (view->by_receipt));
  return json;
}

json_t *
mm_desk_customer_json (const MmAccountRow *customer)
{
  return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "name", customer->name, "kana",
                    customer->kana, "mail", customer->mail, "phone", customer->phone, "postal_code",
                    customer->postal_code, "prefecture", customer->prefecture, "municipality",
                    customer->municipality, "address", customer->address, "language",
                    customer->language);
}

/* ---- alerts and events ---- */

static const char *
state_of (const MmAlertRow *alert)
{
  if (alert->recovered != MM_TIME_NONE)
    return "recovered";
  return alert->acknowledged != MM_TIME_NONE ? "acknowledged" : "open";
}

json_t *
mm_desk_alert_json (MmContext *context, const MmAlertRow *alert, const char *language)
{
  g_autofree char *meaning = mm_alerts_meaning (context, alert, language);
  g_autofree char *first_step = mm_alerts_first_step (context, alert, language);
  json_t *acknowledged = alert->acknowledged == MM_TIME_NONE
                             ? json_null ()
                             : json_pack ("{s:o, s:s}", "at", mm_time_json (alert->acknowledged),
                                          "note", alert->note);

  return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:I, s:o, "
                    "s:o, s:o, s:s, s:s}",
                    "id", alert->public_id, "gateway", alert->gateway_id, "site_name",
                    alert->site_name, "customer", alert->customer, "municipality",
                    alert->municipality, "kind", mm_alert_kind_name (alert->kind), "device",
                    alert->device, "code", alert->code, "severity",
                    mm_severity_name ((MmSeverity) alert->severity), "state", state_of (alert),
                    "opened", mm_time_json (alert->opened), "opened_received",
                    mm_time_json (alert->opened_received), "last_seen",
                    mm_time_json (alert->last_seen), "count", (json_int_t) alert->count,
                    "recovered", mm_time_json (alert->recovered), "recovered_received",
                    mm_time_json (alert->recovered_received), "acknowledged", acknowledged,
                    "meaning", meaning, "first_step", first_step);
}

json_t *
mm_desk_alerts_json (MmContext *context, const GPtrArray *alerts, const char *language)
{
  json_t *list = json_array ();

  for (guint i = 0; i < alerts->len; i++)
    json_array_append_new (list, mm_desk_alert_json (context, alerts->pdata[i], language));
  return list;
}

json_t *
mm_desk_event_json (MmContext *context, const MmEventRow *event, const char *language)
{
  const MmFault *fault = mm_fault_catalogue_find (context->faults, event->maker, event->code);
  g_autofree char *meaning = mm_fault_meaning (fault, language, event->code);
  g_autofree char *first_step = mm_fault_first_step (fault, language, event->code);

  return json_pack ("{s:o, s:o, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "time",
                    mm_time_json (event->time), "received", mm_time_json (event->received), "late",
                    event->late, "device", event->device, "code", event->code, "state",
                    event->state, "detail", event->detail, "severity",
                    mm_severity_name (fault->severity), "meaning", meaning, "first_step",
                    first_step);
}

/* ---- history ---- */

static void
append_string (GString *out, const char *text)
{
  json_t *json = json_string (text);
  char *dump = json_dumps (json, JSON_ENCODE_ANY);

  g_string_append (out, dump);
  free (dump);
  json_decref (json);
}

static void
append_number (GString *out, double number)
{
  char text[MM_NUMBER_TEXT_SIZE];

  if (isnan (number))
    g_string_append (out, "null");
  else
    g_string_append_len (out, text, (gssize) mm_number_write (number, text));
}

static void
append_time (GString *out, gint64 time)
{
  char text[MM_TIME_TEXT_SIZE];

  mm_time_write (time, text);
  g_string_append_c (out, '"');
  g_string_append (out, text);
  g_string_append_c (out, '"');
}

/* [time, value], and true behind late ones. */
static void
append_points (GString *out, const GArray *points)
{
  g_string_append (out, ",\"points\":[");
  for (guint i = 0; i < points->len; i++)
    {
      const MmBlockPoint *point = &g_array_index (points, MmBlockPoint, i);

      g_string_append (out, i > 0 ? ",[" : "[");
      append_time (out, point->time);
      g_string_append_c (out, ',');
      append_number (out, point->value);
      g_string_append (out, point->is_late ? ",true]" : "]");
    }
  g_string_append_c (out, ']');
}

static void
append_member (GString *out, const char *name, double number)
{
  g_string_append (out, ",\"");
  g_string_append (out, name);
  g_string_append (out, "\":");
  append_number (out, number);
}

static void
append_date (GString *out, gint64 from, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (from / MM_SECOND);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);
  g_autofree char *date = g_date_time_format (local, "%Y-%m-%d");

  g_string_append_printf (out, ",\"date\":\"%s\"", date);
}

/* @with_energy: as far as it is known; @zone: of days, NULL for those that have no date */
static void
append_spans (GString *out, const GArray *spans, gboolean with_energy, GTimeZone *zone)
{
  g_string_append (out, ",\"spans\":[");
  for (guint i = 0; i < spans->len; i++)
    {
      const MmHistorySpan *span = &g_array_index (spans, MmHistorySpan, i);
      gboolean is_empty = span->count == 0;

      g_string_append (out, i > 0 ? ",{\"from\":" : "{\"from\":");
      append_time (out, span->from);
      g_string_append (out, ",\"to\":");
      append_time (out, span->to);
      g_string_append_printf (out, ",\"count\":%u", span->count);
      append_member (out, "min", is_empty ? NAN : span->min);
      append_member (out, "mean", is_empty ? NAN : span->mean);
      append_member (out, "max", is_empty ? NAN : span->max);
      append_member (out, "first", is_empty ? NAN : span->first);
      append_member (out, "last", is_empty ? NAN : span->last);
      if (with_energy)
        append_member (out, "energy", span->energy);
      if (zone != NULL)
        append_date (out, span->from, zone);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

GBytes *
mm_desk_history_text (const MmHistory *history)
{
  GString *out = g_string_new ("{\"from\":");
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (history->timezone);
  gboolean by_day = history->width >= MM_DAY;

  if (zone == NULL)
    zone = g_time_zone_new_utc ();
  append_time (out, history->from);
  g_string_append (out, ",\"to\":");
  append_time (out, history->to);
  g_string_append (out, ",\"timezone\":");
  append_string (out, history->timezone);
  g_string_append_printf (out, ",\"resolution\":\"%s\"", mm_resolution_name (history->resolution));
  if (history->width > 0)
    g_string_append_printf (out, ",\"step\":%" G_GINT64_FORMAT, history->width / MM_SECOND);
  g_string_append (out, ",\"series\":[");
  for (guint i = 0; i < history->series->len; i++)
    {
      const MmHistorySeries *series = history->series->pdata[i];

      g_string_append (out, i > 0 ? ",{\"device\":" : "{\"device\":");
      append_string (out, series->device);
      g_string_append (out, ",\"quantity\":");
      append_string (out, series->quantity);
      g_string_append (out, ",\"unit\":");
      if (series->unit != NULL)
        append_string (out, series->unit);
      else
        g_string_append (out, "null");
      if (history->width == 0)
        append_points (out, series->points);
      else
        append_spans (out, series->spans, history->with_energy, by_day ? zone : NULL);
      g_string_append_c (out, '}');
    }
  g_string_append (out, "]}");
  return g_string_free_to_bytes (out);
}

/* ---- latest values ---- */

GBytes *
mm_desk_latest_text (const MmLatest *latest, const char *const *quantities)
{
  GString *out = g_string_new ("{\"now\":");
  guint n = g_strv_length ((char **) quantities);

  append_time (out, latest->now);
  g_string_append (out, ",\"quantities\":[");
  for (guint k = 0; k < n; k++)
    {
      g_string_append (out, k > 0 ? "," : "");
      append_string (out, quantities[k]);
    }
  g_string_append (out, "],\"gateways\":[");
  for (guint i = 0; i < latest->ids->len; i++)
    {
      g_string_append (out, i > 0 ? ",{\"id\":" : "{\"id\":");
      append_string (out, latest->ids->pdata[i]);
      g_string_append (out, ",\"values\":[");
      for (guint k = 0; k < n; k++)
        {
          const MmFleetValue *value = &g_array_index (latest->values, MmFleetValue, i * n + k);

          g_string_append (out, k > 0 ? "," : "");
          if (value->time == MM_TIME_NONE)
            {
              g_string_append (out, "null");
              continue;
            }
          g_string_append_c (out, '[');
          append_time (out, value->time);
          g_string_append_c (out, ',');
          append_number (out, value->value);
          g_string_append_c (out, ']');
        }
      g_string_append (out, "]}");
    }
  g_string_append (out, "]}");
  return g_string_free_to_bytes (out);
}

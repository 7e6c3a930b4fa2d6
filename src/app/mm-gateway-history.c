#include "mm-gateway-history.h"

#include "mm-alert-words.h"
#include "mm-chart.h"
#include "mm-clock.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-legend.h"
#include "mm-site-history.h"
#include "mm-wrap-layout.h"

#include <math.h>
#include <string.h>

#define MARKS_MAX 200 /* alerts asked for */
/* Many store only every fifth minute, or each quarter of an hour: that is no gap. */
#define LONGEST_PAUSE (16 * MM_MINUTE)

/* How much is seen at once. */
typedef enum
{
  SPAN_DAY,
  SPAN_WEEK,
  SPAN_MONTH,
  SPAN_YEAR,
} Span;

struct _MmGatewayHistory
{
  AdwBin parent;

  GtkWidget *bar;
  GtkToggleButton *day;
  GtkToggleButton *week;
  GtkToggleButton *month;
  GtkToggleButton *year;
  GtkMenuButton *date;
  GtkPopover *popover;
  GtkCalendar *calendar;
  MmChart *chart;
  GtkSpinner *spinner;
  GtkWidget *problem_box;
  GtkLabel *problem;

  MmApi *api;
  char *id;
  GTimeZone *zone;
  gint64 max_gap; /* longer between two readings is a gap */
  Span span;
  GDateTime *first; /* day of the span, in the site's zone */
  gboolean is_setting_calendar;
  GCancellable *cancellable; /* of what is being loaded */
};

G_DEFINE_FINAL_TYPE (MmGatewayHistory, mm_gateway_history, ADW_TYPE_BIN)

static const char *const powers[]
    = { "pv_power", "battery_power", "grid_power", "load_power", "soc", NULL };
static const char *const energies[] = { "pv_energy_total",
                                        "battery_discharge_energy_total",
                                        "grid_import_energy_total",
                                        "grid_export_energy_total",
                                        "battery_charge_energy_total",
                                        "load_energy_total",
                                        NULL };

/* Days */

/* The first day of the span in which @day lies; weeks begin on Monday. */
static GDateTime *
first_day (GDateTime *day, Span span)
{
  int year = g_date_time_get_year (day);
  int month = g_date_time_get_month (day);
  int number = g_date_time_get_day_of_month (day);
  g_autoptr (GTimeZone) zone = g_time_zone_ref (g_date_time_get_timezone (day));
  g_autoptr (GDateTime) midnight = g_date_time_new (zone, year, month, number, 0, 0, 0);

  if (span == SPAN_DAY)
    return g_steal_pointer (&midnight);
  if (span == SPAN_WEEK)
    return g_date_time_add_days (midnight, 1 - g_date_time_get_day_of_week (midnight));
  return g_date_time_new (zone, year, span == SPAN_YEAR ? 1 : month, 1, 0, 0, 0);
}

/* The first day of the span @n spans later. */
static GDateTime *
add_spans (GDateTime *first, Span span, int n)
{
  switch (span)
    {
    case SPAN_DAY:
      return g_date_time_add_days (first, n);
    case SPAN_WEEK:
      return g_date_time_add_weeks (first, n);
    case SPAN_MONTH:
      return g_date_time_add_months (first, n);
    default:
      return g_date_time_add_years (first, n);
    }
}

static GDateTime *
today (MmGatewayHistory *history)
{
  g_autoptr (GDateTime) now = g_date_time_new_now (history->zone);

  return first_day (now, history->span);
}

/* "1 May 2026", "1 May 2026 – 7 May 2026", "May 2026", "2026". */
static char *
describe (MmGatewayHistory *history)
{
  const MmLanguage *language = mm_own_language ();
  gint64 from = g_date_time_to_unix (history->first) * MM_SECOND;
  g_autoptr (GDateTime) last = g_date_time_add_days (history->first, 6);
  g_autofree char *from_text = mm_language_format_date (language, from, history->zone);
  g_autofree char *to_text = NULL;

  switch (history->span)
    {
    case SPAN_DAY:
      return g_steal_pointer (&from_text);
    case SPAN_WEEK:
      to_text = mm_language_format_date (language, g_date_time_to_unix (last) * MM_SECOND,
                                         history->zone);
      return g_strdup_printf (_ ("%s – %s"), from_text, to_text);
    case SPAN_MONTH:
      /* Translators: strftime's way to write a month. */
      return g_date_time_format (history->first, C_ ("month", "%B %Y"));
    default:
      /* Translators: a year. */
      return g_strdup_printf (_ ("%d"), g_date_time_get_year (history->first));
    }
}

/* Loading */

static void
wait (MmGatewayHistory *history, gboolean waiting)
{
  gtk_widget_set_visible (GTK_WIDGET (history->spinner), waiting);
  gtk_spinner_set_spinning (history->spinner, waiting);
}

static void
say (MmGatewayHistory *history, const char *problem)
{
  gtk_label_set_label (history->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (history->problem_box, problem != NULL);
}

static void
show_lines (MmGatewayHistory *history, const MmSiteHistory *loaded, const char *const *names)
{
  mm_chart_clear_series (history->chart);
  for (guint i = 0; names[i] != NULL; i++)
    {
      const MmSiteLine *line = mm_site_history_find (loaded, names[i]);
      MmSeries *series;

      if (line == NULL)
        continue;
      series = mm_series_new_for_quantity (names[i], mm_own_language ());
      mm_series_set_max_gap (series, history->max_gap);
      for (guint k = 0; k < line->points->len; k++)
        {
          const MmSitePoint *point = &g_array_index (line->points, MmSitePoint, k);

          mm_series_add (series, point->time, point->value, point->late);
        }
      mm_chart_add_series (history->chart, series);
    }
}

static void ask (MmGatewayHistory *history,
                 const char *resolution,
                 const char *const *names,
                 GAsyncReadyCallback callback);

/* The answer; NULL if it failed, which has been said then, or is not wanted any more. */
static MmSiteHistory *
finish (MmGatewayHistory *history, GObject *source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  wait (history, FALSE);
  say (history, error != NULL ? error->message : NULL);
  return answer != NULL ? mm_site_history_new (answer) : NULL;
}

static void
on_day (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmGatewayHistory) history = user_data;
  g_autoptr (MmSiteHistory) loaded = finish (history, source, result);

  if (loaded != NULL)
    show_lines (history, loaded, powers);
}

static void
on_quarters (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmGatewayHistory) history = user_data;
  g_autoptr (MmSiteHistory) loaded = finish (history, source, result);
  g_autoptr (MmSiteHistory) days = loaded != NULL ? mm_site_history_days_of_powers (loaded) : NULL;

  if (days != NULL)
    show_lines (history, days, energies);
}

/* Gateways without counters tell powers only: their days are worked out from quarters of an hour,
 * as far as that is not too much to ask for. */
static void
on_days (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmGatewayHistory) history = user_data;
  g_autoptr (MmSiteHistory) loaded = finish (history, source, result);

  if (loaded == NULL)
    return;
  if (loaded->lines->len == 0 && history->span != SPAN_YEAR)
    ask (history, "15min", powers, on_quarters);
  else
    show_lines (history, loaded, energies);
}

static void
on_alerts (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmGatewayHistory) history = user_data;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, NULL);
  JsonArray *alerts = mm_json_array (mm_json_root (answer), "alerts");

  /* A chart without marks is still a chart: the alerts' own list says what is wrong. */
  if (answer == NULL)
    return;
  mm_chart_clear_marks (history->chart);
  for (guint i = 0; i < mm_json_length (alerts); i++)
    {
      JsonObject *alert = mm_json_element (alerts, i);
      gint64 recovered = mm_json_time (alert, "recovered");
      g_autofree char *text = mm_alert_words_headline (alert);

      mm_chart_add_mark (history->chart, mm_json_text (alert, "id"), mm_json_time (alert, "opened"),
                         recovered != 0 ? recovered : MM_TIME_NONE,
                         mm_alert_words_status_when_open (alert), text);
    }
}

static void
ask (MmGatewayHistory *history,
     const char *resolution,
     const char *const *names,
     GAsyncReadyCallback callback)
{
  g_autoptr (GDateTime) next = add_spans (history->first, history->span, 1);
  g_autoptr (GDateTime) last = g_date_time_add_days (next, -1);
  g_autofree char *from = g_date_time_format (history->first, "%Y-%m-%d");
  g_autofree char *to = g_date_time_format (last, "%Y-%m-%d");
  g_autofree char *id = g_uri_escape_string (history->id, NULL, FALSE);
  g_autofree char *quantities = g_strjoinv (",", (char **) names);
  g_autofree char *path
      = g_strdup_printf ("/api/v1/gateways/%s/history?from=%s&to=%s&resolution=%s&quantity=%s", id,
                         from, to, resolution, quantities);

  wait (history, TRUE);
  mm_api_send_async (history->api, "GET", path, NULL, history->cancellable, callback,
                     g_object_ref (history));
}

static void
load (MmGatewayHistory *history)
{
  g_autofree char *id = g_uri_escape_string (history->id, NULL, FALSE);
  g_autofree char *alerts
      = g_strdup_printf ("/api/v1/alerts?state=all&gateway=%s&limit=%d", id, MARKS_MAX);

  g_cancellable_cancel (history->cancellable);
  g_object_unref (history->cancellable);
  history->cancellable = g_cancellable_new ();
  say (history, NULL);
  if (history->span == SPAN_DAY)
    ask (history, "raw", powers, on_day);
  else
    ask (history, "day", energies, on_days);
  mm_api_send_async (history->api, "GET", alerts, NULL, history->cancellable, on_alerts,
                     g_object_ref (history));
}

/* Going to other days */

/* Shows the span that begins with @first, which is taken. */
static void
go (MmGatewayHistory *history, GDateTime *first)
{
  g_autoptr (GDateTime) next = add_spans (first, history->span, 1);
  g_autoptr (GDateTime) present = today (history);
  g_autofree char *text = NULL;

  g_clear_pointer (&history->first, g_date_time_unref);
  history->first = first;
  text = describe (history);
  gtk_menu_button_set_label (history->date, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (history), "history.later",
                                 g_date_time_compare (first, present) < 0);
  mm_chart_clear_series (history->chart);
  mm_chart_set_bars (history->chart, history->span != SPAN_DAY);
  mm_chart_set_range (history->chart, g_date_time_to_unix (first) * MM_SECOND,
                      g_date_time_to_unix (next) * MM_SECOND, history->zone);
  history->is_setting_calendar = TRUE;
  gtk_calendar_select_day (history->calendar, first);
  history->is_setting_calendar = FALSE;
  load (history);
}

static void
on_span (MmGatewayHistory *history)
{
  Span span = gtk_toggle_button_get_active (history->day)     ? SPAN_DAY
              : gtk_toggle_button_get_active (history->week)  ? SPAN_WEEK
              : gtk_toggle_button_get_active (history->month) ? SPAN_MONTH
                                                              : SPAN_YEAR;
  g_autoptr (GDateTime) present = g_date_time_new_now (history->zone);
  g_autoptr (GDateTime) end = NULL;

  if (span == history->span || history->first == NULL)
    return;
  /* From a longer span that holds today to today, else to its first part. */
  end = add_spans (history->first, history->span, 1);
  history->span = span;
  if (g_date_time_compare (history->first, present) <= 0 && g_date_time_compare (present, end) < 0)
    go (history, first_day (present, span));
  else
    go (history, first_day (history->first, span));
}

static void
on_calendar (MmGatewayHistory *history)
{
  g_autoptr (GDateTime) chosen = NULL;
  g_autoptr (GDateTime) there = NULL;

  if (history->is_setting_calendar || history->zone == NULL)
    return;
  chosen = gtk_calendar_get_date (history->calendar);
  there = g_date_time_new (history->zone, g_date_time_get_year (chosen),
                           g_date_time_get_month (chosen), g_date_time_get_day_of_month (chosen), 0,
                           0, 0);
  gtk_popover_popdown (history->popover);
  go (history, first_day (there, history->span));
}

static void
step (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmGatewayHistory *history = MM_GATEWAY_HISTORY (widget);

  if (history->first == NULL)
    return;
  if (strcmp (action, "history.today") == 0)
    {
      gtk_popover_popdown (history->popover);
      go (history, today (history));
    }
  else
    go (history,
        add_spans (history->first, history->span, strcmp (action, "history.later") == 0 ? 1 : -1));
}

static void
reload (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_gateway_history_reload (MM_GATEWAY_HISTORY (widget));
}

/* For the page */

/* The day with which to begin: today, or the last one that anything is known of. */
static GDateTime *
newest_day (MmGatewayHistory *history, JsonObject *gateway)
{
  JsonArray *latest = mm_json_array (gateway, "latest");
  gint64 newest = 0;
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) there = NULL;

  for (guint i = 0; i < mm_json_length (latest); i++)
    newest = MAX (newest, mm_json_time (mm_json_element (latest, i), "time"));
  if (newest == 0)
    return today (history);
  utc = g_date_time_new_from_unix_utc (newest / MM_SECOND);
  there = g_date_time_to_timezone (utc, history->zone);
  return first_day (there, SPAN_DAY);
}

void
mm_gateway_history_begin (MmGatewayHistory *history,
                          MmApi *api,
                          JsonObject *gateway,
                          GTimeZone *zone)
{
  g_set_object (&history->api, api);
  g_free (history->id);
  history->id = g_strdup (mm_json_text (gateway, "id"));
  g_clear_pointer (&history->zone, g_time_zone_unref);
  history->zone = g_time_zone_ref (zone);
  history->max_gap = MAX (3 * mm_json_integer (gateway, "interval_s") * MM_SECOND, LONGEST_PAUSE);
  mm_chart_set_language (history->chart, mm_own_language ());
  mm_chart_set_position (history->chart, mm_json_number (gateway, "latitude"),
                         mm_json_number (gateway, "longitude"));
  go (history, newest_day (history, gateway));
}

void
mm_gateway_history_follow (MmGatewayHistory *history, JsonObject *gateway, gint64 now)
{
  JsonObject *values = mm_json_object (gateway, "values");

  if (history->first == NULL)
    return;
  mm_chart_set_now (history->chart, now);
  if (history->span != SPAN_DAY)
    return;
  for (guint i = 0; powers[i] != NULL; i++)
    {
      JsonObject *value = mm_json_object (values, powers[i]);

      if (value != NULL)
        mm_chart_add_point (history->chart, powers[i], mm_json_time (value, "time"),
                            mm_json_number (value, "value"), FALSE);
    }
}

void
mm_gateway_history_reload (MmGatewayHistory *history)
{
  if (history->first != NULL)
    load (history);
}

/* The object */

static void
mm_gateway_history_dispose (GObject *object)
{
  MmGatewayHistory *history = MM_GATEWAY_HISTORY (object);

  g_cancellable_cancel (history->cancellable);
  g_clear_object (&history->api);
  G_OBJECT_CLASS (mm_gateway_history_parent_class)->dispose (object);
}

static void
mm_gateway_history_finalize (GObject *object)
{
  MmGatewayHistory *history = MM_GATEWAY_HISTORY (object);

  g_object_unref (history->cancellable);
  g_free (history->id);
  g_clear_pointer (&history->zone, g_time_zone_unref);
  g_clear_pointer (&history->first, g_date_time_unref);
  G_OBJECT_CLASS (mm_gateway_history_parent_class)->finalize (object);
}

static void
mm_gateway_history_class_init (MmGatewayHistoryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_gateway_history_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_gateway_history_finalize;
  g_type_ensure (MM_TYPE_CHART);
  g_type_ensure (MM_TYPE_LEGEND);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-gateway-history.ui");
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, bar);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, day);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, week);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, month);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, year);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, date);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, popover);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, calendar);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, chart);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, spinner);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, problem_box);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayHistory, problem);
  gtk_widget_class_install_action (widget_class, "history.earlier", NULL, step);
  gtk_widget_class_install_action (widget_class, "history.later", NULL, step);
  gtk_widget_class_install_action (widget_class, "history.today", NULL, step);
  gtk_widget_class_install_action (widget_class, "history.reload", NULL, reload);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, GDK_CONTROL_MASK,
                                       "history.earlier", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, GDK_CONTROL_MASK,
                                       "history.later", NULL);
}

static void
mm_gateway_history_init (MmGatewayHistory *history)
{
  GtkToggleButton *spans[4];

  gtk_widget_init_template (GTK_WIDGET (history));
  gtk_widget_set_layout_manager (history->bar, mm_wrap_layout_new (12));
  history->cancellable = g_cancellable_new ();
  spans[0] = history->day;
  spans[1] = history->week;
  spans[2] = history->month;
  spans[3] = history->year;
  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    g_signal_connect_swapped (spans[i], "toggled", G_CALLBACK (on_span), history);
  g_signal_connect_swapped (history->calendar, "day-selected", G_CALLBACK (on_calendar), history);
}

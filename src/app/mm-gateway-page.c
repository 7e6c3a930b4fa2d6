#include "mm-gateway-page.h"

#include "mm-alert-box.h"
#include "mm-cards-layout.h"
#include "mm-clock.h"
#include "mm-energy-flow.h"
#include "mm-figure.h"
#include "mm-gateway-customer.h"
#include "mm-gateway-devices.h"
#include "mm-gateway-history.h"
#include "mm-gateway-log.h"
#include "mm-gateway-today.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-status-look.h"

#include <string.h>

#define RELOADS_AFTER 30  /* s without news from the feed; ages grow in between */
#define FEW_ALERTS 3      /* are shown at once, the others when asked for */
#define SETTLES_AFTER 500 /* ms from the first change to loading what came of it */

struct _MmGatewayPage
{
  MmPane parent;

  GtkWidget *quiet;
  GtkImage *status_icon;
  GtkLabel *status_word;
  GtkLabel *status_sentence;
  GtkBox *alerts; /* the first FEW_ALERTS */
  GtkExpander *rest;
  GtkBox *more_alerts;
  GtkWidget *cards;
  GtkLabel *now_title;
  MmEnergyFlow *flow;
  GtkLabel *today_title;
  MmGatewayToday *today;
  MmGatewayHistory *history;
  GtkStack *parts;
  MmGatewayDevices *devices;
  MmGatewayLog *events;
  MmGatewayLog *past_alerts;
  MmGatewayCustomer *customer;

  MmApplication *app; /* outlives its windows */
  MmApi *api;
  char *id;
  char *shown_alerts; /* which alerts have boxes; see alerts_shape() */
  JsonNode *answer;
  JsonObject *gateway; /* in @answer; NULL before the first one */
  GTimeZone *zone;
  gint64 ahead; /* of the server's clock before ours */
  gboolean is_loading;
  guint ticking;
  guint settling;
  guint seconds; /* since the last answer */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmGatewayPage, mm_gateway_page, MM_TYPE_PANE)

static void load (MmGatewayPage *page);

static gint64
now (MmGatewayPage *page)
{
  return g_get_real_time () + page->ahead;
}

/* A value is old when three reports of it did not come. */
static gint64
stale_after (MmGatewayPage *page)
{
  gint64 interval = mm_json_integer (page->gateway, "interval_s");

  return MAX (3 * MAX (interval, 1) * MM_SECOND, MM_MINUTE);
}

/* The state in words */

static const char *
sentence_of (MmStatus status)
{
  switch (status)
    {
    case MM_STATUS_NORMAL:
      return _ ("Everything is in order.");
    case MM_STATUS_NEVER_SEEN:
      return _ ("The gateway has not sent anything yet. Check its power, its network and the key "
                "that was entered.");
    case MM_STATUS_OFFLINE:
      return _ ("Nothing comes from the gateway. Check its power and its network.");
    case MM_STATUS_ISLANDED:
      return _ ("The house runs on its own, without the grid.");
    case MM_STATUS_CURTAILED:
      return _ ("The utility or the grid holds the output down. That is not a fault.");
    case MM_STATUS_UNDERPERFORMING:
      return _ ("It produces less than the weather allows.");
    default:
      return "";
    }
}

/* What the alert boxes depend on: only if it changes they are made anew, so that a note that is
 * being written survives. */
static char *
alerts_shape (JsonArray *alerts)
{
  GString *shape = g_string_new (NULL);

  for (guint i = 0; i < mm_json_length (alerts); i++)
    {
      JsonObject *alert = mm_json_element (alerts, i);

      g_string_append_printf (shape, "%s %s %ld %s\n", mm_json_text (alert, "id"),
                              mm_json_text (alert, "state"),
                              (long) mm_json_integer (alert, "count"),
                              mm_json_text (mm_json_object (alert, "acknowledged"), "note"));
    }
  return g_string_free (shape, FALSE);
}

/* Names what holds all but the first. */
static void
show_how_many (MmGatewayPage *page, guint n)
{
  guint more = n > FEW_ALERTS ? n - FEW_ALERTS : 0;
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u more alert", "%u more alerts", more), more);

  gtk_expander_set_label (page->rest, text);
  gtk_widget_set_visible (GTK_WIDGET (page->rest), more > 0);
}

static void
show_alerts (MmGatewayPage *page)
{
  JsonArray *alerts = mm_json_array (page->gateway, "alerts");
  g_autofree char *shape = alerts_shape (alerts);
  GtkWidget *child;

  if (g_strcmp0 (shape, page->shown_alerts) == 0)
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (page->alerts))) != NULL)
    gtk_box_remove (page->alerts, child);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (page->more_alerts))) != NULL)
    gtk_box_remove (page->more_alerts, child);
  for (guint i = 0; i < mm_json_length (alerts); i++)
    {
      GtkWidget *box = mm_alert_box_new (page->api, mm_json_element (alerts, i), page->zone);

      g_signal_connect_object (box, "changed", G_CALLBACK (load), page, G_CONNECT_SWAPPED);
      gtk_box_append (i < FEW_ALERTS ? page->alerts : page->more_alerts, box);
    }
  show_how_many (page, mm_json_length (alerts));
  gtk_widget_set_visible (GTK_WIDGET (page->alerts), mm_json_length (alerts) > 0);
  /* The lists below tell of the same. */
  if (page->shown_alerts != NULL)
    {
      mm_gateway_log_load (page->events, page->api, page->id, MM_GATEWAY_EVENTS, page->zone);
      mm_gateway_log_load (page->past_alerts, page->api, page->id, MM_GATEWAY_ALERTS, page->zone);
      mm_gateway_history_reload (page->history);
    }
  g_free (page->shown_alerts);
  page->shown_alerts = g_steal_pointer (&shape);
}

/* The sentence about the state is for what no alert says. */
static void
show_status (MmGatewayPage *page)
{
  MmStatus status = mm_status_look_parse (mm_json_text (page->gateway, "status"));
  gint64 contact = mm_json_time (page->gateway, "last_contact");
  const char *sentence = sentence_of (status);
  gboolean told = mm_json_length (mm_json_array (page->gateway, "alerts")) > 0
                  && (status == MM_STATUS_FAULT || status == MM_STATUS_WARNING
                      || status == MM_STATUS_OFFLINE);
  g_autofree char *age = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (page->quiet, !told);
  mm_status_look_apply (status, page->status_icon, page->status_word);
  if (contact != 0)
    {
      age = mm_figure_age (mm_own_language (), now (page), contact, page->zone);
      text = g_strdup_printf (_ ("%s Last contact: %s"), sentence, age);
      sentence = text;
    }
  gtk_label_set_label (page->status_sentence, sentence);
}

/* "Now", as long as the values are of now. */
static char *
now_title (MmGatewayPage *page)
{
  static const char *const names[]
      = { "pv_power", "load_power", "grid_power", "battery_power", "soc" };
  JsonObject *values = mm_json_object (page->gateway, "values");
  gint64 newest = 0;
  g_autofree char *age = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    newest = MAX (newest, mm_json_time (mm_json_object (values, names[i]), "time"));
  if (newest == 0)
    return g_strdup (C_ ("page of a gateway", "Now"));
  age = mm_figure_age_short (mm_own_language (), now (page), newest, page->zone);
  return g_strdup_printf (now (page) - newest > stale_after (page)
                              ? C_ ("page of a gateway", "Last values (%s)")
                              : C_ ("page of a gateway", "Now (%s)"),
                          age);
}

static void
tick_alerts (GtkBox *alerts)
{
  for (GtkWidget *box = gtk_widget_get_first_child (GTK_WIDGET (alerts)); box != NULL;
       box = gtk_widget_get_next_sibling (box))
    mm_alert_box_tick (MM_ALERT_BOX (box));
}

/* Everything that grows old by itself, once a second. */
static void
show_ages (MmGatewayPage *page)
{
  g_autofree char *title = now_title (page);

  gtk_label_set_label (page->now_title, title);
  show_status (page);
  mm_energy_flow_show (page->flow, page->gateway, now (page), stale_after (page));
  mm_gateway_devices_show (page->devices, page->gateway, now (page), stale_after (page),
                           page->zone);
  tick_alerts (page->alerts);
  tick_alerts (page->more_alerts);
}

static void
show_heading (MmGatewayPage *page)
{
  const char *name = mm_json_text (mm_json_object (page->gateway, "customer"), "name");
  const char *site = mm_json_text (page->gateway, "name");
  g_autofree char *place = g_strconcat (mm_json_text (page->gateway, "prefecture"),
                                        mm_json_text (page->gateway, "municipality"), NULL);
  g_autofree char *honoured = *name != '\0' ? g_strdup_printf (C_ ("customer", "%s"), name)
                                            : g_strdup (*site != '\0' ? site : page->id);
  const char *parts[4] = { NULL };
  g_autofree char *subtitle = NULL;
  guint n = 0;

  parts[n++] = page->id;
  if (*site != '\0' && *name != '\0')
    parts[n++] = site;
  if (*place != '\0')
    parts[n++] = place;
  subtitle = g_strjoinv (" · ", (char **) parts);
  mm_pane_set_title (MM_PANE (page), honoured);
  mm_pane_set_subtitle (MM_PANE (page), subtitle);
}

static void
show (MmGatewayPage *page)
{
  JsonObject *today = mm_json_object (page->gateway, "today");

  show_heading (page);
  show_alerts (page);
  show_ages (page);
  gtk_label_set_label (page->today_title, C_ ("page of a gateway", "Today"));
  mm_gateway_today_show (page->today, today);
  mm_gateway_history_follow (page->history, page->gateway, now (page));
  mm_pane_set_notice (MM_PANE (page), NULL, NULL, NULL);
  mm_pane_show_content (MM_PANE (page));
}

/* Loading */

static void
show_first (MmGatewayPage *page)
{
  mm_gateway_log_load (page->events, page->api, page->id, MM_GATEWAY_EVENTS, page->zone);
  mm_gateway_log_load (page->past_alerts, page->api, page->id, MM_GATEWAY_ALERTS, page->zone);
  mm_gateway_history_begin (page->history, page->api, page->gateway, page->zone);
  mm_gateway_customer_load (page->customer, page->api, page->gateway, page->zone);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmGatewayPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  gboolean is_first = page->gateway == NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  page->is_loading = FALSE;
  page->seconds = 0;
  if (g_error_matches (error, MM_ERROR, MM_ERROR_NOT_FOUND))
    {
      /* Ended links, foreign and missing ones look alike. */
      mm_pane_show_message (MM_PANE (page), "mm-gateway-symbolic",
                            _ ("This gateway cannot be seen"),
                            _ ("There is no gateway with this ID among those that your customers "
                               "have linked to you, or the link has ended."),
                            _ ("All gateways"), "main.show-page::gateways");
      return;
    }
  if (answer == NULL && is_first)
    {
      mm_pane_show_message (MM_PANE (page), "network-offline-symbolic", _ ("It cannot be loaded"),
                            error->message, _ ("_Try again"), "gateway.reload");
      return;
    }
  if (answer == NULL)
    {
      mm_pane_set_notice (MM_PANE (page), error->message, _ ("_Try again"), "gateway.reload");
      return;
    }
  g_clear_pointer (&page->answer, json_node_unref);
  page->answer = g_steal_pointer (&answer);
  page->gateway = mm_json_root (page->answer);
  if (page->gateway == NULL)
    return;
  page->ahead = mm_json_time (page->gateway, "now") - g_get_real_time ();
  g_clear_pointer (&page->zone, g_time_zone_unref);
  page->zone = g_time_zone_new_identifier (mm_json_text (page->gateway, "timezone"));
  if (page->zone == NULL)
    page->zone = g_time_zone_new_utc ();
  show (page);
  if (is_first)
    show_first (page);
}

static void
load (MmGatewayPage *page)
{
  g_autofree char *id = g_uri_escape_string (page->id, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/api/v1/gateways/", id, NULL);

  if (page->is_loading)
    return;
  page->is_loading = TRUE;
  if (page->gateway == NULL)
    mm_pane_show_waiting (MM_PANE (page));
  mm_api_send_async (page->api, "GET", path, NULL, page->cancellable, on_loaded,
                     g_object_ref (page));
}

static gboolean
on_settled (gpointer user_data)
{
  MmGatewayPage *page = user_data;

  page->settling = 0;
  load (page);
  return G_SOURCE_REMOVE;
}

/* The feed says that the gateway changed; a push with many values says so once. */
static void
on_changed (MmGatewayPage *page, JsonObject *gateway)
{
  if (strcmp (mm_json_text (gateway, "id"), page->id) == 0 && page->settling == 0)
    page->settling = g_timeout_add (SETTLES_AFTER, on_settled, page);
}

static void
on_alert (MmGatewayPage *page, JsonObject *alert)
{
  if (strcmp (mm_json_text (alert, "gateway"), page->id) == 0 && page->settling == 0)
    page->settling = g_timeout_add (SETTLES_AFTER, on_settled, page);
}

static void
on_removed (MmGatewayPage *page, const char *id)
{
  if (strcmp (id, page->id) == 0)
    load (page);
}

static gboolean
on_tick (gpointer user_data)
{
  MmGatewayPage *page = user_data;

  if (page->gateway != NULL)
    show_ages (page);
  if (++page->seconds >= RELOADS_AFTER)
    load (page);
  return G_SOURCE_CONTINUE;
}

/* Actions */

static void
reload (GtkWidget *widget, const char *action, GVariant *parameter)
{
  load (MM_GATEWAY_PAGE (widget));
}

static void
copy_id (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), MM_GATEWAY_PAGE (widget)->id);
  gtk_widget_activate_action (widget, "win.toast", "s", _ ("Copied"));
}

/* The object */

static void
mm_gateway_page_dispose (GObject *object)
{
  MmGatewayPage *page = MM_GATEWAY_PAGE (object);

  g_clear_handle_id (&page->ticking, g_source_remove);
  g_clear_handle_id (&page->settling, g_source_remove);
  g_cancellable_cancel (page->cancellable);
  g_clear_object (&page->api);
  G_OBJECT_CLASS (mm_gateway_page_parent_class)->dispose (object);
}

static void
mm_gateway_page_finalize (GObject *object)
{
  MmGatewayPage *page = MM_GATEWAY_PAGE (object);

  g_object_unref (page->cancellable);
  g_clear_pointer (&page->answer, json_node_unref);
  g_clear_pointer (&page->zone, g_time_zone_unref);
  g_free (page->shown_alerts);
  g_free (page->id);
  G_OBJECT_CLASS (mm_gateway_page_parent_class)->finalize (object);
}

static void
mm_gateway_page_class_init (MmGatewayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_gateway_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_gateway_page_finalize;
  g_type_ensure (MM_TYPE_ENERGY_FLOW);
  g_type_ensure (MM_TYPE_GATEWAY_CUSTOMER);
  g_type_ensure (MM_TYPE_GATEWAY_DEVICES);
  g_type_ensure (MM_TYPE_GATEWAY_HISTORY);
  g_type_ensure (MM_TYPE_GATEWAY_LOG);
  g_type_ensure (MM_TYPE_GATEWAY_TODAY);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-gateway-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, quiet);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, status_icon);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, status_word);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, status_sentence);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, alerts);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, rest);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, more_alerts);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, cards);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, now_title);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, flow);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, today_title);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, today);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, history);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, parts);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, devices);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, events);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, past_alerts);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayPage, customer);
  gtk_widget_class_install_action (widget_class, "gateway.reload", NULL, reload);
  gtk_widget_class_install_action (widget_class, "gateway.copy-id", NULL, copy_id);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "main.close-gateway", NULL);
}

static void
mm_gateway_page_init (MmGatewayPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  gtk_widget_set_layout_manager (page->cards, mm_cards_layout_new (18));
  page->cancellable = g_cancellable_new ();
  page->ticking = g_timeout_add_seconds (1, on_tick, page);
}

GtkWidget *
mm_gateway_page_new (MmApplication *app, const char *id)
{
  MmGatewayPage *page = g_object_new (MM_TYPE_GATEWAY_PAGE, NULL);
  MmDesk *desk = mm_application_get_desk (app);
  MmLiveFeed *feed = mm_desk_get_feed (desk);

  page->app = app;
  page->api = g_object_ref (mm_desk_get_api (desk));
  page->id = g_strdup (id);
  mm_pane_set_title (MM_PANE (page), id);
  if (feed != NULL)
    {
      g_signal_connect_object (feed, "gateway", G_CALLBACK (on_changed), page, G_CONNECT_SWAPPED);
      g_signal_connect_object (feed, "alert", G_CALLBACK (on_alert), page, G_CONNECT_SWAPPED);
      g_signal_connect_object (feed, "removed", G_CALLBACK (on_removed), page, G_CONNECT_SWAPPED);
    }
  load (page);
  return GTK_WIDGET (page);
}

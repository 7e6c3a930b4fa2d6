#include "mm-gateway-log.h"

#include "mm-alert-words.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-status-look.h"

#include <string.h>

#define PAGE 50

struct _MmGatewayLog
{
  AdwBin parent;

  GtkListBox *list;
  GtkLabel *message;
  GtkButton *more;

  MmApi *api;
  char *id;
  MmGatewayLogKind kind;
  GTimeZone *zone;
  char *next;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmGatewayLog, mm_gateway_log, ADW_TYPE_BIN)

static const char *
nothing (MmGatewayLogKind kind)
{
  return kind == MM_GATEWAY_EVENTS ? _ ("The devices have not reported any event.")
                                   : _ ("There has been no alert.");
}

static void
add_row (MmGatewayLog *log, MmStatus status, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new ();
  g_autofree char *title_markup = g_markup_escape_text (title, -1);
  g_autofree char *subtitle_markup = g_markup_escape_text (subtitle, -1);

  mm_status_look_apply (status, GTK_IMAGE (icon), NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title_markup);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle_markup);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_append (log->list, row);
}

static void
add_event (MmGatewayLog *log, JsonObject *event)
{
  gboolean raised = strcmp (mm_json_text (event, "state"), "raised") == 0;
  const char *meaning = mm_json_text (event, "meaning");
  const char *detail = mm_json_text (event, "detail");
  g_autofree char *time
      = mm_language_format_time (mm_own_language (), mm_json_time (event, "time"), log->zone);
  g_autofree char *title
      = g_strdup_printf (raised ? _ ("%s — began") : _ ("%s — ended"),
                         *meaning != '\0' ? meaning : mm_json_text (event, "code"));
  g_autoptr (GString) subtitle = g_string_new (time);
  MmSeverity severity = MM_SEVERITY_WARNING;

  mm_severity_from_name (mm_json_text (event, "severity"), &severity);
  g_string_append_printf (subtitle, " · %s · %s", mm_json_text (event, "device"),
                          mm_json_text (event, "code"));
  if (*detail != '\0')
    g_string_append_printf (subtitle, " · %s", detail);
  if (mm_json_truth (event, "late"))
    g_string_append_printf (subtitle, " · %s", _ ("delivered late"));
  add_row (log, raised ? mm_severity_status (severity) : MM_STATUS_NORMAL, title, subtitle->str);
}

static void
add_alert (MmGatewayLog *log, JsonObject *alert)
{
  JsonObject *acknowledged = mm_json_object (alert, "acknowledged");
  g_autofree char *title = mm_alert_words_headline (alert);
  g_autofree char *source = mm_alert_words_source (alert);
  g_autofree char *duration = mm_alert_words_duration (alert, g_get_real_time (), log->zone);
  g_autoptr (GString) subtitle = g_string_new (duration);

  if (*source != '\0')
    g_string_append_printf (subtitle, " · %s", source);
  if (acknowledged != NULL)
    {
      g_autofree char *at = mm_language_format_time (mm_own_language (),
                                                     mm_json_time (acknowledged, "at"), log->zone);
      g_autofree char *known = g_strdup_printf (_ ("Acknowledged %s"), at);

      g_string_append_printf (subtitle, "\n%s", known);
      if (*mm_json_text (acknowledged, "note") != '\0')
        g_string_append_printf (subtitle, ": %s", mm_json_text (acknowledged, "note"));
    }
  add_row (log, mm_alert_words_status (alert), title, subtitle->str);
}

static void
say (MmGatewayLog *log, const char *text)
{
  gtk_label_set_label (log->message, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (log->message), text != NULL);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmGatewayLog) log = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonObject *root = mm_json_root (answer);
  JsonArray *entries = mm_json_array (root, log->kind == MM_GATEWAY_EVENTS ? "events" : "alerts");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (log->more), TRUE);
  if (error != NULL)
    {
      say (log, error->message);
      return;
    }
  if (log->next == NULL)
    for (GtkListBoxRow *row; (row = gtk_list_box_get_row_at_index (log->list, 0)) != NULL;)
      gtk_list_box_remove (log->list, GTK_WIDGET (row));
  for (guint i = 0; i < mm_json_length (entries); i++)
    if (log->kind == MM_GATEWAY_EVENTS)
      add_event (log, mm_json_element (entries, i));
    else
      add_alert (log, mm_json_element (entries, i));
  g_free (log->next);
  log->next = *mm_json_text (root, "next") != '\0' ? g_strdup (mm_json_text (root, "next")) : NULL;
  gtk_widget_set_visible (GTK_WIDGET (log->more), log->next != NULL);
  gtk_widget_set_visible (GTK_WIDGET (log->list),
                          gtk_list_box_get_row_at_index (log->list, 0) != NULL);
  say (log, gtk_widget_get_visible (GTK_WIDGET (log->list)) ? NULL : nothing (log->kind));
}

static void
load (MmGatewayLog *log)
{
  g_autofree char *id = g_uri_escape_string (log->id, NULL, FALSE);
  g_autofree char *base
      = log->kind == MM_GATEWAY_EVENTS
            ? g_strdup_printf ("/api/v1/gateways/%s/events?limit=%d", id, PAGE)
            : g_strdup_printf ("/api/v1/alerts?state=all&gateway=%s&limit=%d", id, PAGE);
  g_autofree char *cursor = log->next != NULL ? g_uri_escape_string (log->next, NULL, FALSE) : NULL;
  g_autofree char *path
      = cursor != NULL ? g_strconcat (base, "&cursor=", cursor, NULL) : g_strdup (base);

  gtk_widget_set_sensitive (GTK_WIDGET (log->more), FALSE);
  mm_api_send_async (log->api, "GET", path, NULL, log->cancellable, on_loaded, g_object_ref (log));
}

void
mm_gateway_log_load (
    MmGatewayLog *log, MmApi *api, const char *id, MmGatewayLogKind kind, GTimeZone *zone)
{
  GTimeZone *earlier = log->zone;
  char *earlier_id = log->id;

  g_cancellable_cancel (log->cancellable);
  g_object_unref (log->cancellable);
  log->cancellable = g_cancellable_new ();
  g_set_object (&log->api, api);
  log->id = g_strdup (id);
  log->zone = g_time_zone_ref (zone);
  log->kind = kind;
  g_free (earlier_id);
  g_clear_pointer (&earlier, g_time_zone_unref);
  g_clear_pointer (&log->next, g_free);
  load (log);
}

static void
mm_gateway_log_dispose (GObject *object)
{
  MmGatewayLog *log = MM_GATEWAY_LOG (object);

  g_cancellable_cancel (log->cancellable);
  g_clear_object (&log->api);
  G_OBJECT_CLASS (mm_gateway_log_parent_class)->dispose (object);
}

static void
mm_gateway_log_finalize (GObject *object)
{
  MmGatewayLog *log = MM_GATEWAY_LOG (object);

  g_object_unref (log->cancellable);
  g_free (log->id);
  g_free (log->next);
  g_clear_pointer (&log->zone, g_time_zone_unref);
  G_OBJECT_CLASS (mm_gateway_log_parent_class)->finalize (object);
}

static void
mm_gateway_log_class_init (MmGatewayLogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_gateway_log_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_gateway_log_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-gateway-log.ui");
  gtk_widget_class_bind_template_child (widget_class, MmGatewayLog, list);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayLog, message);
  gtk_widget_class_bind_template_child (widget_class, MmGatewayLog, more);
}

static void
mm_gateway_log_init (MmGatewayLog *log)
{
  gtk_widget_init_template (GTK_WIDGET (log));
  log->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (log->more, "clicked", G_CALLBACK (load), log);
}

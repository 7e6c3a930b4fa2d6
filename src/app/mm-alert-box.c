#include "mm-alert-box.h"

#include "mm-alert-words.h"
#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-status-look.h"

#include <string.h>

struct _MmAlertBox
{
  AdwBin parent;

  GtkImage *icon;
  GtkLabel *headline;
  GtkLabel *source;
  GtkLabel *first;
  GtkLabel *known;
  GtkMenuButton *acknowledge;
  GtkPopover *popover;
  GtkEntry *note;
  GtkLabel *problem;
  GtkButton *confirm;

  MmApi *api;
  JsonObject *alert;
  GTimeZone *zone;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmAlertBox, mm_alert_box, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
mm_alert_box_tick (MmAlertBox *box)
{
  g_autofree char *what = mm_alert_words_headline (box->alert);
  g_autofree char *since = mm_alert_words_duration (box->alert, g_get_real_time (), box->zone);
  g_autofree char *text = g_strdup_printf ("%s — %s", what, since);

  if (strcmp (gtk_label_get_label (box->headline), text) != 0)
    gtk_label_set_label (box->headline, text);
}

static void
show (MmAlertBox *box)
{
  const char *step = mm_json_text (box->alert, "first_step");
  g_autofree char *first = g_strdup_printf (_ ("What to do first: %s"), step);
  g_autofree char *source = mm_alert_words_source (box->alert);
  JsonObject *acknowledged = mm_json_object (box->alert, "acknowledged");

  mm_status_look_apply (mm_alert_words_status (box->alert), box->icon, NULL);
  mm_alert_box_tick (box);
  gtk_label_set_label (box->source, source);
  gtk_widget_set_visible (GTK_WIDGET (box->source), *source != '\0');
  gtk_label_set_label (box->first, first);
  gtk_widget_set_visible (GTK_WIDGET (box->first), *step != '\0');
  gtk_widget_set_visible (GTK_WIDGET (box->acknowledge), acknowledged == NULL);
  gtk_widget_set_visible (GTK_WIDGET (box->known), acknowledged != NULL);
  if (acknowledged != NULL)
    {
      const char *note = mm_json_text (acknowledged, "note");
      g_autofree char *at = mm_language_format_time (mm_own_language (),
                                                     mm_json_time (acknowledged, "at"), box->zone);
      g_autofree char *known = g_strdup_printf (_ ("Acknowledged %s"), at);
      g_autofree char *noted = g_strdup_printf ("%s: %s", known, note);

      gtk_label_set_label (box->known, *note != '\0' ? noted : known);
    }
}

static void
on_acknowledged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmAlertBox) box = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (box->confirm), TRUE);
  if (answer == NULL)
    {
      gtk_label_set_label (box->problem, error->message);
      gtk_widget_set_visible (GTK_WIDGET (box->problem), TRUE);
      return;
    }
  gtk_popover_popdown (box->popover);
  g_signal_emit (box, signals[CHANGED], 0);
}

static void
acknowledge (MmAlertBox *box)
{
  g_autofree char *path
      = g_strdup_printf ("/api/v1/alerts/%s/acknowledge", mm_json_text (box->alert, "id"));
  JsonNode *body = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "note", gtk_editable_get_text (GTK_EDITABLE (box->note)));
  json_node_take_object (body, object);
  gtk_widget_set_visible (GTK_WIDGET (box->problem), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (box->confirm), FALSE);
  mm_api_send_async (box->api, "POST", path, body, box->cancellable, on_acknowledged,
                     g_object_ref (box));
}

static void
mm_alert_box_dispose (GObject *object)
{
  MmAlertBox *box = MM_ALERT_BOX (object);

  g_cancellable_cancel (box->cancellable);
  g_clear_object (&box->cancellable);
  g_clear_object (&box->api);
  g_clear_pointer (&box->alert, json_object_unref);
  g_clear_pointer (&box->zone, g_time_zone_unref);
  G_OBJECT_CLASS (mm_alert_box_parent_class)->dispose (object);
}

static void
mm_alert_box_class_init (MmAlertBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_alert_box_dispose;
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_ALERT_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-alert-box.ui");
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, icon);
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, headline);
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, source);
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, first);
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, known);
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, acknowledge);
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, popover);
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, note);
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, problem);
  gtk_widget_class_bind_template_child (widget_class, MmAlertBox, confirm);
}

static void
mm_alert_box_init (MmAlertBox *box)
{
  gtk_widget_init_template (GTK_WIDGET (box));
  box->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (box->confirm, "clicked", G_CALLBACK (acknowledge), box);
  g_signal_connect_swapped (box->note, "activate", G_CALLBACK (acknowledge), box);
}

GtkWidget *
mm_alert_box_new (MmApi *api, JsonObject *alert, GTimeZone *zone)
{
  MmAlertBox *box = g_object_new (MM_TYPE_ALERT_BOX, NULL);

  box->api = g_object_ref (api);
  box->alert = json_object_ref (alert);
  box->zone = g_time_zone_ref (zone);
  show (box);
  return GTK_WIDGET (box);
}

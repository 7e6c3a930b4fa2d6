#include "mm-alert-box.h"

#include "mm-acknowledge.h"
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

  JsonObject *alert;
  GTimeZone *zone;
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
on_done (MmAlertBox *box)
{
  g_signal_emit (box, signals[CHANGED], 0);
}

static void
mm_alert_box_dispose (GObject *object)
{
  MmAlertBox *box = MM_ALERT_BOX (object);

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
}

static void
mm_alert_box_init (MmAlertBox *box)
{
  gtk_widget_init_template (GTK_WIDGET (box));
}

GtkWidget *
mm_alert_box_new (MmApi *api, JsonObject *alert, GTimeZone *zone)
{
  MmAlertBox *box = g_object_new (MM_TYPE_ALERT_BOX, NULL);
  const char *ids[] = { mm_json_text (alert, "id"), NULL };
  GtkWidget *ask = mm_acknowledge_new (api, ids);

  gtk_menu_button_set_popover (box->acknowledge, ask);
  g_signal_connect_object (ask, "done", G_CALLBACK (on_done), box, G_CONNECT_SWAPPED);
  box->alert = json_object_ref (alert);
  box->zone = g_time_zone_ref (zone);
  show (box);
  return GTK_WIDGET (box);
}

#include "mm-alert-row.h"

#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-spoken-name.h"
#include "mm-status-look.h"

#include <string.h>

struct _MmAlertRow
{
  AdwBin parent;

  GtkCheckButton *check;
  GtkImage *icon;
  GtkLabel *status;
  GtkLabel *headline;
  GtkLabel *where;
  GtkLabel *since;
  GtkLabel *known;
  GtkButton *acknowledge;

  MmAlertItem *item;
  gulong changed;
  GTimeZone *zone;
  gboolean selecting;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (MmAlertRow, mm_alert_row, ADW_TYPE_BIN)

enum
{
  ACKNOWLEDGE,
  TOGGLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
mm_alert_row_tick (MmAlertRow *row)
{
  JsonObject *alert = mm_alert_item_get_alert (row->item);
  g_autofree char *source = mm_alert_words_source (alert);
  g_autofree char *duration = mm_alert_words_duration (alert, g_get_real_time (), row->zone);
  g_autofree char *text
      = *source != '\0' ? g_strdup_printf ("%s · %s", duration, source) : g_strdup (duration);

  if (strcmp (gtk_label_get_label (row->since), text) != 0)
    gtk_label_set_label (row->since, text);
}

/* "name · place · GW-1" */
static char *
where_of (JsonObject *alert)
{
  const char *customer = mm_json_text (alert, "customer");
  g_autofree char *named
      = *customer != '\0' ? g_strdup_printf (C_ ("customer", "%s"), customer) : NULL;
  const char *parts[4] = { NULL };
  guint n = 0;

  if (named != NULL)
    parts[n++] = named;
  if (*mm_json_text (alert, "municipality") != '\0')
    parts[n++] = mm_json_text (alert, "municipality");
  parts[n++] = mm_json_text (alert, "gateway");
  return g_strjoinv (" · ", (char **) parts);
}

/* Where there is room, texts are on one line: lines that wrap are measured again and again for each
 * width that the row could have, which made a row take 20 ms. */
static void
show_wrapped (MmAlertRow *row)
{
  GtkLabel *const labels[] = { row->headline, row->where, row->since, row->known };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      gtk_label_set_wrap (labels[i], row->narrow);
      gtk_label_set_ellipsize (labels[i], row->narrow ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
    }
}

static gboolean
on_query_tooltip (GtkLabel *label, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_label (label));
  return pango_layout_is_ellipsized (gtk_label_get_layout (label));
}

static void
show_button (MmAlertRow *row)
{
  JsonObject *alert = row->item != NULL ? mm_alert_item_get_alert (row->item) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (row->acknowledge),
                          alert != NULL && !row->selecting
                              && strcmp (mm_json_text (alert, "state"), "open") == 0);
}

static void
show (MmAlertRow *row)
{
  JsonObject *alert = mm_alert_item_get_alert (row->item);
  JsonObject *acknowledged = mm_json_object (alert, "acknowledged");
  g_autofree char *headline = mm_alert_words_headline (alert);
  g_autofree char *where = where_of (alert);
  MmStatus status = mm_alert_words_status (alert);

  mm_status_look_apply (status, row->icon, row->status);
  if (status == MM_STATUS_NORMAL)
    gtk_label_set_label (row->status, _ ("Recovered"));
  gtk_label_set_label (row->headline, headline);
  /* Loss of contact is all that its status says. */
  gtk_widget_set_visible (GTK_WIDGET (row->status), status != MM_STATUS_OFFLINE);
  gtk_label_set_label (row->where, where);
  mm_alert_row_tick (row);
  gtk_widget_set_visible (GTK_WIDGET (row->known), acknowledged != NULL);
  if (acknowledged != NULL)
    {
      const char *note = mm_json_text (acknowledged, "note");
      g_autofree char *at = mm_language_format_time (mm_own_language (),
                                                     mm_json_time (acknowledged, "at"), row->zone);
      g_autofree char *known = g_strdup_printf (_ ("Acknowledged %s"), at);
      g_autofree char *noted = g_strdup_printf ("%s: %s", known, note);

      gtk_label_set_label (row->known, *note != '\0' ? noted : known);
    }
  show_button (row);
}

void
mm_alert_row_set_item (MmAlertRow *row, MmAlertItem *item)
{
  if (row->item != NULL)
    g_clear_signal_handler (&row->changed, row->item);
  g_set_object (&row->item, item);
  if (item == NULL)
    return;
  row->changed = g_signal_connect_swapped (item, "notify::alert", G_CALLBACK (show), row);
  show (row);
}

MmAlertItem *
mm_alert_row_get_item (MmAlertRow *row)
{
  return row->item;
}

void
mm_alert_row_set_selecting (MmAlertRow *row, gboolean selecting, gboolean selected)
{
  row->selecting = selecting;
  gtk_widget_set_visible (GTK_WIDGET (row->check), selecting);
  gtk_check_button_set_active (row->check, selected);
  show_button (row);
}

void
mm_alert_row_set_narrow (MmAlertRow *row, gboolean narrow)
{
  if (row->narrow == narrow)
    return;
  row->narrow = narrow;
  if (narrow)
    gtk_button_set_icon_name (row->acknowledge, "object-select-symbolic");
  else
    gtk_button_set_label (row->acknowledge, _ ("Acknowledge"));
  mm_spoken_name_set (GTK_WIDGET (row->acknowledge), _ ("Acknowledge"));
  show_wrapped (row);
}

GtkWidget *
mm_alert_row_get_button (MmAlertRow *row)
{
  return GTK_WIDGET (row->acknowledge);
}

static void
on_acknowledge (MmAlertRow *row)
{
  g_signal_emit (row, signals[ACKNOWLEDGE], 0);
}

/* While rows are selected a click does that; at other times one with Ctrl begins it. */
static void
on_pressed (GtkGestureClick *click, int n_press, double x, double y, MmAlertRow *row)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click));

  if (!row->selecting && !(state & GDK_CONTROL_MASK))
    return;
  gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
  g_signal_emit (row, signals[TOGGLE], 0);
}

static void
mm_alert_row_dispose (GObject *object)
{
  MmAlertRow *row = MM_ALERT_ROW (object);

  mm_alert_row_set_item (row, NULL);
  G_OBJECT_CLASS (mm_alert_row_parent_class)->dispose (object);
}

static void
mm_alert_row_finalize (GObject *object)
{
  g_time_zone_unref (MM_ALERT_ROW (object)->zone);
  G_OBJECT_CLASS (mm_alert_row_parent_class)->finalize (object);
}

static void
mm_alert_row_class_init (MmAlertRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_alert_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_alert_row_finalize;
  signals[ACKNOWLEDGE] = g_signal_new ("acknowledge", MM_TYPE_ALERT_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  signals[TOGGLE] = g_signal_new ("toggle", MM_TYPE_ALERT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-alert-row.ui");
  gtk_widget_class_bind_template_child (widget_class, MmAlertRow, check);
  gtk_widget_class_bind_template_child (widget_class, MmAlertRow, icon);
  gtk_widget_class_bind_template_child (widget_class, MmAlertRow, status);
  gtk_widget_class_bind_template_child (widget_class, MmAlertRow, headline);
  gtk_widget_class_bind_template_child (widget_class, MmAlertRow, where);
  gtk_widget_class_bind_template_child (widget_class, MmAlertRow, since);
  gtk_widget_class_bind_template_child (widget_class, MmAlertRow, known);
  gtk_widget_class_bind_template_child (widget_class, MmAlertRow, acknowledge);
  gtk_widget_class_bind_template_callback (widget_class, on_query_tooltip);
}

static void
mm_alert_row_init (MmAlertRow *row)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (row));
  row->zone = g_time_zone_new_local ();
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), row);
  gtk_widget_add_controller (GTK_WIDGET (row), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_swapped (row->acknowledge, "clicked", G_CALLBACK (on_acknowledge), row);
}

MmAlertRow *
mm_alert_row_new (void)
{
  return g_object_new (MM_TYPE_ALERT_ROW, NULL);
}

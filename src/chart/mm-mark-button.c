#include "mm-mark-button.h"

#include <math.h>

#define SIZE 16

struct _MmMarkButton
{
  GtkWidget parent;
  MmStatus status;
  const MmPalette *palette;
};

G_DEFINE_FINAL_TYPE (MmMarkButton, mm_mark_button, GTK_TYPE_WIDGET)

enum
{
  ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* A regular polygon around the middle. */
static void
polygon (cairo_t *cr, guint corners, double radius, double turn)
{
  for (guint i = 0; i < corners; i++)
    {
      double angle = turn + 2 * G_PI * i / corners;

      cairo_line_to (cr, SIZE / 2.0 + radius * sin (angle), SIZE / 2.0 - radius * cos (angle));
    }
  cairo_close_path (cr);
}

static void
exclamation (cairo_t *cr, double top)
{
  cairo_rectangle (cr, SIZE / 2.0 - 1, top, 2, 5);
  cairo_rectangle (cr, SIZE / 2.0 - 1, top + 6.5, 2, 2);
  cairo_fill (cr);
}

/* The shapes of look.md "Status", at this size. */
static void
draw_shape (cairo_t *cr, MmStatus status, const GdkRGBA *colour, const GdkRGBA *on)
{
  const double middle = SIZE / 2.0;

  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_line_width (cr, 2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  switch (status)
    {
    case MM_STATUS_FAULT:
      polygon (cr, 8, 8, G_PI / 8);
      cairo_fill (cr);
      gdk_cairo_set_source_rgba (cr, on);
      exclamation (cr, 3.5);
      break;
    case MM_STATUS_WARNING:
      cairo_move_to (cr, middle, 1.5);
      cairo_line_to (cr, 15, 14.5);
      cairo_line_to (cr, 1, 14.5);
      cairo_close_path (cr);
      cairo_fill_preserve (cr);
      cairo_stroke (cr);
      gdk_cairo_set_source_rgba (cr, on);
      exclamation (cr, 5.5);
      break;
    case MM_STATUS_OFFLINE:
      cairo_arc (cr, middle, middle, 6.5, 0, 2 * G_PI);
      cairo_stroke (cr);
      cairo_move_to (cr, 3.5, 12.5);
      cairo_line_to (cr, 12.5, 3.5);
      cairo_stroke (cr);
      break;
    case MM_STATUS_ISLANDED:
      cairo_rectangle (cr, 4, 2, 8, 5);
      cairo_fill (cr);
      cairo_rectangle (cr, 5, 11, 2, 4);
      cairo_rectangle (cr, 9, 11, 2, 4);
      cairo_fill (cr);
      break;
    case MM_STATUS_NEVER_SEEN:
    case MM_STATUS_CURTAILED:
    case MM_STATUS_UNDERPERFORMING:
    case MM_STATUS_NORMAL:
    case MM_N_STATUSES:
    default:
      cairo_arc (cr, middle, middle, 7, 0, 2 * G_PI);
      cairo_fill (cr);
      gdk_cairo_set_source_rgba (cr, on);
      cairo_rectangle (cr, middle - 1, 3.5, 2, 2);
      cairo_rectangle (cr, middle - 1, 7, 2, 5.5);
      cairo_fill (cr);
      break;
    }
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MmMarkButton *self = MM_MARK_BUTTON (widget);
  GdkRGBA colour = mm_palette_status (self->palette, self->status);
  float x = ((float) gtk_widget_get_width (widget) - SIZE) / 2;
  float y = ((float) gtk_widget_get_height (widget) - SIZE) / 2;
  cairo_t *cr;

  if (gtk_widget_has_visible_focus (widget))
    {
      const GdkRGBA ring = self->palette->accent;
      GskRoundedRect outline;

      gsk_rounded_rect_init_from_rect (&outline,
                                       &GRAPHENE_RECT_INIT (x - 3, y - 3, SIZE + 6, SIZE + 6), 6);
      gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 2, 2, 2, 2 },
                                  (GdkRGBA[4]){ ring, ring, ring, ring });
    }
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (x, y, SIZE, SIZE));
  cairo_translate (cr, x, y);
  draw_shape (cr, self->status, &colour, &self->palette->background);
  cairo_destroy (cr);
}

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  *minimum = *natural = 24;
}

static void
activate (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[ACTIVATED], 0);
}

static void
on_released (MmMarkButton *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
mm_mark_button_class_init (MmMarkButtonClass *klass)
{
  static const guint keys[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_space };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  signals[ACTIVATED] = g_signal_new ("activated", MM_TYPE_MARK_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "mark.activate", NULL, activate);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i], 0, "mark.activate", NULL);
  gtk_widget_class_set_css_name (widget_class, "mark");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_BUTTON);
}

static void
mm_mark_button_init (MmMarkButton *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (click, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "pointer");
}

GtkWidget *
mm_mark_button_new (MmStatus status, const MmPalette *palette)
{
  MmMarkButton *self = g_object_new (MM_TYPE_MARK_BUTTON, NULL);

  self->status = status;
  self->palette = palette;
  return GTK_WIDGET (self);
}

void
mm_mark_button_set_text (MmMarkButton *button, const char *text)
{
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

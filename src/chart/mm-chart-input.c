/* Reading and zooming a chart, by pointer and keyboard. */
#include "mm-chart-private.h"

#include "mm-clock.h"
#include "mm-layer.h"

#include <math.h>

/* A drag shorter than this is a click. */
#define DRAG_LEAST 8

#define ZOOM_STEP 0.5
#define SCROLL_STEP 1.25

static gboolean
can_read (MmChart *self)
{
  return mm_chart_is_ready (self) && self->plot.traces != NULL && !self->plot.empty;
}

static void
read_at (MmChart *self, double x)
{
  if (can_read (self) && !self->dragging)
    mm_chart_set_cross (self,
                        mm_cross_layer_snap (&self->plot, mm_plot_time (&self->plot, (float) x)));
}

/* GTK also tells of a pointer that rests while things change below it: what the keys did counts. */
static void
on_motion (MmChart *self, double x, double y)
{
  if (x == self->pointer_x && y == self->pointer_y)
    return;
  self->pointer_x = x;
  self->pointer_y = y;
  read_at (self, x);
}

static void
on_leave (MmChart *self)
{
  mm_chart_set_cross (self, MM_TIME_NONE);
}

static gboolean
on_scroll (MmChart *self, double dx, double dy, GtkEventController *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (controller);
  gint64 around = self->cross;

  if (!mm_chart_is_ready (self) || self->plot.bars)
    return FALSE;
  if (around == MM_TIME_NONE)
    around = self->zoom.from + (self->zoom.to - self->zoom.from) / 2;
  if (state & GDK_CONTROL_MASK)
    mm_chart_range_changed (self, mm_zoom_scale (&self->zoom, pow (SCROLL_STEP, dy), around));
  else if (dx != 0 && mm_zoom_is_in (&self->zoom))
    mm_chart_range_changed (self, mm_zoom_move (&self->zoom, dx * 0.1));
  else
    return FALSE;
  return TRUE;
}

/* With a finger, a drag belongs to the page, which scrolls; a touch reads. */
static void
on_drag_begin (MmChart *self, double x, double y, GtkGesture *gesture)
{
  GdkDevice *device
      = gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (gesture));

  gtk_widget_grab_focus (GTK_WIDGET (self));
  read_at (self, x);
  self->drag_from = self->drag_to = CLAMP ((float) x, self->plot.area.origin.x,
                                           self->plot.area.origin.x + self->plot.area.size.width);
  if (!can_read (self) || self->plot.bars
      || (device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
}

static void
on_drag_update (MmChart *self, double dx, double dy, GtkGesture *gesture)
{
  if (!self->dragging && fabs (dx) < DRAG_LEAST)
    return;
  if (!self->dragging)
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  self->dragging = TRUE;
  self->drag_to = CLAMP (self->drag_from + (float) dx, self->plot.area.origin.x,
                         self->plot.area.origin.x + self->plot.area.size.width);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_drag_end (MmChart *self, double dx, double dy, GtkGesture *gesture)
{
  float left = MIN (self->drag_from, self->drag_to), right = MAX (self->drag_from, self->drag_to);

  if (!self->dragging)
    return;
  self->dragging = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (right - left >= DRAG_LEAST)
    mm_chart_range_changed (self, mm_zoom_select (&self->zoom, mm_plot_time (&self->plot, left),
                                                  mm_plot_time (&self->plot, right)));
}

/* By "(is)": how far, and in what. */
static gboolean
on_move_key (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  MmChart *self = MM_CHART (widget);
  const char *by;
  gint64 time = self->cross;
  int direction;

  g_variant_get (arguments, "(i&s)", &direction, &by);
  if (!can_read (self))
    return FALSE;
  if (by[0] == 'e') /* end */
    time = direction < 0 ? self->zoom.from : self->zoom.to - 1;
  else if (time == MM_TIME_NONE)
    time = direction > 0 ? self->zoom.from : self->zoom.to - 1;
  else if (by[0] == 'h') /* hour */
    time += direction * MM_HOUR;
  else
    {
      gint64 next = mm_cross_layer_step (&self->plot, time, direction);

      /* At the edge of what is seen, what is seen moves along. */
      if (next == time && !self->plot.bars && mm_zoom_move (&self->zoom, direction * 0.1))
        {
          mm_chart_range_changed (self, TRUE);
          next = mm_cross_layer_step (&self->plot, time, direction);
        }
      mm_chart_set_cross (self, next);
      return TRUE;
    }
  time = CLAMP (time, self->zoom.whole_from, self->zoom.whole_to - 1);
  mm_chart_range_changed (self, !self->plot.bars && mm_zoom_show (&self->zoom, time));
  mm_chart_set_cross (self, mm_cross_layer_snap (&self->plot, time));
  return TRUE;
}

/* By "(d)": the factor; 0 for everything. */
static gboolean
on_zoom_key (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  MmChart *self = MM_CHART (widget);
  gint64 around = self->cross;
  double factor;

  g_variant_get (arguments, "(d)", &factor);
  if (!mm_chart_is_ready (self) || self->plot.bars)
    return FALSE;
  if (around == MM_TIME_NONE)
    around = self->zoom.from + (self->zoom.to - self->zoom.from) / 2;
  if (factor == 0)
    mm_chart_reset_zoom (self);
  else
    mm_chart_range_changed (self, mm_zoom_scale (&self->zoom, factor, around));
  return TRUE;
}

static gboolean
on_escape (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  MmChart *self = MM_CHART (widget);

  if (self->cross == MM_TIME_NONE)
    return FALSE;
  mm_chart_set_cross (self, MM_TIME_NONE);
  return TRUE;
}

void
mm_chart_add_pointer (MmChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

void
mm_chart_add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    int direction;
    const char *by;
  } moves[] = {
    { GDK_KEY_Left, 0, -1, "point" },
    { GDK_KEY_KP_Left, 0, -1, "point" },
    { GDK_KEY_Right, 0, 1, "point" },
    { GDK_KEY_KP_Right, 0, 1, "point" },
    { GDK_KEY_Left, GDK_CONTROL_MASK, -1, "hour" },
    { GDK_KEY_Right, GDK_CONTROL_MASK, 1, "hour" },
    { GDK_KEY_Home, 0, -1, "end" },
    { GDK_KEY_End, 0, 1, "end" },
  };
  static const struct
  {
    guint key;
    double factor;
  } zooms[] = {
    { GDK_KEY_plus, ZOOM_STEP },
    { GDK_KEY_equal, ZOOM_STEP },
    { GDK_KEY_KP_Add, ZOOM_STEP },
    { GDK_KEY_minus, 1 / ZOOM_STEP },
    { GDK_KEY_KP_Subtract, 1 / ZOOM_STEP },
    { GDK_KEY_0, 0 },
    { GDK_KEY_KP_0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    gtk_widget_class_add_binding (widget_class, moves[i].key, moves[i].modifiers, on_move_key,
                                  "(is)", moves[i].direction, moves[i].by);
  for (gsize i = 0; i < G_N_ELEMENTS (zooms); i++)
    gtk_widget_class_add_binding (widget_class, zooms[i].key, 0, on_zoom_key, "(d)",
                                  zooms[i].factor);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape, NULL);
}

#include "mm-marks.h"

#include "mm-clock.h"
#include "mm-mark-button.h"

#include <math.h>

/* Marks nearer to each other than this become one. */
#define DISTANCE 20

#define BAR_HEIGHT 3
#define SHAPE 16

typedef struct
{
  char *id;
  gint64 time;
  gint64 until;
  MmStatus status;
  char *text;
  GtkWidget *button;
} Mark;

struct _MmMarks
{
  GtkWidget *chart;
  const MmPalette *palette;
  MmMarkActivated activated;
  GPtrArray *all; /* Mark, by time */
};

static void
free_mark (gpointer data)
{
  Mark *mark = data;

  gtk_widget_unparent (mark->button);
  g_free (mark->id);
  g_free (mark->text);
  g_free (mark);
}

MmMarks *
mm_marks_new (GtkWidget *chart, const MmPalette *palette, MmMarkActivated activated)
{
  MmMarks *marks = g_new0 (MmMarks, 1);

  marks->chart = chart;
  marks->palette = palette;
  marks->activated = activated;
  marks->all = g_ptr_array_new_with_free_func (free_mark);
  return marks;
}

void
mm_marks_free (MmMarks *marks)
{
  if (marks == NULL)
    return;
  g_ptr_array_unref (marks->all);
  g_free (marks);
}

static void
on_activated (MmMarks *marks, GtkWidget *button)
{
  for (guint i = 0; i < marks->all->len; i++)
    {
      const Mark *mark = g_ptr_array_index (marks->all, i);

      if (mark->button == button)
        {
          g_autofree char *id = g_strdup (mark->id);

          marks->activated (marks->chart, id);
          return;
        }
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Mark *one = *(Mark *const *) a, *other = *(Mark *const *) b;

  return (one->time > other->time) - (one->time < other->time);
}

void
mm_marks_add (
    MmMarks *marks, const char *id, gint64 time, gint64 until, MmStatus status, const char *text)
{
  Mark *mark = g_new0 (Mark, 1);

  mark->id = g_strdup (id);
  mark->time = time;
  mark->until = until;
  mark->status = status;
  mark->text = g_strdup (text);
  mark->button = mm_mark_button_new (status, marks->palette);
  g_signal_connect_swapped (mark->button, "activated", G_CALLBACK (on_activated), marks);
  gtk_widget_set_parent (mark->button, marks->chart);
  g_ptr_array_add (marks->all, mark);
  g_ptr_array_sort (marks->all, compare);
}

void
mm_marks_clear (MmMarks *marks)
{
  g_ptr_array_set_size (marks->all, 0);
}

gboolean
mm_marks_is_empty (const MmMarks *marks)
{
  return marks->all->len == 0;
}

/* "1 May 14:02 Fault: PCS 1 reports E2-3 ground fault" */
static char *
describe (const MmPlot *plot, const Mark *mark)
{
  g_autofree char *day = mm_time_format_day (mark->time, plot->zone, plot->language);
  g_autofree char *clock = mm_language_format_clock (plot->language, mark->time, plot->zone);

  return g_strdup_printf ("%s %s %s: %s", day, clock,
                          mm_tr (plot->language, mm_status_label (mark->status)), mark->text);
}

static gboolean
is_seen (const MmPlot *plot, const Mark *mark)
{
  return mark->time >= plot->from && mark->time < plot->to;
}

static void
allocate (const MmPlot *plot, const Mark *mark)
{
  int middle = (int) roundf (mm_plot_x (plot, mark->time));
  GtkAllocation place = { 0, (int) plot->mark_y, MM_PLOT_MARK_SIZE, MM_PLOT_MARK_SIZE };

  place.x = CLAMP (middle - MM_PLOT_MARK_SIZE / 2, 0, (int) plot->width - MM_PLOT_MARK_SIZE);
  /* GTK wants a child to be asked before it is placed. */
  gtk_widget_measure (mark->button, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (mark->button, &place, -1);
}

/* The most urgent of those that would lie on each other stands for all, and tells of all. Returns
 * where the next group begins. */
static guint
place_group (MmMarks *marks, const MmPlot *plot, guint first)
{
  Mark *leader = g_ptr_array_index (marks->all, first);
  float x = mm_plot_x (plot, leader->time);
  g_autoptr (GString) text = g_string_new (NULL);
  guint end = first;

  for (; end < marks->all->len; end++)
    {
      Mark *mark = g_ptr_array_index (marks->all, end);
      g_autofree char *line = NULL;

      if (is_seen (plot, mark) != is_seen (plot, leader)
          || mm_plot_x (plot, mark->time) - x >= DISTANCE)
        break;
      line = describe (plot, mark);
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
      if (mm_status_urgency (mark->status, FALSE) < mm_status_urgency (leader->status, FALSE))
        leader = mark;
    }
  for (guint i = first; i < end; i++)
    {
      Mark *mark = g_ptr_array_index (marks->all, i);

      gtk_widget_set_child_visible (mark->button, mark == leader && is_seen (plot, mark));
    }
  mm_mark_button_set_text (MM_MARK_BUTTON (leader->button), text->str);
  allocate (plot, leader);
  return end;
}

void
mm_marks_place (MmMarks *marks, const MmPlot *plot)
{
  for (guint i = 0; i < marks->all->len;)
    i = place_group (marks, plot, i);
}

void
mm_marks_draw (const MmMarks *marks, const MmPlot *plot, GtkSnapshot *snapshot)
{
  float y = plot->mark_y + (MM_PLOT_MARK_SIZE - BAR_HEIGHT) / 2.0f;

  for (guint i = 0; i < marks->all->len; i++)
    {
      const Mark *mark = g_ptr_array_index (marks->all, i);
      gint64 open_end = plot->now != MM_TIME_NONE ? MIN (plot->now, plot->to) : plot->to;
      gint64 from = MAX (mark->time, plot->from);
      gint64 to = mark->until == MM_TIME_NONE ? open_end : MIN (mark->until, plot->to);
      GdkRGBA colour = mm_palette_status (&plot->palette, mark->status);
      float left = mm_plot_x (plot, from);
      float right = mm_plot_x (plot, MAX (to, from));

      colour.alpha = plot->palette.high_contrast ? 1 : 0.4f;
      /* From the edge of the shape on, as some shapes are hollow. */
      if (is_seen (plot, mark))
        left += SHAPE / 2.0f;
      if (right > left)
        gtk_snapshot_append_color (snapshot, &colour,
                                   &GRAPHENE_RECT_INIT (left, y, right - left, BAR_HEIGHT));
    }
  for (guint i = 0; i < marks->all->len; i++)
    gtk_widget_snapshot_child (marks->chart, ((Mark *) g_ptr_array_index (marks->all, i))->button,
                               snapshot);
}

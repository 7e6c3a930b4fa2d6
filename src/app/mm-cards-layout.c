#include "mm-cards-layout.h"

struct _MmCardsLayout
{
  GtkLayoutManager parent;

  int spacing;
};

G_DEFINE_FINAL_TYPE (MmCardsLayout, mm_cards_layout, GTK_TYPE_LAYOUT_MANAGER)

/* The number of children that are to be seen, and the widest of their smallest and natural widths.
 */
static int
count (GtkWidget *widget, int *minimum, int *natural)
{
  int n = 0;

  *minimum = *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int own_minimum, own_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &own_minimum, &own_natural, NULL,
                          NULL);
      *minimum = MAX (*minimum, own_minimum);
      *natural = MAX (*natural, own_natural);
      n++;
    }
  return n;
}

/* Goes through the lines for @width; places the children if @place. Returns the height. */
static int
flow (MmCardsLayout *layout, GtkWidget *widget, int width, gboolean place)
{
  int minimum, natural;
  int n = count (widget, &minimum, &natural);
  int columns
      = CLAMP ((width + layout->spacing) / MAX (minimum + layout->spacing, 1), 1, MAX (n, 1));
  int column_width = (width - (columns - 1) * layout->spacing) / columns;
  GtkWidget *child = gtk_widget_get_first_child (widget);
  int y = 0;

  while (child != NULL)
    {
      GtkWidget *line = child;
      int height = 0;
      int column = 0;

      for (; child != NULL && column < columns; child = gtk_widget_get_next_sibling (child))
        {
          int own;

          if (!gtk_widget_should_layout (child))
            continue;
          gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, MAX (column_width, minimum), NULL,
                              &own, NULL, NULL);
          height = MAX (height, own);
          column++;
        }
      column = 0;
      for (; place && line != child; line = gtk_widget_get_next_sibling (line))
        if (gtk_widget_should_layout (line))
          gtk_widget_size_allocate (line,
                                    &(GtkAllocation){ column++ * (column_width + layout->spacing),
                                                      y, MAX (column_width, minimum), height },
                                    -1);
      y += height + (child != NULL ? layout->spacing : 0);
    }
  return y;
}

static GtkSizeRequestMode
mm_cards_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
mm_cards_layout_measure (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  MmCardsLayout *layout = MM_CARDS_LAYOUT (manager);
  int n = count (widget, minimum, natural);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = n * *natural + MAX (n - 1, 0) * layout->spacing;
  else
    *minimum = *natural = flow (layout, widget, for_size < 0 ? *minimum : for_size, FALSE);
}

static void
mm_cards_layout_allocate (
    GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  flow (MM_CARDS_LAYOUT (manager), widget, width, TRUE);
}

static void
mm_cards_layout_class_init (MmCardsLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = mm_cards_layout_get_request_mode;
  layout_class->measure = mm_cards_layout_measure;
  layout_class->allocate = mm_cards_layout_allocate;
}

static void
mm_cards_layout_init (MmCardsLayout *layout)
{
}

GtkLayoutManager *
mm_cards_layout_new (int spacing)
{
  MmCardsLayout *layout = g_object_new (MM_TYPE_CARDS_LAYOUT, NULL);

  layout->spacing = spacing;
  return GTK_LAYOUT_MANAGER (layout);
}

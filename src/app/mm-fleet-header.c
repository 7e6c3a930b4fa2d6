#include "mm-fleet-header.h"

#include "mm-fleet-cell.h"
#include "mm-status-look.h"

#define ARROW 18 /* px; that shows the order, beside a title */

struct _MmFleetHeader
{
  GtkWidget parent;

  GtkScrolledWindow *scrolled;
  GtkColumnView *view;
  GtkColumnViewColumn *columns[MM_N_FLEET_COLUMNS];
  int widths[MM_N_FLEET_COLUMNS]; /* px, at first; 0: as wide as there is room */
  MmFleetSpan spans[MM_N_FLEET_COLUMNS];
  guint n_spans;
  int probed;     /* the column whose sorter was asked first; -1: none */
  gboolean quiet; /* the columns or the order change by us */
};

G_DEFINE_FINAL_TYPE (MmFleetHeader, mm_fleet_header, GTK_TYPE_WIDGET)

enum
{
  COLUMNS_CHANGED,
  MOVED,
  ORDER_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Columns whose texts change while one looks keep their width: that of the longest text (or of the
 * title) in this language and font. The others grow. */
static const char *const longest[MM_N_FLEET_COLUMNS] = {
  [MM_FLEET_COLUMN_STATUS] = "",          [MM_FLEET_COLUMN_ID] = "GW-00A31F",
  [MM_FLEET_COLUMN_MODEL] = "MM-1000-00", [MM_FLEET_COLUMN_LAST_CONTACT] = "2026-12-30",
  [MM_FLEET_COLUMN_POWER] = "888.88 kW",  [MM_FLEET_COLUMN_TODAY] = "888.88 kWh",
  [MM_FLEET_COLUMN_SOC] = "100 %",        [MM_FLEET_COLUMN_ALERTS] = "99",
};

/* Which columns */

static int
number_of (MmFleetHeader *header, GtkColumnViewColumn *column)
{
  for (int i = 0; i < MM_N_FLEET_COLUMNS; i++)
    if (header->columns[i] == column)
      return i;
  g_return_val_if_reached (MM_FLEET_COLUMN_ID);
}

static void
read_columns (MmFleetHeader *header)
{
  GListModel *shown = gtk_column_view_get_columns (header->view);

  header->n_spans = MIN (g_list_model_get_n_items (shown), MM_N_FLEET_COLUMNS);
  for (guint i = 0; i < header->n_spans; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (shown, i);

      header->spans[i] = (MmFleetSpan){ (MmFleetColumn) number_of (header, column), 0, -1 };
    }
  gtk_widget_queue_allocate (GTK_WIDGET (header));
}

static void
on_columns_changed (MmFleetHeader *header)
{
  if (header->quiet)
    return;
  read_columns (header);
  g_signal_emit (header, signals[COLUMNS_CHANGED], 0);
}

static gboolean
is_shown (MmFleetHeader *header, GtkColumnViewColumn *column)
{
  return gtk_column_view_column_get_column_view (column) == header->view;
}

void
mm_fleet_header_set_columns (MmFleetHeader *header, const char *const *names)
{
  guint n = 0;

  header->quiet = TRUE;
  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    if (is_shown (header, header->columns[i])
        && !g_strv_contains (names, mm_fleet_column_name ((MmFleetColumn) i)))
      gtk_column_view_remove_column (header->view, header->columns[i]);
  for (guint i = 0; names[i] != NULL; i++)
    {
      MmFleetColumn column;

      if (mm_fleet_column_from_name (names[i], &column))
        gtk_column_view_insert_column (header->view, n++, header->columns[column]);
    }
  if (n == 0)
    gtk_column_view_append_column (header->view, header->columns[MM_FLEET_COLUMN_ID]);
  header->quiet = FALSE;
  on_columns_changed (header);
}

/* The order */

/* GTK 4.8 does not tell which column was clicked. Each column has a sorter that only notes that it
 * was asked; the table's own asks the one that counts first, and turns its answer round when
 * descending. */
static int
probe (gconstpointer a, gconstpointer b, gpointer user_data)
{
  GtkColumnViewColumn *column = user_data;
  MmFleetHeader *header = g_object_get_data (G_OBJECT (column), "header");

  if (header->probed < 0)
    header->probed = number_of (header, column);
  return -1;
}

/* Gives the title that shows the order room for its arrow. Widths that somebody chose stay. */
static void
make_room_for_arrow (MmFleetHeader *header, MmFleetColumn sorts)
{
  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    {
      int now = gtk_column_view_column_get_fixed_width (header->columns[i]);

      if (now > 0 && (now == header->widths[i] || now == header->widths[i] + ARROW))
        gtk_column_view_column_set_fixed_width (header->columns[i],
                                                header->widths[i] + (i == sorts ? ARROW : 0));
    }
}

static void
on_order_clicked (MmFleetHeader *header)
{
  GtkOrdering ordering;

  if (header->quiet)
    return;
  header->probed = -1;
  ordering = gtk_sorter_compare (gtk_column_view_get_sorter (header->view), header, header->view);
  if (header->probed < 0)
    return;
  make_room_for_arrow (header, (MmFleetColumn) header->probed);
  g_signal_emit (header, signals[ORDER_CHOSEN], 0, header->probed, ordering == GTK_ORDERING_LARGER);
}

void
mm_fleet_header_set_order (MmFleetHeader *header, MmFleetColumn column, gboolean descending)
{
  header->quiet = TRUE;
  gtk_column_view_sort_by_column (header->view, NULL, GTK_SORT_ASCENDING);
  if (is_shown (header, header->columns[column]))
    gtk_column_view_sort_by_column (header->view, header->columns[column],
                                    descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
  header->quiet = FALSE;
  make_room_for_arrow (header, column);
}

/* Where they are */

/* The titles are the children of the first child of the view, in their order. */
static gboolean
find_spans (MmFleetHeader *header)
{
  GtkWidget *titles = gtk_widget_get_first_child (GTK_WIDGET (header->view));
  GtkWidget *title = gtk_widget_get_first_child (titles);
  gboolean moved = FALSE;

  for (guint i = 0; i < header->n_spans && title != NULL; i++)
    {
      MmFleetSpan *span = &header->spans[i];
      graphene_rect_t area;
      int x, width;

      if (!gtk_widget_compute_bounds (title, titles, &area))
        return moved;
      x = (int) area.origin.x;
      width = (int) area.size.width;
      moved = moved || x != span->x || width != span->width;
      span->x = x;
      span->width = width;
      title = gtk_widget_get_next_sibling (title);
    }
  return moved;
}

const MmFleetSpan *
mm_fleet_header_get_spans (MmFleetHeader *header, guint *n)
{
  *n = header->n_spans;
  return header->spans;
}

int
mm_fleet_header_get_width (MmFleetHeader *header)
{
  int width;

  gtk_widget_measure (GTK_WIDGET (header->view), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL,
                      NULL);
  return MAX (width, gtk_widget_get_width (GTK_WIDGET (header)) / 2 + 1);
}

void
mm_fleet_header_follow (MmFleetHeader *header, GtkAdjustment *adjustment)
{
  gtk_scrolled_window_set_hadjustment (header->scrolled, adjustment);
}

static void
mm_fleet_header_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (MM_FLEET_HEADER (widget)->scrolled), orientation, for_size,
                      minimum, natural, NULL, NULL);
}

static void
mm_fleet_header_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MmFleetHeader *header = MM_FLEET_HEADER (widget);

  gtk_widget_allocate (GTK_WIDGET (header->scrolled), width, height, baseline, NULL);
  if (find_spans (header))
    g_signal_emit (header, signals[MOVED], 0);
}

/* A scrolled window takes the focus itself when nothing in it does. */
static gboolean
mm_fleet_header_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (GTK_WIDGET (MM_FLEET_HEADER (widget)->view), direction);
}

/* The object */

static int
text_width (MmFleetHeader *header, const char *text, PangoWeight weight)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (header), text);
  PangoAttrList *attributes = pango_attr_list_new ();
  int width;

  pango_attr_list_insert (attributes, pango_attr_weight_new (weight));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

/* What a column needs that keeps its width; without an arrow at its title. */
static int
column_width (MmFleetHeader *header, MmFleetColumn column)
{
  gboolean is_outer = column == MM_FLEET_COLUMN_STATUS || column == MM_FLEET_COLUMN_ALERTS;
  int width = MAX (text_width (header, mm_fleet_cell_title (column), PANGO_WEIGHT_BOLD),
                   text_width (header, longest[column], PANGO_WEIGHT_NORMAL));

  for (guint i = 0; column == MM_FLEET_COLUMN_STATUS && i < MM_N_STATUSES; i++)
    width = MAX (width, MM_FLEET_ICON + MM_FLEET_ICON_SPACE
                            + text_width (header, mm_status_look_word ((MmStatus) i),
                                          PANGO_WEIGHT_NORMAL));
  return width + MM_FLEET_PADDING + (is_outer ? MM_FLEET_OUTER_PADDING : MM_FLEET_PADDING);
}

static void
make_columns (MmFleetHeader *header)
{
  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    {
      GtkColumnViewColumn *column
          = gtk_column_view_column_new (mm_fleet_cell_title ((MmFleetColumn) i), NULL);
      g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (probe, column, NULL));

      g_object_set_data (G_OBJECT (column), "header", header);
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_column_set_resizable (column, TRUE);
      if (longest[i] != NULL)
        header->widths[i] = column_width (header, (MmFleetColumn) i);
      gtk_column_view_column_set_fixed_width (column, longest[i] != NULL ? header->widths[i] : -1);
      gtk_column_view_column_set_expand (column, longest[i] == NULL);
      g_signal_connect_object (column, "notify::fixed-width", G_CALLBACK (on_columns_changed),
                               header, G_CONNECT_SWAPPED);
      header->columns[i] = column;
    }
}

static void
mm_fleet_header_dispose (GObject *object)
{
  MmFleetHeader *header = MM_FLEET_HEADER (object);

  /* A table that goes lets go of its columns one by one: nobody chose that. */
  header->quiet = TRUE;
  if (header->scrolled != NULL)
    gtk_widget_unparent (GTK_WIDGET (header->scrolled));
  header->scrolled = NULL;
  G_OBJECT_CLASS (mm_fleet_header_parent_class)->dispose (object);
}

static void
mm_fleet_header_finalize (GObject *object)
{
  MmFleetHeader *header = MM_FLEET_HEADER (object);

  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    g_clear_object (&header->columns[i]);
  G_OBJECT_CLASS (mm_fleet_header_parent_class)->finalize (object);
}

static void
mm_fleet_header_class_init (MmFleetHeaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_fleet_header_dispose;
  object_class->finalize = mm_fleet_header_finalize;
  widget_class->focus = mm_fleet_header_focus;
  widget_class->measure = mm_fleet_header_measure;
  widget_class->size_allocate = mm_fleet_header_size_allocate;
  signals[COLUMNS_CHANGED] = g_signal_new ("columns-changed", MM_TYPE_FLEET_HEADER,
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVED] = g_signal_new ("moved", MM_TYPE_FLEET_HEADER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[ORDER_CHOSEN]
      = g_signal_new ("order-chosen", MM_TYPE_FLEET_HEADER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_BOOLEAN);
}

static void
mm_fleet_header_init (MmFleetHeader *header)
{
  header->view = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (header->view), "mm-fleet");
  /* The rows of the view, which has none. */
  gtk_widget_set_can_focus (gtk_widget_get_last_child (GTK_WIDGET (header->view)), FALSE);
  header->scrolled = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_policy (header->scrolled, GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (header->scrolled, GTK_WIDGET (header->view));
  gtk_widget_set_parent (GTK_WIDGET (header->scrolled), GTK_WIDGET (header));
  make_columns (header);
  g_signal_connect_object (gtk_column_view_get_sorter (header->view), "changed",
                           G_CALLBACK (on_order_clicked), header, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_column_view_get_columns (header->view), "items-changed",
                           G_CALLBACK (on_columns_changed), header, G_CONNECT_SWAPPED);
}

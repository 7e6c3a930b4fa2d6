#include "mm-fleet-row.h"

#include "mm-fleet-cell.h"
#include "mm-gettext.h"
#include "mm-status-look.h"

#include <string.h>

struct _MmFleetRow
{
  GtkWidget parent;

  MmFleetHeader *header;
  MmFleetItem *item;
  gulong changed;
  GtkLabel *texts[MM_N_FLEET_COLUMNS];  /* NULL: not shown */
  GtkImage *images[MM_N_FLEET_COLUMNS]; /* status, or that a value is old; NULL: none */
  gboolean is_late;                     /* it changed while nobody could see it */
};

G_DEFINE_FINAL_TYPE (MmFleetRow, mm_fleet_row, GTK_TYPE_WIDGET)

/* Showing a gateway */

static gboolean
is_figure (MmFleetColumn column)
{
  return column == MM_FLEET_COLUMN_POWER || column == MM_FLEET_COLUMN_TODAY
         || column == MM_FLEET_COLUMN_SOC;
}

static void
set_class (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* The unit of a figure, behind the space that does not break, is one step smaller and dim. */
static void
dress_unit (GtkLabel *label, const char *text)
{
  const char *space = strstr (text, "\u00a0");
  PangoAttrList *attributes = space != NULL ? pango_attr_list_new () : NULL;

  if (attributes != NULL)
    {
      PangoAttribute *dim = pango_attr_foreground_alpha_new (G_MAXUINT16 / 10 * 7);
      PangoAttribute *small = pango_attr_scale_new (PANGO_SCALE_SMALL);

      dim->start_index = small->start_index = (guint) (space - text);
      pango_attr_list_insert (attributes, dim);
      pango_attr_list_insert (attributes, small);
    }
  gtk_label_set_attributes (label, attributes);
  g_clear_pointer (&attributes, pango_attr_list_unref);
}

static void
show_status (MmFleetRow *row, const MmFleetRecord *record)
{
  GtkLabel *label = row->texts[MM_FLEET_COLUMN_STATUS];
  const char *word = mm_status_look_word ((MmStatus) record->status);

  if (g_strcmp0 (gtk_label_get_text (label), word) == 0)
    return;
  gtk_label_set_text (label, word);
  mm_status_look_dress (GTK_WIDGET (label), (MmStatus) record->status);
  mm_status_look_dress (GTK_WIDGET (row->images[MM_FLEET_COLUMN_STATUS]),
                        (MmStatus) record->status);
  gtk_image_set_from_icon_name (row->images[MM_FLEET_COLUMN_STATUS],
                                mm_status_look_icon ((MmStatus) record->status));
}

/* The sign that a value is old, which few rows ever need. */
static void
show_old (MmFleetRow *row, MmFleetColumn column, gboolean is_old)
{
  GtkImage *image = row->images[column];

  if (image != NULL)
    gtk_widget_set_visible (GTK_WIDGET (image), is_old);
  if (image != NULL || !is_old)
    return;
  image = GTK_IMAGE (gtk_image_new_from_icon_name ("mm-badge-stale-symbolic"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Old data"), -1);
  gtk_widget_insert_before (GTK_WIDGET (image), GTK_WIDGET (row), GTK_WIDGET (row->texts[column]));
  row->images[column] = image;
}

static void
show_text (MmFleetRow *row, MmFleetColumn column, const MmFleetRecord *record)
{
  GtkLabel *label = row->texts[column];
  g_autofree char *text = mm_fleet_cell_text (column, record);
  gboolean is_old = mm_fleet_cell_is_old (column, record);

  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    {
      gtk_label_set_text (label, text);
      if (is_figure (column))
        dress_unit (label, text);
      /* The sign beside it moves, too. */
      if (row->images[column] != NULL)
        gtk_widget_queue_allocate (GTK_WIDGET (row));
    }
  show_old (row, column, is_old);
  set_class (GTK_WIDGET (label), "dim-label", is_old || record->status == MM_STATUS_OFFLINE);
}

void
mm_fleet_row_refresh (MmFleetRow *row)
{
  const MmFleetRecord *record = row->item != NULL ? mm_fleet_item_peek (row->item) : NULL;

  row->is_late = FALSE;
  for (int i = 0; record != NULL && i < MM_N_FLEET_COLUMNS; i++)
    if (row->texts[i] == NULL)
      continue;
    else if (i == MM_FLEET_COLUMN_STATUS)
      show_status (row, record);
    else
      show_text (row, (MmFleetColumn) i, record);
}

static void
on_changed (MmFleetRow *row)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (row)))
    {
      row->is_late = TRUE;
      return;
    }
  mm_fleet_row_refresh (row);
  mm_fleet_cell_flash (gtk_widget_get_parent (GTK_WIDGET (row)));
}

void
mm_fleet_row_set_item (MmFleetRow *row, MmFleetItem *item)
{
  if (row->item != NULL)
    g_clear_signal_handler (&row->changed, row->item);
  g_set_object (&row->item, item);
  if (item == NULL)
    return;
  row->changed = g_signal_connect_swapped (item, "changed", G_CALLBACK (on_changed), row);
  mm_fleet_row_refresh (row);
}

static void
mm_fleet_row_map (GtkWidget *widget)
{
  MmFleetRow *row = MM_FLEET_ROW (widget);

  if (row->is_late)
    mm_fleet_row_refresh (row);
  GTK_WIDGET_CLASS (mm_fleet_row_parent_class)->map (widget);
}

static gboolean
mm_fleet_row_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  MmFleetRow *row = MM_FLEET_ROW (widget);
  const MmFleetRecord *record = row->item != NULL ? mm_fleet_item_peek (row->item) : NULL;
  guint n;
  const MmFleetSpan *spans = mm_fleet_header_get_spans (row->header, &n);

  for (guint i = 0; record != NULL && !keyboard && i < n; i++)
    if (x >= spans[i].x && x < spans[i].x + spans[i].width)
      {
        g_autofree char *tip = mm_fleet_cell_tip (spans[i].column, record);

        gtk_tooltip_set_text (tooltip, tip);
        return tip != NULL;
      }
  return FALSE;
}

/* The columns */

static void
clear_columns (MmFleetRow *row)
{
  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    {
      if (row->images[i] != NULL)
        gtk_widget_unparent (GTK_WIDGET (row->images[i]));
      if (row->texts[i] != NULL)
        gtk_widget_unparent (GTK_WIDGET (row->texts[i]));
      row->images[i] = NULL;
      row->texts[i] = NULL;
    }
}

static void
make_column (MmFleetRow *row, MmFleetColumn column)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  if (column == MM_FLEET_COLUMN_STATUS)
    {
      row->images[column] = GTK_IMAGE (gtk_image_new ());
      gtk_widget_set_parent (GTK_WIDGET (row->images[column]), GTK_WIDGET (row));
    }
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (label, is_figure (column) || column == MM_FLEET_COLUMN_ALERTS ? 1 : 0);
  if (is_figure (column) || column == MM_FLEET_COLUMN_ALERTS
      || column == MM_FLEET_COLUMN_LAST_CONTACT)
    gtk_widget_add_css_class (GTK_WIDGET (label), "mm-figure");
  gtk_widget_set_parent (GTK_WIDGET (label), GTK_WIDGET (row));
  row->texts[column] = label;
}

static gboolean
has_same_columns (MmFleetRow *row, const MmFleetSpan *spans, guint n)
{
  GtkWidget *text = gtk_widget_get_first_child (GTK_WIDGET (row));

  for (guint i = 0; i < n; i++)
    {
      while (text != NULL && !GTK_IS_LABEL (text))
        text = gtk_widget_get_next_sibling (text);
      if (text == NULL || text != GTK_WIDGET (row->texts[spans[i].column]))
        return FALSE;
      text = gtk_widget_get_next_sibling (text);
    }
  return text == NULL;
}

static void
on_columns_changed (MmFleetRow *row)
{
  guint n;
  const MmFleetSpan *spans = mm_fleet_header_get_spans (row->header, &n);

  gtk_widget_queue_resize (GTK_WIDGET (row));
  if (has_same_columns (row, spans, n))
    return;
  clear_columns (row);
  for (guint i = 0; i < n; i++)
    make_column (row, spans[i].column);
  mm_fleet_row_refresh (row);
}

/* Layout */

static void
on_moved (MmFleetRow *row)
{
  int width;

  gtk_widget_measure (GTK_WIDGET (row), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  if (width != mm_fleet_header_get_width (row->header))
    gtk_widget_queue_resize (GTK_WIDGET (row));
  gtk_widget_queue_allocate (GTK_WIDGET (row));
}

static void
mm_fleet_row_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  MmFleetRow *row = MM_FLEET_ROW (widget);

  *minimum = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = mm_fleet_header_get_width (row->header);
  for (guint i = 0; orientation == GTK_ORIENTATION_VERTICAL && i < MM_N_FLEET_COLUMNS; i++)
    {
      int tall = 0;

      if (row->texts[i] != NULL)
        gtk_widget_measure (GTK_WIDGET (row->texts[i]), orientation, -1, &tall, NULL, NULL, NULL);
      *minimum = MAX (*minimum, tall);
    }
  *natural = *minimum;
}

static void
place (GtkWidget *widget, int x, int width, int height)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  gtk_widget_size_allocate (widget, &(GtkAllocation){ x, 0, MAX (width, minimum), height }, -1);
}

/* How wide the text of a column is in itself. */
static int
text_width (MmFleetRow *row, MmFleetColumn column)
{
  g_autoptr (PangoLayout) layout
      = gtk_widget_create_pango_layout (GTK_WIDGET (row->texts[column]),
                                        gtk_label_get_text (row->texts[column]));
  int width;

  pango_layout_set_attributes (layout, gtk_label_get_attributes (row->texts[column]));
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static void
mm_fleet_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MmFleetRow *row = MM_FLEET_ROW (widget);
  guint n;
  const MmFleetSpan *spans = mm_fleet_header_get_spans (row->header, &n);

  for (guint i = 0; i < n; i++)
    {
      MmFleetColumn column = spans[i].column;
      int begin = spans[i].x + (i == 0 ? MM_FLEET_OUTER_PADDING : MM_FLEET_PADDING);
      int end
          = spans[i].x + spans[i].width - (i + 1 == n ? MM_FLEET_OUTER_PADDING : MM_FLEET_PADDING);

      if (column == MM_FLEET_COLUMN_STATUS)
        {
          place (GTK_WIDGET (row->images[column]), begin, MM_FLEET_ICON, height);
          begin += MM_FLEET_ICON + MM_FLEET_ICON_SPACE;
        }
      else if (row->images[column] != NULL
               && gtk_widget_get_visible (GTK_WIDGET (row->images[column])))
        place (GTK_WIDGET (row->images[column]),
               MAX (begin,
                    end - text_width (row, column) - MM_FLEET_ICON - MM_FLEET_ICON_SPACE / 2),
               MM_FLEET_ICON, height);
      place (GTK_WIDGET (row->texts[column]), begin, MAX (end - begin, 0), height);
    }
}

/* The object */

static void
mm_fleet_row_dispose (GObject *object)
{
  MmFleetRow *row = MM_FLEET_ROW (object);

  mm_fleet_row_set_item (row, NULL);
  clear_columns (row);
  g_clear_object (&row->header);
  G_OBJECT_CLASS (mm_fleet_row_parent_class)->dispose (object);
}

static void
mm_fleet_row_class_init (MmFleetRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_fleet_row_dispose;
  widget_class->map = mm_fleet_row_map;
  widget_class->measure = mm_fleet_row_measure;
  widget_class->size_allocate = mm_fleet_row_size_allocate;
  widget_class->query_tooltip = mm_fleet_row_query_tooltip;
}

static void
mm_fleet_row_init (MmFleetRow *row)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (row), TRUE);
}

GtkWidget *
mm_fleet_row_new (MmFleetHeader *header)
{
  MmFleetRow *row = g_object_new (MM_TYPE_FLEET_ROW, NULL);

  row->header = g_object_ref (header);
  g_signal_connect_object (header, "columns-changed", G_CALLBACK (on_columns_changed), row,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (header, "moved", G_CALLBACK (on_moved), row, G_CONNECT_SWAPPED);
  on_columns_changed (row);
  return GTK_WIDGET (row);
}

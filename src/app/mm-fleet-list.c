#include "mm-fleet-list.h"

#include "mm-fleet-cell.h"
#include "mm-fleet-line.h"
#include "mm-status-look.h"

#define BUSY_FOR 10 /* seconds after the last key, scroll or move of the pointer */

/* px; see style.css */
#define PADDING 12       /* of a cell, both sides together */
#define OUTER_PADDING 24 /* the same of the first and the last of a row */
#define ARROW 18         /* that shows the order, beside a title */
#define ICON 22          /* of a status, and the room after it */

struct _MmFleetList
{
  AdwBin parent;

  AdwSqueezer *squeezer;
  GtkScrolledWindow *wide;
  GtkScrolledWindow *narrow;
  GtkColumnView *table;
  GtkListView *lines;

  MmFleetModel *model;
  GSettings *settings;
  GtkSingleSelection *selection;
  GtkColumnViewColumn *columns[MM_N_FLEET_COLUMNS];
  int widths[MM_N_FLEET_COLUMNS]; /* px, at first; 0: as wide as there is room */
  GPtrArray *bound;               /* cells and lines that show a gateway */
  int probed;                     /* the column whose sorter was asked first; -1: none */
  gboolean quiet;                 /* the columns or the order change by us */
  guint clock;
  guint busy;
  double pointer_x, pointer_y;
};

G_DEFINE_FINAL_TYPE (MmFleetList, mm_fleet_list, ADW_TYPE_BIN)

/* Columns whose texts change while one looks keep their width: that of the longest text (or of the
 * title) in this language and font. The others grow. */
static const char *const longest[MM_N_FLEET_COLUMNS] = {
  [MM_FLEET_COLUMN_STATUS] = "",          [MM_FLEET_COLUMN_ID] = "GW-00A31F",
  [MM_FLEET_COLUMN_MODEL] = "MM-1000-00", [MM_FLEET_COLUMN_LAST_CONTACT] = "2026-12-30",
  [MM_FLEET_COLUMN_POWER] = "888.88 kW",  [MM_FLEET_COLUMN_TODAY] = "888.88 kWh",
  [MM_FLEET_COLUMN_SOC] = "100 %",        [MM_FLEET_COLUMN_ALERTS] = "99",
};

/* Being busy with the list */

static gboolean
is_scrolled (MmFleetList *list)
{
  GtkWidget *shown = adw_squeezer_get_visible_child (list->squeezer);

  return shown != NULL
         && gtk_adjustment_get_value (
                gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (shown)))
                > 0;
}

static gboolean
on_idle (gpointer user_data)
{
  MmFleetList *list = user_data;

  /* Who has scrolled somewhere is reading there. */
  if (is_scrolled (list))
    return G_SOURCE_CONTINUE;
  list->busy = 0;
  mm_fleet_list_settle (list);
  mm_fleet_model_hold (list->model, FALSE);
  return G_SOURCE_REMOVE;
}

static void
note_busy (MmFleetList *list)
{
  if (list->model == NULL)
    return;
  mm_fleet_model_hold (list->model, TRUE);
  g_clear_handle_id (&list->busy, g_source_remove);
  list->busy = g_timeout_add_seconds (BUSY_FOR, on_idle, list);
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, gpointer user_data)
{
  MmFleetList *list = user_data;
  gboolean moved = list->pointer_x >= 0 && (x != list->pointer_x || y != list->pointer_y);

  /* The pointer also "enters" when the list comes under it. */
  list->pointer_x = x;
  list->pointer_y = y;
  if (moved)
    note_busy (list);
}

static void
on_leave (GtkEventControllerMotion *controller, gpointer user_data)
{
  MM_FLEET_LIST (user_data)->pointer_x = -1;
}

static gboolean
on_key (GtkEventControllerKey *controller,
        guint key,
        guint code,
        GdkModifierType modifiers,
        gpointer user_data)
{
  note_busy (user_data);
  return GDK_EVENT_PROPAGATE;
}

static void
on_scrolled (MmFleetList *list, GtkAdjustment *adjustment)
{
  if (gtk_adjustment_get_value (adjustment) > 0)
    note_busy (list);
}

/* Rows */

static void
on_activate (GtkWidget *view, guint position, gpointer user_data)
{
  MmFleetList *list = user_data;
  g_autoptr (MmFleetItem) item = g_list_model_get_item (G_LIST_MODEL (list->selection), position);

  if (item != NULL)
    gtk_widget_activate_action (GTK_WIDGET (list), "main.open-gateway", "s",
                                mm_fleet_item_get_id (item));
}

void
mm_fleet_list_unselect (MmFleetList *list)
{
  gtk_single_selection_set_selected (list->selection, GTK_INVALID_LIST_POSITION);
}

void
mm_fleet_list_settle (MmFleetList *list)
{
  MmFleetItem *item = gtk_single_selection_get_selected_item (list->selection);
  g_autofree char *id = item != NULL ? g_strdup (mm_fleet_item_get_id (item)) : NULL;
  guint position;

  /* A selected row would be looked for among all rows, one object each. */
  mm_fleet_list_unselect (list);
  mm_fleet_model_settle (list->model);
  if (id != NULL && mm_fleet_model_find (list->model, id, &position))
    gtk_single_selection_set_selected (list->selection, position);
}

static void
setup_cell (GtkSignalListItemFactory *factory, GtkListItem *row, gpointer user_data)
{
  MmFleetColumn column
      = (MmFleetColumn) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (factory), "column"));

  gtk_list_item_set_child (row, mm_fleet_cell_new (column));
}

static void
bind_cell (GtkSignalListItemFactory *factory, GtkListItem *row, gpointer user_data)
{
  MmFleetList *list = user_data;
  GtkWidget *cell = gtk_list_item_get_child (row);

  mm_fleet_cell_set_item (MM_FLEET_CELL (cell), gtk_list_item_get_item (row));
  g_ptr_array_add (list->bound, cell);
}

static void
unbind_cell (GtkSignalListItemFactory *factory, GtkListItem *row, gpointer user_data)
{
  MmFleetList *list = user_data;
  GtkWidget *cell = gtk_list_item_get_child (row);

  mm_fleet_cell_set_item (MM_FLEET_CELL (cell), NULL);
  g_ptr_array_remove_fast (list->bound, cell);
}

static void
setup_line (GtkSignalListItemFactory *factory, GtkListItem *row, gpointer user_data)
{
  gtk_list_item_set_child (row, mm_fleet_line_new ());
}

static void
bind_line (GtkSignalListItemFactory *factory, GtkListItem *row, gpointer user_data)
{
  MmFleetList *list = user_data;
  GtkWidget *line = gtk_list_item_get_child (row);

  mm_fleet_line_set_item (MM_FLEET_LINE (line), gtk_list_item_get_item (row));
  g_ptr_array_add (list->bound, line);
}

static void
unbind_line (GtkSignalListItemFactory *factory, GtkListItem *row, gpointer user_data)
{
  MmFleetList *list = user_data;
  GtkWidget *line = gtk_list_item_get_child (row);

  mm_fleet_line_set_item (MM_FLEET_LINE (line), NULL);
  g_ptr_array_remove_fast (list->bound, line);
}

static gboolean
on_clock (gpointer user_data)
{
  MmFleetList *list = user_data;

  for (guint i = 0; i < list->bound->len; i++)
    if (MM_IS_FLEET_CELL (list->bound->pdata[i]))
      mm_fleet_cell_refresh (list->bound->pdata[i]);
    else
      mm_fleet_line_refresh (list->bound->pdata[i]);
  return G_SOURCE_CONTINUE;
}

/* Columns and the order */

/* GTK 4.8 does not tell which column was clicked. Each column has a sorter that only notes that it
 * was asked; the table's own asks the one that counts first, and turns its answer round when
 * descending. */
static int
probe (gconstpointer a, gconstpointer b, gpointer user_data)
{
  GtkColumnViewColumn *column = user_data;
  MmFleetList *list = g_object_get_data (G_OBJECT (column), "list");

  for (int i = 0; i < MM_N_FLEET_COLUMNS; i++)
    if (list->columns[i] == column && list->probed < 0)
      list->probed = i;
  return -1;
}

/* Gives the title that shows the order room for its arrow. Widths that somebody chose stay. */
static void
make_room_for_arrow (MmFleetList *list)
{
  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    {
      gboolean has_arrow = i == mm_fleet_model_get_column (list->model);
      int now = gtk_column_view_column_get_fixed_width (list->columns[i]);

      if (now > 0 && (now == list->widths[i] || now == list->widths[i] + ARROW))
        gtk_column_view_column_set_fixed_width (list->columns[i],
                                                list->widths[i] + (has_arrow ? ARROW : 0));
    }
}

static void
on_order_clicked (MmFleetList *list)
{
  GtkOrdering ordering;

  if (list->quiet)
    return;
  list->probed = -1;
  ordering = gtk_sorter_compare (gtk_column_view_get_sorter (list->table), list, list->model);
  if (list->probed < 0)
    return;
  mm_fleet_list_unselect (list);
  mm_fleet_model_set_order (list->model, (MmFleetColumn) list->probed,
                            ordering == GTK_ORDERING_LARGER);
  g_settings_set (list->settings, "fleet-order", "(sb)",
                  mm_fleet_column_name ((MmFleetColumn) list->probed),
                  ordering == GTK_ORDERING_LARGER);
  make_room_for_arrow (list);
}

void
mm_fleet_list_show_order (MmFleetList *list)
{
  MmFleetColumn column = mm_fleet_model_get_column (list->model);

  list->quiet = TRUE;
  gtk_column_view_sort_by_column (list->table, NULL, GTK_SORT_ASCENDING);
  gtk_column_view_sort_by_column (list->table, list->columns[column],
                                  mm_fleet_model_get_descending (list->model) ? GTK_SORT_DESCENDING
                                                                              : GTK_SORT_ASCENDING);
  list->quiet = FALSE;
  make_room_for_arrow (list);
}

static int
text_width (MmFleetList *list, const char *text, PangoWeight weight)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (list), text);
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
column_width (MmFleetList *list, MmFleetColumn column)
{
  gboolean is_outer = column == MM_FLEET_COLUMN_STATUS || column == MM_FLEET_COLUMN_ALERTS;
  int width = MAX (text_width (list, mm_fleet_cell_title (column), PANGO_WEIGHT_BOLD),
                   text_width (list, longest[column], PANGO_WEIGHT_NORMAL));

  for (guint i = 0; column == MM_FLEET_COLUMN_STATUS && i < MM_N_STATUSES; i++)
    width = MAX (width,
                 ICON + text_width (list, mm_status_look_word ((MmStatus) i), PANGO_WEIGHT_NORMAL));
  return width + (is_outer ? OUTER_PADDING : PADDING);
}

static void
make_columns (MmFleetList *list)
{
  for (int i = 0; i < MM_N_FLEET_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      GtkColumnViewColumn *column;
      g_autoptr (GtkSorter) sorter = NULL;

      g_object_set_data (G_OBJECT (factory), "column", GINT_TO_POINTER (i));
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cell), list);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), list);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell), list);
      column = gtk_column_view_column_new (mm_fleet_cell_title ((MmFleetColumn) i), factory);
      g_object_set_data (G_OBJECT (column), "list", list);
      sorter = GTK_SORTER (gtk_custom_sorter_new (probe, column, NULL));
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_column_set_resizable (column, TRUE);
      if (longest[i] != NULL)
        list->widths[i] = column_width (list, (MmFleetColumn) i);
      gtk_column_view_column_set_fixed_width (column, longest[i] != NULL ? list->widths[i] : -1);
      gtk_column_view_column_set_expand (column, longest[i] == NULL);
      list->columns[i] = column;
    }
}

static const char *
name_of (MmFleetList *list, GtkColumnViewColumn *column)
{
  for (int i = 0; i < MM_N_FLEET_COLUMNS; i++)
    if (list->columns[i] == column)
      return mm_fleet_column_name ((MmFleetColumn) i);
  g_return_val_if_reached ("");
}

char **
mm_fleet_list_dup_columns (MmFleetList *list)
{
  GListModel *shown = gtk_column_view_get_columns (list->table);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (shown); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (shown, i);

      g_strv_builder_add (names, name_of (list, column));
    }
  return g_strv_builder_end (names);
}

static gboolean
is_shown (MmFleetList *list, GtkColumnViewColumn *column)
{
  return gtk_column_view_column_get_column_view (column) == list->table;
}

static void
on_columns_changed (MmFleetList *list)
{
  g_auto (GStrv) names = NULL;

  if (list->quiet)
    return;
  names = mm_fleet_list_dup_columns (list);
  g_settings_set_strv (list->settings, "fleet-columns", (const char *const *) names);
}

void
mm_fleet_list_set_columns (MmFleetList *list, const char *const *names)
{
  guint n = 0;

  list->quiet = TRUE;
  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    if (is_shown (list, list->columns[i]) && !g_strv_contains (names, mm_fleet_column_name (i)))
      gtk_column_view_remove_column (list->table, list->columns[i]);
  for (guint i = 0; names[i] != NULL; i++)
    {
      MmFleetColumn column;

      if (!mm_fleet_column_from_name (names[i], &column))
        continue;
      gtk_column_view_insert_column (list->table, n++, list->columns[column]);
    }
  if (n == 0)
    gtk_column_view_append_column (list->table, list->columns[MM_FLEET_COLUMN_ID]);
  list->quiet = FALSE;
  on_columns_changed (list);
}

/* The object */

static void
watch (MmFleetList *list, GtkScrolledWindow *scrolled)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), list);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), list);
  gtk_widget_add_controller (GTK_WIDGET (scrolled), motion);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), list);
  gtk_widget_add_controller (GTK_WIDGET (scrolled), keys);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (scrolled), "value-changed",
                           G_CALLBACK (on_scrolled), list, G_CONNECT_SWAPPED);
}

static void
mm_fleet_list_map (GtkWidget *widget)
{
  MmFleetList *list = MM_FLEET_LIST (widget);

  GTK_WIDGET_CLASS (mm_fleet_list_parent_class)->map (widget);
  if (list->clock == 0)
    list->clock = g_timeout_add_seconds (1, on_clock, list);
}

static void
mm_fleet_list_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&MM_FLEET_LIST (widget)->clock, g_source_remove);
  GTK_WIDGET_CLASS (mm_fleet_list_parent_class)->unmap (widget);
}

static void
mm_fleet_list_dispose (GObject *object)
{
  MmFleetList *list = MM_FLEET_LIST (object);

  g_clear_handle_id (&list->clock, g_source_remove);
  g_clear_handle_id (&list->busy, g_source_remove);
  G_OBJECT_CLASS (mm_fleet_list_parent_class)->dispose (object);
}

static void
mm_fleet_list_finalize (GObject *object)
{
  MmFleetList *list = MM_FLEET_LIST (object);

  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    g_clear_object (&list->columns[i]);
  g_clear_object (&list->selection);
  g_clear_object (&list->model);
  g_clear_object (&list->settings);
  g_ptr_array_unref (list->bound);
  G_OBJECT_CLASS (mm_fleet_list_parent_class)->finalize (object);
}

static void
mm_fleet_list_class_init (MmFleetListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_fleet_list_dispose;
  object_class->finalize = mm_fleet_list_finalize;
  widget_class->map = mm_fleet_list_map;
  widget_class->unmap = mm_fleet_list_unmap;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-fleet-list.ui");
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, squeezer);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, wide);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, narrow);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, table);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, lines);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
mm_fleet_list_init (MmFleetList *list)
{
  list->bound = g_ptr_array_new ();
  list->pointer_x = -1;
  gtk_widget_init_template (GTK_WIDGET (list));
  watch (list, list->wide);
  watch (list, list->narrow);
}

void
mm_fleet_list_begin (MmFleetList *list, MmFleetModel *model, GSettings *settings)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_auto (GStrv) names = g_settings_get_strv (settings, "fleet-columns");

  list->model = g_object_ref (model);
  list->settings = g_object_ref (settings);
  list->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (model)));
  gtk_single_selection_set_autoselect (list->selection, FALSE);
  gtk_single_selection_set_can_unselect (list->selection, TRUE);
  mm_fleet_list_unselect (list);
  make_columns (list);
  mm_fleet_list_set_columns (list, (const char *const *) names);
  gtk_column_view_set_model (list->table, GTK_SELECTION_MODEL (list->selection));
  mm_fleet_list_show_order (list);
  g_signal_connect_object (gtk_column_view_get_sorter (list->table), "changed",
                           G_CALLBACK (on_order_clicked), list, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_column_view_get_columns (list->table), "items-changed",
                           G_CALLBACK (on_columns_changed), list, G_CONNECT_SWAPPED);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_line), list);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_line), list);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_line), list);
  gtk_list_view_set_factory (list->lines, factory);
  g_object_unref (factory);
  gtk_list_view_set_model (list->lines, GTK_SELECTION_MODEL (list->selection));
}

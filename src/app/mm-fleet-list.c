#include "mm-fleet-list.h"

#include "mm-first-row.h"
#include "mm-fleet-header.h"
#include "mm-fleet-line.h"
#include "mm-fleet-row.h"

#define BUSY_FOR 10 /* seconds after the last key, scroll or move of the pointer */

/* GTK's grid keeps so many rows for each column that it may have, and shows no more at a time. */
#define ROWS_KEPT 30
#define ROW_HEIGHT 44 /* px, the lowest; see style.css */

struct _MmFleetList
{
  AdwBin parent;

  AdwSqueezer *squeezer;
  GtkWidget *wide;
  MmFleetHeader *header;
  GtkScrolledWindow *wide_scrolled;
  GtkScrolledWindow *narrow;
  GtkGridView *rows;
  GtkGridView *lines;

  MmFleetModel *model;
  GSettings *settings;
  GtkSingleSelection *selection;
  char *selected;    /* the ID of its gateway; NULL: none */
  gboolean changing; /* the rows are becoming others */
  gboolean focused;  /* and one of them had the focus */
  GPtrArray *bound;  /* rows and lines that show a gateway */
  guint view;        /* the source that gives the rows to what is visible */
  guint clock;
  guint busy;
  double pointer_x, pointer_y;
};

G_DEFINE_FINAL_TYPE (MmFleetList, mm_fleet_list, ADW_TYPE_BIN)

/* Being busy with the list */

static gboolean
is_wide (MmFleetList *list)
{
  return adw_squeezer_get_visible_child (list->squeezer) == list->wide;
}

static GtkWidget *
shown_view (MmFleetList *list)
{
  return GTK_WIDGET (is_wide (list) ? list->rows : list->lines);
}

static gboolean
is_scrolled (MmFleetList *list)
{
  return gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (
             is_wide (list) ? list->wide_scrolled : list->narrow))
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
  g_autofree char *id = g_strdup (list->selected);
  guint position;

  /* A selected row would be looked for among all rows, one object each. */
  mm_fleet_list_unselect (list);
  mm_fleet_model_settle (list->model);
  if (id != NULL && mm_fleet_model_find (list->model, id, &position))
    gtk_single_selection_set_selected (list->selection, position);
}

/* A row that moves goes and comes again. So that nobody notices, the selection and the focus stay
 * in it, and who sees the first row sees the one that is the first now. */

static void
on_selected (MmFleetList *list)
{
  MmFleetItem *item = gtk_single_selection_get_selected_item (list->selection);

  if (item == NULL && list->changing)
    return;
  g_free (list->selected);
  list->selected = item != NULL ? g_strdup (mm_fleet_item_get_id (item)) : NULL;
}

static void
before_change (MmFleetList *list)
{
  list->changing = TRUE;
  list->focused = gtk_widget_get_focus_child (shown_view (list)) != NULL;
}

static void
after_change (MmFleetList *list)
{
  GtkWidget *view = shown_view (list);
  guint position;

  if (list->selected != NULL
      && gtk_single_selection_get_selected (list->selection) == GTK_INVALID_LIST_POSITION
      && mm_fleet_model_find (list->model, list->selected, &position))
    gtk_single_selection_set_selected (list->selection, position);
  mm_first_row_keep (view);
  if (list->focused && gtk_widget_get_focus_child (view) == NULL)
    gtk_widget_grab_focus (view);
  list->changing = FALSE;
}

static void
setup_row (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item, mm_fleet_row_new (MM_FLEET_LIST (user_data)->header));
}

static void
bind_row (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  mm_fleet_row_set_item (MM_FLEET_ROW (row), gtk_list_item_get_item (item));
  g_ptr_array_add (MM_FLEET_LIST (user_data)->bound, row);
}

static void
unbind_row (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  mm_fleet_row_set_item (MM_FLEET_ROW (row), NULL);
  g_ptr_array_remove_fast (MM_FLEET_LIST (user_data)->bound, row);
}

static void
setup_line (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item, mm_fleet_line_new ());
}

static void
bind_line (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *line = gtk_list_item_get_child (item);

  mm_fleet_line_set_item (MM_FLEET_LINE (line), gtk_list_item_get_item (item));
  g_ptr_array_add (MM_FLEET_LIST (user_data)->bound, line);
}

static void
unbind_line (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *line = gtk_list_item_get_child (item);

  mm_fleet_line_set_item (MM_FLEET_LINE (line), NULL);
  g_ptr_array_remove_fast (MM_FLEET_LIST (user_data)->bound, line);
}

static gboolean
on_clock (gpointer user_data)
{
  MmFleetList *list = user_data;

  for (guint i = 0; i < list->bound->len; i++)
    if (MM_IS_FLEET_ROW (list->bound->pdata[i]))
      mm_fleet_row_refresh (list->bound->pdata[i]);
    else
      mm_fleet_line_refresh (list->bound->pdata[i]);
  return G_SOURCE_CONTINUE;
}

/* Columns and the order */

static void
on_order_chosen (MmFleetList *list, int column, gboolean descending)
{
  mm_fleet_list_unselect (list);
  mm_fleet_model_set_order (list->model, (MmFleetColumn) column, descending);
  g_settings_set (list->settings, "fleet-order", "(sb)",
                  mm_fleet_column_name ((MmFleetColumn) column), descending);
}

char **
mm_fleet_list_dup_columns (MmFleetList *list)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  guint n;
  const MmFleetSpan *spans = mm_fleet_header_get_spans (list->header, &n);

  for (guint i = 0; i < n; i++)
    g_strv_builder_add (names, mm_fleet_column_name (spans[i].column));
  return g_strv_builder_end (names);
}

static void
on_columns_changed (MmFleetList *list)
{
  g_auto (GStrv) names = mm_fleet_list_dup_columns (list);
  g_auto (GStrv) kept = g_settings_get_strv (list->settings, "fleet-columns");

  /* Their widths change with every step of the pointer, and are not kept. */
  if (!g_strv_equal ((const char *const *) names, (const char *const *) kept))
    g_settings_set_strv (list->settings, "fleet-columns", (const char *const *) names);
}

void
mm_fleet_list_set_columns (MmFleetList *list, const char *const *names)
{
  mm_fleet_header_set_columns (list->header, names);
}

/* What is visible */

/* So that @view is filled whatever its height. A second column never finds room, as rows are wider
 * than half of it. */
static void
keep_enough (GtkGridView *view, GtkScrolledWindow *scrolled)
{
  double tall = gtk_adjustment_get_page_size (gtk_scrolled_window_get_vadjustment (scrolled));

  gtk_grid_view_set_max_columns (view, 1 + (guint) tall / ((ROWS_KEPT - 2) * ROW_HEIGHT));
}

/* The view that is not visible has no rows, which would be built and kept for nothing. */
static gboolean
show_view (gpointer user_data)
{
  MmFleetList *list = user_data;
  GtkSelectionModel *model = GTK_SELECTION_MODEL (list->selection);
  gboolean wide = is_wide (list);

  list->view = 0;
  if (gtk_widget_get_mapped (GTK_WIDGET (list)))
    {
      keep_enough (list->rows, list->wide_scrolled);
      keep_enough (list->lines, list->narrow);
      gtk_grid_view_set_model (list->rows, wide ? model : NULL);
      gtk_grid_view_set_model (list->lines, wide ? NULL : model);
    }
  return G_SOURCE_REMOVE;
}

static void
queue_view (MmFleetList *list)
{
  if (list->view == 0)
    list->view = g_idle_add (show_view, list);
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
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (scrolled), "notify::page-size",
                           G_CALLBACK (queue_view), list, G_CONNECT_SWAPPED);
}

static void
mm_fleet_list_map (GtkWidget *widget)
{
  MmFleetList *list = MM_FLEET_LIST (widget);

  GTK_WIDGET_CLASS (mm_fleet_list_parent_class)->map (widget);
  if (list->clock == 0)
    list->clock = g_timeout_add_seconds (1, on_clock, list);
  queue_view (list);
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
  g_clear_handle_id (&list->view, g_source_remove);
  G_OBJECT_CLASS (mm_fleet_list_parent_class)->dispose (object);
}

static void
mm_fleet_list_finalize (GObject *object)
{
  MmFleetList *list = MM_FLEET_LIST (object);

  g_free (list->selected);
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
  g_type_ensure (MM_TYPE_FLEET_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-fleet-list.ui");
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, squeezer);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, wide);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, header);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, wide_scrolled);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, rows);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, narrow);
  gtk_widget_class_bind_template_child (widget_class, MmFleetList, lines);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, queue_view);
}

static void
mm_fleet_list_init (MmFleetList *list)
{
  list->bound = g_ptr_array_new ();
  list->pointer_x = -1;
  gtk_widget_init_template (GTK_WIDGET (list));
  watch (list, list->wide_scrolled);
  watch (list, list->narrow);
  mm_fleet_header_follow (list->header, gtk_scrolled_window_get_hadjustment (list->wide_scrolled));
}

void
mm_fleet_list_begin (MmFleetList *list, MmFleetModel *model, GSettings *settings)
{
  GtkListItemFactory *rows = gtk_signal_list_item_factory_new ();
  GtkListItemFactory *lines = gtk_signal_list_item_factory_new ();
  g_auto (GStrv) names = g_settings_get_strv (settings, "fleet-columns");

  list->model = g_object_ref (model);
  list->settings = g_object_ref (settings);
  /* Before and after the selection and the views hear of it. */
  g_signal_connect_object (model, "items-changed", G_CALLBACK (before_change), list,
                           G_CONNECT_SWAPPED);
  list->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (model)));
  g_signal_connect_object (model, "items-changed", G_CALLBACK (after_change), list,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (list->selection, "notify::selected-item", G_CALLBACK (on_selected), list,
                           G_CONNECT_SWAPPED);
  gtk_single_selection_set_autoselect (list->selection, FALSE);
  gtk_single_selection_set_can_unselect (list->selection, TRUE);
  mm_fleet_list_unselect (list);
  mm_fleet_list_set_columns (list, (const char *const *) names);
  mm_fleet_header_set_order (list->header, mm_fleet_model_get_column (model),
                             mm_fleet_model_get_descending (model));
  g_signal_connect_object (list->header, "columns-changed", G_CALLBACK (on_columns_changed), list,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (list->header, "order-chosen", G_CALLBACK (on_order_chosen), list,
                           G_CONNECT_SWAPPED);
  g_signal_connect (rows, "setup", G_CALLBACK (setup_row), list);
  g_signal_connect (rows, "bind", G_CALLBACK (bind_row), list);
  g_signal_connect (rows, "unbind", G_CALLBACK (unbind_row), list);
  gtk_grid_view_set_factory (list->rows, rows);
  g_object_unref (rows);
  g_signal_connect (lines, "setup", G_CALLBACK (setup_line), list);
  g_signal_connect (lines, "bind", G_CALLBACK (bind_line), list);
  g_signal_connect (lines, "unbind", G_CALLBACK (unbind_line), list);
  gtk_grid_view_set_factory (list->lines, lines);
  g_object_unref (lines);
}

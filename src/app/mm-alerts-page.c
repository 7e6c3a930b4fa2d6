#include "mm-alerts-page.h"

#include "mm-acknowledge.h"
#include "mm-alert-row.h"
#include "mm-first-row.h"
#include "mm-gettext.h"
#include "mm-json.h"

#define TICKS_EVERY 20 /* seconds; spans of hours are told by the minute */

struct _MmAlertsPage
{
  MmPane parent;

  GtkToggleButton *selecting;
  GtkToggleButton *view_open;
  GtkToggleButton *view_known;
  GtkToggleButton *view_past;
  GtkSearchEntry *search;
  GtkDropDown *kinds;
  GtkStack *stack;
  GtkGridView *list;
  AdwStatusPage *none;
  GtkButton *show_all;
  GtkButton *earlier;
  GtkActionBar *bar;
  GtkLabel *n_selected;
  GtkButton *acknowledge;

  MmApi *api;
  MmLiveFeed *feed;
  MmAlertList *open;
  MmAlertList *past; /* NULL until it is looked at */
  GtkFilter *filter;
  GtkFilterListModel *shown;
  GtkSelectionModel *selection;
  GHashTable *rows; /* MmAlertRow that are bound */
  gboolean narrow;
  guint ticking;
};

G_DEFINE_FINAL_TYPE (MmAlertsPage, mm_alerts_page, MM_TYPE_PANE)

static gboolean
is_past (MmAlertsPage *page)
{
  return gtk_toggle_button_get_active (page->view_past);
}

static MmAlertList *
chosen_list (MmAlertsPage *page)
{
  return is_past (page) ? page->past : page->open;
}

static gboolean
is_selecting (MmAlertsPage *page)
{
  return gtk_toggle_button_get_active (page->selecting);
}

static gboolean
is_filtered (MmAlertsPage *page)
{
  return *gtk_editable_get_text (GTK_EDITABLE (page->search)) != '\0'
         || gtk_drop_down_get_selected (page->kinds) != MM_ALERT_KINDS_ALL;
}

static gboolean
passes (gpointer item, gpointer user_data)
{
  MmAlertsPage *page = user_data;

  if (!is_past (page)
      && mm_alert_item_is_acknowledged (item) != gtk_toggle_button_get_active (page->view_known))
    return FALSE;
  return mm_alert_item_matches (item, (MmAlertKinds) gtk_drop_down_get_selected (page->kinds),
                                gtk_editable_get_text (GTK_EDITABLE (page->search)));
}

/* What is shown */

static void
show_none (MmAlertsPage *page)
{
  const char *icon = "mm-normal-symbolic";
  const char *title;
  g_autofree char *text = NULL;
  guint known = g_list_model_get_n_items (G_LIST_MODEL (page->open))
                - mm_alert_list_count_unknown (page->open);

  gtk_widget_set_visible (GTK_WIDGET (page->show_all), is_filtered (page));
  if (is_filtered (page))
    {
      icon = "edit-find-symbolic";
      title = _ ("No alert matches");
      text = g_strdup (_ ("Other alerts are hidden by the search or the kind."));
    }
  else if (is_past (page))
    {
      title = _ ("No alert has recovered yet");
      text = g_strdup (_ ("Alerts that are over stay here, with when they began and ended."));
    }
  else if (gtk_toggle_button_get_active (page->view_known))
    {
      title = _ ("No acknowledged alert");
      text = g_strdup (_ ("Alerts that somebody takes care of are here until they recover."));
    }
  else
    {
      title = _ ("No open alert");
      text = known > 0
                 ? g_strdup_printf (ngettext ("%u alert is acknowledged and has not recovered "
                                              "yet.",
                                              "%u alerts are acknowledged and have not "
                                              "recovered yet.",
                                              known),
                                    known)
                 : g_strdup (_ ("Everything is in order."));
    }
  adw_status_page_set_icon_name (page->none, icon);
  adw_status_page_set_title (page->none, title);
  adw_status_page_set_description (page->none, text);
}

static void
show_counts (MmAlertsPage *page)
{
  guint all = g_list_model_get_n_items (G_LIST_MODEL (page->open));
  guint unknown = mm_alert_list_count_unknown (page->open);
  g_autofree char *open = g_strdup_printf (C_ ("alerts", "Open %u"), unknown);
  g_autofree char *known = g_strdup_printf (C_ ("alerts", "Acknowledged %u"), all - unknown);

  gtk_button_set_label (GTK_BUTTON (page->view_open), open);
  gtk_button_set_label (GTK_BUTTON (page->view_known), known);
}

static void
show_notice (MmAlertsPage *page, const GError *error)
{
  gint64 heard = mm_live_feed_get_heard (page->feed);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  if (mm_live_feed_get_state (page->feed) == MM_LIVE_WAITING && heard != 0)
    {
      time = mm_language_format_clock (mm_own_language (), heard, zone);
      text = g_strdup_printf (_ ("The server cannot be reached. This is how it was at %s."), time);
    }
  else if (error != NULL)
    text = g_strdup (error->message);
  mm_pane_set_notice (MM_PANE (page), text, _ ("_Try again"), "alerts.reload");
}

/* Everything but the rows, which follow the lists by themselves. */
static void
update (MmAlertsPage *page)
{
  MmAlertList *list = chosen_list (page);
  const GError *error = mm_alert_list_get_error (list);

  if (!mm_alert_list_is_loaded (list) && error == NULL)
    {
      mm_pane_show_waiting (MM_PANE (page));
      return;
    }
  if (!mm_alert_list_is_loaded (list))
    {
      mm_pane_show_message (MM_PANE (page), "network-offline-symbolic",
                            _ ("The server cannot be reached"), error->message, _ ("_Try again"),
                            "alerts.reload");
      return;
    }
  show_counts (page);
  show_notice (page, error);
  gtk_widget_set_visible (GTK_WIDGET (page->earlier),
                          is_past (page) && mm_alert_list_has_more (list));
  gtk_widget_set_visible (GTK_WIDGET (page->selecting),
                          gtk_toggle_button_get_active (page->view_open));
  show_none (page);
  gtk_stack_set_visible_child_name (
      page->stack, g_list_model_get_n_items (G_LIST_MODEL (page->shown)) > 0 ? "list" : "none");
  mm_pane_show_content (MM_PANE (page));
}

static void
refilter (MmAlertsPage *page)
{
  gtk_filter_changed (page->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update (page);
}

static void
on_filter (MmAlertsPage *page)
{
  if (page->filter != NULL)
    refilter (page);
}

static void
on_stop_search (MmAlertsPage *page)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (page->search)) == '\0')
    gtk_toggle_button_set_active (page->selecting, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (page->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (page->list));
}

/* Comes from the button that is chosen and from the one that was. */
static void
on_view (MmAlertsPage *page, GtkToggleButton *button)
{
  if (page->filter == NULL || !gtk_toggle_button_get_active (button))
    return;
  gtk_toggle_button_set_active (page->selecting, FALSE);
  if (is_past (page) && page->past == NULL)
    {
      page->past = mm_alert_list_new (page->api, page->feed, MM_ALERT_LIST_PAST);
      g_signal_connect_object (page->past, "changed", G_CALLBACK (refilter), page,
                               G_CONNECT_SWAPPED);
    }
  gtk_filter_list_model_set_model (page->shown, G_LIST_MODEL (chosen_list (page)));
  refilter (page);
}

/* Selecting */

static void
show_selected (MmAlertsPage *page)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (page->selection);
  guint n = is_selecting (page) ? (guint) gtk_bitset_get_size (selected) : 0;
  g_autofree char *text = g_strdup_printf (ngettext ("%u selected", "%u selected", n), n);

  gtk_label_set_label (page->n_selected, text);
  gtk_widget_set_sensitive (GTK_WIDGET (page->acknowledge), n > 0);
}

static void
dress_row (MmAlertsPage *page, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  if (row != NULL)
    mm_alert_row_set_selecting (MM_ALERT_ROW (row), is_selecting (page),
                                is_selecting (page) && gtk_list_item_get_selected (item));
}

static void
use_selection (MmAlertsPage *page)
{
  GListModel *model = G_LIST_MODEL (g_object_ref (page->shown));

  g_clear_object (&page->selection);
  page->selection = is_selecting (page) ? GTK_SELECTION_MODEL (gtk_multi_selection_new (model))
                                        : GTK_SELECTION_MODEL (gtk_no_selection_new (model));
  gtk_grid_view_set_model (page->list, page->selection);
  g_object_connect (page->selection, "swapped-object-signal::items-changed", mm_first_row_keep,
                    page->list, "swapped-object-signal::items-changed", show_selected, page,
                    "swapped-object-signal::selection-changed", show_selected, page, NULL);
}

static void
on_selecting (MmAlertsPage *page)
{
  if (page->filter == NULL)
    return;
  gtk_grid_view_set_single_click_activate (page->list, !is_selecting (page));
  gtk_action_bar_set_revealed (page->bar, is_selecting (page));
  use_selection (page);
  show_selected (page);
  /* Where the keys of the page work. */
  gtk_widget_grab_focus (gtk_widget_get_mapped (GTK_WIDGET (page->list))
                             ? GTK_WIDGET (page->list)
                             : GTK_WIDGET (page->selecting));
}

static void
toggle_at (MmAlertsPage *page, guint position)
{
  if (gtk_selection_model_is_selected (page->selection, position))
    gtk_selection_model_unselect_item (page->selection, position);
  else
    gtk_selection_model_select_item (page->selection, position, FALSE);
}

/* The model changes with the first one, but not the order. */
static void
on_toggle (GtkListItem *item, MmAlertRow *row)
{
  GtkWidget *widget = gtk_widget_get_ancestor (GTK_WIDGET (row), MM_TYPE_ALERTS_PAGE);
  guint position = gtk_list_item_get_position (item);

  if (!gtk_toggle_button_get_active (MM_ALERTS_PAGE (widget)->view_open))
    return;
  gtk_toggle_button_set_active (MM_ALERTS_PAGE (widget)->selecting, TRUE);
  toggle_at (MM_ALERTS_PAGE (widget), position);
}

static void
on_activate (MmAlertsPage *page, guint position)
{
  g_autoptr (MmAlertItem) item = g_list_model_get_item (G_LIST_MODEL (page->shown), position);

  if (item == NULL)
    return;
  if (is_selecting (page))
    toggle_at (page, position);
  else
    gtk_widget_activate_action (GTK_WIDGET (page), "main.open-gateway", "s",
                                mm_json_text (mm_alert_item_get_alert (item), "gateway"));
}

/* Acknowledging */

static void
on_closed (GtkWidget *popover)
{
  gtk_widget_unparent (popover);
}

/* Asks beside @parent, one that lives as long as the page or is asked about by itself. */
static GtkWidget *
ask (MmAlertsPage *page, GtkWidget *parent, const char *const *ids)
{
  GtkWidget *popover = mm_acknowledge_new (page->api, ids);

  gtk_widget_set_parent (popover, parent);
  g_signal_connect (popover, "closed", G_CALLBACK (on_closed), NULL);
  g_signal_connect_object (parent, "destroy", G_CALLBACK (gtk_widget_unparent), popover,
                           G_CONNECT_SWAPPED);
  gtk_popover_popup (GTK_POPOVER (popover));
  return popover;
}

static void
on_acknowledge (MmAlertRow *row, MmAlertsPage *page)
{
  const char *ids[] = { mm_alert_item_get_id (mm_alert_row_get_item (row)), NULL };

  ask (page, mm_alert_row_get_button (row), ids);
}

static void
on_selected_done (MmAlertsPage *page)
{
  gtk_toggle_button_set_active (page->selecting, FALSE);
}

static void
on_acknowledge_selected (MmAlertsPage *page)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (page->selection);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  GtkBitsetIter iter;
  guint position;
  GtkWidget *popover;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr (MmAlertItem) item = g_list_model_get_item (G_LIST_MODEL (page->shown), position);

      g_ptr_array_add (ids, g_strdup (mm_alert_item_get_id (item)));
    }
  g_ptr_array_add (ids, NULL);
  popover = ask (page, GTK_WIDGET (page->acknowledge), (const char *const *) ids->pdata);
  g_signal_connect_object (popover, "done", G_CALLBACK (on_selected_done), page, G_CONNECT_SWAPPED);
}

/* Rows */

static void
on_row_selected (GtkListItem *item, GParamSpec *pspec, MmAlertsPage *page)
{
  dress_row (page, item);
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, MmAlertsPage *page)
{
  MmAlertRow *row = mm_alert_row_new ();

  g_signal_connect (row, "acknowledge", G_CALLBACK (on_acknowledge), page);
  g_signal_connect_object (row, "toggle", G_CALLBACK (on_toggle), item, G_CONNECT_SWAPPED);
  g_signal_connect (item, "notify::selected", G_CALLBACK (on_row_selected), page);
  gtk_list_item_set_child (item, GTK_WIDGET (row));
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, MmAlertsPage *page)
{
  MmAlertRow *row = MM_ALERT_ROW (gtk_list_item_get_child (item));

  mm_alert_row_set_narrow (row, page->narrow);
  mm_alert_row_set_item (row, gtk_list_item_get_item (item));
  dress_row (page, item);
  g_hash_table_add (page->rows, row);
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *item, MmAlertsPage *page)
{
  MmAlertRow *row = MM_ALERT_ROW (gtk_list_item_get_child (item));

  g_hash_table_remove (page->rows, row);
  mm_alert_row_set_item (row, NULL);
}

static gboolean
on_tick (gpointer user_data)
{
  MmAlertsPage *page = user_data;
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, page->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    mm_alert_row_tick (row);
  return G_SOURCE_CONTINUE;
}

static void
on_folded (MmAlertsPage *page)
{
  GHashTableIter iter;
  gpointer row;

  g_object_get (page, "folded", &page->narrow, NULL);
  g_hash_table_iter_init (&iter, page->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    mm_alert_row_set_narrow (row, page->narrow);
}

/* Actions */

static void
earlier (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmAlertsPage *page = MM_ALERTS_PAGE (widget);

  if (page->past != NULL)
    mm_alert_list_load_more (page->past);
}

static void
on_edge (MmAlertsPage *page, GtkPositionType edge)
{
  if (edge == GTK_POS_BOTTOM && is_past (page))
    mm_alert_list_load_more (page->past);
}

static void
retry (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmAlertsPage *page = MM_ALERTS_PAGE (widget);

  mm_live_feed_retry (page->feed);
  mm_alert_list_reload (chosen_list (page));
}

static void
show_all (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmAlertsPage *page = MM_ALERTS_PAGE (widget);

  gtk_editable_set_text (GTK_EDITABLE (page->search), "");
  gtk_drop_down_set_selected (page->kinds, MM_ALERT_KINDS_ALL);
}

static void
find (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (MM_ALERTS_PAGE (widget)->search));
}

/* Of the row that has the focus. */
static void
acknowledge (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmAlertsPage *page = MM_ALERTS_PAGE (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  GtkWidget *row = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  if (row != NULL && MM_IS_ALERT_ROW (row)
      && gtk_widget_get_visible (mm_alert_row_get_button (MM_ALERT_ROW (row))))
    on_acknowledge (MM_ALERT_ROW (row), page);
}

static void
leave (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_toggle_button_set_active (MM_ALERTS_PAGE (widget)->selecting, FALSE);
}

/* The object */

static void
mm_alerts_page_dispose (GObject *object)
{
  MmAlertsPage *page = MM_ALERTS_PAGE (object);

  g_clear_handle_id (&page->ticking, g_source_remove);
  if (page->list != NULL)
    gtk_grid_view_set_model (page->list, NULL);
  g_clear_object (&page->selection);
  g_clear_object (&page->shown);
  g_clear_object (&page->filter);
  g_clear_object (&page->past);
  g_clear_object (&page->open);
  g_clear_object (&page->feed);
  g_clear_object (&page->api);
  G_OBJECT_CLASS (mm_alerts_page_parent_class)->dispose (object);
}

static void
mm_alerts_page_finalize (GObject *object)
{
  g_hash_table_unref (MM_ALERTS_PAGE (object)->rows);
  G_OBJECT_CLASS (mm_alerts_page_parent_class)->finalize (object);
}

static void
mm_alerts_page_class_init (MmAlertsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_alerts_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_alerts_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-alerts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, selecting);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, view_open);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, view_known);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, view_past);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, search);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, kinds);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, list);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, none);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, show_all);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, earlier);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, bar);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, n_selected);
  gtk_widget_class_bind_template_child (widget_class, MmAlertsPage, acknowledge);
  gtk_widget_class_bind_template_callback (widget_class, on_selecting);
  gtk_widget_class_bind_template_callback (widget_class, on_view);
  gtk_widget_class_bind_template_callback (widget_class, on_filter);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_edge);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_acknowledge_selected);
  gtk_widget_class_install_action (widget_class, "alerts.earlier", NULL, earlier);
  gtk_widget_class_install_action (widget_class, "alerts.reload", NULL, retry);
  gtk_widget_class_install_action (widget_class, "alerts.show-all", NULL, show_all);
  gtk_widget_class_install_action (widget_class, "alerts.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "alerts.acknowledge", NULL, acknowledge);
  gtk_widget_class_install_action (widget_class, "alerts.leave", NULL, leave);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "alerts.acknowledge", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "alerts.leave", NULL);
}

static void
mm_alerts_page_init (MmAlertsPage *page)
{
  page->rows = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (page));
  page->ticking = g_timeout_add_seconds (TICKS_EVERY, on_tick, page);
  g_signal_connect (page, "notify::folded", G_CALLBACK (on_folded), NULL);
}

GtkWidget *
mm_alerts_page_new (MmApplication *app)
{
  MmAlertsPage *page = g_object_new (MM_TYPE_ALERTS_PAGE, NULL);
  MmDesk *desk = mm_application_get_desk (app);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  page->api = g_object_ref (mm_desk_get_api (desk));
  page->feed = g_object_ref (mm_desk_get_feed (desk));
  page->open = g_object_ref (mm_desk_get_alerts (desk));
  page->filter = GTK_FILTER (gtk_custom_filter_new (passes, page, NULL));
  page->shown = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (page->open)),
                                           g_object_ref (page->filter));
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), page);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), page);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), page);
  gtk_grid_view_set_factory (page->list, factory);
  g_object_unref (factory);
  use_selection (page);
  g_signal_connect_object (page->open, "changed", G_CALLBACK (refilter), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->feed, "notify::state", G_CALLBACK (update), page,
                           G_CONNECT_SWAPPED);
  show_selected (page);
  update (page);
  return GTK_WIDGET (page);
}

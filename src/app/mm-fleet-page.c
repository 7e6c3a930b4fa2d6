#include "mm-fleet-page.h"

#include "mm-fleet-list.h"
#include "mm-fleet-notice.h"
#include "mm-gettext.h"
#include "mm-status-chips.h"

struct _MmFleetPage
{
  MmPane parent;

  MmStatusChips *chips;
  GtkSearchEntry *search;
  GtkStack *stack;
  MmFleetList *list;
  GtkRevealer *waiting;
  GtkButton *settle;

  MmApplication *app; /* outlives its windows */
  MmFleetModel *model;
};

G_DEFINE_FINAL_TYPE (MmFleetPage, mm_fleet_page, MM_TYPE_PANE)

/* Filtering */

static void
update_stack (MmFleetPage *page)
{
  gtk_stack_set_visible_child_name (
      page->stack, g_list_model_get_n_items (G_LIST_MODEL (page->model)) > 0 ? "list" : "none");
}

static void
set_filter (MmFleetPage *page, const MmFleetFilter *filter)
{
  mm_fleet_list_unselect (page->list);
  mm_fleet_model_set_filter (page->model, filter);
}

static void
on_statuses (MmFleetPage *page)
{
  g_autoptr (MmFleetFilter) filter = NULL;

  if (page->model == NULL)
    return;
  filter = mm_fleet_filter_copy (mm_fleet_model_get_filter (page->model));
  filter->statuses = mm_status_chips_get_statuses (page->chips);
  set_filter (page, filter);
}

static void
on_search (MmFleetPage *page)
{
  g_autoptr (MmFleetFilter) filter = mm_fleet_filter_copy (mm_fleet_model_get_filter (page->model));

  g_free (filter->text);
  filter->text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (page->search)));
  set_filter (page, filter);
}

static void
on_stop_search (MmFleetPage *page)
{
  gtk_editable_set_text (GTK_EDITABLE (page->search), "");
  gtk_widget_child_focus (GTK_WIDGET (page->list), GTK_DIR_TAB_FORWARD);
}

/* Changes that wait */

static void
on_waiting (MmFleetPage *page)
{
  guint n = mm_fleet_model_get_waiting (page->model);
  g_autofree char *text = g_strdup_printf (ngettext ("%u change", "%u changes", n), n);

  if (n > 0)
    gtk_button_set_label (page->settle, text);
  gtk_revealer_set_reveal_child (page->waiting, n > 0);
}

static void
on_settle (MmFleetPage *page)
{
  mm_fleet_list_settle (page->list);
}

/* Actions */

static void
find (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (MM_FLEET_PAGE (widget)->search));
}

static void
clear (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmFleetPage *page = MM_FLEET_PAGE (widget);
  g_autoptr (MmFleetFilter) filter = mm_fleet_filter_new ();

  gtk_editable_set_text (GTK_EDITABLE (page->search), "");
  mm_status_chips_set_statuses (page->chips, 0);
  set_filter (page, filter);
}

void
mm_fleet_page_show_status (MmFleetPage *page, MmStatus status)
{
  clear (GTK_WIDGET (page), NULL, NULL);
  mm_status_chips_set_statuses (page->chips, 1u << status);
}

static void
retry (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_desk_retry (mm_application_get_desk (MM_FLEET_PAGE (widget)->app));
}

/* The object */

static void
show_empty (MmPane *pane)
{
  mm_pane_show_message (
      pane, "mm-fleet-symbolic", _ ("No gateway yet"),
      _ ("A customer’s gateway appears here as soon as the customer has linked it "
         "to you. Tell your customers your dealer ID and phone number."),
      _ ("What to _Tell Customers"), "main.show-page::customers");
}

static void
mm_fleet_page_dispose (GObject *object)
{
  g_clear_object (&MM_FLEET_PAGE (object)->model);
  G_OBJECT_CLASS (mm_fleet_page_parent_class)->dispose (object);
}

static void
mm_fleet_page_class_init (MmFleetPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_fleet_page_dispose;
  g_type_ensure (MM_TYPE_FLEET_LIST);
  g_type_ensure (MM_TYPE_STATUS_CHIPS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-fleet-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, chips);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, search);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, list);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, settle);
  gtk_widget_class_bind_template_callback (widget_class, on_statuses);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_settle);
  gtk_widget_class_install_action (widget_class, "fleet.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "fleet.clear", NULL, clear);
  gtk_widget_class_install_action (widget_class, "fleet.retry", NULL, retry);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "fleet.find",
                                       NULL);
}

static void
mm_fleet_page_init (MmFleetPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}

GtkWidget *
mm_fleet_page_new (MmApplication *app)
{
  MmFleetPage *page = g_object_new (MM_TYPE_FLEET_PAGE, NULL);
  MmDesk *desk = mm_application_get_desk (app);
  GSettings *settings = mm_application_get_settings (app);
  g_autofree char *column_name = NULL;
  gboolean descending;
  MmFleetColumn column;

  page->app = app;
  page->model = mm_fleet_model_new (mm_desk_get_fleet (desk));
  g_settings_get (settings, "fleet-order", "(sb)", &column_name, &descending);
  if (mm_fleet_column_from_name (column_name, &column))
    mm_fleet_model_set_order (page->model, column, descending);
  mm_fleet_list_begin (page->list, page->model, settings);
  mm_status_chips_begin (page->chips, page->model);
  g_signal_connect_object (page->model, "items-changed", G_CALLBACK (update_stack), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page->model, "notify::waiting", G_CALLBACK (on_waiting), page,
                           G_CONNECT_SWAPPED);
  update_stack (page);
  mm_fleet_notice_follow (MM_PANE (page), desk, show_empty);
  return GTK_WIDGET (page);
}

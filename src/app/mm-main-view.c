#include "mm-main-view.h"

#include "mm-account-page.h"
#include "mm-alerts-page.h"
#include "mm-customers-page.h"
#include "mm-fleet-page.h"
#include "mm-gateway-page.h"
#include "mm-gettext.h"
#include "mm-hosting-page.h"
#include "mm-overview-page.h"
#include "mm-saved-views.h"

struct _MmMainView
{
  AdwBin parent;

  AdwLeaflet *leaflet;
  AdwWindowTitle *server_title;
  GtkListBox *sidebar;
  MmSavedViews *views;
  GtkStack *pages;

  MmApplication *app; /* outlives its windows */
  GtkLabel *n_alerts; /* beside the page of alerts */
};

G_DEFINE_FINAL_TYPE (MmMainView, mm_main_view, ADW_TYPE_BIN)

#define GATEWAY "gateway"

/* The pages of the sidebar, in their order. */
static const struct
{
  const char *name;
  const char *title;
  const char *icon_name;
  GtkWidget *(*make) (MmApplication *app);
} entries[] = {
  { "overview", N_ ("Overview"), "go-home-symbolic", mm_overview_page_new },
  { "gateways", N_ ("Gateways"), "view-list-symbolic", mm_fleet_page_new },
  { "alerts", N_ ("Alerts"), "dialog-warning-symbolic", mm_alerts_page_new },
  { "account", N_ ("My account"), "avatar-default-symbolic", mm_account_page_new },
  { "customers", N_ ("What to tell customers"), "mail-send-symbolic", mm_customers_page_new },
  { "server", N_ ("Server"), "network-server-symbolic", mm_hosting_page_new },
};

static GtkWidget *
sidebar_row (const char *title, const char *icon_name, GtkWidget *badge)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), badge);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static GtkWidget *
add_page (MmMainView *view, GtkWidget *page, const char *name)
{
  g_object_bind_property (view->leaflet, "folded", page, "folded", G_BINDING_SYNC_CREATE);
  gtk_stack_add_named (view->pages, page, name);
  return page;
}

static void
close_gateway (MmMainView *view)
{
  GtkWidget *page = gtk_stack_get_child_by_name (view->pages, GATEWAY);

  if (page != NULL)
    gtk_stack_remove (view->pages, page);
}

/* Keys that go to the sidebar go on from the page that is shown. */
static void
take_focus_along (MmMainView *view, GtkListBoxRow *row)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (view));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (view->sidebar)))
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

void
mm_main_view_show_page (MmMainView *view, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (view->sidebar, (int) i);

      if (!g_str_equal (entries[i].name, name))
        continue;
      if (gtk_stack_get_child_by_name (view->pages, name) == NULL)
        add_page (view, entries[i].make (view->app), name);
      gtk_stack_set_visible_child_name (view->pages, name);
      close_gateway (view);
      gtk_list_box_select_row (view->sidebar, row);
      take_focus_along (view, row);
      adw_leaflet_navigate (view->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
      return;
    }
}

void
mm_main_view_show_hosting (MmMainView *view, const char *pane)
{
  mm_main_view_show_page (view, "server");
  if (pane != NULL)
    mm_hosting_page_show (MM_HOSTING_PAGE (gtk_stack_get_child_by_name (view->pages, "server")),
                          pane);
}

void
mm_main_view_open_gateway (MmMainView *view, const char *id)
{
  mm_main_view_show_page (view, "gateways");
  add_page (view, mm_gateway_page_new (view->app, id), GATEWAY);
  gtk_stack_set_visible_child_name (view->pages, GATEWAY);
  /* Where its keys work and its way back is. */
  gtk_widget_child_focus (gtk_stack_get_visible_child (view->pages), GTK_DIR_TAB_FORWARD);
}

static void
on_row_activated (GtkListBox *sidebar, GtkListBoxRow *row, MmMainView *view)
{
  const char *name = entries[gtk_list_box_row_get_index (row)].name;

  /* The row of what is shown already leads to its beginning. */
  if (g_str_equal (name, "server")
      && g_strcmp0 (gtk_stack_get_visible_child_name (view->pages), name) == 0)
    mm_main_view_show_hosting (view, "home");
  else
    mm_main_view_show_page (view, name);
}

static void
show_page (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_main_view_show_page (MM_MAIN_VIEW (widget), g_variant_get_string (parameter, NULL));
}

static void
open_gateway (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_main_view_open_gateway (MM_MAIN_VIEW (widget), g_variant_get_string (parameter, NULL));
}

static void
close_gateway_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_main_view_show_page (MM_MAIN_VIEW (widget), "gateways");
}

static void
show_status (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmMainView *view = MM_MAIN_VIEW (widget);
  MmStatus status;

  mm_main_view_show_page (view, "gateways");
  if (mm_status_from_name (g_variant_get_string (parameter, NULL), &status))
    mm_fleet_page_show_status (
        MM_FLEET_PAGE (gtk_stack_get_child_by_name (view->pages, "gateways")), status);
}

static void
show_view (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmMainView *view = MM_MAIN_VIEW (widget);
  g_autoptr (GVariant) conditions = mm_saved_views_find (mm_application_get_settings (view->app),
                                                         g_variant_get_string (parameter, NULL));

  if (conditions == NULL)
    return;
  mm_main_view_show_page (view, "gateways");
  mm_fleet_page_show_view (MM_FLEET_PAGE (gtk_stack_get_child_by_name (view->pages, "gateways")),
                           conditions);
}

static void
on_fleet_changed (MmMainView *view)
{
  MmFleetTable *fleet = mm_desk_get_fleet (mm_application_get_desk (view->app));
  guint n = fleet != NULL ? mm_fleet_table_count_alerts (fleet) : 0;
  g_autofree char *text = g_strdup_printf ("%'u", n);
  g_autofree char *tip = g_strdup_printf (ngettext ("%u open alert", "%u open alerts", n), n);

  gtk_label_set_label (view->n_alerts, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (view->n_alerts), tip);
  gtk_widget_set_visible (GTK_WIDGET (view->n_alerts), n > 0);
}

static void
show_sidebar (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmMainView *view = MM_MAIN_VIEW (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (view->sidebar);

  adw_leaflet_navigate (view->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

/* Does the first of @names that the page has; wherever the focus is. */
static void
do_on_page (GtkWidget *widget, const char *const *names)
{
  GtkWidget *page = gtk_stack_get_visible_child (MM_MAIN_VIEW (widget)->pages);

  for (guint i = 0; names[i] != NULL; i++)
    if (gtk_widget_activate_action_variant (page, names[i], NULL))
      return;
}

static void
find (GtkWidget *widget, const char *action, GVariant *parameter)
{
  do_on_page (widget, (const char *const[]){ "fleet.find", "alerts.find", NULL });
}

static void
reload (GtkWidget *widget, const char *action, GVariant *parameter)
{
  do_on_page (widget, (const char *const[]){ "gateway.reload", "alerts.reload", "customers.reload",
                                             "fleet.retry", NULL });
}

static void
mm_main_view_class_init (MmMainViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_SAVED_VIEWS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-main-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MmMainView, leaflet);
  gtk_widget_class_bind_template_child (widget_class, MmMainView, server_title);
  gtk_widget_class_bind_template_child (widget_class, MmMainView, sidebar);
  gtk_widget_class_bind_template_child (widget_class, MmMainView, views);
  gtk_widget_class_bind_template_child (widget_class, MmMainView, pages);
  gtk_widget_class_install_action (widget_class, "main.show-page", "s", show_page);
  gtk_widget_class_install_action (widget_class, "main.show-status", "s", show_status);
  gtk_widget_class_install_action (widget_class, "main.show-view", "s", show_view);
  gtk_widget_class_install_action (widget_class, "main.open-gateway", "s", open_gateway);
  gtk_widget_class_install_action (widget_class, "main.close-gateway", NULL, close_gateway_action);
  gtk_widget_class_install_action (widget_class, "main.show-sidebar", NULL, show_sidebar);
  gtk_widget_class_install_action (widget_class, "main.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "main.reload", NULL, reload);
}

static void
mm_main_view_init (MmMainView *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      GtkWidget *badge = gtk_label_new (NULL);

      gtk_widget_set_visible (badge, FALSE);
      gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (badge, "mm-badge");
      if (g_str_equal (entries[i].name, "alerts"))
        view->n_alerts = GTK_LABEL (badge);
      gtk_list_box_append (view->sidebar,
                           sidebar_row (_ (entries[i].title), entries[i].icon_name, badge));
    }
  g_signal_connect (view->sidebar, "row-activated", G_CALLBACK (on_row_activated), view);
}

GtkWidget *
mm_main_view_new (MmApplication *app)
{
  MmMainView *view = g_object_new (MM_TYPE_MAIN_VIEW, NULL);
  MmApi *api = mm_desk_get_api (mm_application_get_desk (app));

  view->app = app;
  adw_window_title_set_subtitle (view->server_title, api != NULL ? mm_api_get_url (api) : "");
  g_signal_connect_object (mm_desk_get_fleet (mm_application_get_desk (app)), "changed",
                           G_CALLBACK (on_fleet_changed), view, G_CONNECT_SWAPPED);
  on_fleet_changed (view);
  mm_saved_views_begin (view->views, mm_application_get_settings (app));
  mm_main_view_show_page (view, "overview");
  return GTK_WIDGET (view);
}

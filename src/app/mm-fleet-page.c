#include "mm-fleet-page.h"

#include "mm-fleet-cell.h"
#include "mm-fleet-conditions.h"
#include "mm-fleet-export.h"
#include "mm-fleet-list.h"
#include "mm-fleet-notice.h"
#include "mm-gettext.h"
#include "mm-status-chips.h"
#include "mm-window.h"

struct _MmFleetPage
{
  MmPane parent;

  MmStatusChips *chips;
  GtkSearchEntry *search;
  MmFleetConditions *conditions;
  GtkScrolledWindow *chosen;
  GMenu *columns;
  GtkStack *stack;
  MmFleetList *list;
  GtkRevealer *waiting;
  GtkButton *settle;

  MmApplication *app; /* outlives its windows */
  MmFleetModel *model;
  GSimpleActionGroup *column_actions;
  guint minute; /* conditions that depend on the time are looked at again */
  GtkFileChooserNative *chooser;
};

#define VIEWS_MAX 20 /* saved views */

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
on_conditions (MmFleetPage *page)
{
  g_autoptr (MmFleetFilter) filter = mm_fleet_filter_copy (mm_fleet_model_get_filter (page->model));

  mm_fleet_conditions_apply (page->conditions, filter);
  set_filter (page, filter);
}

static gboolean
on_minute (gpointer user_data)
{
  MmFleetPage *page = user_data;

  if (mm_fleet_model_get_filter (page->model)->silent != 0)
    mm_fleet_list_settle (page->list);
  return G_SOURCE_CONTINUE;
}

/* Shows @filter in all places where parts of it are chosen, and what passes it. */
static void
use_filter (MmFleetPage *page, const MmFleetFilter *filter)
{
  g_autoptr (MmFleetFilter) kept = mm_fleet_filter_copy (filter);

  set_filter (page, kept);
  gtk_editable_set_text (GTK_EDITABLE (page->search), kept->text != NULL ? kept->text : "");
  mm_status_chips_set_statuses (page->chips, kept->statuses);
  mm_fleet_conditions_show (page->conditions, kept);
  set_filter (page, kept);
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
  g_autoptr (MmFleetFilter) filter = mm_fleet_filter_new ();

  use_filter (MM_FLEET_PAGE (widget), filter);
}

void
mm_fleet_page_show_status (MmFleetPage *page, MmStatus status)
{
  g_autoptr (MmFleetFilter) filter = mm_fleet_filter_new ();

  filter->statuses = 1u << status;
  use_filter (page, filter);
}

/* Saved views */

void
mm_fleet_page_show_view (MmFleetPage *page, GVariant *conditions)
{
  g_autoptr (MmFleetFilter) filter = mm_fleet_filter_from_variant (conditions);

  use_filter (page, filter);
}

/* Saves what is shown as @name, in the place of a view that had the name. */
static void
keep_view (MmFleetPage *page, const char *name)
{
  GSettings *settings = mm_application_get_settings (page->app);
  g_autoptr (GVariant) views = g_settings_get_value (settings, "fleet-views");
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sa{sv})"));
  GVariantIter iter;
  const char *other;
  GVariant *conditions;
  guint n = 0;

  g_variant_iter_init (&iter, views);
  while (n + 1 < VIEWS_MAX && g_variant_iter_next (&iter, "(&s@a{sv})", &other, &conditions))
    {
      if (!g_str_equal (other, name))
        g_variant_builder_add (&builder, "(s@a{sv})", other, conditions);
      g_variant_unref (conditions);
      n++;
    }
  g_variant_builder_add (&builder, "(s@a{sv})", name,
                         mm_fleet_filter_to_variant (mm_fleet_model_get_filter (page->model)));
  g_settings_set_value (settings, "fleet-views", g_variant_builder_end (&builder));
}

static void
on_name_typed (GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "save", *name != '\0');
}

static void
on_name_given (AdwMessageDialog *dialog, const char *response, MmFleetPage *page)
{
  GtkEditable *entry = GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog));
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  if (g_str_equal (response, "save") && *name != '\0')
    keep_view (page, name);
}

static void
save_view (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (window, _ ("Save view"),
                              _ ("The present conditions get a name and a place in the sidebar.")));
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_max_length (GTK_ENTRY (entry), 40);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name of the view"), -1);
  adw_message_dialog_set_extra_child (dialog, entry);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "save", _ ("_Save"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "save");
  adw_message_dialog_set_response_enabled (dialog, "save", FALSE);
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_name_typed), dialog, 0);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_name_given), widget, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Export */

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmFleetPage) page = user_data;
  g_autoptr (GError) error = NULL;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (page));
  g_autofree char *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    text = g_strdup (_ ("The list was exported"));
  else
    text = g_strdup_printf (_ ("The list could not be exported: %s"), error->message);
  if (MM_IS_WINDOW (root))
    mm_window_toast (MM_WINDOW (root), text);
}

static void
on_file_chosen (MmFleetPage *page, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&page->chooser);
  g_autoptr (GFile) file = NULL;
  g_auto (GStrv) columns = NULL;
  g_autoptr (GBytes) table = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  columns = mm_fleet_list_dup_columns (page->list);
  table = mm_fleet_export_csv (page->model, (const char *const *) columns);
  g_file_replace_contents_bytes_async (file, table, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                       on_written, g_object_ref (page));
}

static void
export_table (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmFleetPage *page = MM_FLEET_PAGE (widget);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *name = g_strdup_printf ("%s %s.csv", _ ("Gateways"), date);

  if (page->chooser != NULL)
    return;
  page->chooser
      = gtk_file_chooser_native_new (_ ("Export as CSV"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                     GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (page->chooser), name);
  g_signal_connect_object (page->chooser, "response", G_CALLBACK (on_file_chosen), page,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (page->chooser));
}

/* Columns */

static void
on_column_toggled (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  MmFleetPage *page = user_data;
  const char *name = g_action_get_name (G_ACTION (action));
  g_auto (GStrv) shown = mm_fleet_list_dup_columns (page->list);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) wanted = NULL;

  for (char **other = shown; *other != NULL; other++)
    if (!g_str_equal (*other, name))
      g_strv_builder_add (names, *other);
  if (g_variant_get_boolean (state))
    g_strv_builder_add (names, name);
  wanted = g_strv_builder_end (names);
  if (wanted[0] == NULL)
    return;
  mm_fleet_list_set_columns (page->list, (const char *const *) wanted);
  g_simple_action_set_state (action, state);
}

static void
make_column_menu (MmFleetPage *page)
{
  g_auto (GStrv) shown = mm_fleet_list_dup_columns (page->list);

  page->column_actions = g_simple_action_group_new ();
  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    {
      const char *name = mm_fleet_column_name ((MmFleetColumn) i);
      g_autofree char *detailed = g_strconcat ("columns.", name, NULL);
      g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (
          name, NULL, g_variant_new_boolean (g_strv_contains ((const char *const *) shown, name)));

      g_signal_connect (action, "change-state", G_CALLBACK (on_column_toggled), page);
      g_action_map_add_action (G_ACTION_MAP (page->column_actions), G_ACTION (action));
      g_menu_append (page->columns, mm_fleet_cell_title ((MmFleetColumn) i), detailed);
    }
  gtk_widget_insert_action_group (GTK_WIDGET (page), "columns",
                                  G_ACTION_GROUP (page->column_actions));
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
      _ ("What to _tell customers"), "main.show-page::customers");
}

static void
mm_fleet_page_dispose (GObject *object)
{
  MmFleetPage *page = MM_FLEET_PAGE (object);

  g_clear_handle_id (&page->minute, g_source_remove);
  g_clear_object (&page->chooser);
  g_clear_object (&page->column_actions);
  g_clear_object (&page->model);
  G_OBJECT_CLASS (mm_fleet_page_parent_class)->dispose (object);
}

static void
mm_fleet_page_class_init (MmFleetPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_fleet_page_dispose;
  g_type_ensure (MM_TYPE_FLEET_CONDITIONS);
  g_type_ensure (MM_TYPE_FLEET_LIST);
  g_type_ensure (MM_TYPE_STATUS_CHIPS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-fleet-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, chips);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, search);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, conditions);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, chosen);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, columns);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, list);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, MmFleetPage, settle);
  gtk_widget_class_bind_template_callback (widget_class, on_statuses);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_conditions);
  gtk_widget_class_bind_template_callback (widget_class, on_settle);
  gtk_widget_class_install_action (widget_class, "fleet.clear", NULL, clear);
  gtk_widget_class_install_action (widget_class, "fleet.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "fleet.retry", NULL, retry);
  gtk_widget_class_install_action (widget_class, "fleet.export", NULL, export_table);
  gtk_widget_class_install_action (widget_class, "fleet.save-view", NULL, save_view);
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
  mm_fleet_conditions_begin (page->conditions, page->chosen, mm_desk_get_fleet (desk));
  make_column_menu (page);
  page->minute = g_timeout_add_seconds (60, on_minute, page);
  g_signal_connect_object (page->model, "items-changed", G_CALLBACK (update_stack), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page->model, "notify::waiting", G_CALLBACK (on_waiting), page,
                           G_CONNECT_SWAPPED);
  update_stack (page);
  mm_fleet_notice_follow (MM_PANE (page), desk, show_empty);
  return GTK_WIDGET (page);
}

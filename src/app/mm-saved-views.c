#include "mm-saved-views.h"

#include "mm-gettext.h"
#include "mm-window.h"

struct _MmSavedViews
{
  AdwBin parent;

  GtkListBox *list;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (MmSavedViews, mm_saved_views, ADW_TYPE_BIN)

#define KEY "fleet-views"

GVariant *
mm_saved_views_find (GSettings *settings, const char *name)
{
  g_autoptr (GVariant) all = g_settings_get_value (settings, KEY);
  GVariantIter iter;
  const char *other;
  GVariant *conditions;

  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "(&s@a{sv})", &other, &conditions))
    {
      if (g_str_equal (other, name))
        return conditions;
      g_variant_unref (conditions);
    }
  return NULL;
}

/* One that was removed, and where it was. */
typedef struct
{
  GSettings *settings;
  GVariant *view;
  gsize place;
} Removed;

static void
removed_free (gpointer data, GClosure *closure)
{
  Removed *removed = data;

  g_object_unref (removed->settings);
  g_variant_unref (removed->view);
  g_free (removed);
}

static const char *
name_of (GVariant *view)
{
  const char *name;

  g_variant_get_child (view, 0, "&s", &name);
  return name;
}

/* Others may have come and gone since. One that was saved by its name meanwhile stays. */
static void
on_undo (Removed *removed)
{
  g_autoptr (GVariant) all = g_settings_get_value (removed->settings, KEY);
  g_autoptr (GVariant) same = mm_saved_views_find (removed->settings, name_of (removed->view));
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sa{sv})"));
  gsize n = g_variant_n_children (all), place = MIN (removed->place, n);

  if (same != NULL)
    return;
  for (gsize i = 0; i <= n; i++)
    {
      g_autoptr (GVariant) other = i < n ? g_variant_get_child_value (all, i) : NULL;

      if (i == place)
        g_variant_builder_add_value (&builder, removed->view);
      if (other != NULL)
        g_variant_builder_add_value (&builder, other);
    }
  g_settings_set_value (removed->settings, KEY, g_variant_builder_end (&builder));
}

static void
offer_undo (MmSavedViews *views, GVariant *view, gsize place)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (views));
  g_autofree char *text = g_strdup_printf (_ ("The view %s was removed"), name_of (view));
  Removed *removed;

  if (!MM_IS_WINDOW (root))
    return;
  removed = g_new0 (Removed, 1);
  removed->settings = g_object_ref (views->settings);
  removed->view = g_variant_ref (view);
  removed->place = place;
  mm_window_toast_undo (MM_WINDOW (root), text, G_CALLBACK (on_undo), removed, removed_free);
}

static void
on_remove (MmSavedViews *views, GtkWidget *button)
{
  const char *name = gtk_widget_get_name (button);
  g_autoptr (GVariant) all = g_settings_get_value (views->settings, KEY);
  g_autoptr (GVariant) removed = NULL;
  g_auto (GVariantBuilder) left = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sa{sv})"));
  gsize place = 0;

  for (gsize i = 0; i < g_variant_n_children (all); i++)
    {
      g_autoptr (GVariant) view = g_variant_get_child_value (all, i);

      if (removed != NULL || !g_str_equal (name_of (view), name))
        {
          g_variant_builder_add_value (&left, view);
          continue;
        }
      removed = g_steal_pointer (&view);
      place = i;
    }
  if (removed == NULL)
    return;
  /* The button goes with its row. */
  g_settings_set_value (views->settings, KEY, g_variant_builder_end (&left));
  offer_undo (views, removed, place);
}

static GtkWidget *
make_row (MmSavedViews *views, const char *name)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *remove = gtk_button_new_from_icon_name ("window-close-symbolic");
  g_autofree char *tip = g_strdup_printf (_ ("Remove the view %s"), name);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, name);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_name (remove, name);
  gtk_widget_set_tooltip_text (remove, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (on_remove), views, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), remove);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "main.show-view");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", name);
  return row;
}

static void
update (MmSavedViews *views)
{
  g_autoptr (GVariant) all = g_settings_get_value (views->settings, KEY);
  GtkWidget *row;
  GVariantIter iter;
  const char *name;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (views->list))) != NULL)
    gtk_list_box_remove (views->list, row);
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "(&s@a{sv})", &name, NULL))
    gtk_list_box_append (views->list, make_row (views, name));
  gtk_widget_set_visible (GTK_WIDGET (views), g_variant_n_children (all) > 0);
}

void
mm_saved_views_begin (MmSavedViews *views, GSettings *settings)
{
  views->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::" KEY, G_CALLBACK (update), views,
                           G_CONNECT_SWAPPED);
  update (views);
}

static void
mm_saved_views_finalize (GObject *object)
{
  g_clear_object (&MM_SAVED_VIEWS (object)->settings);
  G_OBJECT_CLASS (mm_saved_views_parent_class)->finalize (object);
}

static void
mm_saved_views_class_init (MmSavedViewsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_saved_views_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-saved-views.ui");
  gtk_widget_class_bind_template_child (widget_class, MmSavedViews, list);
}

static void
mm_saved_views_init (MmSavedViews *views)
{
  gtk_widget_init_template (GTK_WIDGET (views));
}

/* What GTK itself takes for a list of 1,000 rows of eleven short texts, shown a second after the
 * first frame: a GtkColumnView ("columns") or a GtkGridView with one row widget each ("rows"). It
 * ends by itself. */
#include "mm-frame-clock.h"

#include <adwaita.h>

#define N_ROWS 1000
#define N_COLUMNS 11

static gboolean is_columns;
static GtkStack *stack;

static void
setup (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *box;

  if (is_columns)
    {
      gtk_list_item_set_child (item, gtk_label_new (NULL));
      return;
    }
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkWidget *text = gtk_inscription_new (NULL);

      gtk_widget_set_hexpand (text, TRUE);
      gtk_box_append (GTK_BOX (box), text);
    }
  gtk_list_item_set_child (item, box);
}

static void
bind (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));

  if (is_columns)
    {
      gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
      return;
    }
  for (GtkWidget *cell = gtk_widget_get_first_child (gtk_list_item_get_child (item)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
}

static GtkListItemFactory *
make_factory (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind), NULL);
  return factory;
}

static gboolean
show_list (gpointer user_data)
{
  GtkStringList *strings = gtk_string_list_new (NULL);
  GtkSelectionModel *model;
  GtkWidget *view, *scrolled = gtk_scrolled_window_new ();

  for (guint i = 0; i < N_ROWS; i++)
    {
      g_autofree char *text = g_strdup_printf ("GW-%05u", i);

      gtk_string_list_append (strings, text);
    }
  model = GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (strings)));
  if (is_columns)
    {
      view = gtk_column_view_new (model);
      for (guint i = 0; i < N_COLUMNS; i++)
        {
          g_autoptr (GtkColumnViewColumn) column
              = gtk_column_view_column_new ("x", make_factory ());

          gtk_column_view_column_set_fixed_width (column, 100);
          gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
        }
    }
  else
    {
      view = gtk_grid_view_new (model, make_factory ());
      gtk_grid_view_set_max_columns (GTK_GRID_VIEW (view), 1);
    }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_stack_add_named (stack, scrolled, "list");
  gtk_stack_set_visible_child_name (stack, "list");
  return G_SOURCE_REMOVE;
}

static gboolean
end (gpointer window)
{
  gtk_window_destroy (window);
  return G_SOURCE_REMOVE;
}

static void
activate (GtkApplication *app, gpointer user_data)
{
  GtkWidget *window = adw_application_window_new (app);

  stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (stack, gtk_label_new ("…"), "wait");
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), GTK_WIDGET (stack));
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  mm_frame_clock_watch (GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
  g_timeout_add (1000, show_list, NULL);
  g_timeout_add (4000, end, window);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) app
      = adw_application_new ("org.mimamori.Plain", G_APPLICATION_DEFAULT_FLAGS);

  is_columns = argc > 1 && g_str_equal (argv[1], "columns");
  g_signal_connect (app, "activate", G_CALLBACK (activate), NULL);
  return g_application_run (G_APPLICATION (app), 1, argv);
}

#include "mm-first-row.h"

void
mm_first_row_keep (GtkWidget *view)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  GtkSelectionModel *model = gtk_grid_view_get_model (GTK_GRID_VIEW (view));

  /* The adjustment is that of the rows as they were last laid out. */
  if (gtk_adjustment_get_value (adjustment) <= 0 && model != NULL
      && g_list_model_get_n_items (G_LIST_MODEL (model)) > 0)
    gtk_widget_activate_action (view, "list.scroll-to-item", "u", 0);
}

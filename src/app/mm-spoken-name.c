#include "mm-spoken-name.h"

void
mm_spoken_name_set (GtkWidget *button, const char *name)
{
  /* From GTK 4.10 on a button is labelled by its text, which goes before a name of its own. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

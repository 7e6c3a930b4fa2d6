#include "mm-fleet-page.h"

struct _MmFleetPage
{
  MmPane parent;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmFleetPage, mm_fleet_page, MM_TYPE_PANE)

static void
mm_fleet_page_class_init (MmFleetPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/mimamori/Mimamori/ui/mm-fleet-page.ui");
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

  page->app = app;
  return GTK_WIDGET (page);
}

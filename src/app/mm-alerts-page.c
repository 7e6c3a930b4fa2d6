#include "mm-alerts-page.h"

struct _MmAlertsPage
{
  MmPane parent;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmAlertsPage, mm_alerts_page, MM_TYPE_PANE)

static void
mm_alerts_page_class_init (MmAlertsPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/mimamori/Mimamori/ui/mm-alerts-page.ui");
}

static void
mm_alerts_page_init (MmAlertsPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}

GtkWidget *
mm_alerts_page_new (MmApplication *app)
{
  MmAlertsPage *page = g_object_new (MM_TYPE_ALERTS_PAGE, NULL);

  page->app = app;
  return GTK_WIDGET (page);
}

#include "mm-overview-page.h"

struct _MmOverviewPage
{
  MmPane parent;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmOverviewPage, mm_overview_page, MM_TYPE_PANE)

static void
mm_overview_page_class_init (MmOverviewPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/mimamori/Mimamori/ui/mm-overview-page.ui");
}

static void
mm_overview_page_init (MmOverviewPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}

GtkWidget *
mm_overview_page_new (MmApplication *app)
{
  MmOverviewPage *page = g_object_new (MM_TYPE_OVERVIEW_PAGE, NULL);

  page->app = app;
  return GTK_WIDGET (page);
}

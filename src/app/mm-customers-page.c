#include "mm-customers-page.h"

struct _MmCustomersPage
{
  MmPane parent;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmCustomersPage, mm_customers_page, MM_TYPE_PANE)

static void
mm_customers_page_class_init (MmCustomersPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/mimamori/Mimamori/ui/mm-customers-page.ui");
}

static void
mm_customers_page_init (MmCustomersPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}

GtkWidget *
mm_customers_page_new (MmApplication *app)
{
  MmCustomersPage *page = g_object_new (MM_TYPE_CUSTOMERS_PAGE, NULL);

  page->app = app;
  return GTK_WIDGET (page);
}

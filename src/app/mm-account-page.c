#include "mm-account-page.h"

struct _MmAccountPage
{
  MmPane parent;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmAccountPage, mm_account_page, MM_TYPE_PANE)

static void
mm_account_page_class_init (MmAccountPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/mimamori/Mimamori/ui/mm-account-page.ui");
}

static void
mm_account_page_init (MmAccountPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}

GtkWidget *
mm_account_page_new (MmApplication *app)
{
  MmAccountPage *page = g_object_new (MM_TYPE_ACCOUNT_PAGE, NULL);

  page->app = app;
  return GTK_WIDGET (page);
}

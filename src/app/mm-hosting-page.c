#include "mm-hosting-page.h"

struct _MmHostingPage
{
  MmPane parent;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmHostingPage, mm_hosting_page, MM_TYPE_PANE)

static void
mm_hosting_page_class_init (MmHostingPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/mimamori/Mimamori/ui/mm-hosting-page.ui");
}

static void
mm_hosting_page_init (MmHostingPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}

GtkWidget *
mm_hosting_page_new (MmApplication *app)
{
  MmHostingPage *page = g_object_new (MM_TYPE_HOSTING_PAGE, NULL);

  page->app = app;
  return GTK_WIDGET (page);
}

GtkWidget *
mm_hosting_page_new_alone (MmApplication *app)
{
  GtkWidget *page = mm_hosting_page_new (app);

  g_object_set (page, "back-action", "win.show-view::welcome", NULL);
  return page;
}

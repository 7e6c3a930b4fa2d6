#include "mm-gateway-page.h"

struct _MmGatewayPage
{
  MmPane parent;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmGatewayPage, mm_gateway_page, MM_TYPE_PANE)

static void
mm_gateway_page_class_init (MmGatewayPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/mimamori/Mimamori/ui/mm-gateway-page.ui");
}

static void
mm_gateway_page_init (MmGatewayPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}

GtkWidget *
mm_gateway_page_new (MmApplication *app, const char *id)
{
  MmGatewayPage *page = g_object_new (MM_TYPE_GATEWAY_PAGE, NULL);

  page->app = app;
  mm_pane_set_title (MM_PANE (page), id);
  return GTK_WIDGET (page);
}

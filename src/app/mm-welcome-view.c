#include "mm-welcome-view.h"

struct _MmWelcomeView
{
  MmPane parent;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmWelcomeView, mm_welcome_view, MM_TYPE_PANE)

static void
mm_welcome_view_class_init (MmWelcomeViewClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/mimamori/Mimamori/ui/mm-welcome-view.ui");
}

static void
mm_welcome_view_init (MmWelcomeView *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
}

GtkWidget *
mm_welcome_view_new (MmApplication *app)
{
  MmWelcomeView *view = g_object_new (MM_TYPE_WELCOME_VIEW, NULL);

  view->app = app;
  return GTK_WIDGET (view);
}

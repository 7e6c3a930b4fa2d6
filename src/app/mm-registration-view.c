#include "mm-registration-view.h"

struct _MmRegistrationView
{
  MmPane parent;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmRegistrationView, mm_registration_view, MM_TYPE_PANE)

static void
mm_registration_view_class_init (MmRegistrationViewClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/mimamori/Mimamori/ui/mm-registration-view.ui");
}

static void
mm_registration_view_init (MmRegistrationView *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
}

GtkWidget *
mm_registration_view_new (MmApplication *app)
{
  MmRegistrationView *view = g_object_new (MM_TYPE_REGISTRATION_VIEW, NULL);

  view->app = app;
  return GTK_WIDGET (view);
}

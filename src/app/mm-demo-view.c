#include "mm-demo-view.h"

#include "mm-gettext.h"

struct _MmDemoView
{
  MmPane parent;

  GtkSpinner *spinner;
  GtkLabel *words;
  GtkLabel *why;
};

G_DEFINE_FINAL_TYPE (MmDemoView, mm_demo_view, MM_TYPE_PANE)

static void
on_changed (MmDemoFleet *demo, MmDemoView *view)
{
  const char *why = mm_demo_fleet_get_why (demo);

  gtk_label_set_label (view->words, mm_demo_fleet_get_words (demo));
  gtk_label_set_label (view->why, why != NULL ? why : "");
  gtk_widget_set_visible (GTK_WIDGET (view->why), why != NULL);
  gtk_spinner_set_spinning (view->spinner, mm_demo_fleet_get_step (demo) != MM_DEMO_FAILED);
}

static void
mm_demo_view_class_init (MmDemoViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-demo-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MmDemoView, spinner);
  gtk_widget_class_bind_template_child (widget_class, MmDemoView, words);
  gtk_widget_class_bind_template_child (widget_class, MmDemoView, why);
}

static void
mm_demo_view_init (MmDemoView *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
}

GtkWidget *
mm_demo_view_new (MmApplication *app)
{
  MmDemoView *view = g_object_new (MM_TYPE_DEMO_VIEW, NULL);
  MmDemoFleet *demo = mm_application_get_demo (app);

  g_signal_connect_object (demo, "changed", G_CALLBACK (on_changed), view, 0);
  on_changed (demo, view);
  return GTK_WIDGET (view);
}

#include "mm-welcome-view.h"

#include "mm-gettext.h"
#include "mm-kept-walk.h"

struct _MmWelcomeView
{
  MmPane parent;

  GtkWidget *kept;
  GtkLabel *kept_words;
  GtkButton *discard;
  GtkButton *go_on;
  GtkWidget *sign_in;

  MmApplication *app;  /* outlives its windows */
  GVariant *discarded; /* what was discarded in this view, and can be brought back */
};

G_DEFINE_FINAL_TYPE (MmWelcomeView, mm_welcome_view, MM_TYPE_PANE)

/* A registration that is half done is offered first. */
static void
show_kept (MmWelcomeView *view)
{
  gboolean kept = mm_kept_walk_exists (mm_application_get_settings (view->app));

  gtk_widget_set_visible (view->kept, kept || view->discarded != NULL);
  gtk_widget_set_visible (GTK_WIDGET (view->discard), kept);
  gtk_label_set_label (view->kept_words,
                       kept ? _ ("Your registration as a dealer is not complete yet. What you "
                                 "entered is still there.")
                            : _ ("The registration was discarded."));
  gtk_button_set_label (view->go_on, kept ? _ ("_Continue") : _ ("_Undo"));
  /* One thing is to be done first. */
  if (kept)
    gtk_widget_remove_css_class (view->sign_in, "suggested-action");
  else
    gtk_widget_add_css_class (view->sign_in, "suggested-action");
}

static void
on_discard (MmWelcomeView *view)
{
  GSettings *settings = mm_application_get_settings (view->app);

  g_clear_pointer (&view->discarded, g_variant_unref);
  view->discarded = mm_kept_walk_take (settings);
  show_kept (view);
  gtk_widget_grab_focus (GTK_WIDGET (view->go_on));
}

static void
on_go_on (MmWelcomeView *view)
{
  if (view->discarded != NULL)
    {
      mm_kept_walk_give_back (mm_application_get_settings (view->app), view->discarded);
      g_clear_pointer (&view->discarded, g_variant_unref);
      show_kept (view);
    }
  else
    gtk_widget_activate_action (GTK_WIDGET (view), "win.show-view", "s", "register");
}

static void
mm_welcome_view_finalize (GObject *object)
{
  g_clear_pointer (&MM_WELCOME_VIEW (object)->discarded, g_variant_unref);
  G_OBJECT_CLASS (mm_welcome_view_parent_class)->finalize (object);
}

static void
mm_welcome_view_class_init (MmWelcomeViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_welcome_view_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-welcome-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MmWelcomeView, kept);
  gtk_widget_class_bind_template_child (widget_class, MmWelcomeView, kept_words);
  gtk_widget_class_bind_template_child (widget_class, MmWelcomeView, discard);
  gtk_widget_class_bind_template_child (widget_class, MmWelcomeView, go_on);
  gtk_widget_class_bind_template_child (widget_class, MmWelcomeView, sign_in);
}

static void
mm_welcome_view_init (MmWelcomeView *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  g_signal_connect_object (view->discard, "clicked", G_CALLBACK (on_discard), view,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view->go_on, "clicked", G_CALLBACK (on_go_on), view, G_CONNECT_SWAPPED);
}

GtkWidget *
mm_welcome_view_new (MmApplication *app)
{
  MmWelcomeView *view = g_object_new (MM_TYPE_WELCOME_VIEW, NULL);

  view->app = app;
  show_kept (view);
  return GTK_WIDGET (view);
}

#include "mm-hosting-log.h"

#include "mm-gettext.h"

struct _MmHostingLog
{
  MmPane parent;

  GtkTextView *text;
};

G_DEFINE_FINAL_TYPE (MmHostingLog, mm_hosting_log, MM_TYPE_PANE)

static void
on_changed (MmServerChild *server, MmHostingLog *view)
{
  g_autofree char *log = mm_server_child_dup_log (server);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view->text);
  GtkTextIter end;

  gtk_text_buffer_set_text (buffer, *log != '\0' ? log : _ ("Nothing yet."), -1);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_place_cursor (buffer, &end);
}

static void
mm_hosting_log_class_init (MmHostingLogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-log.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingLog, text);
}

static void
mm_hosting_log_init (MmHostingLog *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
}

GtkWidget *
mm_hosting_log_new (MmApplication *app)
{
  MmHostingLog *view = g_object_new (MM_TYPE_HOSTING_LOG, NULL);
  MmServerChild *server = mm_application_get_server (app);

  g_signal_connect_object (server, "changed", G_CALLBACK (on_changed), view, 0);
  on_changed (server, view);
  return GTK_WIDGET (view);
}

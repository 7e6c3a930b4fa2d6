#include "mm-hosting-import.h"

#include "mm-gettext.h"
#include "mm-hosting-page.h"
#include "mm-json.h"

#include <string.h>

#define LARGEST (4 * 1024 * 1024) /* bytes of a file that is opened */

static const char example[]
    = "id,name,model,serial,postal_code,prefecture,municipality,pv_peak_kw,battery_kwh\n"
      "GW-0001,見本,,,380-0838,長野県,長野市,5.5,9.8\n";

struct _MmHostingImport
{
  MmPane parent;

  GtkTextView *table;
  GtkListBox *problems;
  GtkLabel *problem;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmHostingImport, mm_hosting_import, MM_TYPE_PANE)

static void
show_problem (MmHostingImport *view, const GError *error)
{
  const GPtrArray *fields = error != NULL ? mm_error_fields (error) : NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (view->problems))) != NULL)
    gtk_list_box_remove (view->problems, child);
  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const MmFieldError *field = fields->pdata[i];
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), field->field);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), field->message);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
      gtk_list_box_append (view->problems, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (view->problems), fields != NULL);
  gtk_label_set_label (view->problem, error == NULL ? ""
                                      : fields != NULL
                                          ? _ ("Nothing was added. Please correct these lines "
                                               "and import the table again.")
                                          : error->message);
  gtk_widget_set_visible (GTK_WIDGET (view->problem), error != NULL);
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingImport) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = mm_api_fetch_finish (MM_API (source), result, &error);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *issued;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "import.import", TRUE);
  if (answer != NULL)
    json_parser_load_from_data (parser, g_bytes_get_data (answer, NULL),
                                (gssize) g_bytes_get_size (answer), &error);
  show_problem (view, error);
  issued = mm_json_array (mm_json_root (json_parser_get_root (parser)), "gateways");
  if (issued != NULL)
    mm_hosting_page_show_issued (GTK_WIDGET (view), issued);
}

static void
import_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingImport *view = MM_HOSTING_IMPORT (widget);
  MmServerChild *server = mm_application_get_server (view->app);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view->table);
  g_autoptr (GBytes) body = NULL;
  GtkTextIter begin, end;
  char *text;

  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  text = gtk_text_buffer_get_text (buffer, &begin, &end, FALSE);
  body = g_bytes_new_take (text, strlen (text));
  gtk_widget_action_set_enabled (widget, "import.import", FALSE);
  mm_api_fetch_async (mm_server_child_get_operator (server), "POST", "/operator/v1/gateways/import",
                      "text/csv", body, view->cancellable, on_imported, g_object_ref (view));
}

static void
template_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (MM_HOSTING_IMPORT (widget)->table), example,
                            -1);
}

/* A file */

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingImport) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length = 0;

  if (g_file_load_contents_finish (G_FILE (source), result, &bytes, &length, NULL, &error)
      && (length > LARGEST || !g_utf8_validate (bytes, (gssize) length, NULL)))
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("This is no table in UTF-8. Please save it as “CSV UTF-8” and open it "
                            "again."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  show_problem (view, error);
  if (error == NULL)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (view->table), bytes, (int) length);
}

static void
on_chosen (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (MmHostingImport) view = user_data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    g_file_load_contents_async (file, view->cancellable, on_read, g_object_ref (view));
  g_object_unref (dialog);
}

static void
open_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (_ ("Table of gateways"),
                                     GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                     GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_chosen), g_object_ref (widget));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* The object */

static void
mm_hosting_import_dispose (GObject *object)
{
  g_cancellable_cancel (MM_HOSTING_IMPORT (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_import_parent_class)->dispose (object);
}

static void
mm_hosting_import_finalize (GObject *object)
{
  g_object_unref (MM_HOSTING_IMPORT (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_import_parent_class)->finalize (object);
}

static void
mm_hosting_import_class_init (MmHostingImportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_hosting_import_dispose;
  object_class->finalize = mm_hosting_import_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-import.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingImport, table);
  gtk_widget_class_bind_template_child (widget_class, MmHostingImport, problems);
  gtk_widget_class_bind_template_child (widget_class, MmHostingImport, problem);
  gtk_widget_class_install_action (widget_class, "import.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "import.template", NULL, template_action);
  gtk_widget_class_install_action (widget_class, "import.open", NULL, open_action);
}

static void
mm_hosting_import_init (MmHostingImport *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
}

GtkWidget *
mm_hosting_import_new (MmApplication *app)
{
  MmHostingImport *view = g_object_new (MM_TYPE_HOSTING_IMPORT, NULL);

  view->app = app;
  return GTK_WIDGET (view);
}

#include "mm-hosting-setup.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-server-setup.h"

#include <string.h>

struct _MmHostingSetup
{
  MmPane parent;

  MmField *name;
  GtkCheckButton *this_computer;
  GtkCheckButton *network;
  GtkCheckButton *internet;
  GtkWidget *away;
  MmField *public_url;
  GtkCheckButton *proxy;
  GtkWidget *files;
  MmField *certificate;
  MmField *key;
  MmField *port;
  GtkLabel *problem;
  GtkButton *save;

  MmApplication *app; /* outlives its windows */
};

G_DEFINE_FINAL_TYPE (MmHostingSetup, mm_hosting_setup, MM_TYPE_PANE)

static MmField *
field_of (MmHostingSetup *view, const char *name)
{
  const struct
  {
    const char *name;
    MmField *field;
  } fields[] = {
    { "name", view->name },
    { "public_url", view->public_url },
    { "certificate", view->certificate },
    { "key", view->key },
    { "port", view->port },
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].name, name))
      return fields[i].field;
  return NULL;
}

static void
show_problem (MmHostingSetup *view, const GError *error)
{
  const GPtrArray *problems = error != NULL ? mm_error_fields (error) : NULL;

  mm_field_set_error (view->name, NULL);
  mm_field_set_error (view->public_url, NULL);
  mm_field_set_error (view->certificate, NULL);
  mm_field_set_error (view->key, NULL);
  mm_field_set_error (view->port, NULL);
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const MmFieldError *problem = problems->pdata[i];
      MmField *field = field_of (view, problem->field);

      if (field == NULL)
        continue;
      mm_field_set_error (field, problem->message);
      if (i == 0)
        gtk_widget_child_focus (GTK_WIDGET (field), GTK_DIR_TAB_FORWARD);
    }
  gtk_label_set_label (view->problem, error == NULL      ? ""
                                      : problems != NULL ? _ ("Please look at the marked fields.")
                                                         : error->message);
  gtk_widget_set_visible (GTK_WIDGET (view->problem), error != NULL);
}

static void
update (MmHostingSetup *view)
{
  gtk_widget_set_visible (view->away, !gtk_check_button_get_active (view->this_computer));
  gtk_widget_set_visible (view->files, !gtk_check_button_get_active (view->proxy));
}

static char *
text_or_null (MmField *field)
{
  g_autofree char *text = g_strstrip (g_strdup (mm_field_get_text (field)));

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static void
save_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingSetup *view = MM_HOSTING_SETUP (widget);
  MmServerChild *server = mm_application_get_server (view->app);
  g_autoptr (MmServerSetup) setup = g_new0 (MmServerSetup, 1);
  g_autoptr (GError) error = NULL;
  guint64 port = 0;

  g_ascii_string_to_unsigned (mm_field_get_text (view->port), 10, 1, 65535, &port, NULL);
  setup->name = text_or_null (view->name);
  setup->reach = gtk_check_button_get_active (view->internet)  ? MM_SETUP_INTERNET
                 : gtk_check_button_get_active (view->network) ? MM_SETUP_NETWORK
                                                               : MM_SETUP_THIS_COMPUTER;
  setup->port = (guint) port;
  setup->public_url = text_or_null (view->public_url);
  setup->certificate = text_or_null (view->certificate);
  setup->key = text_or_null (view->key);
  setup->proxy = gtk_check_button_get_active (view->proxy);
  if (!mm_server_setup_check (setup, &error)
      || !mm_server_setup_save (setup, mm_server_child_get_data_dir (server), &error))
    {
      show_problem (view, error);
      return;
    }
  g_settings_set_boolean (mm_application_get_settings (view->app), "host-server", TRUE);
  mm_server_child_restart (server);
  gtk_widget_activate_action (widget, "hosting.show", "s", "home");
}

static void
on_activated (MmHostingSetup *view)
{
  gtk_widget_activate_action (GTK_WIDGET (view), "setup.save", NULL);
}

static void
on_chosen (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (MmField) field = user_data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      mm_field_set_text (field, path);
      mm_field_set_error (field, NULL);
    }
  g_object_unref (dialog);
}

static void
choose_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingSetup *view = MM_HOSTING_SETUP (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  MmField *field = field_of (view, g_variant_get_string (parameter, NULL));
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (field == view->key ? _ ("Private key") : _ ("Certificate"),
                                     GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                     GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_chosen), g_object_ref (field));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
fill (MmHostingSetup *view)
{
  const char *data_dir = mm_server_child_get_data_dir (mm_application_get_server (view->app));
  g_autoptr (MmServerSetup) setup = mm_server_setup_load (data_dir);
  g_autofree char *port = g_strdup_printf ("%u", setup->port);

  mm_field_set_text (view->name, setup->name != NULL ? setup->name : "");
  mm_field_set_text (view->public_url, setup->public_url != NULL ? setup->public_url : "");
  mm_field_set_text (view->certificate, setup->certificate != NULL ? setup->certificate : "");
  mm_field_set_text (view->key, setup->key != NULL ? setup->key : "");
  mm_field_set_text (view->port, port);
  gtk_check_button_set_active (view->proxy, setup->proxy);
  gtk_check_button_set_active (setup->reach == MM_SETUP_INTERNET  ? view->internet
                               : setup->reach == MM_SETUP_NETWORK ? view->network
                                                                  : view->this_computer,
                               TRUE);
  if (mm_server_setup_exists (data_dir))
    {
      mm_pane_set_title (MM_PANE (view), _ ("Name, reach and address"));
      gtk_button_set_label (view->save, _ ("_Save and restart"));
    }
}

static void
mm_hosting_setup_class_init (MmHostingSetupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-setup.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, name);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, this_computer);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, network);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, internet);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, away);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, public_url);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, proxy);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, files);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, certificate);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, key);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, port);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, problem);
  gtk_widget_class_bind_template_child (widget_class, MmHostingSetup, save);
  gtk_widget_class_install_action (widget_class, "setup.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "setup.choose", "s", choose_action);
}

static void
mm_hosting_setup_init (MmHostingSetup *view)
{
  MmField *fields[5];

  gtk_widget_init_template (GTK_WIDGET (view));
  fields[0] = view->name;
  fields[1] = view->public_url;
  fields[2] = view->certificate;
  fields[3] = view->key;
  fields[4] = view->port;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_signal_connect_swapped (fields[i], "activated", G_CALLBACK (on_activated), view);
  g_signal_connect_swapped (view->this_computer, "toggled", G_CALLBACK (update), view);
  g_signal_connect_swapped (view->proxy, "toggled", G_CALLBACK (update), view);
}

GtkWidget *
mm_hosting_setup_new (MmApplication *app)
{
  MmHostingSetup *view = g_object_new (MM_TYPE_HOSTING_SETUP, NULL);

  view->app = app;
  fill (view);
  update (view);
  return GTK_WIDGET (view);
}

#include "mm-customers-page.h"

#include "mm-customer-print.h"
#include "mm-json.h"
#include "mm-link-list.h"
#include "mm-qr-code.h"
#include "mm-spoken-name.h"

#include <string.h>

struct _MmCustomersPage
{
  MmPane parent;

  AdwActionRow *user_id;
  AdwActionRow *phone;
  AdwActionRow *address;
  GtkWidget *private;
  GtkLabel *why;
  GtkWidget *sheet_group;
  AdwComboRow *language;
  GtkBox *sheet_box;
  MmQrCode *code;
  GtkLabel *letter;
  GtkWidget *copy_letter;
  MmLinkList *links;

  MmApi *api;
  MmLanguages *languages;
  JsonNode *account; /* as answered; NULL before that */
  MmCustomerSheet *sheet;
  GCancellable *cancellable;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (MmCustomersPage, mm_customers_page, MM_TYPE_PANE)

/* In the order of the choice. */
static const char *const tags[] = { "ja", "en" };

static const MmLanguage *
chosen_language (MmCustomersPage *page)
{
  return mm_languages_get (page->languages, tags[adw_combo_row_get_selected (page->language)]);
}

static void
show_letter (MmCustomersPage *page)
{
  g_autofree char *letter = NULL;

  if (page->sheet == NULL || page->sheet->address == NULL)
    return;
  letter = mm_customer_sheet_letter (page->sheet, chosen_language (page));
  gtk_label_set_label (page->letter, letter);
}

static void
show (MmCustomersPage *page, const char *public_url)
{
  gboolean reachable = page->sheet->address != NULL;

  adw_action_row_set_subtitle (page->user_id, page->sheet->user_id);
  adw_action_row_set_subtitle (page->phone, page->sheet->phone);
  gtk_widget_set_visible (GTK_WIDGET (page->address), reachable);
  gtk_widget_set_visible (page->private, !reachable);
  gtk_widget_set_visible (page->sheet_group, reachable);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "customers.print", reachable);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "customers.save", reachable);
  if (reachable)
    {
      adw_action_row_set_subtitle (page->address, page->sheet->address);
      mm_qr_code_set_text (page->code, page->sheet->address);
      show_letter (page);
    }
  else
    {
      g_autofree char *why
          = g_strdup_printf (_ ("The server calls itself %s, which only this computer can reach. "
                                "Give it an address that your customers can open; then a link, a "
                                "QR code and a sheet to print are here."),
                             public_url);

      gtk_label_set_label (page->why, why);
    }
  mm_pane_set_notice (MM_PANE (page), NULL, NULL, NULL);
  mm_pane_show_content (MM_PANE (page));
}

/* Loading */

static void
failed (MmCustomersPage *page, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (page->sheet != NULL)
    mm_pane_set_notice (MM_PANE (page), error->message, _ ("_Try again"), "customers.reload");
  else
    mm_pane_show_message (MM_PANE (page), "network-offline-symbolic", _ ("It cannot be loaded"),
                          error->message, _ ("_Try again"), "customers.reload");
}

static void
on_server (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmCustomersPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  const char *public_url;

  if (answer == NULL)
    {
      failed (page, error);
      return;
    }
  if (mm_json_root (answer) == NULL || mm_json_root (page->account) == NULL)
    {
      g_autoptr (GError) strange = mm_api_new_strange_error ();

      failed (page, strange);
      return;
    }
  public_url = mm_json_text (mm_json_root (answer), "public_url");
  g_clear_pointer (&page->sheet, mm_customer_sheet_free);
  page->sheet = mm_customer_sheet_new (mm_json_root (page->account), public_url);
  show (page, public_url);
}

static void
on_account (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmCustomersPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (answer == NULL)
    {
      failed (page, error);
      return;
    }
  g_clear_pointer (&page->account, json_node_unref);
  page->account = g_steal_pointer (&answer);
  mm_api_send_async (page->api, "GET", "/api/v1/server", NULL, page->cancellable, on_server,
                     g_object_ref (page));
}

static void
load (MmCustomersPage *page)
{
  if (page->sheet == NULL)
    mm_pane_show_waiting (MM_PANE (page));
  mm_api_send_async (page->api, "GET", "/api/v1/account", NULL, page->cancellable, on_account,
                     g_object_ref (page));
  mm_link_list_load (page->links, page->api);
}

/* Actions */

static void
reload (GtkWidget *widget, const char *action, GVariant *parameter)
{
  load (MM_CUSTOMERS_PAGE (widget));
}

static void
copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmCustomersPage *page = MM_CUSTOMERS_PAGE (widget);
  const char *what = g_variant_get_string (parameter, NULL);
  const char *text;

  if (page->sheet == NULL)
    return;
  if (strcmp (what, "user-id") == 0)
    text = page->sheet->user_id;
  else if (strcmp (what, "phone") == 0)
    text = page->sheet->phone;
  else if (strcmp (what, "letter") == 0)
    text = gtk_label_get_label (page->letter);
  else
    text = page->sheet->address;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  gtk_widget_activate_action (widget, "win.toast", "s", _ ("Copied"));
}

static void
print (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmCustomersPage *page = MM_CUSTOMERS_PAGE (widget);

  mm_customer_print_run (GTK_WINDOW (gtk_widget_get_root (widget)), page->sheet,
                         chosen_language (page));
}

static void
on_chosen (GtkFileChooserNative *chooser, int response, MmCustomersPage *page)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      if (mm_customer_print_export (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (page))),
                                    page->sheet, chosen_language (page), path, &error))
        words = g_strdup (_ ("The sheet was saved."));
      else
        words = g_strdup_printf (_ ("The sheet could not be saved: %s"), error->message);
      gtk_widget_activate_action (GTK_WIDGET (page), "win.toast", "s", words);
    }
  g_clear_object (&page->chooser);
}

static void
save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmCustomersPage *page = MM_CUSTOMERS_PAGE (widget);
  g_autofree char *name = g_strdup_printf ("%s.pdf", page->sheet->user_id);

  g_clear_object (&page->chooser);
  page->chooser = gtk_file_chooser_native_new (_ ("Save the sheet as PDF"),
                                               GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (page->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (page->chooser), name);
  g_signal_connect_object (page->chooser, "response", G_CALLBACK (on_chosen), page, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (page->chooser));
}

/* The code stands above the words where there is no room beside them. */
static void
on_folded (MmCustomersPage *page)
{
  gboolean folded;

  g_object_get (page, "folded", &folded, NULL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (page->sheet_box),
                                  folded ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

/* The object */

static void
mm_customers_page_dispose (GObject *object)
{
  MmCustomersPage *page = MM_CUSTOMERS_PAGE (object);

  g_cancellable_cancel (page->cancellable);
  g_clear_object (&page->api);
  g_clear_object (&page->chooser);
  G_OBJECT_CLASS (mm_customers_page_parent_class)->dispose (object);
}

static void
mm_customers_page_finalize (GObject *object)
{
  MmCustomersPage *page = MM_CUSTOMERS_PAGE (object);

  g_object_unref (page->cancellable);
  g_clear_pointer (&page->account, json_node_unref);
  g_clear_pointer (&page->sheet, mm_customer_sheet_free);
  mm_languages_free (page->languages);
  G_OBJECT_CLASS (mm_customers_page_parent_class)->finalize (object);
}

static void
mm_customers_page_class_init (MmCustomersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_customers_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_customers_page_finalize;
  g_type_ensure (MM_TYPE_LINK_LIST);
  g_type_ensure (MM_TYPE_QR_CODE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-customers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, user_id);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, phone);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, address);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, private);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, why);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, sheet_group);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, language);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, sheet_box);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, code);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, letter);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, copy_letter);
  gtk_widget_class_bind_template_child (widget_class, MmCustomersPage, links);
  gtk_widget_class_install_action (widget_class, "customers.reload", NULL, reload);
  gtk_widget_class_install_action (widget_class, "customers.copy", "s", copy);
  gtk_widget_class_install_action (widget_class, "customers.print", NULL, print);
  gtk_widget_class_install_action (widget_class, "customers.save", NULL, save);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "customers.print",
                                       NULL);
}

static void
mm_customers_page_init (MmCustomersPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  mm_spoken_name_set (page->copy_letter, _ ("Copy the text for a mail"));
  page->cancellable = g_cancellable_new ();
  page->languages = mm_languages_new_built_in ();
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "customers.print", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "customers.save", FALSE);
  adw_combo_row_set_selected (page->language,
                              strcmp (mm_language_tag (mm_own_language ()), tags[0]) == 0 ? 0 : 1);
  g_signal_connect_swapped (page->language, "notify::selected", G_CALLBACK (show_letter), page);
  g_signal_connect (page, "notify::folded", G_CALLBACK (on_folded), NULL);
}

GtkWidget *
mm_customers_page_new (MmApplication *app)
{
  MmCustomersPage *page = g_object_new (MM_TYPE_CUSTOMERS_PAGE, NULL);

  page->api = g_object_ref (mm_desk_get_api (mm_application_get_desk (app)));
  load (page);
  return GTK_WIDGET (page);
}

#include "mm-two-factor-page.h"

#include "mm-form-problem.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-qr-picture.h"
#include "mm-save.h"

struct _MmTwoFactorPage
{
  AdwBin parent;

  GtkStack *steps; /* waiting, off, setup, codes, on */
  MmField *begin_password;
  MmFormProblem *begin_problem;
  GtkButton *begin;
  MmQrPicture *qr;
  GtkLabel *secret;
  MmField *code;
  MmFormProblem *setup_problem;
  GtkButton *confirm;
  GtkLabel *codes;
  GtkButton *copy;
  GtkButton *save;
  GtkButton *print;
  MmFormProblem *codes_problem;
  GtkButton *kept;
  GtkLabel *left;
  MmField *end_password;
  MmField *end_code;
  MmFormProblem *end_problem;
  GtkButton *end;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmTwoFactorPage, mm_two_factor_page, ADW_TYPE_BIN)

#define PATH "/api/v1/account/two-factor"

static void
ask (MmTwoFactorPage *page,
     const char *method,
     const char *path,
     JsonNode *body,
     GAsyncReadyCallback callback)
{
  gtk_widget_set_sensitive (GTK_WIDGET (page->steps), FALSE);
  mm_api_send_async (mm_desk_get_api (mm_application_get_desk (page->app)), method, path, body,
                     page->cancellable, callback, g_object_ref (page));
}

/* FALSE if the page is gone. */
static gboolean
take_answer (
    MmTwoFactorPage *page, GObject *api, GAsyncResult *result, JsonNode **answer, GError **error)
{
  *answer = mm_api_send_finish (MM_API (api), result, error);
  if (g_cancellable_is_cancelled (page->cancellable))
    return FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (page->steps), TRUE);
  return TRUE;
}

static void
say (MmTwoFactorPage *page, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (page), "account.say", "s", text);
}

/* Beginning */

static void
on_begun (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmTwoFactorPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *setup;

  if (!take_answer (page, source, result, &answer, &error))
    return;
  mm_form_problem_show (page->begin_problem, error, "password", page->begin_password, NULL);
  mm_field_set_text (page->begin_password, "");
  if (answer == NULL)
    return;
  setup = mm_json_root (answer);
  mm_qr_picture_set_text (page->qr, mm_json_text (setup, "url"),
                          _ ("QR code for the authenticator app"));
  gtk_label_set_text (page->secret, mm_json_text (setup, "secret"));
  gtk_stack_set_visible_child_name (page->steps, "setup");
  gtk_widget_grab_focus (GTK_WIDGET (page->code));
}

static void
begin (MmTwoFactorPage *page)
{
  ask (page, "POST", PATH,
       mm_json_new_texts ("password", mm_field_get_text (page->begin_password), NULL), on_begun);
}

/* Switching on */

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmTwoFactorPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  JsonArray *codes;

  if (!take_answer (page, source, result, &answer, &error))
    return;
  mm_form_problem_show (page->setup_problem, error, "code", page->code, NULL);
  if (answer == NULL)
    return;
  codes = mm_json_array (mm_json_root (answer), "recovery_codes");
  for (guint i = 0; i < mm_json_length (codes); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            json_array_get_string_element (codes, i));
  gtk_label_set_text (page->codes, text->str);
  mm_qr_picture_set_text (page->qr, NULL, "");
  gtk_label_set_text (page->secret, "");
  gtk_stack_set_visible_child_name (page->steps, "codes");
  gtk_widget_grab_focus (GTK_WIDGET (page->copy));
}

static void
confirm (MmTwoFactorPage *page)
{
  ask (page, "POST", PATH "/confirm",
       mm_json_new_texts ("code", mm_field_get_text (page->code), NULL), on_confirmed);
}

/* Keeping the recovery codes */

/* The codes with whose they are, for a file or a sheet of paper. */
static char *
sheet_of (MmTwoFactorPage *page)
{
  MmDesk *desk = mm_application_get_desk (page->app);
  g_autofree char *title
      /* Translators: %1$s is a user ID, %2$s a server's address */
      = g_strdup_printf (_ ("Mimamori: recovery codes of %1$s at %2$s"), mm_desk_get_user_id (desk),
                         mm_api_get_url (mm_desk_get_api (desk)));

  return g_strdup_printf ("%s\n\n%s\n\n%s\n", title, gtk_label_get_text (page->codes),
                          _ ("If you lose your phone, each of them lets you sign in once in place "
                             "of a code."));
}

static void
on_copy (MmTwoFactorPage *page)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (page)),
                          gtk_label_get_text (page->codes));
  say (page, _ ("Copied"));
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmTwoFactorPage) page = user_data;
  g_autoptr (GError) error = NULL;

  if (mm_save_finish (result, &error))
    say (page, _ ("Saved"));
  else
    mm_form_problem_show (page->codes_problem, error, NULL);
}

static void
on_save (MmTwoFactorPage *page)
{
  char *sheet = sheet_of (page);
  g_autoptr (GBytes) bytes = g_bytes_new_take (sheet, strlen (sheet));

  mm_save_async (GTK_WIDGET (page), _ ("mimamori-recovery-codes.txt"), bytes, page->cancellable,
                 on_saved, g_object_ref (page));
}

static void
on_draw_page (GtkPrintOperation *print, GtkPrintContext *context, int number, gpointer user_data)
{
  g_autofree char *sheet = sheet_of (user_data);
  g_autoptr (PangoLayout) layout = gtk_print_context_create_pango_layout (context);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Monospace 12");

  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) gtk_print_context_get_width (context) * PANGO_SCALE);
  pango_layout_set_text (layout, sheet, -1);
  pango_cairo_show_layout (gtk_print_context_get_cairo_context (context), layout);
}

static void
on_print (MmTwoFactorPage *page)
{
  g_autoptr (GtkPrintOperation) print = gtk_print_operation_new ();
  g_autoptr (GError) error = NULL;

  gtk_print_operation_set_n_pages (print, 1);
  gtk_print_operation_set_job_name (print, _ ("Recovery codes"));
  gtk_print_operation_set_allow_async (print, TRUE);
  g_signal_connect_object (print, "draw-page", G_CALLBACK (on_draw_page), page, 0);
  gtk_print_operation_run (print, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                           GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (page))), &error);
  mm_form_problem_show (page->codes_problem, error, NULL);
}

/* How it stands */

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmTwoFactorPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *state;

  if (!take_answer (page, source, result, &answer, &error))
    return;
  if (answer == NULL)
    {
      gtk_stack_set_visible_child_name (page->steps, "off");
      gtk_widget_set_sensitive (GTK_WIDGET (page->begin), FALSE);
      mm_form_problem_show (page->begin_problem, error, NULL);
      return;
    }
  state = mm_json_root (answer);
  if (mm_json_truth (state, "on"))
    {
      g_autofree char *left = g_strdup_printf ("%s: %u", _ ("Recovery codes left"),
                                               (guint) mm_json_integer (state, "recovery_codes"));

      gtk_label_set_text (page->left, left);
      gtk_stack_set_visible_child_name (page->steps, "on");
      gtk_widget_grab_focus (GTK_WIDGET (page->end_password));
    }
  else
    {
      gtk_stack_set_visible_child_name (page->steps, "off");
      gtk_widget_grab_focus (GTK_WIDGET (page->begin_password));
    }
}

static void
look (MmTwoFactorPage *page)
{
  gtk_stack_set_visible_child_name (page->steps, "waiting");
  ask (page, "GET", PATH, NULL, on_looked);
}

static void
on_kept (MmTwoFactorPage *page)
{
  gtk_label_set_text (page->codes, "");
  look (page);
}

/* Switching off */

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmTwoFactorPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (!take_answer (page, source, result, &answer, &error))
    return;
  mm_form_problem_show (page->end_problem, error, "password", page->end_password, "code",
                        page->end_code, NULL);
  if (answer == NULL)
    return;
  say (page, _ ("Two-factor sign-in is off."));
  gtk_widget_activate_action (GTK_WIDGET (page), "account.show", "s", "view");
}

static void
end (MmTwoFactorPage *page)
{
  ask (page, "DELETE", PATH,
       mm_json_new_texts ("password", mm_field_get_text (page->end_password), "code",
                          mm_field_get_text (page->end_code), NULL),
       on_ended);
}

/* The object */

static void
mm_two_factor_page_dispose (GObject *object)
{
  g_cancellable_cancel (MM_TWO_FACTOR_PAGE (object)->cancellable);
  G_OBJECT_CLASS (mm_two_factor_page_parent_class)->dispose (object);
}

static void
mm_two_factor_page_finalize (GObject *object)
{
  g_object_unref (MM_TWO_FACTOR_PAGE (object)->cancellable);
  G_OBJECT_CLASS (mm_two_factor_page_parent_class)->finalize (object);
}

static void
mm_two_factor_page_class_init (MmTwoFactorPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_FIELD);
  g_type_ensure (MM_TYPE_FORM_PROBLEM);
  g_type_ensure (MM_TYPE_QR_PICTURE);
  G_OBJECT_CLASS (klass)->dispose = mm_two_factor_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_two_factor_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-two-factor-page.ui");
#define BIND(member) gtk_widget_class_bind_template_child (widget_class, MmTwoFactorPage, member)
  BIND (steps);
  BIND (begin_password);
  BIND (begin_problem);
  BIND (begin);
  BIND (qr);
  BIND (secret);
  BIND (code);
  BIND (setup_problem);
  BIND (confirm);
  BIND (codes);
  BIND (copy);
  BIND (save);
  BIND (print);
  BIND (codes_problem);
  BIND (kept);
  BIND (left);
  BIND (end_password);
  BIND (end_code);
  BIND (end_problem);
  BIND (end);
#undef BIND
}

static void
mm_two_factor_page_init (MmTwoFactorPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (page->begin, "clicked", G_CALLBACK (begin), page);
  g_signal_connect_swapped (page->begin_password, "activated", G_CALLBACK (begin), page);
  g_signal_connect_swapped (page->confirm, "clicked", G_CALLBACK (confirm), page);
  g_signal_connect_swapped (page->code, "activated", G_CALLBACK (confirm), page);
  g_signal_connect_swapped (page->copy, "clicked", G_CALLBACK (on_copy), page);
  g_signal_connect_swapped (page->save, "clicked", G_CALLBACK (on_save), page);
  g_signal_connect_swapped (page->print, "clicked", G_CALLBACK (on_print), page);
  g_signal_connect_swapped (page->kept, "clicked", G_CALLBACK (on_kept), page);
  g_signal_connect_swapped (page->end, "clicked", G_CALLBACK (end), page);
  g_signal_connect_swapped (page->end_code, "activated", G_CALLBACK (end), page);
}

GtkWidget *
mm_two_factor_page_new (MmApplication *app)
{
  MmTwoFactorPage *page = g_object_new (MM_TYPE_TWO_FACTOR_PAGE, NULL);

  page->app = app;
  look (page);
  return GTK_WIDGET (page);
}

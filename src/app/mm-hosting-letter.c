#include "mm-hosting-letter.h"

#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-mail-link.h"
#include "mm-mail-words.h"

struct _MmHostingLetter
{
  MmPane parent;

  GtkLabel *head;
  GtkLabel *text;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmHostingLetter, mm_hosting_letter, MM_TYPE_PANE)

static gboolean
replace_link (const GMatchInfo *match, GString *result, gpointer user_data)
{
  g_autofree char *link = g_match_info_fetch (match, 0);

  g_string_append_printf (result, "<a href=\"%s\">%s</a>", link, link);
  return FALSE;
}

/* The text as markup with its addresses as links. What is escaped has no quotes or brackets left.
 */
static char *
markup_of (const char *text)
{
  g_autoptr (GRegex) links = g_regex_new ("https?://[^\\s<>\"']+", 0, 0, NULL);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return g_regex_replace_eval (links, escaped, -1, 0, 0, replace_link, NULL, NULL);
}

/* What leads into the app is opened here, the rest in the browser. */
static gboolean
on_link (GtkLabel *label, const char *uri, MmHostingLetter *view)
{
  g_autoptr (MmMailLink) link = mm_mail_link_parse (uri, NULL);
  g_autoptr (GFile) file = g_file_new_for_uri (uri);
  GApplication *app = G_APPLICATION (view->app);

  if (link == NULL || (g_application_get_flags (app) & G_APPLICATION_HANDLES_OPEN) == 0)
    return FALSE;
  g_application_open (app, &file, 1, "");
  return TRUE;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingLetter) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonObject *mail = mm_json_root (answer);
  g_autofree char *words = mail != NULL ? mm_mail_words (mail) : NULL;
  g_autofree char *head = NULL;
  g_autofree char *markup = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (mail == NULL)
    {
      mm_pane_show_message (MM_PANE (view), "mail-send-symbolic", _ ("The mail cannot be shown"),
                            error != NULL ? error->message : NULL, _ ("Back"),
                            "hosting.show::outbox");
      return;
    }
  head = g_strdup_printf (_ ("To %s\n%s"), mm_json_text (mail, "to"), words);
  markup = markup_of (mm_json_text (mail, "text"));
  mm_pane_set_title (MM_PANE (view), mm_json_text (mail, "subject"));
  gtk_label_set_label (view->head, head);
  gtk_label_set_markup (view->text, markup);
  mm_pane_show_content (MM_PANE (view));
}

/* The object */

static void
mm_hosting_letter_dispose (GObject *object)
{
  g_cancellable_cancel (MM_HOSTING_LETTER (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_letter_parent_class)->dispose (object);
}

static void
mm_hosting_letter_finalize (GObject *object)
{
  g_object_unref (MM_HOSTING_LETTER (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_letter_parent_class)->finalize (object);
}

static void
mm_hosting_letter_class_init (MmHostingLetterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_hosting_letter_dispose;
  object_class->finalize = mm_hosting_letter_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-letter.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingLetter, head);
  gtk_widget_class_bind_template_child (widget_class, MmHostingLetter, text);
}

static void
mm_hosting_letter_init (MmHostingLetter *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
  g_signal_connect_object (view->text, "activate-link", G_CALLBACK (on_link), view, 0);
}

GtkWidget *
mm_hosting_letter_new (MmApplication *app, const char *id)
{
  MmHostingLetter *view = g_object_new (MM_TYPE_HOSTING_LETTER, NULL);
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/operator/v1/mails/", escaped, NULL);

  view->app = app;
  mm_pane_show_waiting (MM_PANE (view));
  mm_api_send_async (mm_server_child_get_operator (mm_application_get_server (app)), "GET", path,
                     NULL, view->cancellable, on_answer, g_object_ref (view));
  return GTK_WIDGET (view);
}

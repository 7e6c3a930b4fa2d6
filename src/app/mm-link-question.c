#include "mm-link-question.h"

#include "mm-gettext.h"
#include "mm-trust.h"

typedef struct
{
  GtkWidget *widget; /* weak */
  MmMailLink *link;
  void (*open) (MmMailLink *link, gpointer user_data);
  gpointer user_data;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_clear_weak_pointer (&question->widget);
  mm_mail_link_free (question->link);
  g_free (question);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;

  if (g_str_equal (response, "open") && question->widget != NULL)
    question->open (question->link, question->user_data);
}

static gboolean
is_known (MmApplication *app, const char *known, const char *server)
{
  GSettings *settings = mm_application_get_settings (app);
  g_autofree char *last = g_settings_get_string (settings, "server-url");
  g_autoptr (GVariant) servers = g_settings_get_value (settings, "servers");

  return g_strcmp0 (server, known) == 0 || g_strcmp0 (server, last) == 0
         || g_variant_lookup (servers, server, "&s", NULL);
}

static void
ask (GtkWidget *widget, Question *question)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  g_autofree char *host = mm_mail_link_show_host (question->link->server);
  g_autofree char *heading = g_strdup_printf (_ ("Go on with the server %s?"), host);
  GtkWidget *dialog = adw_message_dialog_new (
      window, heading,
      mm_trust_is_exposed (question->link->server)
          ? _ ("The link leads to a server that this app does not know yet, and the connection to "
               "it is not encrypted. Go on only if you know the server and expected this mail.")
          : _ ("The link leads to a server that this app does not know yet. Go on only if you know "
               "the server and expected this mail."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "open",
                                    _ ("_Go on"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
mm_link_question_ask (GtkWidget *widget,
                      MmApplication *app,
                      const char *known,
                      MmMailLink *link,
                      void (*open) (MmMailLink *link, gpointer user_data),
                      gpointer user_data)
{
  Question *question;

  if (link->server == NULL || is_known (app, known, link->server))
    {
      open (link, user_data);
      mm_mail_link_free (link);
      return;
    }
  question = g_new0 (Question, 1);
  g_set_weak_pointer (&question->widget, widget);
  question->link = link;
  question->open = open;
  question->user_data = user_data;
  ask (widget, question);
}

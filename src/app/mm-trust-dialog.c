#include "mm-trust-dialog.h"

#include "mm-gettext.h"
#include "mm-trust.h"

#define TRUST "trust"
#define CANCEL "cancel"

typedef struct
{
  MmApplication *app; /* NULL: a warning, nothing to pin */
  MmApi *api;
  char *fingerprint;
  gulong cancelled;
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->api);
  g_free (question->fingerprint);
  g_free (question);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Question *question = g_task_get_task_data (task);
  gboolean yes = g_str_equal (response, TRUST);

  if (question->cancelled != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), question->cancelled);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (yes && question->app != NULL)
    {
      mm_trust_set_pin (mm_application_get_settings (question->app), mm_api_get_url (question->api),
                        question->fingerprint);
      mm_api_set_pin (question->api, question->fingerprint);
    }
  g_task_return_boolean (task, yes);
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  gtk_window_close (user_data);
}

/* Shows the dialog; takes @task. */
static void
present (GTask *task, AdwMessageDialog *dialog)
{
  Question *question = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  adw_message_dialog_set_default_response (dialog, CANCEL);
  adw_message_dialog_set_close_response (dialog, CANCEL);
  if (cancellable != NULL)
    question->cancelled
        = g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (on_cancelled), dialog, 0);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), task);
  gtk_window_present (GTK_WINDOW (dialog));
}

static GtkWindow *
window_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

/* A fingerprint with what it is, above each other. */
static void
append_fingerprint (GtkBox *box, const char *title, const char *fingerprint)
{
  g_autofree char *grouped = mm_trust_group_fingerprint (fingerprint);
  GtkWidget *heading = gtk_label_new (title);
  GtkWidget *text = gtk_label_new (grouped);

  gtk_widget_add_css_class (heading, "mm-field-label");
  gtk_label_set_wrap (GTK_LABEL (heading), TRUE);
  gtk_widget_add_css_class (text, "monospace");
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  /* So that opening the dialog does not select the whole of it. Not by "focusable", as Tab would
   * then lose its way here. */
  gtk_widget_set_can_focus (text, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL, grouped,
                                  -1);
  gtk_box_append (box, heading);
  gtk_box_append (box, text);
}

static void
on_tick (GtkCheckButton *tick, GParamSpec *pspec, AdwMessageDialog *dialog)
{
  adw_message_dialog_set_response_enabled (dialog, TRUST, gtk_check_button_get_active (tick));
}

static AdwMessageDialog *
make_first (GtkWindow *parent, const char *host, GtkBox *box, Question *question)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, _ ("Do you trust this server?"), NULL);

  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("%s has a certificate of its own, which no known authority has signed. Ask whoever runs "
         "the server for the fingerprint, or look at the page “Server” of Mimamori on that "
         "computer. Trust it only if both are the same."),
      host);
  append_fingerprint (box, _ ("Fingerprint (SHA-256)"), question->fingerprint);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), CANCEL, _ ("Cancel"), TRUST,
                                    _ ("Trust this server"), NULL);
  return ADW_MESSAGE_DIALOG (dialog);
}

static AdwMessageDialog *
make_changed (GtkWindow *parent, const char *host, const char *pin, GtkBox *box, Question *question)
{
  GtkWidget *dialog
      = adw_message_dialog_new (parent, _ ("Stop: this may not be your server"), NULL);
  GtkWidget *tick = gtk_check_button_new ();
  GtkWidget *words = gtk_label_new (
      _ ("I have asked whoever runs the server, and the new fingerprint is right."));

  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("%s shows another certificate than the one you trusted. Somebody may be in between and "
         "read along. Nothing has been sent. Please ask whoever runs the server whether the "
         "certificate was renewed."),
      host);
  append_fingerprint (box, _ ("Trusted until now"), pin);
  append_fingerprint (box, _ ("Shown now"), question->fingerprint);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (tick), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (tick), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (GTK_LABEL (words)), -1);
  gtk_box_append (box, tick);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), CANCEL, _ ("Do not connect"),
                                    TRUST, _ ("Trust the new certificate"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), TRUST,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), TRUST, FALSE);
  g_signal_connect (tick, "notify::active", G_CALLBACK (on_tick), dialog);
  return ADW_MESSAGE_DIALOG (dialog);
}

static char *
host_of (MmApi *api)
{
  g_autoptr (GUri) uri = g_uri_parse (mm_api_get_url (api), G_URI_FLAGS_NONE, NULL);

  return g_strdup (uri != NULL ? g_uri_get_host (uri) : mm_api_get_url (api));
}

void
mm_trust_dialog_ask_async (GtkWidget *parent,
                           MmApplication *app,
                           MmApi *api,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);
  g_autofree char *pin
      = mm_trust_find_pin (mm_application_get_settings (app), mm_api_get_url (api));
  g_autofree char *host = host_of (api);
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  AdwMessageDialog *dialog;

  g_task_set_source_tag (task, mm_trust_dialog_ask_async);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  question->app = app;
  question->api = g_object_ref (api);
  question->fingerprint = g_strdup (mm_api_get_seen_fingerprint (api));
  if (question->fingerprint == NULL)
    {
      g_object_unref (g_object_ref_sink (box));
      g_task_return_boolean (task, FALSE);
      g_object_unref (task);
      return;
    }
  dialog = pin != NULL ? make_changed (window_of (parent), host, pin, box, question)
                       : make_first (window_of (parent), host, box, question);
  adw_message_dialog_set_extra_child (dialog, GTK_WIDGET (box));
  present (task, dialog);
}

gboolean
mm_trust_dialog_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
mm_trust_dialog_warn_async (GtkWidget *parent,
                            MmApi *api,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);
  g_autofree char *host = host_of (api);
  GtkWidget *dialog;

  g_task_set_source_tag (task, mm_trust_dialog_warn_async);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  question->api = g_object_ref (api);
  if (!mm_trust_is_exposed (mm_api_get_url (api)))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  dialog = adw_message_dialog_new (window_of (parent), _ ("Your password could be read on its way"),
                                   NULL);
  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("The connection to %s is not encrypted (http). Anybody in the same network could read "
         "your password. Please ask whoever runs the server for an address that begins with "
         "https."),
      host);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), CANCEL, _ ("Cancel"), TRUST,
                                    _ ("Send it anyway"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), TRUST,
                                              ADW_RESPONSE_DESTRUCTIVE);
  present (task, ADW_MESSAGE_DIALOG (dialog));
}

gboolean
mm_trust_dialog_warn_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

#include "mm-hosting-mail.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-mail-words.h"
#include "mm-window.h"

#include <string.h>

#define AUTOMATIC "automatic" /* no setting */
#define LOOKS 30              /* at what became of the test mail, one a second */

struct _MmHostingMail
{
  MmPane parent;

  MmField *smtp_url;
  MmField *smtp_user;
  MmField *smtp_password;
  MmField *starttls;
  MmField *mail_from;
  GtkLabel *problem;
  MmField *address;
  GtkLabel *outcome;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
  char *test; /* ID of the test mail */
  guint looks;
  guint timer;
};

G_DEFINE_FINAL_TYPE (MmHostingMail, mm_hosting_mail, MM_TYPE_PANE)

static MmApi *
operator_of (MmHostingMail *view)
{
  return mm_server_child_get_operator (mm_application_get_server (view->app));
}

/* The settings */

/* @error may name the fields as the command line does, or as the API does. */
static void
show_problem (MmHostingMail *view, const GError *error)
{
  const struct
  {
    MmField *field;
    const char *names[3];
  } fields[] = {
    { view->smtp_url, { "smtp", "mail.smtp_url", "smtp_url" } },
    { view->smtp_user, { "smtp-user", "mail.smtp_user", "smtp_user" } },
    { view->smtp_password, { "smtp-password", "mail.smtp_password", "smtp_password" } },
    { view->starttls, { "smtp-starttls", "mail.starttls", "starttls" } },
    { view->mail_from, { "mail-from", "mail.mail_from", "mail_from" } },
  };
  const GPtrArray *problems = error != NULL ? mm_error_fields (error) : NULL;
  gboolean marked = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      mm_field_set_error (fields[i].field, NULL);
      for (guint k = 0; problems != NULL && k < problems->len; k++)
        {
          const MmFieldError *problem = problems->pdata[k];

          for (guint n = 0; n < G_N_ELEMENTS (fields[i].names); n++)
            if (g_str_equal (problem->field, fields[i].names[n]))
              {
                mm_field_set_error (fields[i].field, problem->message);
                marked = TRUE;
              }
        }
    }
  gtk_label_set_label (view->problem, error == NULL ? ""
                                      : marked      ? _ ("Please look at the marked fields.")
                                                    : error->message);
  gtk_widget_set_visible (GTK_WIDGET (view->problem), error != NULL);
}

static void
on_settings (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingMail) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonObject *mail = mm_json_object (mm_json_root (answer), "mail");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (mail == NULL)
    {
      mm_pane_show_message (MM_PANE (view), "network-server-symbolic",
                            _ ("The server does not answer"), error != NULL ? error->message : NULL,
                            _ ("Back"), "hosting.show::home");
      return;
    }
  mm_field_set_text (view->smtp_url, mm_json_text (mail, "smtp_url"));
  mm_field_set_text (view->smtp_user, mm_json_text (mail, "smtp_user"));
  mm_field_set_text (view->starttls, *mm_json_text (mail, "starttls") != '\0'
                                         ? mm_json_text (mail, "starttls")
                                         : AUTOMATIC);
  mm_field_set_text (view->mail_from, mm_json_text (mail, "mail_from"));
  mm_pane_show_content (MM_PANE (view));
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingMail) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (view));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "mail.save", TRUE);
  show_problem (view, error);
  if (answer != NULL)
    mm_field_set_text (view->smtp_password, "");
  if (answer != NULL && MM_IS_WINDOW (root))
    mm_window_toast (MM_WINDOW (root), _ ("Saved. Mails that waited are tried again."));
}

static void
put_text (JsonObject *object, const char *name, MmField *field)
{
  json_object_set_string_member (object, name, mm_field_get_text (field));
}

static void
save_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingMail *view = MM_HOSTING_MAIL (widget);
  JsonObject *mail = json_object_new ();
  JsonObject *body = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  put_text (mail, "smtp_url", view->smtp_url);
  put_text (mail, "smtp_user", view->smtp_user);
  if (strcmp (mm_field_get_text (view->starttls), AUTOMATIC) == 0)
    json_object_set_null_member (mail, "starttls");
  else
    put_text (mail, "starttls", view->starttls);
  put_text (mail, "mail_from", view->mail_from);
  if (*mm_field_get_text (view->smtp_password) != '\0')
    put_text (mail, "smtp_password", view->smtp_password);
  json_object_set_object_member (body, "mail", mail);
  json_node_take_object (node, body);
  gtk_widget_action_set_enabled (widget, "mail.save", FALSE);
  mm_api_send_async (operator_of (view), "PUT", "/operator/v1/settings", node, view->cancellable,
                     on_saved, g_object_ref (view));
}

/* The test */

static void
show_outcome (MmHostingMail *view, const char *text)
{
  gtk_label_set_label (view->outcome, text);
  gtk_widget_set_visible (GTK_WIDGET (view->outcome), TRUE);
}

static gboolean on_look (gpointer user_data);

static void
on_test_mail (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingMail) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonObject *mail = mm_json_root (answer);
  g_autofree char *words = mail != NULL ? mm_mail_words (mail) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  show_outcome (view, words != NULL ? words : error->message);
  if (mail != NULL && strcmp (mm_json_text (mail, "state"), "waiting") == 0 && --view->looks > 0)
    view->timer = g_timeout_add_seconds (1, on_look, view);
}

static gboolean
on_look (gpointer user_data)
{
  MmHostingMail *view = user_data;
  g_autofree char *path = g_strconcat ("/operator/v1/mails/", view->test, NULL);

  view->timer = 0;
  mm_api_send_async (operator_of (view), "GET", path, NULL, view->cancellable, on_test_mail,
                     g_object_ref (view));
  return G_SOURCE_REMOVE;
}

static void
on_test_queued (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingMail) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  const GPtrArray *fields = error != NULL ? mm_error_fields (error) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  mm_field_set_error (view->address,
                      fields != NULL ? ((MmFieldError *) fields->pdata[0])->message : NULL);
  if (answer == NULL)
    {
      show_outcome (view, fields != NULL ? "" : error->message);
      return;
    }
  g_free (view->test);
  view->test = g_strdup (mm_json_text (mm_json_root (answer), "id"));
  view->looks = LOOKS;
  show_outcome (view, _ ("Waiting"));
  g_clear_handle_id (&view->timer, g_source_remove);
  on_look (view);
}

static void
test_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingMail *view = MM_HOSTING_MAIL (widget);
  JsonObject *body = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (body, "address", mm_field_get_text (view->address));
  json_object_set_string_member (body, "language", mm_language_tag (mm_own_language ()));
  json_node_take_object (node, body);
  mm_api_send_async (operator_of (view), "POST", "/operator/v1/mails/test", node, view->cancellable,
                     on_test_queued, g_object_ref (view));
}

/* Enter in a field does what the button below it does. */

static void
on_settings_activated (MmHostingMail *view)
{
  gtk_widget_activate_action (GTK_WIDGET (view), "mail.save", NULL);
}

static void
on_address_activated (MmHostingMail *view)
{
  gtk_widget_activate_action (GTK_WIDGET (view), "mail.test", NULL);
}

/* The object */

static void
mm_hosting_mail_dispose (GObject *object)
{
  g_clear_handle_id (&MM_HOSTING_MAIL (object)->timer, g_source_remove);
  g_cancellable_cancel (MM_HOSTING_MAIL (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_mail_parent_class)->dispose (object);
}

static void
mm_hosting_mail_finalize (GObject *object)
{
  g_object_unref (MM_HOSTING_MAIL (object)->cancellable);
  g_free (MM_HOSTING_MAIL (object)->test);
  G_OBJECT_CLASS (mm_hosting_mail_parent_class)->finalize (object);
}

static void
mm_hosting_mail_class_init (MmHostingMailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_hosting_mail_dispose;
  object_class->finalize = mm_hosting_mail_finalize;
  g_type_ensure (MM_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-mail.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingMail, smtp_url);
  gtk_widget_class_bind_template_child (widget_class, MmHostingMail, smtp_user);
  gtk_widget_class_bind_template_child (widget_class, MmHostingMail, smtp_password);
  gtk_widget_class_bind_template_child (widget_class, MmHostingMail, starttls);
  gtk_widget_class_bind_template_child (widget_class, MmHostingMail, mail_from);
  gtk_widget_class_bind_template_child (widget_class, MmHostingMail, problem);
  gtk_widget_class_bind_template_child (widget_class, MmHostingMail, address);
  gtk_widget_class_bind_template_child (widget_class, MmHostingMail, outcome);
  gtk_widget_class_install_action (widget_class, "mail.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "mail.test", NULL, test_action);
}

static void
mm_hosting_mail_init (MmHostingMail *view)
{
  const char *const labels[]
      = { _ ("Automatic"), _ ("Required"), _ ("If offered"), _ ("Never"), NULL };
  const char *const values[] = { AUTOMATIC, "required", "optional", "none", NULL };

  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
  mm_field_set_choices (view->starttls, labels, values);
  g_signal_connect_swapped (view->smtp_url, "activated", G_CALLBACK (on_settings_activated), view);
  g_signal_connect_swapped (view->smtp_user, "activated", G_CALLBACK (on_settings_activated), view);
  g_signal_connect_swapped (view->smtp_password, "activated", G_CALLBACK (on_settings_activated),
                            view);
  g_signal_connect_swapped (view->mail_from, "activated", G_CALLBACK (on_settings_activated), view);
  g_signal_connect_swapped (view->address, "activated", G_CALLBACK (on_address_activated), view);
}

GtkWidget *
mm_hosting_mail_new (MmApplication *app)
{
  MmHostingMail *view = g_object_new (MM_TYPE_HOSTING_MAIL, NULL);

  view->app = app;
  mm_pane_show_waiting (MM_PANE (view));
  mm_api_send_async (operator_of (view), "GET", "/operator/v1/settings", NULL, view->cancellable,
                     on_settings, g_object_ref (view));
  return GTK_WIDGET (view);
}

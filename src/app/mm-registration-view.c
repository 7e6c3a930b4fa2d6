#include "mm-registration-view.h"

#include "mm-error.h"
#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-kept-walk.h"
#include "mm-link-question.h"
#include "mm-registrar.h"
#include "mm-registration-complete-page.h"
#include "mm-registration-confirm-page.h"
#include "mm-registration-form-page.h"
#include "mm-registration-link-page.h"
#include "mm-registration-mail-page.h"
#include "mm-registration-password-page.h"
#include "mm-registration-server-page.h"
#include "mm-registration-terms-page.h"
#include "mm-steps-bar.h"
#include "mm-trust-dialog.h"

#define SAVE_AFTER 500 /* ms after the last change */

struct _MmRegistrationView
{
  MmPane parent;

  MmStepsBar *steps;
  GtkStack *pages;
  GtkWidget *problem_row;
  GtkLabel *problem;
  GtkButton *retry;
  GtkButton *back;
  GtkButton *next;
  GtkSpinner *spinner;

  MmApplication *app; /* outlives its windows */
  MmRegistrationWalk *walk;
  MmRegistrar *registrar;
  GCancellable *cancellable;
  guint save;
  gboolean discarded;
};

G_DEFINE_FINAL_TYPE (MmRegistrationView, mm_registration_view, MM_TYPE_PANE)

static const struct
{
  const char *name;
  GtkWidget *(*make) (MmRegistrar *registrar);
} pages[MM_WALK_N_PAGES] = {
  [MM_WALK_SERVER] = { "server", mm_registration_server_page_new },
  [MM_WALK_TERMS] = { "terms", mm_registration_terms_page_new },
  [MM_WALK_FORM] = { "form", mm_registration_form_page_new },
  [MM_WALK_CONFIRM] = { "confirm", mm_registration_confirm_page_new },
  [MM_WALK_MAIL] = { "mail", mm_registration_mail_page_new },
  [MM_WALK_LINK] = { "link", mm_registration_link_page_new },
  [MM_WALK_AGREE] = { "agree", mm_registration_terms_page_new },
  [MM_WALK_PASSWORD] = { "password", mm_registration_password_page_new },
  [MM_WALK_COMPLETE] = { "complete", mm_registration_complete_page_new },
};

static const MmWalkFacts *
facts_of (MmRegistrationView *view)
{
  return mm_registration_walk_facts (view->walk);
}

static GtkWidget *
shown (MmRegistrationView *view)
{
  return gtk_stack_get_visible_child (view->pages);
}

/* Keeping */

static void
save_now (MmRegistrationView *view)
{
  g_clear_handle_id (&view->save, g_source_remove);
  if (!view->discarded)
    mm_kept_walk_save (view->walk, mm_application_get_settings (view->app));
}

static gboolean
on_save (gpointer user_data)
{
  MmRegistrationView *view = user_data;

  view->save = 0;
  save_now (view);
  return G_SOURCE_REMOVE;
}

static void
on_changed (MmRegistrationView *view)
{
  g_clear_handle_id (&view->save, g_source_remove);
  view->save = g_timeout_add (SAVE_AFTER, on_save, view);
}

/* The buttons follow from the page */

static const char *
next_label (const MmWalkFacts *facts)
{
  switch (facts->page)
    {
    case MM_WALK_TERMS:
    case MM_WALK_AGREE:
      return _ ("I _agree");
    case MM_WALK_CONFIRM:
    case MM_WALK_PASSWORD:
      return _ ("_Register");
    case MM_WALK_MAIL:
      return _ ("_Open the link");
    case MM_WALK_LINK:
      if (facts->customers)
        return _ ("_Open in the browser");
      if (facts->dead_link == NULL)
        return _ ("_Open the link");
      if (mm_registration_link_page_can_resend (facts->dead_link))
        return _ ("_Send a new mail");
      return g_str_equal (mm_error_code (facts->dead_link), "link-used")
                 ? _ ("_To the sign-in page")
                 : _ ("_Enter another link");
    case MM_WALK_COMPLETE:
      return _ ("_To the sign-in page");
    case MM_WALK_SERVER:
    case MM_WALK_FORM:
    case MM_WALK_N_PAGES:
    default:
      return _ ("_Next");
    }
}

static void
update_buttons (MmRegistrationView *view)
{
  const MmWalkFacts *facts = facts_of (view);
  gboolean busy = mm_registrar_is_busy (view->registrar);
  gboolean terms = facts->page == MM_WALK_TERMS || facts->page == MM_WALK_AGREE;

  gtk_button_set_label (view->next, next_label (facts));
  gtk_widget_action_set_enabled (
      GTK_WIDGET (view), "registration.next",
      !busy && (!terms || mm_registrar_get_terms (view->registrar) != NULL));
  gtk_widget_set_visible (GTK_WIDGET (view->back), facts->page != MM_WALK_COMPLETE);
  gtk_spinner_set_spinning (view->spinner, busy);
}

static void
update_steps (MmRegistrationView *view)
{
  const char *titles[MM_REGISTRATION_N_STEPS];

  for (guint i = 0; i < MM_REGISTRATION_N_STEPS; i++)
    titles[i] = _ (mm_registration_step_title (i));
  mm_steps_bar_set (view->steps, titles, MM_REGISTRATION_N_STEPS,
                    mm_registration_walk_get_step (view->walk));
}

/* Problems */

static void
on_trust (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmRegistrationView) view = user_data;

  if (mm_trust_dialog_ask_finish (result, NULL))
    mm_registrar_retry (view->registrar);
}

/* The words of the button beside a problem and its action. */
static void
offer_way_on (MmRegistrationView *view, const GError *error)
{
  const char *label = NULL, *action = NULL;
  MmWalkPage page = facts_of (view)->page;

  if (g_strcmp0 (mm_error_code (error), "registration-complete") == 0)
    {
      label = _ ("Sign in");
      action = "registration.sign-in";
    }
  else if (page == MM_WALK_TERMS || page == MM_WALK_AGREE
           || (page == MM_WALK_LINK && facts_of (view)->token != NULL))
    {
      label = _ ("Try again");
      action = "registration.retry";
    }
  gtk_widget_set_visible (GTK_WIDGET (view->retry), label != NULL);
  gtk_button_set_label (view->retry, label != NULL ? label : "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (view->retry), action);
}

static void
on_problem (MmRegistrationView *view)
{
  const GError *error = mm_registrar_get_problem (view->registrar);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (view->problem_row, error != NULL);
  if (error == NULL)
    return;
  if (g_error_matches (error, MM_REACH_ERROR, MM_REACH_ERROR_UNREACHABLE))
    text = g_strdup_printf ("%s %s", error->message,
                            _ ("Please check that the server is switched on, that this computer "
                               "has a network, and that the address is right."));
  else if (mm_error_retry_after (error) > 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%u", mm_error_retry_after (error));
      g_autofree char *wait
          = g_strdup_printf (_ ("Please try again in about %s seconds."), seconds);

      text = g_strdup_printf ("%s %s", error->message, wait);
    }
  gtk_label_set_label (view->problem, text != NULL ? text : error->message);
  offer_way_on (view, error);
  if (g_error_matches (error, MM_REACH_ERROR, MM_REACH_ERROR_CERTIFICATE))
    mm_trust_dialog_ask_async (GTK_WIDGET (view), view->app, mm_registrar_get_api (view->registrar),
                               view->cancellable, on_trust, g_object_ref (view));
}

/* The first field below @widget, or the first that has something wrong. */
static GtkWidget *
find_field (GtkWidget *widget, gboolean wrong)
{
  GtkWidget *found = NULL;

  if (MM_IS_FIELD (widget))
    return !wrong || mm_field_has_error (MM_FIELD (widget)) ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_field (child, wrong);
  return found;
}

/* Once a question was answered, the next key should go to what is wrong. */
static void
on_busy (MmRegistrationView *view)
{
  GtkWidget *wrong;

  update_buttons (view);
  if (mm_registrar_is_busy (view->registrar))
    return;
  wrong = find_field (shown (view), TRUE);
  if (wrong != NULL)
    gtk_widget_grab_focus (wrong);
}

/* Pages */

/* Signing in, here or at the next start, begins with what was registered. */
static void
prefill_sign_in (MmRegistrationView *view)
{
  GSettings *settings = mm_application_get_settings (view->app);

  g_settings_set_string (settings, "server-url", facts_of (view)->server);
  g_settings_set_string (settings, "user-id", facts_of (view)->link_user_id);
}

/* Whether the page is to be read and gone on from, with nothing to fill in. */
static gboolean
is_read_only (const MmWalkFacts *facts)
{
  return facts->page == MM_WALK_CONFIRM || facts->page == MM_WALK_COMPLETE
         || (facts->page == MM_WALK_LINK && facts->token != NULL);
}

/* Where the next key should go. */
static gboolean
focus_page (MmRegistrationView *view)
{
  GtkWidget *field = find_field (shown (view), TRUE);

  if (field == NULL)
    field = find_field (shown (view), FALSE);
  if (is_read_only (facts_of (view)))
    return gtk_widget_grab_focus (GTK_WIDGET (view->next));
  if (field != NULL)
    return gtk_widget_grab_focus (field);
  return gtk_widget_child_focus (shown (view), GTK_DIR_TAB_FORWARD);
}

static void
on_page (MmRegistrationView *view)
{
  const MmWalkFacts *facts = facts_of (view);

  if (gtk_stack_get_child_by_name (view->pages, pages[facts->page].name) == NULL)
    gtk_stack_add_named (view->pages, pages[facts->page].make (view->registrar),
                         pages[facts->page].name);
  if (facts->page == MM_WALK_COMPLETE)
    prefill_sign_in (view);
  gtk_stack_set_visible_child_name (view->pages, pages[facts->page].name);
  update_steps (view);
  update_buttons (view);
  mm_pane_set_subtitle (MM_PANE (view), *facts->server_name != '\0' ? facts->server_name : NULL);
  if (gtk_widget_get_root (GTK_WIDGET (view)) != NULL)
    focus_page (view);
  on_changed (view);
}

/* Actions */

static void
leave (MmRegistrationView *view, const char *to)
{
  save_now (view);
  gtk_widget_activate_action (GTK_WIDGET (view), "win.show-view", "s", to);
}

static void
back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmRegistrationView *view = MM_REGISTRATION_VIEW (widget);

  mm_registrar_cancel (view->registrar);
  if (!mm_registration_walk_back (view->walk))
    leave (view, "welcome");
}

static void
open_link (MmMailLink *link, gpointer user_data)
{
  mm_registration_view_open_link (user_data, link);
}

/* Opens what was pasted; NULL if that leads somewhere, or what is wrong with it. */
static char *
open_pasted (MmRegistrationView *view, const char *text)
{
  g_autoptr (GError) error = NULL;
  MmMailLink *link = mm_mail_link_parse (text, &error);

  if (*text == '\0')
    return g_strdup (_ ("Please fill in this field."));
  if (link == NULL)
    return g_strdup (error->message);
  if (link->kind != MM_MAIL_LINK_CONFIRM)
    {
      mm_mail_link_free (link);
      return g_strdup (_ ("This address belongs to another mail. Please look for the mail that "
                          "says that your registration is not complete yet."));
    }
  mm_link_question_ask (GTK_WIDGET (view), view->app, facts_of (view)->server, link, open_link,
                        view);
  return NULL;
}

static void
open_in_browser (MmRegistrationView *view)
{
  g_autofree char *url
      = g_strconcat (facts_of (view)->server, "/confirm?token=", facts_of (view)->token, NULL);

  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))), url, GDK_CURRENT_TIME);
}

static void
go_on_from_link (MmRegistrationView *view)
{
  const MmWalkFacts *facts = facts_of (view);
  g_autofree char *problem = NULL;

  if (facts->customers)
    open_in_browser (view);
  else if (facts->dead_link == NULL && facts->token == NULL)
    {
      problem = open_pasted (view, mm_registration_link_page_get_link (
                                       MM_REGISTRATION_LINK_PAGE (shown (view))));
      if (problem != NULL)
        mm_registration_link_page_refuse_link (MM_REGISTRATION_LINK_PAGE (shown (view)), problem);
    }
  else if (facts->dead_link == NULL)
    mm_registrar_retry (view->registrar);
  else if (mm_registration_link_page_can_resend (facts->dead_link))
    mm_registrar_resend (view->registrar);
  else if (g_str_equal (mm_error_code (facts->dead_link), "link-used"))
    leave (view, "sign-in");
  else
    mm_registration_walk_ask_link (view->walk);
}

static void
on_warned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmRegistrationView) view = user_data;

  if (mm_trust_dialog_warn_finish (result, NULL) && facts_of (view)->page == MM_WALK_PASSWORD)
    mm_registration_password_page_go_on (MM_REGISTRATION_PASSWORD_PAGE (shown (view)));
}

static void
next (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmRegistrationView *view = MM_REGISTRATION_VIEW (widget);
  g_autofree char *problem = NULL;

  switch (facts_of (view)->page)
    {
    case MM_WALK_SERVER:
      mm_registration_server_page_go_on (MM_REGISTRATION_SERVER_PAGE (shown (view)));
      break;
    case MM_WALK_TERMS:
    case MM_WALK_AGREE:
      mm_registrar_agree (view->registrar);
      break;
    case MM_WALK_FORM:
      mm_registrar_check_form (view->registrar);
      break;
    case MM_WALK_CONFIRM:
      mm_registrar_register (view->registrar);
      break;
    case MM_WALK_MAIL:
      problem = open_pasted (view, mm_registration_mail_page_get_link (
                                       MM_REGISTRATION_MAIL_PAGE (shown (view))));
      if (problem != NULL)
        mm_registration_mail_page_refuse_link (MM_REGISTRATION_MAIL_PAGE (shown (view)), problem);
      return;
    case MM_WALK_LINK:
      go_on_from_link (view);
      return;
    case MM_WALK_PASSWORD:
      mm_trust_dialog_warn_async (GTK_WIDGET (view), mm_registrar_get_api (view->registrar),
                                  view->cancellable, on_warned, g_object_ref (view));
      return;
    case MM_WALK_COMPLETE:
      leave (view, "sign-in");
      return;
    case MM_WALK_N_PAGES:
    default:
      return;
    }
  /* Refused here already, without asking the server. */
  if (!mm_registrar_is_busy (view->registrar))
    on_busy (view);
}

static void
retry (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_registrar_retry (MM_REGISTRATION_VIEW (widget)->registrar);
}

static void
discard_and_go (MmRegistrationView *view, const char *to)
{
  view->discarded = TRUE;
  mm_kept_walk_discard (mm_application_get_settings (view->app));
  leave (view, to);
}

/* Nothing is left to be kept: to begin anew, or because it was completed in the browser. */
static void
start_again (GtkWidget *widget, const char *action, GVariant *parameter)
{
  discard_and_go (MM_REGISTRATION_VIEW (widget), "register");
}

static void
sign_in (GtkWidget *widget, const char *action, GVariant *parameter)
{
  discard_and_go (MM_REGISTRATION_VIEW (widget), "sign-in");
}

/* The object */

static gboolean
mm_registration_view_grab_focus (GtkWidget *widget)
{
  return focus_page (MM_REGISTRATION_VIEW (widget));
}

static void
mm_registration_view_dispose (GObject *object)
{
  MmRegistrationView *view = MM_REGISTRATION_VIEW (object);

  if (view->save != 0)
    save_now (view);
  g_cancellable_cancel (view->cancellable);
  g_clear_object (&view->cancellable);
  if (view->registrar != NULL)
    mm_registrar_cancel (view->registrar);
  g_clear_object (&view->registrar);
  g_clear_object (&view->walk);
  G_OBJECT_CLASS (mm_registration_view_parent_class)->dispose (object);
}

static void
mm_registration_view_class_init (MmRegistrationViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_registration_view_dispose;
  widget_class->grab_focus = mm_registration_view_grab_focus;
  g_type_ensure (MM_TYPE_STEPS_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-registration-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationView, steps);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationView, pages);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationView, problem_row);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationView, problem);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationView, retry);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationView, back);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationView, next);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationView, spinner);
  gtk_widget_class_install_action (widget_class, "registration.next", NULL, next);
  gtk_widget_class_install_action (widget_class, "registration.back", NULL, back);
  gtk_widget_class_install_action (widget_class, "registration.retry", NULL, retry);
  gtk_widget_class_install_action (widget_class, "registration.sign-in", NULL, sign_in);
  gtk_widget_class_install_action (widget_class, "registration.start-again", NULL, start_again);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "registration.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK,
                                       "registration.back", NULL);
}

static void
mm_registration_view_init (MmRegistrationView *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
  view->walk = mm_registration_walk_new ();
}

/* Where only one server is known, it is not asked for. */
static void
use_known_server (MmRegistrationView *view)
{
  GSettings *settings = mm_application_get_settings (view->app);
  g_autofree char *last = g_settings_get_string (settings, "server-url");
  g_autoptr (GVariant) servers = g_settings_get_value (settings, "servers");
  const char *only = NULL;

  if (*last != '\0')
    only = last;
  else if (g_variant_n_children (servers) == 1)
    g_variant_get_child (servers, 0, "{&s&s}", &only, NULL);
  if (only != NULL)
    mm_registrar_find_server (view->registrar, only);
}

void
mm_registration_view_open_link (MmRegistrationView *view, const MmMailLink *link)
{
  mm_registrar_open_link (view->registrar, link);
}

const char *
mm_registration_view_get_server (MmRegistrationView *view)
{
  return facts_of (view)->server;
}

static MmRegistrationView *
new_view (MmApplication *app)
{
  MmRegistrationView *view = g_object_new (MM_TYPE_REGISTRATION_VIEW, NULL);
  GSettings *settings = mm_application_get_settings (app);

  view->app = app;
  mm_kept_walk_load (view->walk, settings);
  view->registrar
      = mm_registrar_new (view->walk, mm_desk_get_language (mm_application_get_desk (app)),
                          settings);
  g_signal_connect_object (view->walk, "changed", G_CALLBACK (on_changed), view, G_CONNECT_SWAPPED);
  g_signal_connect_object (view->walk, "notify::page", G_CALLBACK (on_page), view,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view->registrar, "notify::busy", G_CALLBACK (on_busy), view,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view->registrar, "notify::problem", G_CALLBACK (on_problem), view,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view->registrar, "notify::terms", G_CALLBACK (update_buttons), view,
                           G_CONNECT_SWAPPED);
  return view;
}

GtkWidget *
mm_registration_view_new (MmApplication *app)
{
  MmRegistrationView *view = new_view (app);

  on_page (view);
  if (facts_of (view)->page == MM_WALK_SERVER)
    use_known_server (view);
  return GTK_WIDGET (view);
}

GtkWidget *
mm_registration_view_new_for_link (MmApplication *app)
{
  MmRegistrationView *view = new_view (app);

  mm_registration_walk_ask_link (view->walk);
  return GTK_WIDGET (view);
}

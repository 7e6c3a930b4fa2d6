#include "mm-account-page.h"

#include "mm-account-facts.h"
#include "mm-account-form.h"
#include "mm-closing-page.h"
#include "mm-form-problem.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-password-page.h"
#include "mm-save.h"
#include "mm-sessions-page.h"
#include "mm-two-factor-page.h"
#include "mm-window.h"

struct _MmAccountPage
{
  MmPane parent;

  GtkStack *parts; /* view, edit, confirm, done, part */
  GtkBox *facts;
  GtkBox *edit_box;
  MmAccountForm *form;
  MmFormProblem *edit_problem;
  GtkBox *confirm_box;
  AdwPreferencesGroup *differences;
  MmFormProblem *confirm_problem;
  GtkButton *execute;
  GtkButton *done;
  AdwBin *part;

  MmApplication *app; /* outlives its windows */
  MmAccountEdit *edit;
  GPtrArray *rows; /* of the differences */
  GCancellable *cancellable;
  MmAccountEditState shown;
};

G_DEFINE_FINAL_TYPE (MmAccountPage, mm_account_page, MM_TYPE_PANE)

/* The parts beside the walk of editing. */
static const struct
{
  const char *name;
  const char *title;
  GtkWidget *(*make) (MmApplication *app);
} parts_of[] = {
  { "password", N_ ("Change the password"), mm_password_page_new },
  { "sessions", N_ ("Where you are signed in"), mm_sessions_page_new },
  { "two-factor", N_ ("Two-factor sign-in"), mm_two_factor_page_new },
  { "close", N_ ("Close my account"), mm_closing_page_new },
};

/* What each state of the edit looks like. */
static const struct
{
  const char *part;
  const char *title;
  const char *back;
} looks[] = {
  [MM_ACCOUNT_EDIT_VIEW] = { "view", N_ ("My account"), NULL },
  [MM_ACCOUNT_EDIT_EDIT] = { "edit", N_ ("Edit my account"), "account.leave" },
  [MM_ACCOUNT_EDIT_CHECKING] = { "edit", N_ ("Edit my account"), "account.leave" },
  [MM_ACCOUNT_EDIT_CONFIRM] = { "confirm", N_ ("Confirm the changes"), "account.back" },
  [MM_ACCOUNT_EDIT_EXECUTING] = { "confirm", N_ ("Confirm the changes"), "account.back" },
  [MM_ACCOUNT_EDIT_DONE] = { "done", N_ ("Your account was changed"), "account.leave" },
};

static MmApi *
api_of (MmAccountPage *page)
{
  return mm_desk_get_api (mm_application_get_desk (page->app));
}

static void
show_part (MmAccountPage *page, const char *name, const char *title, const char *back)
{
  gtk_stack_set_visible_child_name (page->parts, name);
  mm_pane_set_title (MM_PANE (page), title);
  g_object_set (page, "back-action", back, NULL);
  if (!g_str_equal (name, "part"))
    adw_bin_set_child (page->part, NULL);
}

/* Following the edit */

static void
update_notice (MmAccountPage *page)
{
  gboolean waiting = mm_account_edit_get_state (page->edit) == MM_ACCOUNT_EDIT_VIEW
                     && mm_account_edit_has_changes (page->edit);

  mm_pane_set_notice (MM_PANE (page),
                      waiting ? _ ("You have entered changes that are not executed yet.") : NULL,
                      _ ("Go on editing"), "account.edit");
}

static void
on_edit_changed (MmAccountPage *page)
{
  MmAccountEditState state = mm_account_edit_get_state (page->edit);
  gboolean busy = state == MM_ACCOUNT_EDIT_CHECKING || state == MM_ACCOUNT_EDIT_EXECUTING;

  update_notice (page);
  if (state == page->shown)
    {
      if (state == MM_ACCOUNT_EDIT_VIEW)
        mm_account_facts_fill (page->facts, page->edit);
      return;
    }
  page->shown = state;
  gtk_widget_set_sensitive (GTK_WIDGET (page->edit_box), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (page->confirm_box), !busy);
  show_part (page, looks[state].part, _ (looks[state].title), looks[state].back);
  switch (state)
    {
    case MM_ACCOUNT_EDIT_VIEW:
      mm_account_facts_fill (page->facts, page->edit);
      break;
    case MM_ACCOUNT_EDIT_EDIT:
      mm_account_form_focus (page->form);
      break;
    case MM_ACCOUNT_EDIT_CONFIRM:
      mm_account_facts_fill_differences (page->differences, page->rows, page->edit);
      gtk_widget_grab_focus (GTK_WIDGET (page->execute));
      break;
    case MM_ACCOUNT_EDIT_DONE:
      gtk_widget_grab_focus (GTK_WIDGET (page->done));
      break;
    default:
      break;
    }
}

/* Fetching */

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmAccountPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (g_cancellable_is_cancelled (page->cancellable))
    return;
  if (answer != NULL)
    {
      mm_account_edit_load (page->edit, mm_json_root (answer));
      mm_pane_show_content (MM_PANE (page));
    }
  else if (!mm_account_edit_is_loaded (page->edit))
    mm_pane_show_message (MM_PANE (page), "dialog-warning-symbolic", _ ("That did not work"),
                          error->message, _ ("_Try again"), "account.retry");
}

static void
fetch (MmAccountPage *page)
{
  if (!mm_account_edit_is_loaded (page->edit))
    mm_pane_show_waiting (MM_PANE (page));
  mm_api_send_async (api_of (page), "GET", "/api/v1/account", NULL, page->cancellable, on_fetched,
                     g_object_ref (page));
}

/* The walk: edit → check → confirm → execute */

static void
show_failed (MmAccountPage *page, const GError *error)
{
  mm_account_edit_failed (page->edit, error);
  if (mm_error_fields (error) != NULL)
    mm_form_problem_set_text (page->edit_problem, _ ("Some of the fields need attention."));
  else
    mm_form_problem_show (page->edit_problem, error, NULL);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmAccountPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (answer == NULL)
    show_failed (page, error);
  else
    mm_account_edit_checked (page->edit);
}

static void
next (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmAccountPage *page = MM_ACCOUNT_PAGE (widget);

  mm_form_problem_set_text (page->edit_problem, NULL);
  mm_form_problem_set_text (page->confirm_problem, NULL);
  if (mm_account_edit_submit (page->edit))
    mm_api_send_async (api_of (page), "POST", "/api/v1/account/check",
                       mm_account_edit_to_json (page->edit), NULL, on_checked, g_object_ref (page));
  else if (mm_account_edit_get_state (page->edit) == MM_ACCOUNT_EDIT_EDIT)
    mm_form_problem_set_text (page->edit_problem, _ ("Nothing has been changed yet."));
}

static void
on_executed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmAccountPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (answer == NULL)
    {
      show_failed (page, error);
      return;
    }
  mm_account_edit_load (page->edit, mm_json_root (answer));
  /* What the server spells in its own way is no change of ours any more. */
  mm_account_edit_accept (page->edit);
  mm_account_edit_executed (page->edit);
}

/* The server takes the last word; whoever edits at two desks is shown the other's first. */
static void
on_looked_again (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmAccountPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  if (answer == NULL)
    show_failed (page, error);
  else if (mm_account_edit_load (page->edit, mm_json_root (answer)))
    {
      mm_account_edit_moved (page->edit);
      mm_form_problem_set_text (
          page->confirm_problem,
          _ ("The account was changed elsewhere meanwhile. Please look over the "
             "changes once more."));
    }
  else
    mm_api_send_async (MM_API (source), "PUT", "/api/v1/account",
                       mm_account_edit_to_json (page->edit), NULL, on_executed,
                       g_object_ref (page));
}

static void
execute (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmAccountPage *page = MM_ACCOUNT_PAGE (widget);

  mm_form_problem_set_text (page->confirm_problem, NULL);
  mm_account_edit_execute (page->edit);
  if (mm_account_edit_get_state (page->edit) == MM_ACCOUNT_EDIT_EXECUTING)
    mm_api_send_async (api_of (page), "GET", "/api/v1/account", NULL, NULL, on_looked_again,
                       g_object_ref (page));
}

static void
begin (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmAccountPage *page = MM_ACCOUNT_PAGE (widget);

  mm_form_problem_set_text (page->edit_problem, NULL);
  mm_account_edit_begin (page->edit);
}

static void
leave (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_account_edit_leave (MM_ACCOUNT_PAGE (widget)->edit);
}

static void
discard (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_account_edit_discard (MM_ACCOUNT_PAGE (widget)->edit);
}

static void
back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_account_edit_back (MM_ACCOUNT_PAGE (widget)->edit);
}

/* The other parts */

static void
show_named (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmAccountPage *page = MM_ACCOUNT_PAGE (widget);
  const char *name = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts_of); i++)
    if (g_str_equal (parts_of[i].name, name))
      {
        GtkWidget *part = parts_of[i].make (page->app);

        adw_bin_set_child (page->part, part);
        show_part (page, "part", _ (parts_of[i].title), "account.show::view");
        if (gtk_widget_get_focus_child (part) == NULL)
          gtk_widget_child_focus (part, GTK_DIR_TAB_FORWARD);
        return;
      }
  show_part (page, looks[page->shown].part, _ (looks[page->shown].title), looks[page->shown].back);
}

static void
say (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkRoot *window = gtk_widget_get_root (widget);

  if (MM_IS_WINDOW (window))
    mm_window_toast (MM_WINDOW (window), g_variant_get_string (parameter, NULL));
}

static void
say_error (MmAccountPage *page, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_widget_activate_action (GTK_WIDGET (page), "account.say", "s", error->message);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmAccountPage) page = user_data;
  g_autoptr (GError) error = NULL;

  if (mm_save_finish (result, &error))
    gtk_widget_activate_action (GTK_WIDGET (page), "account.say", "s", _ ("Saved"));
  else
    say_error (page, error);
}

static void
on_exported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmAccountPage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = mm_api_fetch_finish (MM_API (source), result, &error);

  if (g_cancellable_is_cancelled (page->cancellable))
    return;
  if (bytes == NULL)
    say_error (page, error);
  else
    mm_save_async (GTK_WIDGET (page), _ ("mimamori-account.json"), bytes, page->cancellable,
                   on_saved, g_object_ref (page));
}

static void export(GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmAccountPage *page = MM_ACCOUNT_PAGE (widget);

  mm_api_fetch_async (api_of (page), "GET", "/api/v1/account/export", NULL, NULL, page->cancellable,
                      on_exported, g_object_ref (page));
}

static void
retry (GtkWidget *widget, const char *action, GVariant *parameter)
{
  fetch (MM_ACCOUNT_PAGE (widget));
}

/* The object */

/* Others may have changed it since it was shown last. */
static void
mm_account_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (mm_account_page_parent_class)->map (widget);
  fetch (MM_ACCOUNT_PAGE (widget));
}

static void
mm_account_page_dispose (GObject *object)
{
  g_cancellable_cancel (MM_ACCOUNT_PAGE (object)->cancellable);
  G_OBJECT_CLASS (mm_account_page_parent_class)->dispose (object);
}

static void
mm_account_page_finalize (GObject *object)
{
  MmAccountPage *page = MM_ACCOUNT_PAGE (object);

  g_object_unref (page->cancellable);
  g_ptr_array_unref (page->rows);
  g_clear_object (&page->edit);
  G_OBJECT_CLASS (mm_account_page_parent_class)->finalize (object);
}

static void
mm_account_page_class_init (MmAccountPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_ACCOUNT_FORM);
  g_type_ensure (MM_TYPE_FORM_PROBLEM);
  G_OBJECT_CLASS (klass)->dispose = mm_account_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_account_page_finalize;
  widget_class->map = mm_account_page_map;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-account-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, parts);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, facts);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, edit_box);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, form);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, edit_problem);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, confirm_box);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, differences);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, confirm_problem);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, execute);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, done);
  gtk_widget_class_bind_template_child (widget_class, MmAccountPage, part);
  gtk_widget_class_install_action (widget_class, "account.show", "s", show_named);
  gtk_widget_class_install_action (widget_class, "account.say", "s", say);
  gtk_widget_class_install_action (widget_class, "account.edit", NULL, begin);
  gtk_widget_class_install_action (widget_class, "account.leave", NULL, leave);
  gtk_widget_class_install_action (widget_class, "account.discard", NULL, discard);
  gtk_widget_class_install_action (widget_class, "account.next", NULL, next);
  gtk_widget_class_install_action (widget_class, "account.back", NULL, back);
  gtk_widget_class_install_action (widget_class, "account.execute", NULL, execute);
  gtk_widget_class_install_action (widget_class, "account.export", NULL, export);
  gtk_widget_class_install_action (widget_class, "account.retry", NULL, retry);
}

static void
mm_account_page_init (MmAccountPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->cancellable = g_cancellable_new ();
  page->rows = g_ptr_array_new ();
}

GtkWidget *
mm_account_page_new (MmApplication *app)
{
  MmAccountPage *page = g_object_new (MM_TYPE_ACCOUNT_PAGE, NULL);

  page->app = app;
  page->edit = g_object_ref (mm_application_get_account_edit (app));
  mm_account_form_set_edit (page->form, page->edit);
  g_signal_connect_object (page->edit, "changed", G_CALLBACK (on_edit_changed), page,
                           G_CONNECT_SWAPPED);
  if (mm_account_edit_is_loaded (page->edit))
    on_edit_changed (page);
  return GTK_WIDGET (page);
}

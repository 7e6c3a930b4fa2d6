#include "mm-window.h"

#include "mm-demo-view.h"
#include "mm-forgotten-view.h"
#include "mm-gettext.h"
#include "mm-hosting-page.h"
#include "mm-link-question.h"
#include "mm-main-view.h"
#include "mm-registration-view.h"
#include "mm-sign-in-view.h"
#include "mm-welcome-view.h"

/* seconds: long enough to get there by the keyboard, or to have it read out first */
#define UNDO_FOR 10

struct _MmWindow
{
  AdwApplicationWindow parent;

  AdwToastOverlay *toasts;
  GtkStack *views;
  GtkWidget *demo_bar;

  MmApplication *app;
  GListModel *layers;  /* the view and the toast on the screen, as the overlay's children */
  GtkWidget *resuming; /* the view while the keyring is asked; only compared */
  AdwToast *trouble;   /* with the keyring (weak) */
  gboolean closing;    /* the person has said so */
  char *awaited;       /* gateway to open after signing in */
};

G_DEFINE_FINAL_TYPE (MmWindow, mm_window, ADW_TYPE_APPLICATION_WINDOW)

/* The views before signing in. */
static const struct
{
  const char *name;
  GtkWidget *(*make) (MmApplication *app);
} views[] = {
  { "welcome", mm_welcome_view_new },
  { "sign-in", mm_sign_in_view_new },
  { "forgotten", mm_forgotten_view_new },
  { "register", mm_registration_view_new },
  { "host", mm_hosting_page_new_alone },
  { "demo", mm_demo_view_new },
  { "link", mm_registration_view_new_for_link },
};

/* Puts the view @name, newly made, in the place of what is shown. */
static void
show_view (MmWindow *window, const char *name)
{
  GtkWidget *earlier = gtk_stack_get_visible_child (window->views);
  GtkWidget *view = NULL;
  gboolean focused;

  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_str_equal (views[i].name, name))
      view = views[i].make (window->app);
  if (view == NULL)
    view = mm_main_view_new (window->app);
  gtk_stack_add_child (window->views, view);
  gtk_stack_set_visible_child (window->views, view);
  /* A view that knows where the next key should go takes it there, before the earlier one goes with
   * the focus in it: GTK would move it on by itself then. */
  focused = gtk_widget_grab_focus (view);
  if (earlier != NULL)
    gtk_stack_remove (window->views, earlier);
  if (!focused)
    gtk_widget_child_focus (view, GTK_DIR_TAB_FORWARD);
}

/* Where somebody begins who is not signed in. */
static const char *
first_view (MmWindow *window)
{
  g_autofree char *user_id
      = g_settings_get_string (mm_application_get_settings (window->app), "user-id");

  return *user_id != '\0' ? "sign-in" : "welcome";
}

/* While the keyring is asked for the last session. */
static void
show_resuming (MmWindow *window)
{
  window->resuming = mm_pane_new (_ ("Mimamori"));
  gtk_stack_add_child (window->views, window->resuming);
  mm_pane_show_waiting (MM_PANE (window->resuming));
}

/* A session that will not last is mentioned, once. */
static void
on_trouble (MmWindow *window)
{
  MmSessionKeep *keep = mm_application_get_session_keep (window->app);
  const char *trouble = mm_session_keep_get_trouble (keep);
  GtkWidget *shown = gtk_stack_get_visible_child (window->views);
  GtkWidget *words;
  AdwToast *toast;

  if (window->trouble != NULL)
    adw_toast_dismiss (window->trouble);
  if (trouble == NULL || shown == NULL || !MM_IS_MAIN_VIEW (shown))
    return;
  toast = adw_toast_new ("");
  words = gtk_label_new (trouble);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  adw_toast_set_custom_title (toast, words);
  adw_toast_set_timeout (toast, 0);
  if (mm_session_keep_is_locked (keep))
    {
      adw_toast_set_button_label (toast, _ ("Unlock"));
      adw_toast_set_action_name (toast, "win.unlock-keyring");
    }
  g_set_weak_pointer (&window->trouble, toast);
  adw_toast_overlay_add_toast (window->toasts, toast);
}

static void
on_desk_state (MmWindow *window)
{
  MmDesk *desk = mm_application_get_desk (window->app);
  GtkWidget *shown = gtk_stack_get_visible_child (window->views);
  gboolean inside = shown != NULL && MM_IS_MAIN_VIEW (shown);

  if (mm_desk_get_state (desk) == MM_DESK_SIGNED_IN && !inside)
    {
      show_view (window, "main");
      if (window->awaited != NULL)
        mm_window_open_gateway (window, window->awaited);
      g_clear_pointer (&window->awaited, g_free);
    }
  else if (mm_desk_get_state (desk) != MM_DESK_SIGNED_OUT)
    return;
  else if (mm_application_get_demo (window->app) != NULL)
    {
      if (inside || shown == NULL)
        show_view (window, "demo");
    }
  else if (inside)
    show_view (window, "sign-in");
  else if (mm_session_keep_is_resuming (mm_application_get_session_keep (window->app)))
    {
      if (shown == NULL)
        show_resuming (window);
    }
  else if (shown == NULL || shown == window->resuming)
    show_view (window, first_view (window));
}

void
mm_window_open_gateway (MmWindow *window, const char *id)
{
  GtkWidget *shown = gtk_stack_get_visible_child (window->views);

  if (MM_IS_MAIN_VIEW (shown))
    mm_main_view_open_gateway (MM_MAIN_VIEW (shown), id);
  else
    {
      g_free (window->awaited);
      window->awaited = g_strdup (id);
    }
}

static void
open_trusted_link (MmMailLink *link, gpointer user_data)
{
  MmWindow *window = user_data;

  /* What is typed in a registration that is under way stays. */
  if (!MM_IS_REGISTRATION_VIEW (gtk_stack_get_visible_child (window->views)))
    show_view (window, "register");
  mm_registration_view_open_link (
      MM_REGISTRATION_VIEW (gtk_stack_get_visible_child (window->views)), link);
}

void
mm_window_open_link (MmWindow *window, MmMailLink *link)
{
  GtkWidget *shown = gtk_stack_get_visible_child (window->views);
  const char *known = MM_IS_REGISTRATION_VIEW (shown)
                          ? mm_registration_view_get_server (MM_REGISTRATION_VIEW (shown))
                          : NULL;

  if (link->kind == MM_MAIL_LINK_CONFIRM)
    {
      mm_link_question_ask (GTK_WIDGET (window), window->app, known, link, open_trusted_link,
                            window);
      return;
    }
  mm_window_open_gateway (window, link->gateway);
  if (!MM_IS_MAIN_VIEW (shown))
    mm_window_toast (window, _ ("The gateway opens as soon as you have signed in."));
  mm_mail_link_free (link);
}

void
mm_window_show_page (MmWindow *window, const char *name)
{
  GtkWidget *shown = gtk_stack_get_visible_child (window->views);

  if (MM_IS_MAIN_VIEW (shown))
    mm_main_view_show_page (MM_MAIN_VIEW (shown), name);
}

void
mm_window_show_hosting (MmWindow *window, const char *pane)
{
  GtkWidget *shown = gtk_stack_get_visible_child (window->views);

  if (MM_IS_MAIN_VIEW (shown))
    {
      mm_main_view_show_hosting (MM_MAIN_VIEW (shown), pane);
      return;
    }
  show_view (window, "host");
  if (pane != NULL)
    mm_hosting_page_show (MM_HOSTING_PAGE (gtk_stack_get_visible_child (window->views)), pane);
}

void
mm_window_toast (MmWindow *window, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (window->toasts, adw_toast_new (markup));
}

void
mm_window_toast_undo (
    MmWindow *window, const char *text, GCallback undo, gpointer data, GClosureNotify destroy)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (markup);

  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_timeout (toast, UNDO_FOR);
  g_signal_connect_data (toast, "button-clicked", undo, data, destroy, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (window->toasts, toast);
}

/* libadwaita gives a toast's closing button a picture but no name for the screen reader. */
static void
name_closing_buttons (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget)
      && g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), "window-close-symbolic") == 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Close"), -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_closing_buttons (child);
}

static void
on_layers_changed (MmWindow *window, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) layer = g_list_model_get_item (window->layers, i);

      if (layer != adw_toast_overlay_get_child (window->toasts))
        name_closing_buttons (layer);
    }
}

/* Actions */

static void
show_view_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmWindow *window = MM_WINDOW (widget);
  const char *name = g_variant_get_string (parameter, NULL);

  /* Who is signed in comes back to the main view, for example from another's link. */
  if (g_str_equal (name, "welcome")
      && mm_desk_get_state (mm_application_get_desk (window->app)) == MM_DESK_SIGNED_IN)
    name = "main";
  show_view (window, name);
}

static void
show_hosting_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_window_show_hosting (MM_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* Built only when it is asked for: GTK's own way builds it with every window, which costs a third
 * of the time to the first frame. */
static void
show_shortcuts (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (GtkBuilder) builder
      = gtk_builder_new_from_resource ("/org/mimamori/Mimamori/ui/gtk/help-overlay.ui");
  GtkWindow *shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay"));

  gtk_window_set_transient_for (shortcuts, GTK_WINDOW (widget));
  gtk_window_present (shortcuts);
}

static void
toast (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_window_toast (MM_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
sign_out (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmApplication *app = MM_WINDOW (widget)->app;

  mm_account_edit_clear (mm_application_get_account_edit (app));
  if (mm_application_get_demo (app) != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (app), "leave-demo", NULL);
  else
    mm_desk_sign_out (mm_application_get_desk (app));
}

static void
unlock_keyring (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_session_keep_unlock (mm_application_get_session_keep (MM_WINDOW (widget)->app));
}

/* The object */

static void
on_close_response (MmWindow *window, const char *response)
{
  if (!g_str_equal (response, "close"))
    return;
  window->closing = TRUE;
  gtk_window_close (GTK_WINDOW (window));
}

/* With the last window, what was entered and not executed would be lost. */
static gboolean
ask_before_closing (MmWindow *window)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (window->app));
  GtkWidget *dialog;

  if (window->closing || (windows != NULL && windows->next != NULL)
      || !mm_account_edit_has_changes (mm_application_get_account_edit (window->app)))
    return FALSE;
  dialog = adw_message_dialog_new (GTK_WINDOW (window), _ ("Close without executing the edit?"),
                                   _ ("You have changed your account, but not executed the edit. "
                                      "What you have entered is lost."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), "close",
                                    _ ("Close"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "close",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_close_response), window,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

static gboolean
mm_window_close_request (GtkWindow *gtk_window)
{
  MmWindow *window = MM_WINDOW (gtk_window);
  GSettings *settings = mm_application_get_settings (window->app);
  int width, height;

  if (ask_before_closing (window))
    return TRUE;

  gtk_window_get_default_size (gtk_window, &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (gtk_window));
  return GTK_WINDOW_CLASS (mm_window_parent_class)->close_request (gtk_window);
}

static void
mm_window_finalize (GObject *object)
{
  MmWindow *window = MM_WINDOW (object);

  g_clear_weak_pointer (&window->trouble);
  g_clear_object (&window->layers);
  g_free (window->awaited);
  G_OBJECT_CLASS (mm_window_parent_class)->finalize (object);
}

static void
mm_window_class_init (MmWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = mm_window_close_request;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-window.ui");
  gtk_widget_class_bind_template_child (widget_class, MmWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, MmWindow, views);
  gtk_widget_class_bind_template_child (widget_class, MmWindow, demo_bar);
  gtk_widget_class_install_action (widget_class, "win.show-view", "s", show_view_action);
  gtk_widget_class_install_action (widget_class, "win.show-hosting", "s", show_hosting_action);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL, show_shortcuts);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast);
  gtk_widget_class_install_action (widget_class, "win.sign-out", NULL, sign_out);
  gtk_widget_class_install_action (widget_class, "win.unlock-keyring", NULL, unlock_keyring);
}

static void
mm_window_init (MmWindow *window)
{
  gtk_widget_init_template (GTK_WIDGET (window));
  window->layers = gtk_widget_observe_children (GTK_WIDGET (window->toasts));
  g_signal_connect_object (window->layers, "items-changed", G_CALLBACK (on_layers_changed), window,
                           G_CONNECT_SWAPPED);
}

MmWindow *
mm_window_new (MmApplication *app)
{
  MmWindow *window = g_object_new (MM_TYPE_WINDOW, "application", app, NULL);
  GSettings *settings = mm_application_get_settings (app);

  window->app = app;
  gtk_widget_set_visible (window->demo_bar, mm_application_get_demo (app) != NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (window));
  g_signal_connect_object (mm_application_get_desk (app), "notify::state",
                           G_CALLBACK (on_desk_state), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (mm_application_get_session_keep (app), "notify::resuming",
                           G_CALLBACK (on_desk_state), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (mm_application_get_session_keep (app), "notify::trouble",
                           G_CALLBACK (on_trouble), window, G_CONNECT_SWAPPED);
  on_desk_state (window);
  return window;
}

#include "mm-sign-in-view.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-server-field.h"
#include "mm-trust-dialog.h"

struct _MmSignInView
{
  MmPane parent;

  GtkLabel *told;
  GtkStack *steps; /* password, code */
  MmServerField *server;
  MmField *user_id;
  MmField *password;
  MmField *code;
  GtkBox *problem_box;
  GtkLabel *problem;
  GtkStack *buttons; /* ready, busy */
  GtkButton *sign_in;
  GtkButton *forgotten;
  GtkButton *again;
  GtkSpinner *spinner;
  GtkButton *cancel;

  MmApplication *app; /* outlives its windows */
  GdkDevice *keyboard;
  MmApi *api;                /* that is being signed in to */
  GCancellable *cancellable; /* of the view's life */
  GCancellable *attempt;     /* of one attempt to sign in; NULL: none is under way */
  char *limit;               /* the server's sentence about too many tries */
  gint64 limited_until;      /* monotonic, microseconds */
  guint countdown;
  gboolean entered; /* the focus has been here */
};

G_DEFINE_FINAL_TYPE (MmSignInView, mm_sign_in_view, MM_TYPE_PANE)

static void ask_server (MmSignInView *view);

static gboolean
is_at_code (MmSignInView *view)
{
  return g_str_equal (gtk_stack_get_visible_child_name (view->steps), "code");
}

static void
show_problem (MmSignInView *view, const char *text)
{
  gtk_label_set_label (view->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (view->problem_box), text != NULL);
}

/* Where the next key should go. */
static void
focus_first (MmSignInView *view)
{
  if (is_at_code (view))
    gtk_widget_grab_focus (GTK_WIDGET (view->code));
  else if (*mm_field_get_text (view->user_id) != '\0')
    gtk_widget_grab_focus (GTK_WIDGET (view->password));
  else
    gtk_widget_grab_focus (GTK_WIDGET (view->user_id));
}

static void
show_step (MmSignInView *view, const char *name)
{
  gboolean code = g_str_equal (name, "code");

  gtk_stack_set_visible_child_name (view->steps, name);
  mm_field_set_text (view->code, "");
  mm_field_set_error (view->code, NULL);
  gtk_widget_set_visible (GTK_WIDGET (view->forgotten), !code);
  gtk_widget_set_visible (GTK_WIDGET (view->again), code);
  focus_first (view);
}

static void
set_busy (MmSignInView *view, gboolean busy)
{
  gtk_stack_set_visible_child_name (view->buttons, busy ? "busy" : "ready");
  gtk_spinner_set_spinning (view->spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (view->steps), !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "sign-in.cancel", busy);
  gtk_widget_grab_focus (GTK_WIDGET (busy ? view->cancel : view->sign_in));
}

/* Too many tries */

static gboolean
on_countdown (gpointer user_data)
{
  MmSignInView *view = user_data;
  gint64 left
      = (view->limited_until - g_get_monotonic_time () + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  g_autofree char *wait = NULL, *text = NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (view->sign_in), left <= 0);
  if (left <= 0)
    {
      view->countdown = 0;
      show_problem (view, NULL);
      focus_first (view);
      return G_SOURCE_REMOVE;
    }
  wait = g_strdup_printf (ngettext ("Please try again in %u second.",
                                    "Please try again in %u seconds.", (gulong) left),
                          (guint) left);
  text = g_strdup_printf ("%s %s", view->limit, wait);
  show_problem (view, text);
  return G_SOURCE_CONTINUE;
}

static void
show_limited (MmSignInView *view, const GError *error)
{
  g_free (view->limit);
  view->limit = g_strdup (error->message);
  view->limited_until
      = g_get_monotonic_time () + MAX (mm_error_retry_after (error), 1) * G_USEC_PER_SEC;
  g_clear_handle_id (&view->countdown, g_source_remove);
  view->countdown = g_timeout_add_seconds (1, on_countdown, view);
  on_countdown (view);
}

/* An attempt */

static void
end_attempt (MmSignInView *view)
{
  g_clear_object (&view->attempt);
  set_busy (view, FALSE);
}

static void
on_trust (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSignInView) view = user_data;

  if (mm_trust_dialog_ask_finish (result, NULL))
    {
      ask_server (view);
      return;
    }
  end_attempt (view);
  show_problem (view, _ ("You are not signed in: the server is not trusted."));
}

/* What went wrong, in words, and where to go on. */
static void
show_error (MmSignInView *view, const GError *error)
{
  focus_first (view);
  if (g_error_matches (error, MM_ERROR, MM_ERROR_LIMITED))
    show_limited (view, error);
  else if (g_error_matches (error, MM_REACH_ERROR, MM_REACH_ERROR_STRANGE))
    mm_server_field_set_error (view->server, error->message);
  else if (g_error_matches (error, MM_REACH_ERROR, MM_REACH_ERROR_UNREACHABLE))
    {
      g_autofree char *text
          = g_strdup_printf ("%s %s", error->message,
                             _ ("Please check that the server is switched on, that this computer "
                                "has a network, and that the address is right."));

      show_problem (view, text);
    }
  else if (g_strcmp0 (mm_error_code (error), "second-factor") == 0)
    show_step (view, "code");
  else if (g_strcmp0 (mm_error_code (error), "wrong-code") == 0)
    mm_field_set_error (view->code, error->message);
  else if (g_strcmp0 (mm_error_code (error), "wrong-sign-in") == 0)
    {
      g_autofree char *text
          = g_strdup_printf ("%s %s", error->message, _ ("Capital and small letters differ."));

      mm_field_set_text (view->password, "");
      show_problem (view, text);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_problem (view, error->message);
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSignInView) view = user_data;
  g_autoptr (GError) error = NULL;

  if (mm_desk_sign_in_finish (MM_DESK (source), result, &error))
    {
      g_clear_object (&view->attempt);
      return;
    }
  if (g_cancellable_is_cancelled (view->cancellable))
    return;
  if (g_error_matches (error, MM_REACH_ERROR, MM_REACH_ERROR_CERTIFICATE))
    {
      mm_trust_dialog_ask_async (GTK_WIDGET (view), view->app, view->api, view->attempt, on_trust,
                                 g_object_ref (view));
      return;
    }
  end_attempt (view);
  show_error (view, error);
}

static void
ask_server (MmSignInView *view)
{
  const char *code = is_at_code (view) ? mm_field_get_text (view->code) : NULL;

  mm_desk_sign_in_async (mm_application_get_desk (view->app), view->api,
                         mm_field_get_text (view->user_id), mm_field_get_text (view->password),
                         code, view->attempt, on_signed_in, g_object_ref (view));
}

static void
on_warned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSignInView) view = user_data;

  if (mm_trust_dialog_warn_finish (result, NULL))
    ask_server (view);
  else if (view->attempt != NULL)
    {
      end_attempt (view);
      focus_first (view);
    }
}

static gboolean
check_filled (MmField *field)
{
  gboolean filled = *mm_field_get_text (field) != '\0';

  mm_field_set_error (field, filled ? NULL : _ ("Please fill in this field."));
  if (!filled)
    gtk_widget_grab_focus (GTK_WIDGET (field));
  return filled;
}

static void
sign_in (MmSignInView *view)
{
  g_autofree char *url = NULL;
  gboolean filled;

  if (view->attempt != NULL || view->countdown != 0)
    return;
  show_problem (view, NULL);
  /* From below, so that the focus ends at the first that is empty. */
  filled = is_at_code (view) ? check_filled (view->code) : check_filled (view->password);
  filled = check_filled (view->user_id) && filled;
  url = mm_server_field_take_url (view->server);
  if (url == NULL || !filled)
    return;
  if (view->api == NULL || g_strcmp0 (mm_api_get_url (view->api), url) != 0)
    {
      g_clear_object (&view->api);
      view->api = mm_application_new_api (view->app, url);
    }
  view->attempt = g_cancellable_new ();
  set_busy (view, TRUE);
  /* At the second step, the password has been sent before. */
  if (is_at_code (view))
    ask_server (view);
  else
    mm_trust_dialog_warn_async (GTK_WIDGET (view), view->api, view->attempt, on_warned,
                                g_object_ref (view));
}

static void
cancel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmSignInView *view = MM_SIGN_IN_VIEW (widget);

  if (view->attempt != NULL)
    g_cancellable_cancel (view->attempt);
}

static void
on_again (MmSignInView *view)
{
  show_problem (view, NULL);
  mm_field_set_text (view->password, "");
  show_step (view, "password");
}

/* What has been entered so far is needed there, too. */
static void
on_forgotten (MmSignInView *view)
{
  GSettings *settings = mm_application_get_settings (view->app);
  g_autofree char *url = mm_server_field_take_url (view->server);

  if (url == NULL)
    return;
  g_settings_set_string (settings, "server-url", url);
  g_settings_set_string (settings, "user-id", mm_field_get_text (view->user_id));
  gtk_widget_activate_action (GTK_WIDGET (view), "win.show-view", "s", "forgotten");
}

/* What the view shows by itself */

static void
on_server (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSignInView) view = user_data;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, NULL);

  /* Without an answer its address is shown; signing in will say why. */
  if (answer != NULL && !g_cancellable_is_cancelled (view->cancellable))
    mm_server_field_set_name (view->server, mm_json_text (mm_json_root (answer), "name"));
}

static void
on_caps_lock (MmSignInView *view)
{
  mm_field_set_help (view->password, gdk_device_get_caps_lock_state (view->keyboard)
                                         ? _ ("Caps Lock is on.")
                                         : NULL);
}

static void
on_expired (MmSignInView *view)
{
  gtk_label_set_label (view->told, _ ("Your session has ended. Please sign in again."));
  gtk_widget_set_visible (GTK_WIDGET (view->told), TRUE);
}

/* The keyring did not give the session of the last time. */
static void
on_trouble (MmSignInView *view)
{
  MmSessionKeep *keep = mm_application_get_session_keep (view->app);
  const char *trouble = mm_session_keep_get_trouble (keep);
  gboolean locked = mm_session_keep_is_locked (keep);

  mm_pane_set_notice (MM_PANE (view), locked ? trouble : NULL, _ ("Unlock"), "win.unlock-keyring");
}

/* The object */

/* The view opens where one goes on; afterwards Tab goes round all of it. */
static gboolean
mm_sign_in_view_focus (GtkWidget *widget, GtkDirectionType direction)
{
  MmSignInView *view = MM_SIGN_IN_VIEW (widget);

  if (!view->entered)
    {
      view->entered = TRUE;
      focus_first (view);
      return TRUE;
    }
  return GTK_WIDGET_CLASS (mm_sign_in_view_parent_class)->focus (widget, direction);
}

static void
mm_sign_in_view_dispose (GObject *object)
{
  MmSignInView *view = MM_SIGN_IN_VIEW (object);

  g_cancellable_cancel (view->cancellable);
  if (view->attempt != NULL)
    g_cancellable_cancel (view->attempt);
  g_clear_handle_id (&view->countdown, g_source_remove);
  G_OBJECT_CLASS (mm_sign_in_view_parent_class)->dispose (object);
}

static void
mm_sign_in_view_finalize (GObject *object)
{
  MmSignInView *view = MM_SIGN_IN_VIEW (object);

  g_clear_object (&view->cancellable);
  g_clear_object (&view->attempt);
  g_clear_object (&view->api);
  g_free (view->limit);
  G_OBJECT_CLASS (mm_sign_in_view_parent_class)->finalize (object);
}

static void
mm_sign_in_view_class_init (MmSignInViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_FIELD);
  g_type_ensure (MM_TYPE_SERVER_FIELD);
  G_OBJECT_CLASS (klass)->dispose = mm_sign_in_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_sign_in_view_finalize;
  widget_class->focus = mm_sign_in_view_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-sign-in-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, told);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, steps);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, server);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, user_id);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, password);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, code);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, problem_box);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, problem);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, buttons);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, sign_in);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, forgotten);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, again);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, spinner);
  gtk_widget_class_bind_template_child (widget_class, MmSignInView, cancel);
  gtk_widget_class_install_action (widget_class, "sign-in.cancel", NULL, cancel);
}

static void
mm_sign_in_view_init (MmSignInView *view)
{
  GdkSeat *seat;

  gtk_widget_init_template (GTK_WIDGET (view));
  view->cancellable = g_cancellable_new ();
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "sign-in.cancel", FALSE);
  g_signal_connect_swapped (view->sign_in, "clicked", G_CALLBACK (sign_in), view);
  g_signal_connect_swapped (view->forgotten, "clicked", G_CALLBACK (on_forgotten), view);
  g_signal_connect_swapped (view->again, "clicked", G_CALLBACK (on_again), view);
  g_signal_connect_swapped (view->server, "activated", G_CALLBACK (sign_in), view);
  g_signal_connect_swapped (view->user_id, "activated", G_CALLBACK (sign_in), view);
  g_signal_connect_swapped (view->password, "activated", G_CALLBACK (sign_in), view);
  g_signal_connect_swapped (view->code, "activated", G_CALLBACK (sign_in), view);
  seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (view)));
  view->keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;
  if (view->keyboard != NULL)
    {
      g_signal_connect_object (view->keyboard, "notify::caps-lock-state", G_CALLBACK (on_caps_lock),
                               view, G_CONNECT_SWAPPED);
      on_caps_lock (view);
    }
}

GtkWidget *
mm_sign_in_view_new (MmApplication *app)
{
  MmSignInView *view = g_object_new (MM_TYPE_SIGN_IN_VIEW, NULL);
  GSettings *settings = mm_application_get_settings (app);
  g_autofree char *url = g_settings_get_string (settings, "server-url");
  g_autofree char *user_id = g_settings_get_string (settings, "user-id");
  g_autofree char *normal = mm_api_normalise_url (url, NULL);

  view->app = app;
  mm_server_field_set_url (view->server, normal != NULL ? normal : "");
  mm_field_set_text (view->user_id, user_id);
  if (normal != NULL)
    {
      view->api = mm_application_new_api (app, normal);
      mm_api_send_async (view->api, "GET", "/api/v1/server", NULL, view->cancellable, on_server,
                         g_object_ref (view));
    }
  g_signal_connect_object (mm_application_get_desk (app), "expired", G_CALLBACK (on_expired), view,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (mm_application_get_session_keep (app), "notify::trouble",
                           G_CALLBACK (on_trouble), view, G_CONNECT_SWAPPED);
  on_trouble (view);
  return GTK_WIDGET (view);
}

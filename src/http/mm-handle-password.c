#include "mm-handle-password.h"

#include "mm-body.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-form.h"
#include "mm-page.h"
#include "mm-problem.h"
#include "mm-sessions.h"

/* ---- API ---- */

static void
answer_done (MmExchange *x, gboolean done, guint status, const GError *error)
{
  if (done)
    mm_exchange_answer (x, status, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_password_change (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  const char *old_password, *password, *password_again;
  json_t *body = mm_body_object (x, &error);
  gboolean done = body != NULL && mm_body_text (body, "old_password", &old_password, &error)
                  && mm_body_text (body, "password", &password, &error)
                  && mm_body_text (body, "password_again", &password_again, &error)
                  && mm_sessions_change_password (context, mm_exchange_principal (x), old_password,
                                                  password, password_again, &error);

  json_decref (body);
  answer_done (x, done, 204, error);
}

void
mm_handle_password_forgotten (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  const char *user_id;
  json_t *body = mm_body_object (x, &error);
  gboolean done = body != NULL && mm_body_text (body, "user_id", &user_id, &error)
                  && mm_sessions_forgotten (context, mm_exchange_peer (x), user_id, &error);

  json_decref (body);
  answer_done (x, done, 202, error);
}

void
mm_handle_password_redeem (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  const char *token, *password, *password_again;
  json_t *body = mm_body_object (x, &error);
  gboolean done = body != NULL && mm_body_text (body, "token", &token, &error)
                  && mm_body_text (body, "password", &password, &error)
                  && mm_body_text (body, "password_again", &password_again, &error)
                  && mm_sessions_reset_password (context, token != NULL ? token : "", password,
                                                 password_again, &error);

  json_decref (body);
  answer_done (x, done, 204, error);
}

/* ---- pages ---- */

#define NEW_PASSWORD                                                                               \
  { "password", N_ ("New password"), NULL, "password", "new-password", NULL, 0, FALSE },           \
  {                                                                                                \
    "password_again", N_ ("New password again"), NULL, "password", "new-password", NULL, 0, FALSE  \
  }

static const MmPageField change_fields[] = {
  { "old_password", N_ ("Present password"), NULL, "password", "current-password", NULL, 0, FALSE },
  NEW_PASSWORD,
};
static const MmPageField new_fields[] = { NEW_PASSWORD };
static const MmPageField id_fields[] = {
  { "user_id", N_ ("User ID or mail address"),
    N_ ("Dealers: the dealer ID. Customers: the mail address."), "text", "username", NULL, 254,
    FALSE },
};
static const MmPageGroup change_group = { NULL, change_fields, G_N_ELEMENTS (change_fields) };
static const MmPageGroup new_group = { NULL, new_fields, G_N_ELEMENTS (new_fields) };
static const MmPageGroup id_group = { NULL, id_fields, G_N_ELEMENTS (id_fields) };

static const char *
posted_value (gpointer x, const char *name)
{
  return mm_exchange_form (x, name);
}

/* A page with one form; if @error is no matter of its fields, the page of the error instead. */
static void
show_form (MmExchange *x,
           MmContext *context,
           const char *template,
           const char *title,
           const MmPageGroup *group,
           const char *token,
           const GError *error)
{
  json_t *values;

  if (error != NULL && mm_error_fields (error) == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  values = mm_page_values (x, context, title);
  mm_page_form_add (values, group, 1, posted_value, x, error, mm_exchange_language (x));
  mm_page_form_explain_password (values, mm_context_config (context)->password_max,
                                 mm_exchange_language (x));
  json_object_set_new (values, "token", json_string (token));
  mm_page_answer (x, context, error != NULL ? 422 : 200, template, values);
}

static void
show_message (
    MmExchange *x, MmContext *context, const char *title, const char *text, gboolean sign_in)
{
  json_t *values = mm_page_values (x, context, title);

  json_object_set_new (values, "text", json_string (text));
  json_object_set_new (values, "good", json_true ());
  json_object_set_new (values, "sign_in", json_boolean (sign_in));
  mm_page_answer (x, context, 200, "message", values);
}

static gboolean
is_post (MmExchange *x)
{
  return g_str_equal (mm_exchange_method (x), "POST");
}

void
mm_handle_password_page (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;

  if (is_post (x)
      && mm_sessions_change_password (context, mm_exchange_principal (x),
                                      mm_exchange_form (x, "old_password"),
                                      mm_exchange_form (x, "password"),
                                      mm_exchange_form (x, "password_again"), &error))
    show_message (x, context, N_ ("Your password was changed"),
                  N_ ("All other places where you were signed in are signed out now."), FALSE);
  else
    show_form (x, context, "password", N_ ("Change the password"), &change_group, "", error);
}

void
mm_handle_forgotten_page (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;

  if (is_post (x)
      && mm_sessions_forgotten (context, mm_exchange_peer (x), mm_exchange_form (x, "user_id"),
                                &error))
    show_message (
        x, context, N_ ("Please look at your mail"),
        N_ ("If there is such an account, a mail with a link for a new password is on its "
            "way to its address. The link is valid for one hour."),
        FALSE);
  else
    show_form (x, context, "forgotten", N_ ("Forgotten password"), &id_group, "", error);
}

/* Why the link cannot be used, and the way on: another one. */
static void
show_dead_link (MmExchange *x, MmContext *context, const GError *error)
{
  json_t *values = mm_page_values (x, context, N_ ("This link is no longer valid"));

  json_object_set_new (values, "sentence", json_string (error->message));
  json_object_set_new (values, "may_ask_again", json_true ());
  mm_page_answer (x, context, mm_problem_status (error), "dead-link", values);
}

void
mm_handle_new_password_page (MmExchange *x, gpointer context)
{
  const char *token = is_post (x) ? mm_exchange_form (x, "token") : mm_exchange_query (x, "token");
  g_autoptr (GError) error = NULL;

  token = token != NULL ? token : "";
  if (is_post (x)
      && mm_sessions_reset_password (context, token, mm_exchange_form (x, "password"),
                                     mm_exchange_form (x, "password_again"), &error))
    {
      show_message (x, context, N_ ("Your password was changed"),
                    N_ ("Please sign in with the new password."), TRUE);
      return;
    }
  if (error == NULL)
    mm_sessions_peek_reset (context, token, &error);
  if (g_error_matches (error, MM_ERROR, MM_ERROR_NOT_FOUND)
      || g_error_matches (error, MM_ERROR, MM_ERROR_GONE))
    show_dead_link (x, context, error);
  else
    show_form (x, context, "new-password", N_ ("New password"), &new_group, token, error);
}

#include "mm-handle-session.h"

#include "mm-account-editing.h"
#include "mm-body.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-form.h"
#include "mm-page.h"
#include "mm-sessions.h"
#include "mm-signing-in.h"
#include "mm-time.h"

#include <string.h>

/* ---- API ---- */

void
mm_handle_session_open (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmSignedIn) signed_in = NULL;
  g_autofree char *expires = NULL;
  const char *user_id, *password, *code;
  json_t *body = mm_body_object (x, &error);

  if (body != NULL && mm_body_text (body, "user_id", &user_id, &error)
      && mm_body_text (body, "password", &password, &error)
      && mm_body_text (body, "code", &code, &error))
    signed_in = mm_signing_in (context, mm_exchange_peer (x), user_id, password, code,
                               MM_SESSION_APP, mm_exchange_header (x, "User-Agent"), NULL, &error);
  json_decref (body);
  if (signed_in == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  expires = mm_time_format (signed_in->expires);
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer_json (
      x, 201,
      json_pack ("{s:s, s:s, s:s, s:s, s:s}", "session", signed_in->secret, "id", signed_in->id,
                 "expires", expires, "account", signed_in->principal->public_id, "kind",
                 signed_in->principal->kind == MM_PRINCIPAL_DEALER ? "dealer" : "customer"));
}

void
mm_handle_session_list (MmExchange *x, gpointer context)
{
  const MmPrincipal *principal = mm_exchange_principal (x);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = mm_sessions_list (context, principal, &error);
  json_t *list;

  if (rows == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < rows->len; i++)
    {
      const MmSessionRow *row = rows->pdata[i];
      g_autofree char *created = mm_time_format (row->created);
      g_autofree char *last_seen = mm_time_format (row->last_seen);
      g_autofree char *expires = mm_time_format (row->expires);

      json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "id",
                                              row->public_id, "kind", row->kind, "created", created,
                                              "last_seen", last_seen, "expires", expires, "agent",
                                              row->agent, "address", row->address, "current",
                                              g_strcmp0 (row->public_id, principal->session) == 0));
    }
  mm_exchange_answer_json (x, 200, json_pack ("{s:o}", "sessions", list));
}

void
mm_handle_session_end_all (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;

  if (mm_sessions_end_all (context, mm_exchange_principal (x), FALSE, &error))
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_session_end (MmExchange *x, gpointer context)
{
  const MmPrincipal *principal = mm_exchange_principal (x);
  const char *id = mm_exchange_param (x, "id");
  g_autoptr (GError) error = NULL;

  if (g_str_equal (id, "current"))
    id = principal->session;
  if (mm_sessions_end (context, principal, id, &error))
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

/* ---- pages ---- */

static const MmPageField sign_in_fields[] = {
  { "user_id", N_ ("User ID or mail address"),
    N_ ("Dealers: the dealer ID. Customers: the mail address."), "text", "username", NULL, 254,
    FALSE },
  { "password", N_ ("Password"), N_ ("Capital and small letters differ."), "password",
    "current-password", NULL, 0, FALSE },
};
static const MmPageGroup sign_in_group = { NULL, sign_in_fields, G_N_ELEMENTS (sign_in_fields) };

static const char *
posted_value (gpointer x, const char *name)
{
  return mm_exchange_form (x, name);
}

/* A page of ours to go to after signing in; never an address elsewhere ("//host", "/\host"). */
static const char *
next_page (MmExchange *x, const MmPrincipal *principal)
{
  const char *next = mm_exchange_form (x, "next");

  if (next == NULL)
    next = mm_exchange_query (x, "next");
  if (next != NULL && next[0] == '/' && next[1] != '/' && next[1] != '\\'
      && strpbrk (next, "\r\n\t\\") == NULL)
    return next;
  return principal->kind == MM_PRINCIPAL_CUSTOMER ? "/my" : "/menu";
}

static void
show_sign_in (MmExchange *x, MmContext *context, const GError *error)
{
  const char *next = mm_exchange_query (x, "next");
  json_t *values = mm_page_values (x, context, N_ ("Sign in"));

  if (next == NULL)
    next = mm_exchange_form (x, "next");
  json_object_set_new (values, "next", json_string (next != NULL ? next : ""));
  mm_page_form_add (values, &sign_in_group, 1, posted_value, x, NULL, mm_exchange_language (x));
  if (error != NULL)
    json_object_set_new (values, "problem", json_string (error->message));
  /* 401 would ask for a scheme of HTTP; the form is the way in. */
  mm_page_answer (x, context, error != NULL ? 422 : 200, "sign-in", values);
}

static const MmPageField code_fields[] = {
  { "code", N_ ("Code"), NULL, "text", "one-time-code", NULL, 30, FALSE },
};
static const MmPageGroup code_group = { NULL, code_fields, G_N_ELEMENTS (code_fields) };

/* A code is used up or wrong: it is never shown again. */
static const char *
no_value (gpointer form, const char *name)
{
  return NULL;
}

/* The second page of signing in, for accounts with a second factor. */
static void
show_code (MmExchange *x, MmContext *context, const char *half, const GError *error)
{
  const char *next = mm_exchange_form (x, "next");
  json_t *values = mm_page_values (x, context, N_ ("Sign in"));

  json_object_set_new (values, "half", json_string (half));
  json_object_set_new (values, "next", json_string (next != NULL ? next : ""));
  mm_page_form_add (values, &code_group, 1, no_value, NULL, NULL, mm_exchange_language (x));
  if (error != NULL)
    json_object_set_new (values, "problem", json_string (error->message));
  mm_page_answer (x, context, error != NULL ? 422 : 200, "sign-in-code", values);
}

static void
go_on (MmExchange *x, const MmSignedIn *signed_in)
{
  mm_page_set_cookie (x, "mm_session", signed_in->secret, "/", 0);
  mm_page_redirect (x, next_page (x, signed_in->principal));
}

void
mm_handle_sign_in_code (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const char *half = mm_exchange_form (x, "half");
  g_autoptr (GError) error = NULL;
  g_autoptr (MmSignedIn) signed_in = NULL;

  if (!g_str_equal (mm_exchange_method (x), "POST"))
    {
      mm_page_redirect (x, "/sign-in");
      return;
    }
  half = half != NULL ? half : "";
  signed_in = mm_signing_in_half (context, mm_exchange_peer (x), half, mm_exchange_form (x, "code"),
                                  MM_SESSION_WEB, mm_exchange_header (x, "User-Agent"), &error);
  if (signed_in != NULL)
    go_on (x, signed_in);
  else if (g_error_matches (error, MM_ERROR, MM_ERROR_UNAUTHENTICATED))
    show_code (x, context, half, error);
  else if (g_error_matches (error, MM_ERROR, MM_ERROR_GONE))
    show_sign_in (x, context, error);
  else
    mm_page_answer_error (x, context, error);
}

void
mm_handle_sign_in (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const MmPrincipal *principal = mm_exchange_principal (x);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmSignedIn) signed_in = NULL;
  g_autofree char *half = NULL;

  if (!g_str_equal (mm_exchange_method (x), "POST"))
    {
      if (principal->account != 0)
        mm_page_redirect (x, next_page (x, principal));
      else
        show_sign_in (x, context, NULL);
      return;
    }
  signed_in = mm_signing_in (context, mm_exchange_peer (x), mm_exchange_form (x, "user_id"),
                             mm_exchange_form (x, "password"), NULL, MM_SESSION_WEB,
                             mm_exchange_header (x, "User-Agent"), &half, &error);
  if (signed_in != NULL)
    go_on (x, signed_in);
  else if (half != NULL)
    show_code (x, context, half, NULL);
  else if (g_error_matches (error, MM_ERROR, MM_ERROR_UNAUTHENTICATED))
    show_sign_in (x, context, error);
  else
    mm_page_answer_error (x, context, error);
}

void
mm_handle_sign_out (MmExchange *x, gpointer context)
{
  const MmPrincipal *principal = mm_exchange_principal (x);
  g_autoptr (GError) error = NULL;

  if (principal->session != NULL
      && !mm_sessions_end (context, principal, principal->session, &error)
      && !g_error_matches (error, MM_ERROR, MM_ERROR_NOT_FOUND))
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  mm_page_set_cookie (x, "mm_session", NULL, "/", 0);
  mm_page_redirect (x, "/");
}

static void
show_sessions (MmExchange *x, MmContext *context)
{
  const MmPrincipal *principal = mm_exchange_principal (x);
  const MmLanguage *language = mm_exchange_language (x);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = mm_sessions_list (context, principal, &error);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  json_t *values;
  json_t *list;

  if (rows == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < rows->len; i++)
    {
      const MmSessionRow *row = rows->pdata[i];
      g_autofree char *last_seen = mm_language_format_time (language, row->last_seen, zone);

      json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:b, s:s, s:b}", "id",
                                              row->public_id, "agent", row->agent, "address",
                                              row->address, "app", g_str_equal (row->kind, "app"),
                                              "last_seen", last_seen, "current",
                                              g_strcmp0 (row->public_id, principal->session) == 0));
    }
  values = mm_page_values (x, context, N_ ("Where you are signed in"));
  json_object_set_new (values, "sessions", list);
  mm_page_answer (x, context, 200, "sessions", values);
}

void
mm_handle_sessions_page (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const MmPrincipal *principal = mm_exchange_principal (x);
  const char *end = mm_exchange_form (x, "end");
  g_autoptr (GError) error = NULL;
  gboolean ended;

  if (end == NULL)
    {
      show_sessions (x, context);
      return;
    }
  ended = g_str_equal (end, "all") ? mm_sessions_end_all (context, principal, FALSE, &error)
                                   : mm_sessions_end (context, principal, end, &error);
  if (!ended)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  if (g_str_equal (end, "all"))
    mm_page_set_cookie (x, "mm_session", NULL, "/", 0);
  mm_page_redirect (x, g_str_equal (end, "all") ? "/" : "/sessions");
}

void
mm_handle_menu (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MmAccountView) view
      = mm_account_editing_view (context, mm_exchange_principal (x), &error);
  g_autofree char *link = NULL;
  json_t *values;

  if (view == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  link = g_strconcat (context->public_url, "/link?dealer=", view->account->sign_in, NULL);
  values = mm_page_values (x, context, N_ ("Main menu"));
  json_object_set_new (values, "name", json_string (view->account->name));
  json_object_set_new (values, "dealer_name", json_string (view->account->dealer_name));
  json_object_set_new (values, "user_id", json_string (view->account->sign_in));
  json_object_set_new (values, "phone", json_string (view->account->phone));
  json_object_set_new (values, "link_url", json_string (link));
  mm_page_answer (x, context, 200, "menu", values);
}

void
mm_handle_monitoring (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  json_t *values = mm_page_values (x, context, N_ ("Monitoring"));

  json_object_set_new (values, "server_url", json_string (context->public_url));
  mm_page_answer (x, context, 200, "monitoring", values);
}

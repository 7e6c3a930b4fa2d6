#define G_LOG_DOMAIN "mm-http"

#include "mm-page.h"

#include "mm-error.h"
#include "mm-language.h"
#include "mm-principal.h"
#include "mm-problem.h"
#include "mm-resources-http.h"
#include "mm-secret.h"
#include "mm-template.h"

#include <string.h>

#define SECRET_LENGTH 43
#define YEAR_S (365 * 24 * 60 * 60)

static const struct
{
  const char *tag;
  const char *name;
} languages[] = { { "ja", "日本語" }, { "en", "English" } };

struct _MmPages
{
  MmTemplates *templates;
  char *style_url; /* with the hash of its content: browsers may keep it for ever */
};

MmPages *
mm_pages_new (GError **error)
{
  GResource *resource = mm_http_get_resource ();
  g_autoptr (GBytes) style = g_resource_lookup_data (resource, "/org/mimamori/static/style.css",
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autoptr (MmPages) pages = g_new0 (MmPages, 1);
  g_autofree char *hash = NULL;

  if (style == NULL)
    return NULL;
  pages->templates = mm_templates_new_from_resource (resource, "/org/mimamori/pages/", ".html",
                                                     MM_ESCAPE_HTML, error);
  if (pages->templates == NULL)
    return NULL;
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, style);
  pages->style_url = g_strdup_printf ("/static/style.css?v=%.12s", hash);
  return g_steal_pointer (&pages);
}

void
mm_pages_free (MmPages *pages)
{
  if (pages == NULL)
    return;
  mm_templates_free (pages->templates);
  g_free (pages->style_url);
  g_free (pages);
}

/* ---- cookies, forms, language ---- */

void
mm_page_set_cookie (
    MmExchange *x, const char *name, const char *value, const char *path, guint max_age)
{
  g_autoptr (GString) cookie = g_string_new (name);

  g_string_append_printf (cookie, "=%s; Path=%s; HttpOnly; SameSite=Lax", value ? value : "", path);
  if (value == NULL || max_age > 0)
    g_string_append_printf (cookie, "; Max-Age=%u", value != NULL ? max_age : 0);
  if (mm_exchange_secure (x))
    g_string_append (cookie, "; Secure");
  mm_exchange_set_header (x, "Set-Cookie", cookie->str);
}

static gboolean
is_secret (const char *text)
{
  return text != NULL && strlen (text) == SECRET_LENGTH
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
                == SECRET_LENGTH;
}

char *
mm_page_form_token (MmExchange *x)
{
  const char *visit = mm_exchange_cookie (x, "mm_visit");
  g_autofree char *fresh = NULL;

  if (!is_secret (visit))
    {
      visit = fresh = mm_secret_new ();
      mm_page_set_cookie (x, "mm_visit", fresh, "/", YEAR_S);
    }
  return mm_secret_derive (visit, "form");
}

/* An Origin is ours if it is that of the public URL, or the very host that was asked: which of a
 * server's names somebody uses does not matter, as long as page and form have the same. */
static gboolean
origin_is_ours (MmExchange *x, MmContext *context)
{
  const char *origin = mm_exchange_header (x, "Origin");
  const char *host = mm_exchange_header (x, "Host");
  g_autofree char *asked = NULL;

  if (origin == NULL)
    return TRUE;
  asked = g_strconcat (mm_exchange_secure (x) ? "https://" : "http://", host ? host : "", NULL);
  if (g_ascii_strcasecmp (origin, asked) == 0)
    return TRUE;
  return context->public_url != NULL && g_str_has_prefix (context->public_url, origin)
         && (context->public_url[strlen (origin)] == '\0'
             || context->public_url[strlen (origin)] == '/');
}

gboolean
mm_page_form_is_ours (MmExchange *x, MmContext *context)
{
  const char *visit = mm_exchange_cookie (x, "mm_visit");
  const char *shown = mm_exchange_form (x, "form_token");
  g_autofree char *expected = NULL;

  if (!is_secret (visit) || shown == NULL || !origin_is_ours (x, context))
    return FALSE;
  expected = mm_secret_derive (visit, "form");
  return mm_secret_equal (expected, shown);
}

static const char *
known_tag (const char *text)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (languages); i++)
    if (strcmp (languages[i].tag, text) == 0)
      return languages[i].tag;
  return NULL;
}

void
mm_page_choose_language (MmExchange *x, MmContext *context, const char *account)
{
  const char *chosen = known_tag (mm_exchange_query (x, "lang"));
  const char *tag;

  if (chosen == NULL && strcmp (mm_exchange_method (x), "POST") == 0)
    chosen = known_tag (mm_exchange_form (x, "lang"));
  if (chosen != NULL)
    mm_page_set_cookie (x, "mm_language", chosen, "/", YEAR_S);
  tag = chosen != NULL ? chosen : known_tag (mm_exchange_cookie (x, "mm_language"));
  if (tag == NULL)
    tag = account;
  mm_exchange_set_language (x, mm_languages_negotiate (context->languages,
                                                       mm_exchange_header (x, "Accept-Language"),
                                                       tag));
}

/* ---- values ---- */

/* The address of the page that was asked for: the path, with what names a thing on it. Ends with
 * "?" or "&", to go on with another parameter. */
static GString *
this_page (MmExchange *x)
{
  static const char *const kept[] = { "token", "dealer", "id", "next", "for" };
  g_autofree char *path = g_uri_escape_string (mm_exchange_path (x), "/", TRUE);
  GString *url = g_string_new (path);

  g_string_append_c (url, '?');
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      const char *value = mm_exchange_query (x, kept[i]);

      if (value == NULL)
        continue;
      g_string_append_printf (url, "%s=", kept[i]);
      g_string_append_uri_escaped (url, value, NULL, FALSE);
      g_string_append_c (url, '&');
    }
  return url;
}

static json_t *
make_languages (MmExchange *x, const char *present)
{
  json_t *list = json_array ();

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autoptr (GString) url = this_page (x);

      g_string_append_printf (url, "lang=%s", languages[i].tag);
      json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:b}", "tag", languages[i].tag,
                                              "name", languages[i].name, "url", url->str, "present",
                                              g_str_equal (languages[i].tag, present)));
    }
  return list;
}

json_t *
mm_page_values (MmExchange *x, MmContext *context, const char *title)
{
  const MmPrincipal *principal = mm_exchange_principal (x);
  g_autofree char *token = mm_page_form_token (x);
  const char *tag;
  json_t *values;

  if (mm_exchange_language (x) == NULL)
    mm_page_choose_language (x, context, NULL);
  tag = mm_language_tag (mm_exchange_language (x));
  values = json_pack ("{s:s, s:s, s:o, s:s, s:s, s:s, s:s}", "title", title, "lang", tag,
                      "languages", make_languages (x, tag), "path", mm_exchange_path (x),
                      "form_token", token, "brand", mm_context_config (context)->name, "style_url",
                      context->pages->style_url);
  if (principal != NULL && principal->account != 0)
    json_object_set_new (values, "signed_in",
                         json_pack ("{s:b, s:b}", "dealer", principal->kind == MM_PRINCIPAL_DEALER,
                                    "customer", principal->kind == MM_PRINCIPAL_CUSTOMER));
  return values;
}

/* ---- answers ---- */

void
mm_page_answer (MmExchange *x, MmContext *context, guint status, const char *name, json_t *values)
{
  g_autofree char *html
      = mm_templates_render (context->pages->templates, name, mm_exchange_language (x), values);

  /* form-action also bounds where a form's answer may lead, and the app's link is one of them. */
  mm_exchange_set_header (x, "Content-Security-Policy",
                          "default-src 'none'; style-src 'self'; img-src 'self'; form-action "
                          "'self'; base-uri 'none'; frame-ancestors 'none'");
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_set_header (x, "X-Frame-Options", "DENY");
  mm_exchange_set_header (x, "Cross-Origin-Opener-Policy", "same-origin");
  /* Tokens are in addresses, which go to nobody else. With no-referrer the browser would also hide
   * the Origin of our own forms. */
  mm_exchange_set_header (x, "Referrer-Policy", "same-origin");
  mm_exchange_set_header (x, "Content-Language", mm_language_tag (mm_exchange_language (x)));
  mm_exchange_answer_text (x, status, MM_TYPE_HTML, html);
  json_decref (values);
}

void
mm_page_redirect (MmExchange *x, const char *path)
{
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_redirect (x, 303, path);
}

/* After signing in, people come back to the page that they asked for. */
static void
ask_to_sign_in (MmExchange *x)
{
  g_autoptr (GString) page = this_page (x);
  g_autofree char *next = NULL;
  g_autofree char *url = NULL;

  g_string_truncate (page, page->len - 1);
  next = g_uri_escape_string (page->str, "/", FALSE);
  url = g_strconcat ("/sign-in?next=", next, NULL);

  mm_page_redirect (x, g_str_equal (mm_exchange_method (x), "GET") ? url : "/sign-in");
}

static const char *
title_of (const GError *error)
{
  switch (mm_problem_status (error))
    {
    case 403:
      return N_ ("Not possible from here");
    case 404:
      return N_ ("There is nothing here");
    case 410:
      return N_ ("This link is no longer valid");
    case 429:
      return N_ ("Please wait a moment");
    case 503:
      return N_ ("The server is busy");
    case 500:
      return N_ ("Something went wrong");
    default:
      return N_ ("That did not work");
    }
}

void
mm_page_answer_error (MmExchange *x, MmContext *context, const GError *error)
{
  guint status = mm_problem_status (error);
  guint retry_after = mm_error_retry_after (error);
  json_t *values;

  if (status == 401)
    {
      ask_to_sign_in (x);
      return;
    }
  if (status == 500)
    g_warning ("%s", error->message);
  values = mm_page_values (x, context, title_of (error));
  json_object_set_new (values, "status", json_integer (status));
  json_object_set_new (values, "sentence",
                       json_string (mm_problem_sentence (error, mm_exchange_language (x))));
  if (retry_after > 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%u", retry_after);

      mm_exchange_set_header (x, "Retry-After", seconds);
      json_object_set_new (values, "retry_after", json_string (seconds));
    }
  mm_page_answer (x, context, status, "error", values);
}

void
mm_page_refuse (MmExchange *x, const GError *error, gpointer context)
{
  const MmRoute *route = mm_exchange_route (x);
  const char *accept = mm_exchange_header (x, "Accept");
  gboolean page = route != NULL ? (route->flags & MM_ROUTE_PAGE) != 0
                                : !g_str_has_prefix (mm_exchange_path (x), "/api/")
                                      && accept != NULL && strstr (accept, "text/html") != NULL;

  if (page)
    mm_page_answer_error (x, context, error);
  else
    mm_exchange_answer_error (x, error);
}

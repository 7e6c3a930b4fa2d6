/* Pages for people: HTML from templates, in the reader's language, without scripts.
 *
 * A handler makes the values that all pages share (mm_page_values()), adds its own and answers
 * (mm_page_answer()). Templates are http/pages/NAME.html; each begins with {{>head}} and ends with
 * {{>foot}}. Any thread.
 */
#pragma once

#include "mm-context.h"
#include "mm-exchange.h"
#include "mm-router.h"

G_BEGIN_DECLS

/* Flag of a route (MmRoute.flags) that answers people: its errors are pages, its session is the
 * cookie's, its forms carry form_token. */
#define MM_ROUTE_PAGE (1u << 0)

/* Bytes of a form that a page takes. */
#define MM_PAGE_FORM_MAX (32 * 1024)

/* The compiled templates, which all handlers find in MmContext.pages. */
MmPages *mm_pages_new (GError **error);
void mm_pages_free (MmPages *pages);

/* The values that all pages share: lang, languages, path, form_token, brand, style_url, signed_in.
 * @title: message id of the page's title. Sets the cookie mm_visit if the visitor has none. */
json_t *mm_page_values (MmExchange *x, MmContext *context, const char *title);

/* Renders @name with @values, whose reference it takes, and the headers that all pages have. */
void mm_page_answer (
    MmExchange *x, MmContext *context, guint status, const char *name, json_t *values);

/* The designed page for @error: what happened, what to do; 401 leads to the sign-in page. */
void mm_page_answer_error (MmExchange *x, MmContext *context, const GError *error);

/* Answers @error as a page or as problem+json, as the route or (without one) the client's Accept
 * says. For the router's own refusals, too. */
void mm_page_refuse (MmExchange *x, const GError *error, gpointer context);

/* Answers 303 to @path of ours. */
void mm_page_redirect (MmExchange *x, const char *path);

/* Sets or (@value NULL) removes a cookie that pages' scripts and other sites cannot read. @max_age:
 * seconds, 0 until the browser closes. */
void mm_page_set_cookie (
    MmExchange *x, const char *name, const char *value, const char *path, guint max_age);

/* The form's token of this visitor, and whether the request carries it and comes from our own
 * pages. */
char *mm_page_form_token (MmExchange *x);
gboolean mm_page_form_is_ours (MmExchange *x, MmContext *context);

/* Chooses the language: ?lang=, the cookie, the account's, Accept-Language. @account: its tag or
 * NULL. For pages; keeps a choice by ?lang= or by the form's "lang" in the cookie. */
void mm_page_choose_language (MmExchange *x, MmContext *context, const char *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmPages, mm_pages_free)

G_END_DECLS

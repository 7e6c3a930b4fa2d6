/* Asks the server what the registration walk needs, and tells the walk what it said.
 *
 * One question is under way at a time ("busy"); what is asked meanwhile is ignored, as buttons are
 * insensitive then. An answer moves the walk; what the walk cannot use (no network, too often)
 * becomes "problem", until the next question or page. Whether the user ID is free is asked beside
 * that, MM_REGISTRAR_DEBOUNCE after the last key. Main thread.
 */
#pragma once

#include "mm-api.h"
#include "mm-mail-link.h"
#include "mm-registration-walk.h"

G_BEGIN_DECLS

#define MM_REGISTRAR_DEBOUNCE 400 /* ms */

/* The terms of use of the server, as they are to be shown. */
typedef struct
{
  gint64 version;
  char *language; /* tag; need not be the one asked for */
  char *body;     /* paragraphs with blank lines between; "# " begins the title, "## " a heading */
} MmTermsText;

#define MM_TYPE_REGISTRAR (mm_registrar_get_type ())
G_DECLARE_FINAL_TYPE (MmRegistrar, mm_registrar, MM, REGISTRAR, GObject)

/* For @walk, which may have been resumed. @language: tag in which the server is to answer and to
 * write its mail; @settings: ours, for the pins of servers.
 *
 * Properties, read-only, that notify: "busy", "problem" and "terms". */
MmRegistrar *mm_registrar_new (MmRegistrationWalk *walk, const char *language, GSettings *settings);

/* The same as given. */
MmRegistrationWalk *mm_registrar_get_walk (MmRegistrar *registrar);

/* Whether an answer is awaited. */
gboolean mm_registrar_is_busy (MmRegistrar *registrar);

/* What went wrong last, apart from fields and links, which the walk knows; NULL if nothing. */
const GError *mm_registrar_get_problem (MmRegistrar *registrar);

/* The terms; NULL before the server sent them. */
const MmTermsText *mm_registrar_get_terms (MmRegistrar *registrar);

/* The API of the server that is asked; NULL before there is one. */
MmApi *mm_registrar_get_api (MmRegistrar *registrar);

/* SERVER: looks whether there is a server at the address @text, and goes on to its terms. */
void mm_registrar_find_server (MmRegistrar *registrar, const char *text);

/* TERMS, AGREE: the person agrees to the terms that are shown. */
void mm_registrar_agree (MmRegistrar *registrar);

/* FORM: checks it, here and at the server, and goes on. */
void mm_registrar_check_form (MmRegistrar *registrar);

/* CONFIRM: registers. */
void mm_registrar_register (MmRegistrar *registrar);

/* MAIL, LINK: has a new mail sent; to another address. */
void mm_registrar_resend (MmRegistrar *registrar);
void mm_registrar_correct (MmRegistrar *registrar, const char *mail, const char *again);

/* Anywhere: opens @link, of the kind CONFIRM, whose server the person trusts. */
void mm_registrar_open_link (MmRegistrar *registrar, const MmMailLink *link);

/* PASSWORD: completes the registration. */
void mm_registrar_complete (MmRegistrar *registrar,
                            const char *password,
                            const char *again,
                            const char *phone);

/* Asks again what failed: the server, the terms or the link; nothing on other pages. */
void mm_registrar_retry (MmRegistrar *registrar);

/* Drops the question that is under way, if any. */
void mm_registrar_cancel (MmRegistrar *registrar);

G_END_DECLS

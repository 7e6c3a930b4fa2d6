/* An address that leads into the app: from a mail, from a page of a server, from the desktop.
 *
 * Three spellings are understood, and nothing else:
 *
 * - "mimamori:confirm?server=URL&token=TOKEN": completes a registration at that server;
 * - "mimamori:gateway/ID": opens a gateway;
 * - the https (or http) address of the registration mail, ".../confirm?token=TOKEN", and of an
 *   alert, ".../open/gateway/ID", as people paste them: with white space or <> around, broken
 *   over lines, with a fragment behind.
 *
 * An address comes from anybody: what it names is checked here by the rules of each part, and
 * whether its server is to be trusted is asked of the person (mm-window.c). Pure functions, any
 * thread. Source: product.md §1 step 6.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_MAIL_LINK_MAX 2048 /* bytes */

typedef enum
{
  MM_MAIL_LINK_CONFIRM,
  MM_MAIL_LINK_GATEWAY,
} MmMailLinkKind;

/* @server: as mm_api_normalise_url() gives it; NULL for "mimamori:gateway/…", which means the one
 * that is signed in to. @token: of CONFIRM. @gateway: of GATEWAY. */
typedef struct
{
  MmMailLinkKind kind;
  char *server;
  char *token;
  char *gateway;
} MmMailLink;

/* What @text (may be NULL, need not be UTF-8) leads to; NULL with %MM_ERROR_INVALID "link" and a
 * translated sentence for everything else. Free with mm_mail_link_free(). */
MmMailLink *mm_mail_link_parse (const char *text, GError **error);
void mm_mail_link_free (MmMailLink *link);

/* Host and, if it is not the usual one, port of @url for people who are to judge it: in the ASCII
 * form, so that look-alikes of other scripts show. Free with g_free(). */
char *mm_mail_link_show_host (const char *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmMailLink, mm_mail_link_free)

G_END_DECLS

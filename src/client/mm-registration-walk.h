/* The walk by which a dealer registers in the app: its pages, what was typed, what is wrong.
 *
 * A state machine without a window and without a server: mm-registrar.h asks the server and tells
 * the walk, the view in app/ shows what the walk says. Main thread.
 *
 *            found             agree            checked             registered
 *   SERVER ────────▶ TERMS ────────────▶ FORM ────────────▶ CONFIRM ──────────▶ MAIL
 *      ◀─────back─────┘ ◀───────back──────┘ ◀──back, change───┘                  │
 *                       ▲                   ▲                                    │ link given,
 *                       │ terms outdated    │ a field is refused                 │ here or from
 *                       └───────────────────┴──── CONFIRM                        │ outside
 *                                                                                ▼
 *   COMPLETE ◀──completed── PASSWORD ◀──agree── AGREE ◀──────opened───────── LINK ◀─▶ MAIL
 *                              │  └─────back──────▶ ◀─terms outdated─┘          ▲  back, resent
 *                              └──────────────── the link is over ──────────────┘
 *
 * - LINK takes the address of the mail, and tells why one does not work. It can be the first page,
 * for who comes with a mail.
 * - Nothing that was typed is lost by going back. mm-kept-walk.h is about what survives
 *   closing the app. Passwords never enter the walk.
 *
 * Source: product.md §1, look.md "Registration walk", core/mm-registration.h.
 */
#pragma once

#include "mm-registration.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  MM_WALK_SERVER,
  MM_WALK_TERMS,
  MM_WALK_FORM,
  MM_WALK_CONFIRM,
  MM_WALK_MAIL,
  MM_WALK_LINK,
  MM_WALK_AGREE,
  MM_WALK_PASSWORD,
  MM_WALK_COMPLETE,
  MM_WALK_N_PAGES,
} MmWalkPage;

/* What is known of the user ID that stands in the form. */
typedef enum
{
  MM_USER_ID_UNKNOWN, /* not asked: empty, or breaks a rule */
  MM_USER_ID_ASKING,
  MM_USER_ID_FREE,
  MM_USER_ID_TAKEN,
  MM_USER_ID_UNCERTAIN, /* the server could not say just now */
} MmUserIdState;

typedef struct
{
  MmWalkPage page;
  char *server;           /* address */
  char *server_name;      /* as people know it */
  guint password_max;     /* characters */
  gint64 terms;           /* version agreed to before the form; 0: none */
  gint64 terms_again;     /* before the password */
  MmUserIdState id_state; /* of the user ID in the form */
  char *sent_to;          /* where the mail went */
  gint64 expires;         /* its link, UTC microseconds; 0: not known */
  gboolean resent;        /* it is not the first */
  char *secret;           /* allows resending and correcting; NULL: not known */
  char *token;            /* of the link; NULL: none */
  char *link_user_id;     /* whom the link belongs to */
  char *link_name;
  GError *dead_link;  /* why the link does not work; NULL: not known */
  gboolean customers; /* it is a customer's, who completes it on the server's pages */
} MmWalkFacts;

#define MM_TYPE_REGISTRATION_WALK (mm_registration_walk_get_type ())
G_DECLARE_FINAL_TYPE (MmRegistrationWalk, mm_registration_walk, MM, REGISTRATION_WALK, GObject)

/* At SERVER, with nothing typed.
 *
 * Property "page" (uint, read-only): the #MmWalkPage. Signal "changed" (const char *field,
 * detailed by it): the text, the problem or, for "user_id", the state of a field is another. */
MmRegistrationWalk *mm_registration_walk_new (void);

/* What the walk knows, to be read; texts are "" before they are known. Owned by the walk. */
const MmWalkFacts *mm_registration_walk_facts (MmRegistrationWalk *walk);

/* Which of the steps across the top the present page belongs to. */
MmRegistrationStep mm_registration_walk_get_step (MmRegistrationWalk *walk);

/* Goes a page back; FALSE if the way back leads out of the walk. */
gboolean mm_registration_walk_back (MmRegistrationWalk *walk);

/* Whether the way back stays inside the walk. */
gboolean mm_registration_walk_has_back (MmRegistrationWalk *walk);

/* A server answered: from SERVER to TERMS; elsewhere it is only noted. @password_max: characters */
void mm_registration_walk_found (MmRegistrationWalk *walk,
                                 const char *url,
                                 const char *name,
                                 guint password_max);

/* The person agrees to @version of the terms: TERMS to FORM, AGREE to PASSWORD. */
void mm_registration_walk_agree (MmRegistrationWalk *walk, gint64 version);

/* The text of @field (mm_dealer_form_fields); never NULL. Setting takes its problem away. */
const char *mm_registration_walk_get_field (MmRegistrationWalk *walk, const char *field);
void mm_registration_walk_set_field (MmRegistrationWalk *walk, const char *field, const char *text);

/* The person left @field: a right text takes its normal form (a phone number stays as it is
 * spelled), a wrong one gets a problem. */
void mm_registration_walk_leave_field (MmRegistrationWalk *walk, const char *field);

/* What is wrong with @field of the present page, as a translated sentence; NULL if nothing. */
const char *mm_registration_walk_get_problem (MmRegistrationWalk *walk, const char *field);

/* Notes the state of the user ID; TAKEN is a problem, too. */
void mm_registration_walk_set_id_state (MmRegistrationWalk *walk, MmUserIdState state);

/* Whether all fields of FORM keep their rules, as far as that can be told here; if not, each wrong
 * one has its problem. */
gboolean mm_registration_walk_check_form (MmRegistrationWalk *walk);

/* The server found the form right: FORM to CONFIRM. */
void mm_registration_walk_checked (MmRegistrationWalk *walk);

/* Registered: CONFIRM to MAIL. @secret: allows resending; @expires: of the link, UTC microseconds
 */
void mm_registration_walk_registered (MmRegistrationWalk *walk,
                                      const char *mail,
                                      gint64 expires,
                                      const char *secret);

/* Another mail was sent, to @mail: to MAIL. */
void mm_registration_walk_resent (MmRegistrationWalk *walk, const char *mail, gint64 expires);

/* Notes what allows resending, which is kept apart from the rest. */
void mm_registration_walk_set_secret (MmRegistrationWalk *walk, const char *secret);

/* From anywhere to LINK, to paste one. */
void mm_registration_walk_ask_link (MmRegistrationWalk *walk);

/* A link with @token is to be tried at the server of the walk: to LINK. */
void mm_registration_walk_try_link (MmRegistrationWalk *walk, const char *token);

/* It works and belongs to the registration of @name as @user_id: LINK to AGREE. */
void mm_registration_walk_opened (MmRegistrationWalk *walk, const char *user_id, const char *name);

/* The link belongs to a customer. */
void mm_registration_walk_set_customers (MmRegistrationWalk *walk);

/* Checks the fields of PASSWORD ("password", "password_again", "phone"): all, or only @field that
 * was left. FALSE if one is wrong; it has its problem then. */
gboolean mm_registration_walk_check_password (MmRegistrationWalk *walk,
                                              const char *field,
                                              const char *password,
                                              const char *again,
                                              const char *phone);

/* The server refused with @error: its fields become problems, and the walk goes where they can be
 * put right; what is wrong with the link leads to LINK. FALSE if @error is about neither. */
gboolean mm_registration_walk_refused (MmRegistrationWalk *walk, const GError *error);

/* PASSWORD to COMPLETE; forgets the form and all secrets. */
void mm_registration_walk_completed (MmRegistrationWalk *walk);

/* Goes on where a walk had stopped (mm-kept-walk.h); the fields are set before. */
void mm_registration_walk_resume (MmRegistrationWalk *walk,
                                  MmWalkPage page,
                                  const char *server,
                                  gint64 terms,
                                  const char *sent_to,
                                  gint64 expires);

G_END_DECLS

/* What can go wrong, in the product's words.
 *
 * Every failure that a person or a program outside may meet is one #MmErrorKind with a stable code
 * (for programs), a sentence (English message id, translated at the edge) and, for forms, the
 * fields that were wrong. Handlers only translate these; they never invent their own.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_ERROR (mm_error_quark ())

/* The kinds map one to one to HTTP statuses (http/mm-problem.c). */
typedef enum
{
  MM_ERROR_INVALID,         /* 400: the request is malformed */
  MM_ERROR_FIELDS,          /* 422: one or more fields break a rule; see mm_error_fields() */
  MM_ERROR_UNAUTHENTICATED, /* 401: nobody, or wrong credentials */
  MM_ERROR_FORBIDDEN,       /* 403: known, but not allowed to do this to a thing they may see */
  MM_ERROR_NOT_FOUND,       /* 404: missing, foreign and unlinked look alike */
  MM_ERROR_CONFLICT,        /* 409: taken, or the state has moved on */
  MM_ERROR_GONE,            /* 410: used or expired */
  MM_ERROR_TOO_LARGE,       /* 413 */
  MM_ERROR_LIMITED,         /* 429 + Retry-After: too often */
  MM_ERROR_BUSY,            /* 503 + Retry-After: our own trouble, try again */
  MM_ERROR_INTERNAL,        /* 500: a defect or a broken disk; details go to the log only */
} MmErrorKind;

/* One field of a form that breaks a rule.
 * @field: name of the field as the API spells it, "readings[3].t" for nested ones
 * @code: stable code for programs, e.g. "too-short"
 * @message: English message id, a whole sentence that says the rule */
typedef struct
{
  char *field;
  char *code;
  char *message;
} MmFieldError;

GQuark mm_error_quark (void);

/* Makes an error of @kind; @code is stable and kebab-case, @message an English message id. */
GError *mm_error_new (MmErrorKind kind, const char *code, const char *message);

/* Sets @error (if the caller wants it) and returns FALSE, for `return mm_error_set (…)`. */
gboolean mm_error_set (GError **error, MmErrorKind kind, const char *code, const char *message);

/* Adds a wrong field to *@error, which is created as %MM_ERROR_FIELDS if it is NULL. */
void mm_error_add_field (GError **error, const char *field, const char *code, const char *message);

/* Sets the seconds after which another try makes sense (LIMITED and BUSY; default 1). */
void mm_error_set_retry_after (GError *error, guint seconds);

/* The stable code; "internal" for errors of other domains. Never NULL. */
const char *mm_error_code (const GError *error);

/* The wrong fields (#MmFieldError), in the order they were added; NULL if there are none. */
const GPtrArray *mm_error_fields (const GError *error);

/* Seconds for Retry-After; 0 if none. */
guint mm_error_retry_after (const GError *error);

G_END_DECLS

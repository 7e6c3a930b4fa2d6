/* The rules of an account: user ID, password, mail address, phone.
 *
 * Pure functions, any thread. The shape of the normalisers is described in mm-text.h.
 * Source: product.md §1, the seed's registration pages.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_USER_ID_MIN 3
#define MM_USER_ID_MAX 16
#define MM_PASSWORD_MIN 8
#define MM_PASSWORD_MAX 16 /* unless the operator raises it */
#define MM_MAIL_MAX 254    /* RFC 5321 §4.5.3.1.3 without the brackets */
#define MM_MAIL_LOCAL_MAX 64
#define MM_NAME_MAX 100
#define MM_MAINTENANCE_ADDRESSES_MAX 5

/* User ID (販売店ID): 3–16 of A-Z a-z 0-9 _ -, kept as written, for its case counts at sign-in.
 * Codes: too-short, too-long, characters. */
char *mm_user_id_normalise (const char *text, const char *field, GError **error);

/* @user_id in the form that must be unique: two IDs that differ only in case are one person's
 * mistake or another's trick. */
char *mm_user_id_fold (const char *user_id);

/* The rules of a password, each a bit, so that a form can tick them while one types. */
typedef enum
{
  MM_PASSWORD_LONG_ENOUGH = 1 << 0,
  MM_PASSWORD_SHORT_ENOUGH = 1 << 1,
  MM_PASSWORD_LOWER = 1 << 2,
  MM_PASSWORD_UPPER = 1 << 3,
  MM_PASSWORD_DIGIT = 1 << 4,
  MM_PASSWORD_PRINTABLE = 1 << 5, /* printable ASCII, the space included, and nothing else */
  MM_PASSWORD_ALL = (1 << 6) - 1,
} MmPasswordRules;

/* The rules that @password (NULL is empty) keeps. @max is the greatest length in characters, at
 * least MM_PASSWORD_MIN. */
MmPasswordRules mm_password_rules (const char *password, guint max);

/* Whether @password keeps all rules; adds each broken one to *@error under @field. A password is
 * never changed, so there is nothing to normalise.
 * Codes: required, too-short, too-long, no-lower, no-upper, no-digit, characters. */
gboolean mm_password_check (const char *password, guint max, const char *field, GError **error);

/* Mail address: one @; before it 1–64 letters, digits and the signs of RFC 5322's dot-atom; behind
 * it a host name of at least two labels; 254 in all. Full-width letters are taken as plain ones,
 * the domain is lower-cased and, if international, written in its ASCII form; the local part is
 * kept, for only its own server knows whether case counts.
 * Codes: too-long, syntax. */
char *mm_mail_normalise (const char *text, const char *field, GError **error);

/* Phone number in any spelling, as digits: a Japanese number is 10 or 11 digits that start with 0
 * (+81 becomes 0), a foreign one "+" and 8–15 digits. Code: syntax. */
char *mm_phone_normalise (const char *text, const char *field, GError **error);

/* Whether both are valid and the same number, however they are spelled. */
gboolean mm_phone_equal (const char *a, const char *b);

/* Name of a person, a company or a department: 1–100 characters. Codes: too-long, characters. */
char *mm_name_normalise (const char *text, const char *field, GError **error);

/* Reading of a name: 1–100 katakana, prolonged marks, middle dots and spaces. Hiragana and
 * half-width katakana become full-width katakana. Codes: too-long, characters. */
char *mm_kana_normalise (const char *text, const char *field, GError **error);

G_END_DECLS

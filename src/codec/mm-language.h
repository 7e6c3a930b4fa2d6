/* The languages of the product, several in one process, chosen per call.
 *
 * gettext's own functions translate into the one locale of the process; a server answers each
 * request and writes each mail in the reader's language. So the compiled catalogues (GNU .mo, made
 * from po/ and linked in as a resource) are read here. English is the language of the message ids
 * and needs no catalogue.
 *
 * A set is filled by the thread that makes it and never changes afterwards: any thread may use it,
 * and what it hands out lives as long as the set.
 *
 * In C, mark text that is translated later with N_(), text with a context with NC_(), and translate
 * at the edge with the functions below; po/update finds them all.
 */
#pragma once

#include "mm-words.h"

#include <glib.h>

#include "mm-words.h"

G_BEGIN_DECLS

#define NC_(context, msgid) (msgid)

typedef struct _MmLanguage MmLanguage;
typedef struct _MmLanguages MmLanguages;

/* A set with English alone; for tests and for mm_languages_add(). */
MmLanguages *mm_languages_new (void);

/* A set with every language the product is translated to: "en", "ja". */
MmLanguages *mm_languages_new_built_in (void);

void mm_languages_free (MmLanguages *languages);

/* Adds the language @tag (lower case, e.g. "ja") from a compiled catalogue of either byte order.
 * The bytes are kept. FALSE with %MM_ERROR_INVALID, and the set as before, if they are no
 * well-formed UTF-8 catalogue, or its plural rule is not one of: one form, (n != 1), (n > 1). */
gboolean mm_languages_add (MmLanguages *languages, const char *tag, GBytes *mo, GError **error);

/* The language of @tag; a longer tag finds the shorter ("ja-JP" → "ja"), case is ignored. English
 * if
 * @tag is NULL or not in the set. Never NULL. */
const MmLanguage *mm_languages_get (const MmLanguages *languages, const char *tag);

/* The language to answer in (RFC 9110 §12.5.4, lookup of RFC 4647 §3.4): @preferred_tag (an
 * account's or a cookie's choice) if the set has it, else the best of @accept_language, else
 * English. Both may be NULL and come from strangers: of a header only the first 20 ranges are read.
 */
const MmLanguage *mm_languages_negotiate (const MmLanguages *languages,
                                          const char *accept_language,
                                          const char *preferred_tag);

/* The tag, e.g. "ja": for lang="…" and for storing. */
const char *mm_language_tag (const MmLanguage *language);

/* The text of @msgid, or @msgid itself if it has none (always so for English, and for ""). */
const char *mm_tr (const MmLanguage *language, const char *msgid) G_GNUC_FORMAT (2);

/* The same, for a @msgid that means different things in different places. */
const char *mm_tr_c (const MmLanguage *language, const char *context, const char *msgid)
    G_GNUC_FORMAT (3);

/* The form for @n things. */
const char *mm_tr_n (const MmLanguage *language, const char *singular, const char *plural, gulong n)
    G_GNUC_FORMAT (2) G_GNUC_FORMAT (3);

/* printf with the translation of @format, which may put the arguments in another order (%2$s). */
char *mm_tr_f (const MmLanguage *language, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* @time (UTC microseconds) on the clock of @zone, with the zone's name so that it can be read
 * anywhere: "2026年5月1日 14:02 (JST)", "1 May 2026, 14:02 (JST)". */
char *mm_language_format_time (const MmLanguage *language, gint64 time, GTimeZone *zone);

/* The day alone: "2026年5月1日", "1 May 2026". */
char *mm_language_format_date (const MmLanguage *language, gint64 time, GTimeZone *zone);

/* The clock alone: "14:02". */
char *mm_language_format_clock (const MmLanguage *language, gint64 time, GTimeZone *zone);

/* @value rounded to @decimals (0–9) places, with thousands apart and a true minus sign: "12,345.6",
 * "−3.20"; "–" if it is not finite. Japanese and English write numbers alike. */
char *mm_language_format_number (const MmLanguage *language, double value, int decimals);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmLanguages, mm_languages_free)

G_END_DECLS

/* Text as it is searched: width, case and kana aside. Pure functions, any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @text in the form in which it is compared: compatibility forms (full and half width) and case are
 * folded, hiragana is katakana, white space of any length is one space. @text is UTF-8, NULL is
 * empty; free with g_free(). */
char *mm_search_fold (const char *text);

/* Whether every word of the folded @query is somewhere in the folded @text. An empty query is in
 * everything. */
gboolean mm_search_matches (const char *text, const char *query);

G_END_DECLS

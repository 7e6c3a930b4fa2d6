/* The rules of a postal address in Japan: postal code, prefecture, municipality, the rest.
 *
 * Pure functions, any thread. The shape of the normalisers is described in mm-text.h.
 * Source: product.md §1 and §2; prefectures in the order of JIS X 0401.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_N_PREFECTURES 47
#define MM_PLACE_MAX 200 /* characters of a municipality or an address */

/* Seven digits in any spelling, with or without 〒, as "NNN-NNNN". Code: syntax. */
char *mm_postal_code_normalise (const char *text, const char *field, GError **error);

/* Names of the prefecture @number, 1 (Hokkaido) to 47 (Okinawa), as in JIS X 0401. */
const char *mm_prefecture_name_ja (guint number);
const char *mm_prefecture_name_en (guint number);

/* The number of the prefecture that @text names in Japanese or (in any case of letters) English;
 * 0 if none. */
guint mm_prefecture_find (const char *text);

/* A prefecture named in either language, as its Japanese name. Code: unknown. */
char *mm_prefecture_normalise (const char *text, const char *field, GError **error);

/* Municipality (市区町村) and the rest of the address: 1–200 characters each.
 * Codes: too-long, characters. */
char *mm_municipality_normalise (const char *text, const char *field, GError **error);
char *mm_address_normalise (const char *text, const char *field, GError **error);

G_END_DECLS

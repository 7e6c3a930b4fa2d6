/* Catalogues of both byte orders and damaged ones, negotiation, formats. */
#include "mm-language.h"

#include "mm-error.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define HEADER                                                                                     \
  "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"

typedef struct
{
  const char *id;
  gsize id_length;
  const char *text;
  gsize length;
} Row;

static const Row rows[] = {
  { "", 0, HEADER, sizeof HEADER - 1 },
  { "%d fault\0%d faults", 18, "%d Fehler (einer)\0%d Fehler (viele)", 35 },
  { "Fault", 5, "Störung", 8 },
  { "from %s to %s", 13, "nach %2$s von %1$s", 18 },
  { "verb\004Open", 9, "Öffnen", 7 },
};

static void
put_word (GByteArray *out, guint32 word, gboolean swapped)
{
  word = swapped ? GUINT32_SWAP_LE_BE (word) : word;
  g_byte_array_append (out, (const guint8 *) &word, sizeof word);
}

/* Writes a catalogue by hand, so that the reader is not tried only against one msgfmt. */
static GBytes *
make_catalogue (const Row *table, guint n, gboolean swapped)
{
  GByteArray *out = g_byte_array_new ();
  guint32 offset = 28 + 16 * n;

  put_word (out, 0x950412de, swapped);
  put_word (out, 0, swapped);
  put_word (out, n, swapped);
  put_word (out, 28, swapped);
  put_word (out, 28 + 8 * n, swapped);
  put_word (out, 0, swapped);
  put_word (out, 0, swapped);
  for (guint i = 0; i < n; offset += table[i++].id_length + 1)
    {
      put_word (out, table[i].id_length, swapped);
      put_word (out, offset, swapped);
    }
  for (guint i = 0; i < n; offset += table[i++].length + 1)
    {
      put_word (out, table[i].length, swapped);
      put_word (out, offset, swapped);
    }
  for (guint i = 0; i < n; i++)
    g_byte_array_append (out, (const guint8 *) table[i].id, table[i].id_length + 1);
  for (guint i = 0; i < n; i++)
    g_byte_array_append (out, (const guint8 *) table[i].text, table[i].length + 1);
  return g_byte_array_free_to_bytes (out);
}

static void
test_catalogue (gconstpointer data)
{
  g_autoptr (MmLanguages) languages = mm_languages_new ();
  g_autoptr (GBytes) mo = make_catalogue (rows, G_N_ELEMENTS (rows), GPOINTER_TO_INT (data));
  g_autoptr (GError) error = NULL;
  const MmLanguage *german, *english;
  g_autofree char *text = NULL;
  g_autofree char *plain = NULL;

  g_assert_true (mm_languages_add (languages, "de", mo, &error));
  g_assert_no_error (error);
  german = mm_languages_get (languages, "de-AT");
  english = mm_languages_get (languages, "fr");
  g_assert_cmpstr (mm_language_tag (german), ==, "de");
  g_assert_cmpstr (mm_language_tag (english), ==, "en");
  g_assert_cmpstr (mm_tr (german, "Fault"), ==, "Störung");
  g_assert_cmpstr (mm_tr (english, "Fault"), ==, "Fault");
  g_assert_cmpstr (mm_tr (german, "Unknown"), ==, "Unknown");
  g_assert_cmpstr (mm_tr (german, ""), ==, "");
  g_assert_cmpstr (mm_tr_c (german, "verb", "Open"), ==, "Öffnen");
  g_assert_cmpstr (mm_tr_c (german, "state", "Open"), ==, "Open");
  g_assert_cmpstr (mm_tr (german, "Open"), ==, "Open");
  g_assert_cmpstr (mm_tr_n (german, "%d fault", "%d faults", 1), ==, "%d Fehler (einer)");
  g_assert_cmpstr (mm_tr_n (german, "%d fault", "%d faults", 0), ==, "%d Fehler (viele)");
  g_assert_cmpstr (mm_tr_n (english, "%d fault", "%d faults", 1), ==, "%d fault");
  g_assert_cmpstr (mm_tr_n (english, "%d fault", "%d faults", 2), ==, "%d faults");
  text = mm_tr_f (german, "from %s to %s", "A", "B");
  g_assert_cmpstr (text, ==, "nach B von A");
  plain = mm_tr_f (english, "from %s to %s", "A", "B");
  g_assert_cmpstr (plain, ==, "from A to B");
}

/* Every cut and every single byte changed: refused or read, never out of bounds (ASan watches). */
static void
test_damaged (void)
{
  g_autoptr (GBytes) mo = make_catalogue (rows, G_N_ELEMENTS (rows), FALSE);
  gsize size;
  const guint8 *good = g_bytes_get_data (mo, &size);
  guint refused = 0;

  for (gsize length = 0; length < size; length++)
    {
      g_autoptr (MmLanguages) languages = mm_languages_new ();
      g_autofree guint8 *copy = g_memdup2 (good, length);
      g_autoptr (GBytes) cut = g_bytes_new_static (copy, length);
      g_autoptr (GError) error = NULL;

      g_assert_false (mm_languages_add (languages, "de", cut, &error));
      g_assert_error (error, MM_ERROR, MM_ERROR_INVALID);
      g_assert_cmpstr (mm_language_tag (mm_languages_get (languages, "de")), ==, "en");
    }
  for (gsize i = 0; i < size; i++)
    {
      g_autoptr (MmLanguages) languages = mm_languages_new ();
      g_autofree guint8 *copy = g_memdup2 (good, size);
      g_autoptr (GBytes) changed = g_bytes_new_static (copy, size);

      copy[i] ^= 0xff;
      refused += !mm_languages_add (languages, "de", changed, NULL);
      (void) mm_tr_n (mm_languages_get (languages, "de"), "%d fault", "%d faults", 7);
    }
  g_assert_cmpuint (refused, >, 100);
}

static void
test_refused_headers (void)
{
  static const char *const headers[] = {
    "Content-Type: text/plain; charset=EUC-JP\nPlural-Forms: nplurals=1; plural=0;\n",
    "Content-Type: text/plain; charset=UTF-8\n",
    "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=3; plural=n%10==1 ? 0 : 2;\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (MmLanguages) languages = mm_languages_new ();
      const Row row = { "", 0, headers[i], strlen (headers[i]) };
      g_autoptr (GBytes) mo = make_catalogue (&row, 1, FALSE);

      g_assert_false (mm_languages_add (languages, "xx", mo, NULL));
    }
}

static void
test_negotiate (void)
{
  static const struct
  {
    const char *header, *preferred, *expected;
  } cases[] = {
    { NULL, NULL, "en" },
    { "", NULL, "en" },
    { "ja", NULL, "ja" },
    { "JA", NULL, "ja" },
    { "ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7", NULL, "ja" },
    { "en-US,en;q=0.9,ja;q=0.8", NULL, "en" },
    { "fr,de;q=0.9,ja;q=0.1", NULL, "ja" },
    { "en;q=0.5, ja;q=0.51", NULL, "ja" },
    { "en;q=0.5 , ja ; q=0.501", NULL, "ja" },
    { "ja;q=0", NULL, "en" },
    { "ja;q=0.000, fr", NULL, "en" },
    { "ja;q=2, en;q=0.1", NULL, "en" },
    { "ja;q=, en;q=0.1", NULL, "en" },
    { "ja;x=1, en;q=0.1", NULL, "en" },
    { "*", NULL, "en" },
    { "ja;q=0.2,*;q=0.1", NULL, "ja" },
    { "jam, jaa", NULL, "en" },
    { "-, ;, ,,,ja", NULL, "ja" },
    { "en", "ja", "ja" },
    { "ja", "en", "en" },
    { "ja", "fr", "ja" },
    { "ja", "", "ja" },
    { NULL, "ja-JP", "ja" },
    { "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,ja", NULL, "en" },
  };
  g_autoptr (MmLanguages) languages = mm_languages_new_built_in ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s / %s", cases[i].header, cases[i].preferred);
      g_assert_cmpstr (mm_language_tag (
                           mm_languages_negotiate (languages, cases[i].header, cases[i].preferred)),
                       ==, cases[i].expected);
    }
}

static void
test_times (void)
{
  g_autoptr (MmLanguages) languages = mm_languages_new_built_in ();
  const MmLanguage *ja = mm_languages_get (languages, "ja");
  const MmLanguage *en = mm_languages_get (languages, "en");
  g_autoptr (GTimeZone) tokyo = g_time_zone_new_identifier ("Asia/Tokyo");
  g_autoptr (GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GTimeZone) letterless = g_time_zone_new_offset (3 * 3600);
  const gint64 may = G_GINT64_CONSTANT (1777611720) * G_USEC_PER_SEC; /* 2026-05-01T05:02Z */
  const gint64 evening = may + G_GINT64_CONSTANT (12) * 3600 * G_USEC_PER_SEC;
  g_autofree char *a = mm_language_format_time (ja, may, tokyo);
  g_autofree char *b = mm_language_format_time (en, may, tokyo);
  g_autofree char *c = mm_language_format_time (en, may, berlin);
  g_autofree char *d = mm_language_format_time (en, may, letterless);
  g_autofree char *e = mm_language_format_date (ja, evening, tokyo);
  g_autofree char *f = mm_language_format_date (en, evening, tokyo);
  g_autofree char *g = mm_language_format_clock (ja, evening, tokyo);
  g_autofree char *h = mm_language_format_time (en, G_MAXINT64, tokyo);

  g_assert_cmpstr (a, ==, "2026年5月1日 14:02 (JST)");
  g_assert_cmpstr (b, ==, "1 May 2026, 14:02 (JST)");
  g_assert_cmpstr (c, ==, "1 May 2026, 07:02 (CEST)");
  g_assert_cmpstr (d, ==, "1 May 2026, 08:02 (UTC+03:00)");
  g_assert_cmpstr (e, ==, "2026年5月2日");
  g_assert_cmpstr (f, ==, "2 May 2026");
  g_assert_cmpstr (g, ==, "02:02");
  g_assert_nonnull (h);
}

static void
test_numbers (void)
{
  static const struct
  {
    double value;
    int decimals;
    const char *expected;
  } cases[] = {
    { 0, 0, "0" },         { -0.0, 1, "0.0" },
    { 3.124, 2, "3.12" },  { 999, 0, "999" },
    { 1000, 0, "1,000" },  { -1234567.25, 1, "−1,234,567.2" },
    { -0.001, 2, "0.00" }, { NAN, 1, "–" },
    { INFINITY, 0, "–" },  { 999.96, 1, "1,000.0" },
  };
  g_autoptr (MmLanguages) languages = mm_languages_new ();
  const MmLanguage *en = mm_languages_get (languages, "en");
  g_autofree char *huge = mm_language_format_number (en, 1e308, 9);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = mm_language_format_number (en, cases[i].value, cases[i].decimals);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
  g_assert_cmpuint (strlen (huge), ==, 309 + 102 + 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/language/catalogue/this-order", GINT_TO_POINTER (FALSE), test_catalogue);
  g_test_add_data_func ("/language/catalogue/other-order", GINT_TO_POINTER (TRUE), test_catalogue);
  g_test_add_func ("/language/damaged", test_damaged);
  g_test_add_func ("/language/refused-headers", test_refused_headers);
  g_test_add_func ("/language/negotiate", test_negotiate);
  g_test_add_func ("/language/times", test_times);
  g_test_add_func ("/language/numbers", test_numbers);
  return g_test_run ();
}

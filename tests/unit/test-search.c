/* Searching: width, case and kana do not matter; all words must be there. */
#include "mm-search.h"

static void
test_folds (void)
{
  static const struct
  {
    const char *text, *folded;
  } cases[] = {
    { "GW-0A31", "gw-0a31" },
    { "ＧＷ－１", "gw-1" },
    { "みまもり", "ミマモリ" },
    { "ﾐﾏﾓﾘ", "ミマモリ" },
    { "見守　 花子", "見守 花子" },
    { "", "" },
    { "Ｓtraße", "strasse" },
    { "が", "ガ" },
    { NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folded = mm_search_fold (cases[i].text);

      g_assert_cmpstr (folded, ==, cases[i].folded);
    }
}

static void
test_matches_all_words (void)
{
  g_assert_true (mm_search_matches ("gw-1\n見守 花子", "花子 gw"));
  g_assert_true (mm_search_matches ("gw-1", ""));
  g_assert_false (mm_search_matches ("gw-1", "gw 2"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/folds", test_folds);
  g_test_add_func ("/search/matches-all-words", test_matches_all_words);
  return g_test_run ();
}

/* The rules of postal codes, prefectures, municipalities and addresses. */
#include "mm-place.h"

#include "test-field.h"

static void
test_postal_code (void)
{
  assert_normal (mm_postal_code_normalise, "380-0921", "380-0921");
  assert_normal (mm_postal_code_normalise, "3800921", "380-0921");
  assert_normal (mm_postal_code_normalise, "〒380-0921", "380-0921");
  assert_normal (mm_postal_code_normalise, " 〒 ３８０－０９２１ ", "380-0921");
  assert_normal (mm_postal_code_normalise, "３８０ー０９２１", "380-0921");
  assert_normal (mm_postal_code_normalise, "060 0000", "060-0000");

  assert_refused (mm_postal_code_normalise, "", "required");
  assert_refused (mm_postal_code_normalise, "〒", "syntax");
  assert_refused (mm_postal_code_normalise, "380-092", "syntax");
  assert_refused (mm_postal_code_normalise, "380-09210", "syntax");
  assert_refused (mm_postal_code_normalise, "+380092", "syntax");
  assert_refused (mm_postal_code_normalise, "380-O921", "syntax");
  assert_refused (mm_postal_code_normalise, "三八〇〇九二一", "syntax");
}

static void
test_prefectures (void)
{
  for (guint number = 1; number <= MM_N_PREFECTURES; number++)
    {
      g_assert_cmpuint (mm_prefecture_find (mm_prefecture_name_ja (number)), ==, number);
      g_assert_cmpuint (mm_prefecture_find (mm_prefecture_name_en (number)), ==, number);
    }
  /* JIS X 0401 at its ends and in the middle. */
  g_assert_cmpstr (mm_prefecture_name_ja (1), ==, "北海道");
  g_assert_cmpstr (mm_prefecture_name_en (13), ==, "Tokyo");
  g_assert_cmpstr (mm_prefecture_name_ja (20), ==, "長野県");
  g_assert_cmpstr (mm_prefecture_name_ja (27), ==, "大阪府");
  g_assert_cmpstr (mm_prefecture_name_en (40), ==, "Fukuoka");
  g_assert_cmpstr (mm_prefecture_name_en (47), ==, "Okinawa");

  assert_normal (mm_prefecture_normalise, "長野県", "長野県");
  assert_normal (mm_prefecture_normalise, "Nagano", "長野県");
  assert_normal (mm_prefecture_normalise, " kyoto", "京都府");
  assert_refused (mm_prefecture_normalise, "", "required");
  assert_refused (mm_prefecture_normalise, "長野市", "unknown");
  assert_refused (mm_prefecture_normalise, "Bavaria", "unknown");
}

static void
assert_two_hundred (TestNormalise normalise)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < 200; i++)
    g_string_append (text, "町");
  assert_normal (normalise, text->str, text->str);
  g_string_append (text, "町");
  assert_refused (normalise, text->str, "too-long");
  assert_refused (normalise, " ", "required");
  assert_refused (normalise, "長野市\n栗田", "characters");
}

static void
test_municipality (void)
{
  assert_normal (mm_municipality_normalise, " 長野市 ", "長野市");
  assert_two_hundred (mm_municipality_normalise);
}

static void
test_address (void)
{
  assert_normal (mm_address_normalise, "栗田１−２−３　ハイツ 101", "栗田１−２−３　ハイツ 101");
  assert_two_hundred (mm_address_normalise);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/place/postal-code", test_postal_code);
  g_test_add_func ("/place/prefectures", test_prefectures);
  g_test_add_func ("/place/municipality", test_municipality);
  g_test_add_func ("/place/address", test_address);
  return g_test_run ();
}

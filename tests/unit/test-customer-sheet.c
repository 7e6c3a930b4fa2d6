#include "mm-customer-sheet.h"

#include <string.h>

static MmCustomerSheet *
sheet_at (const char *public_url)
{
  g_autoptr (JsonObject) account = json_object_new ();

  json_object_set_string_member (account, "dealer_name", "御室電設");
  json_object_set_string_member (account, "user_id", "Omuro-Ten");
  json_object_set_string_member (account, "phone", "026-123-4567");
  return mm_customer_sheet_new (account, public_url);
}

static void
test_private (void)
{
  const char *private[] = { "http://localhost:8470",
                            "http://LOCALHOST",
                            "http://127.0.0.1:1",
                            "http://127.8.8.8",
                            "http://[::1]:8470",
                            "http://0.0.0.0:8470",
                            "http://desk.localhost",
                            "",
                            "nonsense",
                            "http://[::]:8470" };
  const char *public[] = { "https://mimamori.example", "http://192.168.1.20:8470",
                           "http://[2001:db8::1]:8470", "https://localhost.example" };

  for (guint i = 0; i < G_N_ELEMENTS (private); i++)
    g_assert_true (mm_customer_sheet_is_private (private[i]));
  for (guint i = 0; i < G_N_ELEMENTS (public); i++)
    g_assert_false (mm_customer_sheet_is_private (public[i]));
}

static void
test_address (void)
{
  g_autoptr (MmCustomerSheet) plain = sheet_at ("https://mimamori.example");
  g_autoptr (MmCustomerSheet) slash = sheet_at ("https://mimamori.example/");
  g_autoptr (MmCustomerSheet) own = sheet_at ("http://127.0.0.1:8470");

  g_assert_cmpstr (plain->address, ==, "https://mimamori.example/link?dealer=Omuro-Ten");
  g_assert_cmpstr (slash->address, ==, plain->address);
  g_assert_null (own->address);
  g_assert_null (mm_customer_sheet_letter (own, mm_own_language ()));
}

static void
test_letter (void)
{
  g_autoptr (MmCustomerSheet) sheet = sheet_at ("https://mimamori.example");
  g_autoptr (MmCustomerSheet) copy = mm_customer_sheet_copy (sheet);
  g_autoptr (MmLanguages) languages = mm_languages_new_built_in ();
  const char *tags[] = { "en", "ja" };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      const MmLanguage *language = mm_languages_get (languages, tags[i]);
      g_autofree char *letter = mm_customer_sheet_letter (copy, language);

      g_assert_true (g_utf8_validate (letter, -1, NULL));
      g_assert_nonnull (strstr (letter, "御室電設"));
      g_assert_nonnull (strstr (letter, ": Omuro-Ten\n"));
      g_assert_nonnull (strstr (letter, ": 026-123-4567\n"));
      g_assert_nonnull (strstr (letter, "\nhttps://mimamori.example/link?dealer=Omuro-Ten\n"));
      for (guint step = 0; step < MM_CUSTOMER_SHEET_STEPS; step++)
        {
          g_autofree char *text = mm_customer_sheet_step (sheet, language, step);

          g_assert_nonnull (strstr (letter, text));
        }
      g_assert_cmpint (strstr (letter, "販売店ID") != NULL, ==, i == 1);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/customer-sheet/private", test_private);
  g_test_add_func ("/customer-sheet/address", test_address);
  g_test_add_func ("/customer-sheet/letter", test_letter);
  return g_test_run ();
}

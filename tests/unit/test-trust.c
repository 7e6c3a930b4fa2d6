#include "mm-trust.h"

#define A "1111111111111111111111111111111111111111111111111111111111111111"
#define B "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
test_pins_belong_to_addresses (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("org.mimamori.Mimamori");
  g_autofree char *none = mm_trust_find_pin (settings, "https://one.example");
  g_autofree char *one = NULL, *two = NULL, *changed = NULL, *gone = NULL, *left = NULL;

  g_assert_null (none);
  mm_trust_set_pin (settings, "https://one.example", A);
  mm_trust_set_pin (settings, "https://two.example:8443", B);
  one = mm_trust_find_pin (settings, "https://one.example");
  two = mm_trust_find_pin (settings, "https://two.example:8443");
  g_assert_cmpstr (one, ==, A);
  g_assert_cmpstr (two, ==, B);

  mm_trust_set_pin (settings, "https://one.example", B);
  changed = mm_trust_find_pin (settings, "https://one.example");
  g_assert_cmpstr (changed, ==, B);

  mm_trust_set_pin (settings, "https://one.example", NULL);
  gone = mm_trust_find_pin (settings, "https://one.example");
  left = mm_trust_find_pin (settings, "https://two.example:8443");
  g_assert_null (gone);
  g_assert_cmpstr (left, ==, B);
}

static void
test_empty_pin_is_none (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("org.mimamori.Mimamori");
  g_autofree char *pin = NULL;

  mm_trust_set_pin (settings, "https://open.example", "");
  pin = mm_trust_find_pin (settings, "https://open.example");
  g_assert_null (pin);
}

static void
test_fingerprint_in_groups (void)
{
  g_autofree char *text = mm_trust_group_fingerprint (B);
  g_autofree char *empty = mm_trust_group_fingerprint ("");

  g_assert_cmpstr (text, ==,
                   "0123 4567 89AB CDEF\n0123 4567 89AB CDEF\n"
                   "0123 4567 89AB CDEF\n0123 4567 89AB CDEF");
  g_assert_cmpstr (empty, ==, "");
}

static void
test_exposed (void)
{
  static const char *const readable[] = { "http://mimamori.example", "http://192.168.1.5:8470",
                                          "http://[fe80::1]:80", "http://localhost.example" };
  static const char *const safe[]
      = { "https://mimamori.example", "http://localhost:8470", "http://127.0.0.1:1",
          "http://[::1]:8470",        "http://LocalHost",      "https://192.168.1.5" };

  for (guint i = 0; i < G_N_ELEMENTS (readable); i++)
    g_assert_true (mm_trust_is_exposed (readable[i]));
  for (guint i = 0; i < G_N_ELEMENTS (safe); i++)
    g_assert_false (mm_trust_is_exposed (safe[i]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trust/pins", test_pins_belong_to_addresses);
  g_test_add_func ("/trust/empty-pin", test_empty_pin_is_none);
  g_test_add_func ("/trust/groups", test_fingerprint_in_groups);
  g_test_add_func ("/trust/exposed", test_exposed);
  return g_test_run ();
}

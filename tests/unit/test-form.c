/* Forms as browsers send them, and as nobody should. */
#include "mm-form.h"

#include <string.h>

static void
assert_form (const char *text, const char *expected)
{
  const char *code = NULL;
  g_autoptr (GPtrArray) fields = mm_form_parse (text, strlen (text), 4, &code);
  g_autoptr (GString) joined = g_string_new (NULL);

  g_assert_nonnull (fields);
  for (guint i = 0; i < fields->len; i += 2)
    g_string_append_printf (joined, "[%s=%s]", (char *) fields->pdata[i],
                            (char *) fields->pdata[i + 1]);
  g_assert_cmpstr (joined->str, ==, expected);
}

static void
assert_refused (const char *text, gsize length, const char *expected)
{
  const char *code = NULL;

  g_assert_null (mm_form_parse (text, length, 4, &code));
  g_assert_cmpstr (code, ==, expected);
}

static void
test_good (void)
{
  assert_form ("", "");
  assert_form ("a=1", "[a=1]");
  assert_form ("a=1&b=2&a=3", "[a=1][b=2][a=3]");
  assert_form ("a", "[a=]");
  assert_form ("=1&&a=", "[=1][a=]");
  assert_form ("a=b=c", "[a=b=c]");
  assert_form ("a+b=c%20d%2Be%26", "[a b=c d+e&]");
  assert_form ("n=%E5%B1%B1%e7%94%b0", "[n=山田]");
  assert_form ("t=a%0D%0Ab", "[t=a\r\nb]");
  assert_form ("a&b&c&d", "[a=][b=][c=][d=]");
}

static void
test_bad (void)
{
  assert_refused ("a&b&c&d&e", 9, "form-too-many");
  assert_refused ("a=%", 3, "form-encoding");
  assert_refused ("a=%4", 4, "form-encoding");
  assert_refused ("a=%4&b", 6, "form-encoding");
  assert_refused ("a=%zz", 5, "form-encoding");
  assert_refused ("%=1", 3, "form-encoding");
  assert_refused ("a=%00", 5, "form-encoding");
  assert_refused ("a=\0b", 4, "form-encoding");
  assert_refused ("a=%ff", 5, "form-encoding");
  assert_refused ("a=%ed%a0%80", 11, "form-encoding");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/good", test_good);
  g_test_add_func ("/form/bad", test_bad);
  return g_test_run ();
}

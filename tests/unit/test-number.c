/* codec/mm-number: exact both ways, against the C library. */
#include "mm-number.h"

#include <locale.h>
#include <math.h>
#include <string.h>

static gboolean
same (double a, double b)
{
  return memcmp (&a, &b, sizeof a) == 0;
}

static void
test_parse (void)
{
  static const char *const cases[] = {
    "0",
    "-0",
    "+1",
    "1.",
    ".5",
    "-.5e1",
    "74.5",
    "0.1",
    "1e22",
    "1e23",
    "123456789012345678",
    "9007199254740993",
    "9007199254740992",
    "1234567890123456789012345678901234567890",
    "0.000000000000000000000000000000000000000000000000000000000000000000000000000000001",
    "5e-324",
    "1e-400",
    "1.7976931348623157e308",
    "4.9406564584124654E-324",
    "3e+2",
    "000012.50",
    "0e999999999",
    "179769313486231580000e288",
  };
  double number;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (mm_number_parse (cases[i], strlen (cases[i]), &number));
      g_assert_true (same (number, g_ascii_strtod (cases[i], NULL)));
    }
}

static void
test_refuse (void)
{
  static const char *const cases[]
      = { "",    "-",   ".",   "-.",  "e5",  "1e",   "1e+",   "1 ",    " 1",    "1x",   "0x10",
          "NaN", "inf", "1,5", "--1", "+-1", "1..2", "1e5.0", "1e5e5", "1e309", "1_000" };
  double number;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_false (mm_number_parse (cases[i], strlen (cases[i]), &number));
  g_assert_true (mm_number_parse ("12345", 2, &number));
  g_assert_cmpfloat (number, ==, 12);
}

static void
test_write (void)
{
  static const struct
  {
    double number;
    const char *text;
  } cases[] = {
    { 0, "0" },          { -0.0, "-0.0" },
    { 3120, "3120" },    { 74.5, "74.5" },
    { 0.1, "0.1" },      { -1.25, "-1.25" },
    { 1e300, "1e+300" }, { 1.0 / 3, "0.3333333333333333" },
    { 1e15, "1e+15" },   { 5e-324, "4.94065645841247e-324" },
  };
  char text[MM_NUMBER_TEXT_SIZE];

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpuint (mm_number_write (cases[i].number, text), ==, strlen (cases[i].text));
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  char text[MM_NUMBER_TEXT_SIZE];

  for (int i = 0; i < 200000; i++)
    {
      guint64 bits = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
      double number, again;

      memcpy (&number, &bits, sizeof number);
      if (i % 2 == 0)
        number = g_rand_int (rand) / 1000.0;
      if (!isfinite (number))
        continue;
      g_assert_true (mm_number_parse (text, mm_number_write (number, text), &again));
      g_assert_true (same (number, again));
    }
}

/* What has few decimals is written in a quicker way, but the same. */
static void
test_write_decimals (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);

  for (int round = 0; round < 100000; round++)
    {
      char text[MM_NUMBER_TEXT_SIZE], plain[64];
      double digits = floor (g_rand_double (random) * pow (10, g_rand_int_range (random, 0, 16)));
      double number = digits / pow (10, g_rand_int_range (random, 0, 6));

      if (g_rand_boolean (random) && number != 0)
        number = -number;
      g_ascii_formatd (plain, sizeof plain, "%.15g", number);
      if (g_ascii_strtod (plain, NULL) != number)
        continue;
      g_assert_cmpuint (mm_number_write (number, text), ==, strlen (plain));
      g_assert_cmpstr (text, ==, plain);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "de_DE.UTF-8"); /* if it is there, its decimal comma must not matter */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/parse", test_parse);
  g_test_add_func ("/number/refuse", test_refuse);
  g_test_add_func ("/number/write", test_write);
  g_test_add_func ("/number/write-decimals", test_write_decimals);
  g_test_add_func ("/number/round-trip", test_round_trip);
  return g_test_run ();
}

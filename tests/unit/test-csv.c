/* codec/mm-csv: RFC 4180 both ways, in pieces of any size. */
#include "mm-csv.h"

#include "mm-error.h"

#include <string.h>

/* Reads all of @text in pieces of @piece bytes and joins fields by "|" and records by "/"; NULL if
 * it is refused. */
static char *
read_all (const char *text, gsize length, gsize piece)
{
  g_autoptr (MmCsvReader) reader = mm_csv_reader_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gsize at = 0;

  for (;;)
    {
      GPtrArray *fields;

      if (!mm_csv_reader_next (reader, &fields, &error))
        {
          g_assert_cmpstr (mm_error_code (error), ==, "bad-csv");
          g_clear_error (&error);
          g_assert_false (mm_csv_reader_next (reader, &fields, &error));
          return NULL;
        }
      if (fields == NULL && at == length)
        {
          gsize before = out->len;

          mm_csv_reader_end (reader);
          if (!mm_csv_reader_next (reader, &fields, &error))
            return NULL;
          if (fields == NULL)
            {
              g_assert_cmpuint (before, ==, out->len);
              return g_strdup (out->str);
            }
        }
      if (fields == NULL)
        {
          g_autofree char *copy = g_memdup2 (text + at, MIN (piece, length - at));

          mm_csv_reader_feed (reader, copy, MIN (piece, length - at));
          at += MIN (piece, length - at);
          continue;
        }
      for (guint i = 0; i < fields->len; i++)
        g_string_append_printf (out, "%s%s", (const char *) fields->pdata[i],
                                i + 1 < fields->len ? "|" : "");
      g_string_append_c (out, '/');
    }
}

static void
test_read (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } cases[] = {
    { "", "" },
    { "\n\r\n\n", "" },
    { "a", "a/" },
    { "a,b\nc,d\n", "a|b/c|d/" },
    { "a,b\r\nc,d", "a|b/c|d/" },
    { "a,b\r", "a|b/" },
    { "\xef\xbb\xbftime,値\n1,2\n", "time|値/1|2/" },
    { "a\n\xef\xbb\xbf\n", "a/\xef\xbb\xbf/" },
    { ",\n", "|/" },
    { ",", "|/" },
    { "a,,b\n\n,,\n", "a||b/||/" },
    { "\"a\",\"b,c\"\n", "a|b,c/" },
    { "\"a\nb\r\nc\",d\n", "a\nb\r\nc|d/" },
    { "\"say \"\"hi\"\"\"\n", "say \"hi\"/" },
    { "\"\"\n", "/" },
    { "\"\",\"\"", "|/" },
    { "\"a\"\r\n\"b\"", "a/b/" },
    { " a , b \n", " a | b /" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece <= 7; piece += 2)
      {
        g_autofree char *out = read_all (cases[i].text, strlen (cases[i].text), piece);

        g_assert_cmpstr (out, ==, cases[i].expected);
      }
}

static void
test_refuse (void)
{
  static const struct
  {
    const char *text;
    gsize length;
  } cases[] = {
    { "a\"b\n", 4 }, { "\"a\"b\n", 5 }, { "\"a", 2 },    { "\"a\"\"", 4 },
    { "a\rb\n", 4 }, { "a\0b\n", 4 },   { "\xff\n", 2 }, { "\ra\n", 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece <= 5; piece += 2)
      g_assert_null (read_all (cases[i].text, cases[i].length, piece));
}

static void
test_lines (void)
{
  g_autoptr (MmCsvReader) reader = mm_csv_reader_new ();
  static const char text[] = "a\n\n\"b\nb\"\nc\nd\"\n";
  g_autoptr (GError) error = NULL;
  GPtrArray *fields;

  mm_csv_reader_feed (reader, text, strlen (text));
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (mm_csv_reader_next (reader, &fields, &error));
      g_assert_cmpuint (fields->len, ==, 1);
      g_assert_cmpuint (mm_csv_reader_line (reader), ==, i == 0 ? 1 : i * 2 + 1);
    }
  g_assert_false (mm_csv_reader_next (reader, &fields, &error));
  g_assert_true (g_str_has_prefix (error->message, "Line 6 "));
}

static void
test_bounds (void)
{
  g_autofree char *commas = g_strnfill (MM_CSV_MAX_FIELDS, ',');
  g_autofree char *letters = g_strnfill (MM_CSV_MAX_RECORD + 1, 'x');

  g_assert_null (read_all (commas, strlen (commas), 1000));
  g_assert_null (read_all (letters, strlen (letters), 65536));
  g_free (read_all (commas, strlen (commas) - 1, 1000));
}

static void
test_write (void)
{
  static const char *const fields[]
      = { "plain", "", "a,b", "say \"hi\"", "two\nlines", " x ", "値" };
  static const char *const empty[] = { "" };
  g_autoptr (GString) out = g_string_new (NULL);

  mm_csv_append_record (out, fields, G_N_ELEMENTS (fields));
  mm_csv_append_record (out, empty, 1);
  g_assert_cmpstr (out->str, ==,
                   "plain,,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\", x ,値\r\n\"\"\r\n");
}

static void
test_round_trip (void)
{
  static const char *const pieces[] = { "a", ",", "\"", "\n", "\r\n", "電", " ", "" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);

  for (int round = 0; round < 2000; round++)
    {
      g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GString) expected = g_string_new (NULL);
      g_autofree char *out = NULL;
      guint n = (guint) g_rand_int_range (rand, 1, 5);

      for (guint i = 0; i < n; i++)
        {
          GString *field = g_string_new (NULL);

          for (int j = g_rand_int_range (rand, 0, 6); j > 0; j--)
            g_string_append (field, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
          g_string_append_printf (expected, "%s%s", i > 0 ? "|" : "", field->str);
          g_ptr_array_add (fields, g_string_free (field, FALSE));
        }
      g_string_append_c (expected, '/');
      mm_csv_append_record (text, (const char *const *) fields->pdata, n);
      out = read_all (text->str, text->len, (gsize) g_rand_int_range (rand, 1, 9));
      g_assert_cmpstr (out, ==, expected->str);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/read", test_read);
  g_test_add_func ("/csv/refuse", test_refuse);
  g_test_add_func ("/csv/lines", test_lines);
  g_test_add_func ("/csv/bounds", test_bounds);
  g_test_add_func ("/csv/write", test_write);
  g_test_add_func ("/csv/round-trip", test_round_trip);
  return g_test_run ();
}

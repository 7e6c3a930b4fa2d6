/* What a server may make of JSON, and what it may not. */
#include "mm-json.h"

#include <math.h>
#include <string.h>

static JsonNode *
parse (const char *text)
{
  return mm_json_parse (text, strlen (text));
}

/* @n times @open, @inner, and the same number of @close. */
static char *
nest (guint n, char open, const char *inner, char close)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_c (text, open);
  g_string_append (text, inner);
  for (guint i = 0; i < n; i++)
    g_string_append_c (text, close);
  return g_string_free (text, FALSE);
}

static void
test_plain (void)
{
  g_autoptr (JsonNode) node
      = parse ("{\"a\": [1, -2.5e3, true, null, \"\xE6\x9D\xB1 \\\"[{\\\\\"], \"b\": {}}\n");
  JsonArray *array = mm_json_array (mm_json_root (node), "a");

  g_assert_cmpuint (mm_json_length (array), ==, 5);
  g_assert_cmpstr (json_array_get_string_element (array, 4), ==, "\xE6\x9D\xB1 \"[{\\");
  g_assert_nonnull (mm_json_object (mm_json_root (node), "b"));
  g_assert_null (parse (""));
  g_assert_null (parse ("{\"a\":"));
  g_assert_null (parse ("<html>"));
  g_assert_null (mm_json_parse ("[1]\0", 4));
}

/* Without a bound json-glib ends the program here. */
static void
test_deep (void)
{
  g_autofree char *allowed = nest (MM_JSON_DEPTH, '[', "", ']');
  g_autofree char *deep = nest (MM_JSON_DEPTH + 1, '[', "", ']');
  g_autofree char *abyss = nest (200000, '[', "", ']');
  g_autofree char *objects = nest (200000, '{', "\"a\":", '}');
  g_autofree char *quoted = nest (200000, '[', "", ']');
  g_autofree char *text = g_strconcat ("[\"", quoted, "\"]", NULL);
  g_autoptr (JsonNode) node = parse (allowed);
  g_autoptr (JsonNode) harmless = parse (text);

  g_assert_nonnull (node);
  g_assert_nonnull (harmless);
  g_assert_null (parse (deep));
  g_assert_null (parse (abyss));
  g_assert_null (parse (objects));
}

/* Ways to make brackets look as if they stood in a string, or the other way round. */
static void
test_hidden_depth (void)
{
  static const char *const hide[] = { "'\"'", "/*\"*/", "//\"\n", "#\"\n", "\"\\\"", "\"\\u\"" };

  for (guint i = 0; i < G_N_ELEMENTS (hide); i++)
    {
      g_autofree char *abyss = nest (200000, '[', "", ']');
      g_autofree char *text = g_strconcat ("[", hide[i], ",", abyss, "]", NULL);

      g_assert_null (parse (text));
    }
}

static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new ("[1");

  for (guint i = 0; i < MM_JSON_PARTS; i++)
    g_string_append (text, ",1");
  g_string_append_c (text, ']');
  g_assert_null (parse (text->str));
}

static void
test_surrogates (void)
{
  g_autoptr (JsonNode) pair = parse ("[\"\\ud83c\\udf1e\"]");

  g_assert_cmpstr (json_array_get_string_element (json_node_get_array (pair), 0), ==,
                   "\xF0\x9F\x8C\x9E");
  g_assert_null (parse ("[\"\\udc00\"]"));
  g_assert_null (parse ("[\"\\ud83c\"]"));
  g_assert_null (parse ("[\"\\ud83cx\"]"));
  g_assert_null (parse ("[\"\\ud83c\\u0041\"]"));
  g_assert_null (parse ("[\"\\u00zz\"]"));
  g_assert_null (parse ("[\"\xED\xA0\x80\"]"));
}

static void
test_numbers (void)
{
  g_autoptr (JsonNode) node
      = parse ("{\"huge\": 1e999, \"low\": -1e999, \"text\": \"1\", \"none\": null, \"int\": 7}");
  JsonObject *object = mm_json_root (node);

  g_assert_true (isnan (mm_json_number (object, "huge")));
  g_assert_true (isnan (mm_json_number (object, "low")));
  g_assert_true (isnan (mm_json_number (object, "text")));
  g_assert_true (isnan (mm_json_number (object, "none")));
  g_assert_true (isnan (mm_json_number (object, "absent")));
  g_assert_cmpfloat (mm_json_number (object, "int"), ==, 7);
  g_assert_null (parse ("[NaN]"));
}

/* Of the years that all calendars know. */
static void
test_times (void)
{
  g_autoptr (JsonNode) node
      = parse ("{\"now\": \"2026-05-01T00:00:00Z\", \"first\": \"0000-01-01T00:00:00Z\", "
               "\"last\": \"9999-12-31T23:59:59Z\", \"text\": \"soon\", \"number\": 1}");
  JsonObject *object = mm_json_root (node);

  g_assert_cmpint (mm_json_time (object, "now"), ==, G_GINT64_CONSTANT (1777593600) * 1000000);
  g_assert_cmpint (mm_json_moment (json_object_get_member (object, "now")), ==,
                   mm_json_time (object, "now"));
  g_assert_cmpint (mm_json_time (object, "first"), ==, 0);
  g_assert_cmpint (mm_json_time (object, "last"), ==, 0);
  g_assert_cmpint (mm_json_time (object, "text"), ==, 0);
  g_assert_cmpint (mm_json_time (object, "number"), ==, 0);
  g_assert_cmpint (mm_json_moment (NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/plain", test_plain);
  g_test_add_func ("/json/deep", test_deep);
  g_test_add_func ("/json/hidden-depth", test_hidden_depth);
  g_test_add_func ("/json/many", test_many);
  g_test_add_func ("/json/surrogates", test_surrogates);
  g_test_add_func ("/json/numbers", test_numbers);
  g_test_add_func ("/json/times", test_times);
  return g_test_run ();
}

/* codec/mm-pattern: what fits, what is caught, and what is no pattern. */
#include "mm-pattern.h"

#include <string.h>

/* What of @text fits @pattern, as "name=piece" lines; NULL if nothing. */
static char *
catch_all (const char *text, gboolean path, const char *name)
{
  const char *why = NULL;
  MmCatchNames names = { .n = 0 };
  g_autoptr (MmPattern) pattern = mm_pattern_new (text, path, &names, &why);
  MmCatches catches;
  GString *found = NULL;

  if (pattern == NULL)
    g_error ("%s: %s", text, why);
  if (mm_pattern_match (pattern, name, strlen (name), &catches))
    {
      found = g_string_new (NULL);
      for (guint i = 0; i < names.n; i++)
        g_string_append_printf (found, "%s=%.*s ", names.names[i], (int) catches.length[i],
                                catches.text[i]);
    }
  mm_catch_names_clear (&names);
  return found != NULL ? g_string_free (found, FALSE) : NULL;
}

static void
assert_catch (const char *pattern, const char *name, const char *expected)
{
  g_autofree char *found = catch_all (pattern, TRUE, name);

  if (g_strcmp0 (found, expected) != 0)
    g_error ("%s on %s: %s", pattern, name, found);
}

static void
test_match (void)
{
  assert_catch ("a/b", "a/b", "");
  assert_catch ("a/b", "a/bc", NULL);
  assert_catch ("a/b", "a", NULL);
  assert_catch ("a/b", "a/b/", NULL);
  assert_catch ("a", "a/b", NULL);
  assert_catch ("a//b", "a//b", "");
  assert_catch ("a/", "a/", "");
  assert_catch ("*", "abc", "");
  assert_catch ("*", "a/c", NULL);
  assert_catch ("*", "", "");
  assert_catch ("a*b/c", "ab/c", "");
  assert_catch ("a*b/c", "axxbb/c", "");
  assert_catch ("a*b/c", "aba/c", NULL);
  assert_catch ("{d}/x", "pcs/x", "d=pcs ");
  assert_catch ("{d}/x", "/x", NULL);
  assert_catch ("{d}_pv_{q}", "my_pv_pv_power", "d=my q=pv_power ");
  assert_catch ("{a}x", "xx", "a=x ");
  assert_catch ("{a}x", "x", NULL);
  assert_catch ("L{p}x*", "L1x", "p=1 ");
  assert_catch ("grid/{n}/Ac/L{p}/Power", "grid/30/Ac/L2/Power", "n=30 p=2 ");
  assert_catch ("{s}/{n}/{path**}", "vebus/257/Ac/Out/P", "s=vebus n=257 path=Ac/Out/P ");
  assert_catch ("{s}/{n}/{path**}", "vebus/257/", NULL);
  assert_catch ("{s}/{n}/{path**}", "vebus/257", NULL);
  assert_catch ("{all**}", "a/b", "all=a/b ");
}

/* The value of a tag is one segment. */
static void
test_tag (void)
{
  g_autofree char *slash = catch_all ("{t}", FALSE, "a/b");
  g_autofree char *within = catch_all ("a/*", FALSE, "a/b/c");

  g_assert_cmpstr (slash, ==, "t=a/b ");
  g_assert_cmpstr (within, ==, "");
}

static void
test_kinds (void)
{
  static const struct
  {
    const char *text;
    gboolean plain, begins;
  } cases[] = { { "a/b", TRUE, TRUE },
                { "a/*", FALSE, TRUE },
                { "a*/b", FALSE, FALSE },
                { "{x}/b", FALSE, FALSE },
                { "*", FALSE, FALSE } };
  MmCatchNames names = { .n = 0 };
  const char *why;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MmPattern) pattern = mm_pattern_new (cases[i].text, TRUE, &names, &why);

      g_assert_cmpint (mm_pattern_is_plain (pattern), ==, cases[i].plain);
      g_assert_cmpint (mm_pattern_begins_plain (pattern), ==, cases[i].begins);
    }
  mm_catch_names_clear (&names);
}

static void
test_refused (void)
{
  static const char *const wrong[]
      = { "**", "a{b}{c}", "{b}*",   "{}",      "{B}",    "{a",
          "a}", "{a}/{a}", "a{b**}", "{b**}/c", "{b**}c", "{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      MmCatchNames names = { .n = 0 };
      const char *why = NULL;

      if (mm_pattern_new (wrong[i], TRUE, &names, &why) != NULL)
        g_error ("taken: %s", wrong[i]);
      g_assert_nonnull (why);
      mm_catch_names_clear (&names);
    }
}

/* Long names and many wildcards take no longer than they must. */
static void
test_time (void)
{
  g_autofree char *name = g_strnfill (100000, 'a');
  MmCatchNames names = { .n = 0 };
  const char *why;
  g_autoptr (MmPattern) pattern = mm_pattern_new ("*a*a*a*a*a*a*a*a*b", TRUE, &names, &why);
  MmCatches catches;

  for (guint i = 0; i < 100; i++)
    g_assert_false (mm_pattern_match (pattern, name, 100000, &catches));
}

static void
test_template (void)
{
  MmCatchNames names = { .n = 0 };
  const char *why = NULL;
  g_autoptr (MmPattern) pattern = mm_pattern_new ("{s}/{n}", TRUE, &names, &why);
  g_autoptr (MmTemplateText) text = mm_template_text_new ("{s}-{n}{s}.", &names, &why);
  MmCatches catches;
  char out[16];

  g_assert_true (mm_pattern_match (pattern, "ab/12", 5, &catches));
  g_assert_cmpint (mm_template_text_write (text, &catches, out, sizeof out), ==, 8);
  g_assert_cmpmem (out, 8, "ab-12ab.", 8);
  g_assert_cmpint (mm_template_text_write (text, &catches, out, 8), ==, 8);
  g_assert_cmpint (mm_template_text_write (text, &catches, out, 7), ==, -1);
  g_assert_null (mm_template_text_new ("{other}", &names, &why));
  g_assert_null (mm_template_text_new ("a}", &names, &why));
  g_assert_null (mm_template_text_new ("{s**}", &names, &why));
  mm_catch_names_clear (&names);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pattern/match", test_match);
  g_test_add_func ("/pattern/tag", test_tag);
  g_test_add_func ("/pattern/kinds", test_kinds);
  g_test_add_func ("/pattern/refused", test_refused);
  g_test_add_func ("/pattern/time", test_time);
  g_test_add_func ("/pattern/template", test_template);
  return g_test_run ();
}

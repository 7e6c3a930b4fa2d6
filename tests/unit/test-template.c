/* What comes out of templates, and what does not compile. */
#include "mm-template.h"

#include "mm-error.h"

static GHashTable *
sources_new (const char *main_source)
{
  GHashTable *sources = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (sources, (char *) "main", (char *) main_source);
  g_hash_table_insert (sources, (char *) "part", (char *) "<{{name}}>");
  return sources;
}

static char *
render (const char *source, MmEscape escape, const char *tag, const char *json)
{
  g_autoptr (MmLanguages) languages = mm_languages_new_built_in ();
  g_autoptr (GHashTable) sources = sources_new (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmTemplates) templates = mm_templates_compile (sources, escape, &error);
  json_t *values = json_loads (json, 0, NULL);
  char *text;

  g_assert_no_error (error);
  g_assert_nonnull (values);
  text = mm_templates_render (templates, "main", mm_languages_get (languages, tag), values);
  json_decref (values);
  return text;
}

static void
test_output (void)
{
  static const struct
  {
    const char *source, *json, *expected;
  } cases[] = {
    { "", "{}", "" },
    { "plain { } }} text", "{}", "plain { } }} text" },
    { "{{a}}", "{\"a\":\"x\"}", "x" },
    { "{{ a }}|{{a.b}}", "{\"a\":{\"b\":\"x\"}}", "|x" },
    { "[{{none}}][{{a.none.deeper}}]", "{\"a\":1}", "[][]" },
    { "{{i}} {{r}} {{t}}{{f}}{{n}}{{l}}",
      "{\"i\":-7,\"r\":0.25,\"t\":true,\"f\":false,\"n\":null,"
      "\"l\":[1]}",
      "-7 0.25 " },
    /* Escaping: text, attributes, what looks like a template, what is escaped already. */
    { "{{a}}", "{\"a\":\"<script>alert(1)</script>\"}", "&lt;script&gt;alert(1)&lt;/script&gt;" },
    { "<a title=\"{{a}}\">", "{\"a\":\"\\\" onclick='x' & >\"}",
      "<a title=\"&quot; onclick=&#39;x&#39; &amp; &gt;\">" },
    { "{{a}}", "{\"a\":\"{{b}} &amp;\",\"b\":\"no\"}", "{{b}} &amp;amp;" },
    { "{{#l}}{{.}}{{/l}}", "{\"l\":[\"<\",\">\"]}", "&lt;&gt;" },
    { "{{>part}}", "{\"name\":\"<b>\"}", "<&lt;b&gt;>" },
    { "{{_(\"a < b, %s\", x)}}", "{\"x\":\"<i>\"}", "a &lt; b, &lt;i&gt;" },
    /* Sections. */
    { "{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":true}", "yes" },
    { "{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":\"\"}", "no" },
    { "{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":0}", "no" },
    { "{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":[]}", "no" },
    { "{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{}", "no" },
    { "{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":{}}", "yes" },
    { "{{#a}}{{.}}{{/a}}", "{\"a\":\"word\"}", "word" },
    { "{{#l}}[{{x}}{{y}}]{{/l}}", "{\"y\":\"o\",\"l\":[{\"x\":1},{\"x\":2,\"y\":\"i\"}]}",
      "[1o][2i]" },
    { "{{#a}}{{#b}}{{c}}{{d}}{{/b}}{{/a}}", "{\"a\":{\"d\":1,\"b\":{\"c\":2}}}", "21" },
    { "{{#l}}{{#.}}{{.}}{{/.}};{{/l}}", "{\"l\":[[1,2],[3]]}", "12;3;" },
    { "{{#a.b}}{{c}}{{/a.b}}", "{\"a\":{\"b\":[{\"c\":1},{\"c\":2}]}}", "12" },
    { "{{#l}}{{a.x}}{{/l}}", "{\"a\":{\"x\":1},\"l\":[{\"a\":{}}]}", "" },
    /* Lines that hold a tag alone vanish. */
    { "a\n{{#l}}\n- {{.}}\n{{/l}}\nb\n", "{\"l\":[1,2]}", "a\n- 1\n- 2\nb\n" },
    { "a\n  {{#l}}  \n- {{.}}\n  {{/l}}\nb", "{}", "a\nb" },
    { "a\n{{! a note\nof two lines }}\nb {{! more }} c", "{}", "a\nb  c" },
    { "a\n{{>part}}\nb", "{\"name\":1}", "a\n<1>b" },
    { "{{#a}}\n{{#a}}x{{/a}} y\n{{/a}}", "{\"a\":1}", "x y\n" },
    /* Texts. */
    { "{{_(\"50 % off\")}}", "{}", "50 % off" },
    { "{{_(\"%s is 5 %% of %s\", a, b.c)}}", "{\"a\":1,\"b\":{\"c\":20}}", "1 is 5 % of 20" },
    { "{{_(\"%s\", none)}}", "{}", "" },
    { "{{_(\"say \\\"a\\\\b\\\"\\n\")}}", "{}", "say &quot;a\\b&quot;\n" },
    { "{{_(\"has }} inside\")}}", "{}", "has }} inside" },
    { "{{_(a)}}{{_(none)}}", "{\"a\":\"no such text\"}", "no such text" },
    { "{{_(\n  \"%s and %s\",\n  a,\n  b\n)}}", "{\"a\":1,\"b\":2}", "1 and 2" },
    { "{{_(\"%s\", a)}}", "{\"a\":\"%s %n %1$s\"}", "%s %n %1$s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = render (cases[i].source, MM_ESCAPE_HTML, "en", cases[i].json);

      g_test_message ("%s", cases[i].source);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_plain_text (void)
{
  g_autofree char *text = render ("{{a}} {{_(\"'%s'\", a)}}", MM_ESCAPE_NONE, "en",
                                  "{\"a\":\"<Müller & \\\"Söhne\\\">\"}");

  g_assert_cmpstr (text, ==, "<Müller & \"Söhne\"> '<Müller & \"Söhne\">'");
}

static void
test_refused (void)
{
  static const struct
  {
    const char *source, *where;
  } cases[] = {
    { "{{", "main:1:" },
    { "{{a", "main:1:" },
    { "{{a}", "main:1:" },
    { "{{}}", "main:1:" },
    { "{{a b}}", "main:1:" },
    { "{{a-b}}", "main:1:" },
    { "{{a..b}}", "main:1:" },
    { "{{a.}}", "main:1:" },
    { "\n\n{{{a}}}", "main:3:" },
    { "{{&a}}", "main:1:" },
    { "{{#a}}", "main:1:" },
    { "{{^a}}\n", "main:2:" },
    { "{{#a}}{{#b}}{{/a}}{{/b}}", "main:1:" },
    { "{{/a}}", "main:1:" },
    { "{{#a}}{{/a.b}}", "main:1:" },
    { "{{>none}}", "main:1:" },
    { "{{>}}", "main:1:" },
    { "{{>part", "main:1:" },
    { "{{>main}}", "main: includes itself" },
    { "{{#a}}{{>main}}{{/a}}", "main: includes itself" },
    { "{{! no end", "main:1:" },
    { "{{_(", "main:1:" },
    { "{{_(\"a", "main:1:" },
    { "{{_(\"a\n\")}}", "main:1:" },
    { "{{_(\"\\t\")}}", "main:1:" },
    { "{{_(\"\")}}", "main:1:" },
    { "{{_(\"a\"}}", "main:1:" },
    { "{{_(\"a\") x}}", "main:1:" },
    { "{{_(\"a\",)}}", "main:1:" },
    { "{{_(\"a\", b)}}", "main:1:" },
    { "{{_(\"%s %s\", b)}}", "main:1:" },
    { "{{_(\"%d\", b)}}", "main:1:" },
    { "{{_(\"%\", b)}}", "main:1:" },
    { "{{_(a, b)}}", "main:1:" },
    { "{{_(\"%s\", \"b\")}}", "main:1:" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) sources = sources_new (cases[i].source);
      g_autoptr (GError) error = NULL;
      g_autoptr (MmTemplates) templates = mm_templates_compile (sources, MM_ESCAPE_HTML, &error);

      g_test_message ("%s", cases[i].source);
      g_assert_null (templates);
      g_assert_error (error, MM_ERROR, MM_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, cases[i].where));
    }
}

static void
test_set (void)
{
  g_autoptr (GHashTable) sources = sources_new ("a");
  g_autoptr (MmTemplates) templates = mm_templates_compile (sources, MM_ESCAPE_HTML, NULL);

  g_assert_true (mm_templates_has (templates, "part"));
  g_assert_false (mm_templates_has (templates, "none"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/template/output", test_output);
  g_test_add_func ("/template/plain-text", test_plain_text);
  g_test_add_func ("/template/refused", test_refused);
  g_test_add_func ("/template/set", test_set);
  return g_test_run ();
}

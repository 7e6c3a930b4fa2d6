/* codec/mm-line-point and mm-line-write: the grammar, against the public corpus (verdict and values
 * of all its decode cases, text of all its encode cases, if the shared data is there) and by hand.
 */
#include "mm-line-write.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

#define CORPUS "influx-line-protocol-corpus/corpus.json.gz"
#define CORPUS_CASES 6615
#define CORPUS_ENCODE_CASES 115

/* A point with all its fields, for comparison. */
typedef struct
{
  MmLinePoint point;
  GArray *fields; /* of MmLineField */
  gboolean has_time;
  gint64 time;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_array_unref (line->fields);
  g_free (line);
}

/* All points of @data, or NULL if a line is refused. */
static GPtrArray *
read_points (const char *data, gsize length)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  MmLineScanner scanner;

  mm_line_scanner_init (&scanner, data, length);
  while (mm_line_scanner_next (&scanner))
    {
      Line *line = g_new0 (Line, 1);
      MmLineField field;
      MmLineStep step;
      gboolean last = FALSE;

      line->fields = g_array_new (FALSE, FALSE, sizeof (MmLineField));
      g_ptr_array_add (lines, line);
      if (!mm_line_scanner_head (&scanner, &line->point))
        return NULL;
      while ((step = mm_line_scanner_field (&scanner, &field, &last)) == MM_LINE_FIELD)
        g_array_append_val (line->fields, field);
      if (step == MM_LINE_FAILED || !mm_line_scanner_time (&scanner, &line->has_time, &line->time))
        return NULL;
    }
  return g_steal_pointer (&lines);
}

static char *
text_of (const MmLineSpan *span)
{
  g_autofree char *buffer = g_malloc (span->length + 1);
  gssize length = mm_line_span_copy (span, buffer, span->length);

  g_assert_cmpint (length, >=, 0);
  g_assert_null (memchr (buffer, '\0', (gsize) length));
  buffer[length] = '\0';
  return g_steal_pointer (&buffer);
}

static void
assert_span (const MmLineSpan *span, json_t *text)
{
  g_autofree char *copy = g_malloc (span->length + 1);
  gssize length = mm_line_span_copy (span, copy, span->length);

  g_assert_cmpint (length, >=, 0);
  g_assert_cmpmem (copy, (gsize) length, json_string_value (text), json_string_length (text));
}

static void
assert_field (const MmLineField *field, json_t *expected)
{
  json_t *value = json_object_get (expected, "value");
  json_t *number;

  assert_span (&field->key, json_object_get (expected, "key"));
  if ((number = json_object_get (value, "float")) != NULL)
    {
      g_assert_cmpint (field->kind, ==, MM_LINE_FLOAT);
      g_assert_true (field->number == json_number_value (number));
    }
  else if ((number = json_object_get (value, "int")) != NULL)
    {
      g_assert_cmpint (field->kind, ==, MM_LINE_INTEGER);
      g_assert_cmpint (field->integer, ==, json_integer_value (number));
    }
  else if ((number = json_object_get (value, "uint")) != NULL)
    {
      g_assert_cmpint (field->kind, ==, MM_LINE_UNSIGNED);
      g_assert_cmpuint (field->natural, ==,
                        g_ascii_strtoull (json_string_value (number), NULL, 10));
    }
  else if ((number = json_object_get (value, "bool")) != NULL)
    {
      g_assert_cmpint (field->kind, ==, MM_LINE_BOOLEAN);
      g_assert_cmpint (field->boolean, ==, json_is_true (number));
    }
  else
    {
      g_assert_cmpint (field->kind, ==, MM_LINE_STRING);
      assert_span (&field->string, json_object_get (value, "string"));
    }
}

/* The corpus sorts tags by key. */
static void
assert_tags (const MmLinePoint *point, json_t *expected)
{
  g_assert_cmpuint (point->n_tags, ==, json_array_size (expected));
  for (guint i = 0; i < point->n_tags; i++)
    {
      g_autofree char *key = text_of (&point->tags[i].key);
      json_t *tag;
      gsize j;
      gboolean found = FALSE;

      json_array_foreach (expected, j, tag)
        {
          if (strcmp (key, json_string_value (json_object_get (tag, "key"))) != 0)
            continue;
          found = TRUE;
          assert_span (&point->tags[i].value, json_object_get (tag, "value"));
        }
      g_assert_true (found);
    }
}

static gint64
precision_of (const char *text)
{
  if (strcmp (text, "1ns") == 0)
    return 1;
  if (strcmp (text, "1s") == 0)
    return 1000000000;
  return strcmp (text, "1ms") == 0 ? 1000000 : 1000;
}

static void
assert_point (const Line *line, json_t *input, json_t *expected)
{
  gint64 precision = precision_of (json_string_value (json_object_get (input, "precision")));
  gint64 default_time = json_integer_value (json_object_get (input, "defaultTime"));
  gint64 time = line->has_time ? line->time * precision : default_time - default_time % precision;
  json_t *fields = json_object_get (expected, "fields");

  assert_span (&line->point.measurement, json_object_get (expected, "name"));
  assert_tags (&line->point, json_object_get (expected, "tags"));
  g_assert_cmpuint (line->fields->len, ==, json_array_size (fields));
  for (guint i = 0; i < line->fields->len; i++)
    assert_field (&g_array_index (line->fields, MmLineField, i), json_array_get (fields, i));
  g_assert_cmpint (time, ==, json_integer_value (json_object_get (expected, "time")));
}

static void
check_case (const char *key, json_t *entry)
{
  json_t *input = json_object_get (entry, "input");
  json_t *text = json_object_get (input, "text");
  json_t *result = json_object_get (json_object_get (entry, "output"), "result");
  json_t *binary = json_object_get (text, "binary");
  g_autofree char *data = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  gsize length;

  /* A block of exactly the right size, so that the sanitizer sees a byte read too much. */
  if (binary != NULL)
    data = (char *) g_base64_decode (json_string_value (binary), &length);
  else
    data = g_memdup2 (json_string_value (text), length = json_string_length (text));
  lines = read_points (data, length);
  if ((lines == NULL) != (result == NULL))
    g_error ("case %s is %s", key, lines == NULL ? "refused" : "accepted");
  if (lines == NULL)
    return;
  g_assert_cmpuint (lines->len, ==, json_array_size (result));
  for (guint i = 0; i < lines->len; i++)
    assert_point (lines->pdata[i], input, json_array_get (result, i));
}

static json_t *
load_corpus (void)
{
  const char *shared = g_getenv ("MIMAMORI_SHARED_DATA");
  g_autofree char *beside = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GRegex) naturals = NULL;
  g_autofree char *text = NULL;
  guint8 buffer[65536];
  json_error_t error;
  json_t *corpus;
  gzFile file;
  int n;

  if (shared == NULL)
    shared = beside = g_build_filename (g_getenv ("MIMAMORI_TOP"), "..", "shared", "data", NULL);
  path = g_build_filename (shared, CORPUS, NULL);
  file = gzopen (path, "rb");
  if (file == NULL)
    return NULL;
  while ((n = gzread (file, buffer, sizeof buffer)) > 0)
    g_byte_array_append (bytes, buffer, (guint) n);
  g_assert_cmpint (n, ==, 0);
  gzclose (file);
  /* The largest do not fit jansson's integers: let them be texts. */
  naturals = g_regex_new ("(\"uint\"\\s*:\\s*)(\\d+)", 0, 0, NULL);
  text = g_regex_replace (naturals, (const char *) bytes->data, (gssize) bytes->len, 0,
                          "\\1\"\\2\"", 0, NULL);
  corpus = json_loads (text, JSON_ALLOW_NUL, &error);
  if (corpus == NULL)
    g_error ("%s", error.text);
  return corpus;
}

static void
test_corpus (void)
{
  json_t *corpus = load_corpus ();
  json_t *entry;
  const char *key;
  guint n = 0;

  if (corpus == NULL)
    {
      g_test_skip ("the shared data is not there");
      return;
    }
  json_object_foreach (json_object_get (corpus, "decode"), key, entry)
    {
      check_case (key, entry);
      n++;
    }
  json_decref (corpus);
  g_assert_cmpuint (n, ==, CORPUS_CASES);
}

/* ---- writing ---- */

static gboolean
write_point (GString *line, json_t *point)
{
  const char *name = json_string_value (json_object_get (point, "name"));
  json_t *tag, *field;
  gsize i;

  if (!mm_line_write_measurement (line, name, strlen (name)))
    return FALSE;
  json_array_foreach (json_object_get (point, "tags"), i, tag)
    {
      json_t *key = json_object_get (tag, "key"), *value = json_object_get (tag, "value");

      if (!mm_line_write_tag (line, json_string_value (key), json_string_length (key),
                              json_string_value (value), json_string_length (value)))
        return FALSE;
    }
  json_array_foreach (json_object_get (point, "fields"), i, field)
    {
      json_t *key = json_object_get (field, "key"), *value = json_object_get (field, "value");
      const char *kind = json_object_iter_key (json_object_iter (value));
      json_t *given = json_object_get (value, kind);
      MmLineField written = { .kind = MM_LINE_FLOAT };

      if (strcmp (kind, "float") == 0)
        written.number = json_number_value (given);
      else if (strcmp (kind, "int") == 0)
        {
          written.kind = MM_LINE_INTEGER;
          written.integer = json_integer_value (given);
        }
      else if (strcmp (kind, "uint") == 0)
        {
          written.kind = MM_LINE_UNSIGNED;
          written.natural = g_ascii_strtoull (json_string_value (given), NULL, 10);
        }
      else if (strcmp (kind, "bool") == 0)
        {
          written.kind = MM_LINE_BOOLEAN;
          written.boolean = json_is_true (given);
        }
      else
        {
          written.kind = MM_LINE_STRING;
          written.string.text = json_string_value (given);
          written.string.length = json_string_length (given);
        }
      if (!mm_line_write_field (line, i == 0, json_string_value (key), json_string_length (key),
                                &written))
        return FALSE;
    }
  mm_line_write_time (line, json_integer_value (json_object_get (point, "time")));
  return TRUE;
}

/* Whether both texts are the same point. */
static gboolean
say_the_same (const char *written, const char *expected)
{
  g_autoptr (GPtrArray) a = read_points (written, strlen (written));
  g_autoptr (GPtrArray) b = read_points (expected, strlen (expected));
  const Line *p, *q;

  if (a == NULL || b == NULL || a->len != 1 || b->len != 1)
    return FALSE;
  p = a->pdata[0];
  q = b->pdata[0];
  if (p->time != q->time || p->fields->len != q->fields->len)
    return FALSE;
  for (guint i = 0; i < p->fields->len; i++)
    {
      const MmLineField *f = &g_array_index (p->fields, MmLineField, i);
      const MmLineField *g = &g_array_index (q->fields, MmLineField, i);
      g_autofree char *key = text_of (&f->key);
      g_autofree char *other = text_of (&g->key);

      if (f->kind != g->kind || strcmp (key, other) != 0
          || (f->kind == MM_LINE_FLOAT && f->number != g->number)
          || (f->kind == MM_LINE_INTEGER && f->integer != g->integer))
        return FALSE;
    }
  return TRUE;
}

/* The text is the corpus's but for one thing: how a float is spelt. There the number must be the
 * very same. */
static void
test_corpus_encode (void)
{
  json_t *corpus = load_corpus ();
  json_t *entry;
  const char *key;
  guint n = 0, n_respelt = 0;

  if (corpus == NULL)
    {
      g_test_skip ("the shared data is not there");
      return;
    }
  json_object_foreach (json_object_get (corpus, "encode"), key, entry)
    {
      json_t *input = json_object_get (entry, "input");
      json_t *result = json_object_get (json_object_get (entry, "output"), "result");
      g_autoptr (GString) line = g_string_new (NULL);
      gboolean written = write_point (line, json_object_get (input, "point"));

      n++;
      if (written != (result != NULL))
        g_error ("case %s is %s", key, written ? "written" : "refused");
      if (!written)
        continue;
      g_string_truncate (line, line->len - 1);
      if (strcmp (line->str, json_string_value (result)) == 0)
        continue;
      n_respelt++;
      if (!say_the_same (line->str, json_string_value (result)))
        g_error ("case %s: %s instead of %s", key, line->str, json_string_value (result));
    }
  json_decref (corpus);
  g_assert_cmpuint (n, ==, CORPUS_ENCODE_CASES);
  g_test_message ("%u of them spell a float otherwise", n_respelt);
}

static void
test_refused_to_write (void)
{
  static const char *const names[] = { "", "a\\", "a\n", "a\x01", "\xff", "\x7f" };
  g_autoptr (GString) line = g_string_new (NULL);
  MmLineField number = { .kind = MM_LINE_FLOAT, .number = NAN };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize length = strlen (names[i]);

      g_assert_false (mm_line_write_measurement (line, names[i], length));
      g_assert_false (mm_line_write_tag (line, "k", 1, names[i], length));
      g_assert_false (mm_line_write_tag (line, names[i], length, "v", 1));
      number.number = 1;
      g_assert_false (mm_line_write_field (line, TRUE, names[i], length, &number));
    }
  number.number = NAN;
  g_assert_false (mm_line_write_field (line, TRUE, "f", 1, &number));
  number.number = INFINITY;
  g_assert_false (mm_line_write_field (line, TRUE, "f", 1, &number));
  g_assert_false (mm_line_write_measurement (line, "#m", 2));
  g_assert_cmpuint (line->len, ==, 0);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    const char *error;
  } cases[] = {
    { "cpu", "missing fields" },
    { "cpu ", "missing fields" },
    { ",a=b v=1", "missing measurement" },
    { "cpu, v=1", "missing tag key" },
    { "cpu,a v=1", "missing tag value" },
    { "cpu,a= v=1", "missing tag value" },
    { "cpu,a=1,b=2,a=1 v=1", "duplicate tags" },
    { "cpu v", "invalid field format" },
    { "cpu v=", "missing field value" },
    { "cpu v=1,", "missing fields" },
    { "cpu v=+1", "invalid field format" },
    { "cpu v=NaN", "invalid field format" },
    { "cpu v=-inf", "invalid number" },
    { "cpu v=0x10", "invalid number" },
    { "cpu v=1.5i", "invalid number" },
    { "cpu v=-1u", "invalid number" },
    { "cpu v=9223372036854775808i", "invalid number" },
    { "cpu v=18446744073709551616u", "invalid number" },
    { "cpu v=1e309", "invalid number" },
    { "cpu v=tru", "invalid boolean" },
    { "cpu v=\"a", "unbalanced quotes" },
    { "cpu v=\"a\\\"", "unbalanced quotes" },
    { "cpu v=\"a\"b", "invalid field format" },
    { "cpu v=1 x", "bad timestamp" },
    { "cpu v=1 1 x", "bad timestamp" },
    { "cpu v=1 -", "bad timestamp" },
    { "cpu v=1 1-1", "bad timestamp" },
    { "cpu v=1\rcpu v=2", "bad timestamp" },
    { "cpu v=1 9223372036854775808", "bad timestamp" },
    { "cp\xff v=1", "invalid UTF-8" },
    { "cpu v=\"\xff\"", "invalid UTF-8" },
    { "c\tpu v=1", "missing fields" },
    { "# a\tb", "invalid character in comment" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MmLineScanner scanner;
      MmLinePoint point;
      MmLineField field;
      MmLineStep step = MM_LINE_FAILED;
      gboolean last = FALSE, given;
      gint64 time;

      mm_line_scanner_init (&scanner, cases[i].text, strlen (cases[i].text));
      g_assert_true (mm_line_scanner_next (&scanner));
      if (mm_line_scanner_head (&scanner, &point))
        while ((step = mm_line_scanner_field (&scanner, &field, &last)) == MM_LINE_FIELD)
          ;
      g_assert_true (step == MM_LINE_FAILED || !mm_line_scanner_time (&scanner, &given, &time));
      g_assert_cmpstr (scanner.error, ==, cases[i].error);
      mm_line_scanner_skip (&scanner);
    }
}

/* Blank lines, comments and strings of several lines count. */
static void
test_line_numbers (void)
{
  static const char text[] = "\n# comment\r\n  a v=1\nb s=\"x\ny\\\"\nz\" 5\r\n\nc v=1 6 \nd v=1\r";
  static const guint expected[] = { 2, 3, 7, 8 };
  MmLineScanner scanner;
  MmLinePoint point;
  MmLineField field;
  guint n = 0;

  mm_line_scanner_init (&scanner, text, sizeof text - 1);
  while (mm_line_scanner_next (&scanner))
    {
      gboolean last = FALSE, given;
      gint64 time;

      g_assert_cmpuint (scanner.line, ==, expected[n]);
      g_assert_true (mm_line_scanner_head (&scanner, &point));
      g_assert_cmpint (mm_line_scanner_field (&scanner, &field, &last), ==, MM_LINE_FIELD);
      g_assert_cmpint (mm_line_scanner_field (&scanner, &field, &last), ==, MM_LINE_DONE);
      g_assert_true (mm_line_scanner_time (&scanner, &given, &time));
      n++;
    }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected));
}

static void
test_escapes (void)
{
  static const char text[] = "m\\ \\=\\,,a\\=\\,=\\\\\\  k\\ =\"q\\\"\\\\\\n\"";
  g_autoptr (GPtrArray) lines = read_points (text, sizeof text - 1);
  const Line *line;
  g_autofree char *measurement = NULL;
  g_autofree char *tag_key = NULL;
  g_autofree char *tag_value = NULL;
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;
  char small[2];

  g_assert_nonnull (lines);
  line = lines->pdata[0];
  measurement = text_of (&line->point.measurement);
  tag_key = text_of (&line->point.tags[0].key);
  tag_value = text_of (&line->point.tags[0].value);
  key = text_of (&g_array_index (line->fields, MmLineField, 0).key);
  value = text_of (&g_array_index (line->fields, MmLineField, 0).string);
  g_assert_cmpstr (measurement, ==, "m \\=,");
  g_assert_cmpstr (tag_key, ==, "a=,");
  g_assert_cmpstr (tag_value, ==, "\\\\ ");
  g_assert_cmpstr (key, ==, "k ");
  g_assert_cmpstr (value, ==, "q\"\\\\n");
  g_assert_cmpint (mm_line_span_copy (&line->point.measurement, small, sizeof small), ==, -1);
}

static void
test_many_tags (void)
{
  for (guint n = MM_LINE_MAX_TAGS; n <= MM_LINE_MAX_TAGS + 1; n++)
    {
      g_autoptr (GString) text = g_string_new ("m");
      g_autoptr (GPtrArray) lines = NULL;

      for (guint i = 0; i < n; i++)
        g_string_append_printf (text, ",t%u=v", i);
      g_string_append (text, " v=1");
      lines = read_points (text->str, text->len);
      g_assert_true ((lines != NULL) == (n == MM_LINE_MAX_TAGS));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line-point/corpus", test_corpus);
  g_test_add_func ("/line-write/corpus", test_corpus_encode);
  g_test_add_func ("/line-write/refused", test_refused_to_write);
  g_test_add_func ("/line-point/refused", test_refused);
  g_test_add_func ("/line-point/line-numbers", test_line_numbers);
  g_test_add_func ("/line-point/escapes", test_escapes);
  g_test_add_func ("/line-point/many-tags", test_many_tags);
  return g_test_run ();
}

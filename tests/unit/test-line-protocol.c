/* codec/mm-line-protocol: from lines to values, names and refusals. */
#include "mm-line-protocol.h"

#include <string.h>

#define NOON G_GINT64_CONSTANT (1777636800000000)

static gboolean
is_known (const char *name, gsize length)
{
  return length == 3 && memcmp (name, "soc", 3) == 0;
}

static MmBatch *
parse_with (const char *text, gint64 precision, MmKnownQuantity known)
{
  MmBatch *batch = mm_batch_new ();

  mm_line_protocol_parse (batch, text, strlen (text), precision, known, NULL);
  return batch;
}

static MmBatch *
parse (const char *text)
{
  return parse_with (text, 1, NULL);
}

static void
assert_value (const MmBatch *batch,
              guint i,
              const char *device,
              const char *quantity,
              double number,
              gint64 time,
              guint line)
{
  const MmValue *value = &g_array_index (batch->values, MmValue, i);

  g_assert_cmpuint (i, <, batch->values->len);
  g_assert_cmpstr (mm_batch_name (batch, value->device), ==, device);
  g_assert_cmpstr (mm_batch_name (batch, value->quantity), ==, quantity);
  g_assert_cmpfloat (value->value, ==, number);
  g_assert_cmpint (value->time, ==, time);
  g_assert_cmpuint (value->index, ==, line);
}

static void
test_values (void)
{
  g_autoptr (MmBatch) batch = parse ("pcs1 pv=3120,soc=74.5,n=-3i,u=18446744073709551615u,on=t,"
                                     "off=False,text=\"a,b=1 2\" 1777636800000000999\n"
                                     "pcs2 pv=1 -1\n"
                                     "pcs2 pv=2\n");

  g_assert_cmpuint (batch->n_refused, ==, 0);
  g_assert_cmpuint (batch->n_ignored, ==, 1);
  g_assert_cmpuint (batch->values->len, ==, 8);
  assert_value (batch, 0, "pcs1", "pv", 3120, NOON, 0);
  assert_value (batch, 1, "pcs1", "soc", 74.5, NOON, 0);
  assert_value (batch, 2, "pcs1", "n", -3, NOON, 0);
  assert_value (batch, 3, "pcs1", "u", 18446744073709551616.0, NOON, 0);
  assert_value (batch, 4, "pcs1", "on", 1, NOON, 0);
  assert_value (batch, 5, "pcs1", "off", 0, NOON, 0);
  assert_value (batch, 6, "pcs2", "pv", 1, -1, 1);
  assert_value (batch, 7, "pcs2", "pv", 2, MM_TIME_NONE, 2);
}

static void
test_names (void)
{
  g_autoptr (MmBatch) batch = parse_with ("pv,device=pcs1 soc=1,volt=2\n"
                                          "pv,zone=b,device=pcs1,area=a\\ b volt=3\n"
                                          "pv,zone=b,area=a soc=4\n"
                                          "蓄\\,電池 充\\ 電=5\n"
                                          "pv soc=6\n"
                                          "pv,device=pcs1 volt=7\n",
                                          1, is_known);

  g_assert_cmpuint (batch->n_refused, ==, 0);
  assert_value (batch, 0, "pcs1", "soc", 1, MM_TIME_NONE, 0);
  assert_value (batch, 1, "pcs1", "pv.volt", 2, MM_TIME_NONE, 0);
  assert_value (batch, 2, "pcs1;area=a b;zone=b", "pv.volt", 3, MM_TIME_NONE, 1);
  assert_value (batch, 3, "pv;area=a;zone=b", "soc", 4, MM_TIME_NONE, 2);
  assert_value (batch, 4, "蓄,電池", "充 電", 5, MM_TIME_NONE, 3);
  assert_value (batch, 5, "pv", "soc", 6, MM_TIME_NONE, 4);
  assert_value (batch, 6, "pcs1", "pv.volt", 7, MM_TIME_NONE, 5);
}

/* A head that repeats is not parsed again; one that only begins alike is. */
static void
test_heads (void)
{
  g_autoptr (MmBatch) batch = parse ("a,b=c x=1\na,b=c  x=2\na,b=c,d=e x=3\na,b=c x=4\n"
                                     "a,b=c\na,b=cc x=5\na,b= x=6\na,b=c x=7");

  assert_value (batch, 0, "a;b=c", "x", 1, MM_TIME_NONE, 0);
  assert_value (batch, 1, "a;b=c", "x", 2, MM_TIME_NONE, 1);
  assert_value (batch, 2, "a;b=c;d=e", "x", 3, MM_TIME_NONE, 2);
  assert_value (batch, 3, "a;b=c", "x", 4, MM_TIME_NONE, 3);
  assert_value (batch, 4, "a;b=cc", "x", 5, MM_TIME_NONE, 5);
  assert_value (batch, 5, "a;b=c", "x", 7, MM_TIME_NONE, 7);
  g_assert_cmpuint (batch->values->len, ==, 6);
  g_assert_cmpuint (batch->n_refused, ==, 2);
}

static void
test_precision (void)
{
  static const struct
  {
    const char *name;
    gint64 time;
  } cases[] = {
    { NULL, 0 },
    { "", 0 },
    { "n", 0 },
    { "ns", 0 },
    { "u", 7 },
    { "us", 7 },
    { "µs", 7 },
    { "ms", 7000 },
    { "s", 7000000 },
    { "m", 420000000 },
    { "h", G_GINT64_CONSTANT (25200000000) },
  };
  gint64 precision = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MmBatch) batch = NULL;

      g_assert_true (mm_line_precision_parse (cases[i].name, &precision));
      batch = parse_with ("m v=1 7", precision, NULL);
      assert_value (batch, 0, "m", "v", 1, cases[i].time, 0);
    }
  g_assert_false (mm_line_precision_parse ("d", &precision));
  g_assert_false (mm_line_precision_parse ("S", &precision));
  g_assert_false (mm_line_precision_parse ("nss", &precision));
}

static void
assert_refusal (const MmBatch *batch,
                guint i,
                guint line,
                const char *field,
                const char *code,
                const char *detail)
{
  const MmRefusal *refusal = &g_array_index (batch->refusals, MmRefusal, i);

  g_assert_cmpuint (i, <, batch->refusals->len);
  g_assert_cmpuint (refusal->index, ==, line);
  g_assert_cmpstr (refusal->field, ==, field);
  g_assert_cmpstr (refusal->code, ==, code);
  g_assert_cmpstr (refusal->detail, ==, detail);
}

static void
test_rest_is_kept (void)
{
  g_autoptr (MmBatch) batch = parse ("a v=1\n"
                                     "bad line here\n"
                                     "\n"
                                     "a v=2,s=\"text\",w=x\n"
                                     "a v=3 soon\n"
                                     "a v=4,s=\"open\n"
                                     "a v=5\n");

  g_assert_cmpuint (batch->n_refused, ==, 4);
  assert_refusal (batch, 0, 1, "bad line here", "bad-line",
                  "unable to parse 'bad line here': invalid field format");
  assert_refusal (batch, 1, 3, "a v=2,s=\"text\",w=x", "bad-line",
                  "unable to parse 'a v=2,s=\"text\",w=x': invalid field format");
  assert_refusal (batch, 2, 4, "a v=3 soon", "bad-line",
                  "unable to parse 'a v=3 soon': bad timestamp");
  assert_refusal (batch, 3, 5, "a v=4,s=\"open", "bad-line",
                  "unable to parse 'a v=4,s=\"open': unbalanced quotes");
  g_assert_cmpuint (batch->n_ignored, ==, 0);
  g_assert_cmpuint (batch->values->len, ==, 2);
  assert_value (batch, 0, "a", "v", 1, MM_TIME_NONE, 0);
  assert_value (batch, 1, "a", "v", 5, MM_TIME_NONE, 6);
}

static void
test_time_range (void)
{
  g_autoptr (MmBatch) batch
      = parse_with ("a v=1 9223372037\na v=2 9223372036\na v=3 -9223372036\n", 1000000000, NULL);

  assert_refusal (batch, 0, 0, "a v=1 9223372037", "bad-line",
                  "unable to parse 'a v=1 9223372037': time outside range");
  assert_value (batch, 0, "a", "v", 2, G_GINT64_CONSTANT (9223372036000000), 1);
  assert_value (batch, 1, "a", "v", 3, G_GINT64_CONSTANT (-9223372036000000), 2);
}

static void
test_bad_names (void)
{
  g_autofree char *fits = g_strnfill (MM_NAME_MAX_BYTES, 'n');
  g_autofree char *long_one = g_strnfill (MM_NAME_MAX_BYTES + 1, 'n');
  g_autofree char *text
      = g_strdup_printf ("%s v=1\n%s v=1\na %s=1\na %s=1\nm,device=%s v=1\n"
                         "m,device=d %s=1\nm,a=%s v=1\nm,a=\x01 v=1\nm,device=d v=2",
                         fits, long_one, fits, long_one, long_one, fits, fits);
  g_autoptr (MmBatch) batch = parse (text);
  static const guint refused[] = { 1, 3, 4, 5, 6, 7 };

  g_assert_cmpuint (batch->n_refused, ==, G_N_ELEMENTS (refused));
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      const MmRefusal *refusal = &g_array_index (batch->refusals, MmRefusal, i);

      g_assert_cmpuint (refusal->index, ==, refused[i]);
      g_assert_cmpstr (refusal->code, ==, "bad-name");
      g_assert_cmpuint (strlen (refusal->field), <=, 64);
    }
  g_assert_cmpuint (batch->values->len, ==, 3);
  assert_value (batch, 2, "d", "m.v", 2, MM_TIME_NONE, 8);
}

static void
test_shown_text (void)
{
  g_autoptr (MmBatch) batch
      = parse ("x電電電電電電電電電電電電電電電電電電電電電電電電電\n\xff\xfe\n");
  const MmRefusal *refusals = (const MmRefusal *) (gpointer) batch->refusals->data;

  g_assert_cmpuint (batch->n_refused, ==, 2);
  g_assert_cmpuint (strlen (refusals[0].field), ==, 64);
  g_assert_true (g_utf8_validate (refusals[0].detail, -1, NULL));
  g_assert_true (g_utf8_validate (refusals[1].detail, -1, NULL));
}

static void
test_bounds (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (MmBatch) batch = NULL;

  for (guint i = 0; i < MM_BATCH_MAX_VALUES / 2 - 1; i++)
    g_string_append (text, "a v=1,w=1\n");
  g_string_append (text, "a v=1\na v=1,w=2\na v=3\na v=4\n");
  batch = parse (text->str);
  g_assert_cmpuint (batch->values->len, ==, MM_BATCH_MAX_VALUES);
  g_assert_cmpuint (batch->n_refused, ==, 2);
  g_assert_cmpstr (g_array_index (batch->refusals, MmRefusal, 0).code, ==, "too-many-values");
}

static void
test_nonsense_is_not_heard_to_the_end (void)
{
  g_autoptr (GString) text = g_string_new ("a v=1\n");
  g_autoptr (MmBatch) batch = NULL;

  for (guint i = 0; i < MM_BATCH_MAX_REFUSED + 10; i++)
    g_string_append (text, "m\n");
  g_string_append (text, "a v=2\n");
  batch = parse (text->str);
  g_assert_cmpuint (batch->values->len, ==, 1);
  g_assert_cmpuint (batch->n_refused, ==, MM_BATCH_MAX_REFUSED);
}

static void
test_truncated (void)
{
  static const char text[] = "pv,device=pcs1,zone=\\,b soc=74.5,s=\"te\\\"xt\",n=3i 1777636800\r\n"
                             "# comment\npcs2 v=t 5\n";

  for (gsize length = 0; length < sizeof text; length++)
    {
      g_autofree char *copy = g_memdup2 (text, length);
      g_autoptr (MmBatch) batch = mm_batch_new ();

      mm_line_protocol_parse (batch, copy, length, 1000000000, is_known, NULL);
      g_assert_cmpuint (batch->values->len, <=, 3);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line-protocol/values", test_values);
  g_test_add_func ("/line-protocol/names", test_names);
  g_test_add_func ("/line-protocol/heads", test_heads);
  g_test_add_func ("/line-protocol/precision", test_precision);
  g_test_add_func ("/line-protocol/rest-is-kept", test_rest_is_kept);
  g_test_add_func ("/line-protocol/time-range", test_time_range);
  g_test_add_func ("/line-protocol/bad-names", test_bad_names);
  g_test_add_func ("/line-protocol/shown-text", test_shown_text);
  g_test_add_func ("/line-protocol/bounds", test_bounds);
  g_test_add_func ("/line-protocol/nonsense", test_nonsense_is_not_heard_to_the_end);
  g_test_add_func ("/line-protocol/truncated", test_truncated);
  return g_test_run ();
}

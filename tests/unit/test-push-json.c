/* codec/mm-push-json: the native push of contract.md. */
#include "mm-push-json.h"

#include "mm-error.h"
#include "mm-time.h"

#include <math.h>
#include <string.h>

#define NOON G_GINT64_CONSTANT (1777636800000000)

static MmBatch *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  MmBatch *batch = mm_push_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (batch);
  return batch;
}

static const MmValue *
value_at (const MmBatch *batch, guint i)
{
  g_assert_cmpuint (i, <, batch->values->len);
  return &g_array_index (batch->values, MmValue, i);
}

static void
assert_value (const MmBatch *batch, guint i, const char *device, const char *quantity, double value)
{
  g_assert_cmpstr (mm_batch_name (batch, value_at (batch, i)->device), ==, device);
  g_assert_cmpstr (mm_batch_name (batch, value_at (batch, i)->quantity), ==, quantity);
  g_assert_cmpfloat (value_at (batch, i)->value, ==, value);
}

/* @text is kept as a batch, with one refusal. */
static void
assert_refused (const char *text, guint index, const char *field, const char *code)
{
  g_autoptr (MmBatch) batch = parse (text);
  const MmRefusal *refusal;

  g_test_message ("%s", text);
  g_assert_cmpuint (batch->n_refused, ==, 1);
  refusal = &g_array_index (batch->refusals, MmRefusal, 0);
  g_assert_cmpuint (refusal->index, ==, index);
  g_assert_cmpstr (refusal->field, ==, field);
  g_assert_cmpstr (refusal->code, ==, code);
  g_assert_true (g_str_has_suffix (refusal->detail, "."));
}

static void
test_whole (void)
{
  g_autoptr (MmBatch) batch = parse (
      "{\"sent\": \"2026-05-01T12:00:30Z\", \"batch\": \"a1b2\", \"firmware\": \"1.4.2\","
      "\"interval_s\": 60, \"readings\": [{\"t\": \"2026-05-01T12:00:00Z\", \"device\": \"pcs1\","
      "\"v\": {\"pv_power\": 3120, \"soc\": 74.5, \"grid\": null, \"on\": true, \"off\": false}},"
      "{\"device\": \"pcs2\", \"v\": {\"pv_power\": -1}}],"
      "\"events\": [{\"t\": \"2026-05-01T12:00:05Z\", \"device\": \"pcs1\", \"code\": \"E1-0\","
      "\"state\": \"raised\", \"detail\": \"過電圧\"}, {\"device\": \"pcs1\", \"code\": \"E1-0\","
      "\"state\": \"cleared\"}],"
      "\"devices\": [{\"device\": \"pcs1\", \"kind\": \"pcs\", \"maker\": \"M\", \"model\": \"X\","
      "\"serial\": \"00123\"}], \"later\": [1],"
      "\"settings\": {\"soc_reserve\": {\"value\": 20, \"min\": 0}}, \"results\": [{\"id\": 1}]}");
  const MmEvent *event = &g_array_index (batch->events, MmEvent, 0);

  g_assert_cmpuint (batch->n_refused, ==, 0);
  g_assert_cmpint (batch->sent, ==, NOON + 30 * G_USEC_PER_SEC);
  g_assert_cmpstr (batch->batch_id, ==, "a1b2");
  g_assert_cmpstr (batch->firmware, ==, "1.4.2");
  g_assert_cmpuint (batch->interval_s, ==, 60);
  g_assert_cmpstr (batch->settings_json, ==, "{\"soc_reserve\":{\"value\":20,\"min\":0}}");
  g_assert_cmpstr (batch->results_json, ==, "[{\"id\":1}]");

  g_assert_cmpuint (batch->values->len, ==, 5);
  assert_value (batch, 0, "pcs1", "pv_power", 3120);
  assert_value (batch, 1, "pcs1", "soc", 74.5);
  assert_value (batch, 2, "pcs1", "on", 1);
  assert_value (batch, 3, "pcs1", "off", 0);
  assert_value (batch, 4, "pcs2", "pv_power", -1);
  g_assert_cmpint (value_at (batch, 0)->time, ==, NOON);
  g_assert_cmpint (value_at (batch, 4)->time, ==, MM_TIME_NONE);
  g_assert_cmpuint (value_at (batch, 4)->index, ==, 1);

  g_assert_cmpuint (batch->events->len, ==, 2);
  g_assert_cmpstr (event[0].code, ==, "E1-0");
  g_assert_cmpint (event[0].state, ==, MM_EVENT_RAISED);
  g_assert_cmpint (event[1].state, ==, MM_EVENT_CLEARED);
  g_assert_cmpstr (event[0].detail, ==, "過電圧");
  g_assert_null (event[1].detail);
  g_assert_cmpuint (batch->devices->len, ==, 1);
  g_assert_cmpstr (g_array_index (batch->devices, MmDevice, 0).serial, ==, "00123");
}

static void
test_refused_parts (void)
{
  static const struct
  {
    const char *text;
    guint index;
    const char *field;
    const char *code;
  } cases[] = {
    { "{\"sent\":\"yesterday\"}", 0, "sent", "bad-time" },
    { "{\"sent\":5}", 0, "sent", "bad-time" },
    { "{\"batch\":5}", 0, "batch", "not-a-text" },
    { "{\"firmware\":\"a\\nb\"}", 0, "firmware", "bad-text" },
    { "{\"interval_s\":0}", 0, "interval_s", "bad-interval" },
    { "{\"interval_s\":1.5}", 0, "interval_s", "bad-interval" },
    { "{\"interval_s\":604801}", 0, "interval_s", "bad-interval" },
    { "{\"settings\":[]}", 0, "settings", "not-an-object" },
    { "{\"results\":{}}", 0, "results", "not-a-list" },
    { "{\"readings\":{}}", 0, "readings", "not-a-list" },
    { "{\"readings\":[[]]}", 0, "readings[0]", "not-an-object" },
    { "{\"readings\":[{\"device\":\"a\",\"v\":{}},{\"t\":\"x\",\"device\":\"a\",\"v\":{}}]}", 1,
      "readings[1].t", "bad-time" },
    { "{\"readings\":[{\"v\":{}}]}", 0, "readings[0].device", "missing" },
    { "{\"readings\":[{\"device\":1,\"v\":{}}]}", 0, "readings[0].device", "not-a-text" },
    { "{\"readings\":[{\"device\":\"\",\"v\":{}}]}", 0, "readings[0].device", "bad-name" },
    { "{\"readings\":[{\"device\":\"a\"}]}", 0, "readings[0].v", "not-an-object" },
    { "{\"readings\":[{\"device\":\"a\",\"v\":{\"soc\":\"7\"}}]}", 0, "readings[0].v.soc",
      "not-a-number" },
    { "{\"readings\":[{\"device\":\"a\",\"v\":{\"\":1}}]}", 0, "readings[0].v.", "bad-name" },
    { "{\"events\":[{\"device\":\"a\",\"state\":\"raised\"}]}", 0, "events[0].code", "missing" },
    { "{\"events\":[{\"device\":\"a\",\"code\":\"\",\"state\":\"raised\"}]}", 0, "events[0].code",
      "missing" },
    { "{\"events\":[{\"device\":\"a\",\"code\":7,\"state\":\"raised\"}]}", 0, "events[0].code",
      "not-a-text" },
    { "{\"events\":[{\"device\":\"a\",\"code\":\"7\"}]}", 0, "events[0].state", "bad-state" },
    { "{\"events\":[{\"device\":\"a\",\"code\":\"7\",\"state\":\"on\"}]}", 0, "events[0].state",
      "bad-state" },
    { "{\"events\":[5]}", 0, "events[0]", "not-an-object" },
    { "{\"devices\":[{\"kind\":\"pcs\"}]}", 0, "devices[0].device", "missing" },
    { "{\"devices\":[{\"device\":\"a\",\"serial\":5}]}", 0, "devices[0].serial", "not-a-text" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, cases[i].index, cases[i].field, cases[i].code);
}

static void
test_rest_is_kept (void)
{
  g_autoptr (MmBatch) batch
      = parse ("{\"readings\":[{\"device\":\"a\",\"v\":{\"x\":1,\"y\":[],\"z\":3}},null,"
               "{\"device\":\"b\",\"v\":{\"x\":5}}]}");

  g_assert_cmpuint (batch->n_refused, ==, 2);
  g_assert_cmpuint (batch->values->len, ==, 3);
  assert_value (batch, 1, "a", "z", 3);
  assert_value (batch, 2, "b", "x", 5);
  g_assert_cmpuint (value_at (batch, 2)->index, ==, 2);
}

static void
test_long_texts (void)
{
  g_autofree char *name = g_strnfill (129, 'n');
  g_autofree char *text
      = g_strdup_printf ("{\"readings\":[{\"device\":\"a\",\"v\":{\"%s\":1}}]}", name);
  g_autofree char *code = g_strdup_printf (
      "{\"events\":[{\"device\":\"a\",\"code\":\"%.65s\",\"state\":\"raised\"}]}", name);
  g_autofree char *kanji
      = g_strdup_printf ("{\"readings\":[{\"device\":\"a\",\"v\":{\"x%s\":[]}}]}",
                         "電電電電電電電電電電電電電電電電電電電電電電電電電電電電電電");
  g_autofree char *shown = g_strdup_printf ("readings[0].v.%.64s", name);

  assert_refused (text, 0, shown, "bad-name");
  assert_refused (code, 0, "events[0].code", "too-long");
  assert_refused (kanji, 0, "readings[0].v.x電電電電電電電電電電電電電電電電電電電電電",
                  "not-a-number");
}

static void
test_bad_json (void)
{
  static const char *const cases[] = {
    "",
    "[]",
    "5",
    "{",
    "{\"a\":1,\"a\":2}",
    "{\"readings\":[{\"device\":\"a\",\"v\":{\"x\":1,\"x\":2}}]}",
    "{} {}",
    "{\"a\":\"\\u0000\"}",
    "{\"a\\u0000b\":1}",
    "{\"a\":1e999}",
    "{\"a\":NaN}",
    "{\"a\":99999999999999999999}",
    "{\"a\":\"\xff\"}",
    "{\"a\":[[[[[[[[]]]]]]]]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (mm_push_json_parse (cases[i], strlen (cases[i]), &error));
      g_assert_error (error, MM_ERROR, MM_ERROR_INVALID);
      g_assert_cmpstr (mm_error_code (error), ==, "bad-json");
    }
}

static void
test_says_where (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mm_push_json_parse ("{\n  \"a\": x}", 11, &error));
  g_assert_nonnull (strstr (error->message, "line 2, column 8"));
}

static void
test_depth (void)
{
  g_autoptr (MmBatch) batch = parse ("{\"a\":[[[[[[[]]]]]]]}");
  g_autoptr (GString) deep = g_string_new ("{\"a\":");
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (batch->n_refused, ==, 0);
  for (int i = 0; i < 80000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (mm_push_json_parse (deep->str, deep->len, &error));
  g_assert_cmpstr (mm_error_code (error), ==, "bad-json");
}

static void
test_bounds (void)
{
  g_autoptr (GString) text = g_string_new ("{\"events\":[");
  g_autoptr (MmBatch) batch = NULL;

  for (int i = 0; i <= MM_BATCH_MAX_EVENTS; i++)
    g_string_append_printf (text, "%s{\"device\":\"a\",\"code\":\"%d\",\"state\":\"raised\"}",
                            i == 0 ? "" : ",", i);
  g_string_append (text, "],\"devices\":[");
  for (int i = 0; i <= MM_BATCH_MAX_DEVICES; i++)
    g_string_append_printf (text, "%s{\"device\":\"d%d\"}", i == 0 ? "" : ",", i);
  g_string_append (text, "],\"readings\":[{\"device\":\"a\",\"v\":{");
  for (int i = 0; i <= MM_BATCH_MAX_NAMES; i++)
    g_string_append_printf (text, "%s\"q%d\":1", i == 0 ? "" : ",", i);
  g_string_append (text, "}}]}");
  batch = parse (text->str);
  g_assert_cmpuint (batch->events->len, ==, MM_BATCH_MAX_EVENTS);
  g_assert_cmpuint (batch->devices->len, ==, MM_BATCH_MAX_DEVICES);
  g_assert_cmpuint (mm_batch_n_names (batch), ==, MM_BATCH_MAX_NAMES);
}

/* Three bytes that make an object are cheap for the sender only. */
static void
test_too_many_elements (void)
{
  g_autoptr (GString) text = g_string_new ("{\"x\\\"{{\":[0");
  g_autoptr (GError) error = NULL;
  MmBatch *batch;

  for (int i = 2; i < 1100000; i++)
    g_string_append (text, ",0");
  g_string_append (text, "]}");
  batch = mm_push_json_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  mm_batch_free (batch);
  g_string_insert (text, (gssize) text->len - 1, ",\"y\":0");
  g_assert_null (mm_push_json_parse (text->str, text->len, &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_TOO_LARGE);
}

static void
assert_same_batch (const MmBatch *a, const MmBatch *b)
{
  g_assert_cmpint (a->sent, ==, b->sent);
  g_assert_cmpstr (a->batch_id, ==, b->batch_id);
  g_assert_cmpstr (a->firmware, ==, b->firmware);
  g_assert_cmpuint (a->interval_s, ==, b->interval_s);
  g_assert_cmpstr (a->settings_json, ==, b->settings_json);
  g_assert_cmpstr (a->results_json, ==, b->results_json);
  g_assert_cmpuint (a->values->len, ==, b->values->len);
  for (guint i = 0; i < a->values->len; i++)
    {
      g_assert_cmpint (value_at (a, i)->time, ==, value_at (b, i)->time);
      g_assert_cmpstr (mm_batch_name (a, value_at (a, i)->device), ==,
                       mm_batch_name (b, value_at (b, i)->device));
      g_assert_cmpstr (mm_batch_name (a, value_at (a, i)->quantity), ==,
                       mm_batch_name (b, value_at (b, i)->quantity));
      g_assert_cmpmem (&value_at (a, i)->value, sizeof (double), &value_at (b, i)->value,
                       sizeof (double));
    }
  g_assert_cmpuint (a->events->len, ==, b->events->len);
  for (guint i = 0; i < a->events->len; i++)
    {
      const MmEvent *one = &g_array_index (a->events, MmEvent, i);
      const MmEvent *other = &g_array_index (b->events, MmEvent, i);

      g_assert_cmpint (one->time, ==, other->time);
      g_assert_cmpstr (one->code, ==, other->code);
      g_assert_cmpint (one->state, ==, other->state);
      g_assert_cmpstr (one->detail, ==, other->detail);
    }
  g_assert_cmpuint (a->devices->len, ==, b->devices->len);
  for (guint i = 0; i < a->devices->len; i++)
    g_assert_cmpstr (g_array_index (a->devices, MmDevice, i).model, ==,
                     g_array_index (b->devices, MmDevice, i).model);
}

static void
test_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (MmBatch) batch = mm_batch_new ();
  g_autoptr (MmBatch) again = NULL;
  g_autofree char *text = NULL;
  MmEvent event = { .time = MM_TIME_NONE, .code = g_strdup ("a\"b\\c"), .detail = g_strdup ("電") };
  MmDevice device = { .device = g_strdup ("pcs \"1\""), .model = g_strdup ("モデル") };
  guint32 devices[2], quantities[3];

  g_assert_true (mm_batch_intern (batch, "pcs \"1\"", 7, &devices[0]));
  g_assert_true (mm_batch_intern (batch, "b\\", 2, &devices[1]));
  g_assert_true (mm_batch_intern (batch, "pv", 2, &quantities[0]));
  g_assert_true (mm_batch_intern (batch, "電力", 6, &quantities[1]));
  g_assert_true (mm_batch_intern (batch, "soc", 3, &quantities[2]));
  for (int i = 0; i < 5000; i++)
    {
      guint64 bits = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
      MmValue value = { .device = devices[g_rand_int_range (rand, 0, 2)],
                        .quantity = quantities[g_rand_int_range (rand, 0, 3)],
                        .time = NOON + g_rand_int_range (rand, 0, 3) };

      memcpy (&value.value, &bits, sizeof bits);
      if (i % 3 != 0 || !isfinite (value.value))
        value.value = g_rand_int_range (rand, -10000, 10000) / 10.0;
      mm_batch_add_value (batch, &value);
    }
  g_array_index (batch->values, MmValue, 0).value = -0.0;
  g_array_index (batch->values, MmValue, 1).time = MM_TIME_NONE;
  event.device = devices[1];
  g_array_append_val (batch->events, event);
  g_array_append_val (batch->devices, device);
  batch->sent = NOON;
  batch->batch_id = g_strdup ("b1");
  batch->interval_s = 60;
  batch->settings_json = g_strdup ("{\"a\":{\"value\":1}}");
  text = mm_push_json_format (batch);
  again = parse (text);
  g_assert_cmpuint (again->n_refused, ==, 0);
  assert_same_batch (batch, again);
}

static void
test_format (void)
{
  g_autoptr (MmBatch) empty = mm_batch_new ();
  g_autoptr (MmBatch) batch
      = parse ("{\"readings\":[{\"t\":\"2026-05-01T21:00:00+09:00\",\"device\":\"a\","
               "\"v\":{\"x\":1.10,\"y\":2}},{\"device\":\"a\",\"v\":{\"x\":3}}]}");
  g_autofree char *nothing = mm_push_json_format (empty);
  g_autofree char *text = mm_push_json_format (batch);

  g_assert_cmpstr (nothing, ==, "{}");
  g_assert_cmpstr (text, ==,
                   "{\"readings\":[{\"t\":\"2026-05-01T12:00:00Z\",\"device\":\"a\","
                   "\"v\":{\"x\":1.1,\"y\":2}},{\"device\":\"a\",\"v\":{\"x\":3}}]}");
}

static void
test_truncated (void)
{
  static const char text[] = "{\"readings\":[{\"t\":\"2026-05-01T12:00:00Z\",\"device\":\"a\","
                             "\"v\":{\"x\":1.5e3}}],\"events\":[{\"code\":\"E\"}]}";

  for (gsize length = 0; length < sizeof text - 1; length++)
    {
      g_autofree char *copy = g_memdup2 (text, length);
      g_autoptr (GError) error = NULL;

      g_assert_null (mm_push_json_parse (copy, length, &error));
      g_assert_cmpstr (mm_error_code (error), ==, "bad-json");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/push-json/whole", test_whole);
  g_test_add_func ("/push-json/refused-parts", test_refused_parts);
  g_test_add_func ("/push-json/rest-is-kept", test_rest_is_kept);
  g_test_add_func ("/push-json/long-texts", test_long_texts);
  g_test_add_func ("/push-json/bad-json", test_bad_json);
  g_test_add_func ("/push-json/says-where", test_says_where);
  g_test_add_func ("/push-json/depth", test_depth);
  g_test_add_func ("/push-json/bounds", test_bounds);
  g_test_add_func ("/push-json/too-many-elements", test_too_many_elements);
  g_test_add_func ("/push-json/round-trip", test_round_trip);
  g_test_add_func ("/push-json/format", test_format);
  g_test_add_func ("/push-json/truncated", test_truncated);
  return g_test_run ();
}

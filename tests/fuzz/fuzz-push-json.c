/* The native push under fire: what was understood is written and read back the same. */
#include "fuzz.h"

#include "mm-error.h"
#include "mm-push-json.h"

#include <string.h>

const FuzzSeed fuzz_seeds[] = {
  { "{\"sent\":\"2026-05-01T12:00:30Z\",\"batch\":\"a1b2\",\"firmware\":\"1.4.2\","
    "\"interval_s\":60,\"readings\":[{\"t\":\"2026-05-01T12:00:00+09:00\",\"device\":\"pcs1\","
    "\"v\":{\"pv_power\":3120,\"soc\":74.5,\"on\":true,\"gap\":null}}]}",
    0 },
  { "{\"events\":[{\"t\":\"2026-05-01T12:00:05.25Z\",\"device\":\"pcs1\",\"code\":\"E1-0\","
    "\"state\":\"raised\",\"detail\":\"\\u96fb\\n\"},{\"device\":\"a\",\"code\":\"1\","
    "\"state\":\"cleared\"}]}",
    0 },
  { "{\"devices\":[{\"device\":\"pcs1\",\"kind\":\"pcs\",\"maker\":\"M\",\"model\":\"X\","
    "\"serial\":\"00123\"}],\"settings\":{\"a\":{\"value\":-0.0,\"min\":1e300}},"
    "\"results\":[{\"id\":1,\"state\":\"done\"}]}",
    0 },
  { "{\"readings\":[{\"device\":\"a\",\"v\":{\"x\":[],\"y\":\"1\",\"z\":1}},5]}", 0 },
  { NULL, 0 },
};

static void
assert_same (const MmBatch *a, const MmBatch *b)
{
  g_assert_cmpint (a->sent, ==, b->sent);
  g_assert_cmpstr (a->batch_id, ==, b->batch_id);
  g_assert_cmpstr (a->settings_json, ==, b->settings_json);
  g_assert_cmpstr (a->results_json, ==, b->results_json);
  g_assert_cmpuint (a->events->len, ==, b->events->len);
  g_assert_cmpuint (a->devices->len, ==, b->devices->len);
  g_assert_cmpuint (a->values->len, ==, b->values->len);
  for (guint i = 0; i < a->values->len; i++)
    {
      const MmValue *one = &g_array_index (a->values, MmValue, i);
      const MmValue *other = &g_array_index (b->values, MmValue, i);

      g_assert_cmpint (one->time, ==, other->time);
      g_assert_cmpstr (mm_batch_name (a, one->quantity), ==, mm_batch_name (b, other->quantity));
      g_assert_cmpmem (&one->value, sizeof (double), &other->value, sizeof (double));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmBatch) batch = mm_push_json_parse ((const char *) data, length, &error);
  g_autoptr (MmBatch) again = NULL;
  g_autofree char *text = NULL;

  g_assert_true ((batch == NULL) == (error != NULL));
  if (batch == NULL)
    {
      g_assert_cmpstr (mm_error_code (error), ==, "bad-json");
      return 0;
    }
  text = mm_push_json_format (batch);
  again = mm_push_json_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->n_refused, ==, 0);
  assert_same (batch, again);
  return 0;
}

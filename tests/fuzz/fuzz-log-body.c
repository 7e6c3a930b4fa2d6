/* Log bodies under fire: a body that is called sound holds finite values that encode again. */
#include "fuzz.h"

#include "mm-log-body.h"

#include <math.h>

const FuzzSeed fuzz_seeds[] = {
  { "\x01\x03"
    "\x21\xb2\xf1\xee\xd0\x0d\x90\x4e"
    "\x24\x05"
    "\x30\x9a\x99\x99\x99\x99\x99\xb9\x3f",
    21 },
  { "\x01\x01\xe2\x80\x80\x04\x01\x8c\x0f", 9 },
  { "\x01\x00", 2 },
  { NULL, 0 },
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (MmLogValue));
  g_autoptr (GByteArray) body = NULL;
  MmLogReader reader;
  MmLogValue value;

  mm_log_reader_init (&reader, data, length);
  g_assert_cmpuint (reader.left, <=, length);
  while (mm_log_reader_next (&reader, &value))
    {
      g_assert_true (isfinite (value.value));
      g_array_append_val (values, value);
    }
  if (!mm_log_reader_finish (&reader, NULL))
    return 0;
  body = mm_log_body_encode ((const MmLogValue *) (gpointer) values->data, values->len);
  mm_log_reader_init (&reader, body->data, body->len);
  for (guint i = 0; i < values->len; i++)
    {
      const MmLogValue *expected = &g_array_index (values, MmLogValue, i);

      g_assert_true (mm_log_reader_next (&reader, &value));
      g_assert_cmpint (value.time, ==, expected->time);
      g_assert_cmpuint (value.series, ==, expected->series);
      g_assert_cmpmem (&value.value, sizeof (double), &expected->value, sizeof (double));
    }
  g_assert_true (mm_log_reader_finish (&reader, NULL));
  return 0;
}

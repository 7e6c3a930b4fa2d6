/* Payloads of Sparkplug B: what is read, and that nothing else does harm. */
#include "mm-clock.h"
#include "mm-sparkplug.h"

#include <string.h>

/* time 1777604400000 ms, seq 7; metric "T" alias 5, int 0xfffffffb as Int32; metric alias 6
 * double 1.5, historical */
static const guint8 good[] = {
  0x08, 0x80, 0xcb, 0xb5, 0x9d, 0xde, 0x33, 0x12, 0x0d, 0x0a, 0x01, 'T',  0x10,
  0x05, 0x20, 0x03, 0x50, 0xfb, 0xff, 0xff, 0xff, 0x0f, 0x12, 0x0d, 0x10, 0x06,
  0x28, 0x01, 0x69, 0,    0,    0,    0,    0,    0,    0xf8, 0x3f, 0x18, 0x07,
};

static void
test_read (void)
{
  MmSparkplugPayload payload;
  const MmSparkplugMetric *metric;
  double number;

  g_assert_true (mm_sparkplug_payload_read (&payload, good, sizeof good));
  g_assert_cmpint (payload.seq, ==, 7);
  g_assert_cmpint (payload.time, >, 0);
  g_assert_cmpuint (payload.metrics->len, ==, 2);
  metric = &g_array_index (payload.metrics, MmSparkplugMetric, 0);
  g_assert_cmpmem (metric->name, metric->name_length, "T", 1);
  g_assert_true (metric->has_alias && metric->alias == 5);
  g_assert_true (mm_sparkplug_number (metric, metric->type, &number));
  g_assert_cmpfloat (number, ==, -5);
  metric = &g_array_index (payload.metrics, MmSparkplugMetric, 1);
  g_assert_null (metric->name);
  g_assert_true (metric->is_historical);
  g_assert_true (mm_sparkplug_number (metric, MM_SPARKPLUG_DOUBLE, &number));
  g_assert_cmpfloat (number, ==, 1.5);
  mm_sparkplug_payload_clear (&payload);
}

static void
test_integers (void)
{
  static const struct
  {
    guint64 bits;
    guint type;
    double number;
  } cases[] = {
    { 0xff, MM_SPARKPLUG_INT8, -1 },         { 0xffffffff, MM_SPARKPLUG_INT8, -1 },
    { 0xff, MM_SPARKPLUG_UINT8, 255 },       { 0x8000, MM_SPARKPLUG_INT16, -32768 },
    { 0xffffffff, MM_SPARKPLUG_INT32, -1 },  { 0xffffffff, MM_SPARKPLUG_UINT32, 4294967295.0 },
    { G_MAXUINT64, MM_SPARKPLUG_INT64, -1 }, { 5, MM_SPARKPLUG_UNKNOWN, 5 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const MmSparkplugMetric metric = { .field = MM_SPARKPLUG_IN_INTEGER, .bits = cases[i].bits };
      double number;

      g_assert_true (mm_sparkplug_number (&metric, cases[i].type, &number));
      g_assert_cmpfloat (number, ==, cases[i].number);
    }
}

static void
test_no_numbers (void)
{
  const MmSparkplugMetric null = { .field = MM_SPARKPLUG_IN_INTEGER, .is_null = TRUE };
  const MmSparkplugMetric text = { .field = MM_SPARKPLUG_NOTHING };
  const MmSparkplugMetric time = { .field = MM_SPARKPLUG_IN_INTEGER, .bits = 1 };
  const MmSparkplugMetric infinite
      = { .field = MM_SPARKPLUG_IN_DOUBLE, .bits = G_GUINT64_CONSTANT (0x7ff0000000000000) };
  double number;

  g_assert_false (mm_sparkplug_number (&null, MM_SPARKPLUG_INT32, &number));
  g_assert_false (mm_sparkplug_number (&text, MM_SPARKPLUG_INT32, &number));
  g_assert_false (mm_sparkplug_number (&time, 13, &number));
  g_assert_false (mm_sparkplug_number (&infinite, MM_SPARKPLUG_DOUBLE, &number));
}

/* Cut short and with each of its bits turned it is read or refused, and nothing else. */
static void
test_damage (void)
{
  MmSparkplugPayload payload;

  for (gsize length = 0; length < sizeof good; length++)
    {
      g_autofree guint8 *cut = g_memdup2 (good, length);

      if (mm_sparkplug_payload_read (&payload, cut, length))
        mm_sparkplug_payload_clear (&payload);
    }
  for (gsize bit = 0; bit < 8 * sizeof good; bit++)
    {
      g_autofree guint8 *damaged = g_memdup2 (good, sizeof good);

      damaged[bit / 8] ^= (guint8) (1 << bit % 8);
      if (mm_sparkplug_payload_read (&payload, damaged, sizeof good))
        mm_sparkplug_payload_clear (&payload);
    }
}

static void
test_too_many (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  static const guint8 metric[] = { 0x12, 0x02, 0x10, 0x01 };
  MmSparkplugPayload payload;

  for (guint i = 0; i < MM_SPARKPLUG_MAX_METRICS; i++)
    g_byte_array_append (bytes, metric, sizeof metric);
  g_assert_true (mm_sparkplug_payload_read (&payload, bytes->data, bytes->len));
  mm_sparkplug_payload_clear (&payload);
  g_byte_array_append (bytes, metric, sizeof metric);
  g_assert_false (mm_sparkplug_payload_read (&payload, bytes->data, bytes->len));
}

static void
test_rebirth (void)
{
  g_autoptr (GByteArray) command = mm_sparkplug_rebirth_command (1777604400 * MM_SECOND);
  MmSparkplugPayload payload;
  const MmSparkplugMetric *metric;
  double number;

  g_assert_true (mm_sparkplug_payload_read (&payload, command->data, command->len));
  g_assert_cmpint (payload.time, ==, 1777604400 * MM_SECOND);
  metric = &g_array_index (payload.metrics, MmSparkplugMetric, 0);
  g_assert_cmpmem (metric->name, metric->name_length, "Node Control/Rebirth", 20);
  g_assert_true (mm_sparkplug_number (metric, metric->type, &number));
  g_assert_cmpfloat (number, ==, 1);
  mm_sparkplug_payload_clear (&payload);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sparkplug/read", test_read);
  g_test_add_func ("/sparkplug/integers", test_integers);
  g_test_add_func ("/sparkplug/no-numbers", test_no_numbers);
  g_test_add_func ("/sparkplug/damage", test_damage);
  g_test_add_func ("/sparkplug/too-many", test_too_many);
  g_test_add_func ("/sparkplug/rebirth", test_rebirth);
  return g_test_run ();
}

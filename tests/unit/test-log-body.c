/* codec/mm-log-body: lossless, small, and unmoved by any bytes. */
#include "mm-log-body.h"

#include "mm-error.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define NOON G_GINT64_CONSTANT (1777636800000000)

static void
assert_round_trip (const MmLogValue *values, guint n)
{
  g_autoptr (GByteArray) body = mm_log_body_encode (values, n);
  MmLogReader reader;
  MmLogValue value;
  GError *error = NULL;

  mm_log_reader_init (&reader, body->data, body->len);
  g_assert_cmpuint (reader.left, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (mm_log_reader_next (&reader, &value));
      g_assert_cmpint (value.time, ==, values[i].time);
      g_assert_cmpuint (value.series, ==, values[i].series);
      g_assert_cmpmem (&value.value, sizeof (double), &values[i].value, sizeof (double));
    }
  g_assert_false (mm_log_reader_next (&reader, &value));
  g_assert_true (mm_log_reader_finish (&reader, &error));
  g_assert_no_error (error);
}

static void
test_edges (void)
{
  static const MmLogValue values[] = {
    { 0, 0, 0 },
    { NOON, 0, -0.0 },
    { NOON, 6, 0.1 },
    { NOON, 13, 0.12 },
    { NOON, 20, 0.123 },
    { NOON, G_MAXUINT32, 0.1234 },
    { NOON, 1, -0.001 },
    { NOON, 0, 9007199254740991.0 },
    { NOON + 1, 0, 9007199254740992.0 },
    { NOON - 60 * G_USEC_PER_SEC, 3, -9007199254740993.0 },
    { G_MAXINT64, 2, DBL_MAX },
    { G_MININT64, 1, -DBL_MAX },
    { G_MAXINT64, G_MAXUINT32, DBL_MIN },
    { 0, 0, 5e-324 },
    { -1, 0, 1e22 },
    { G_MININT64, 0, 1.0 / 3 },
    { 0, 0, 4503599627370495.5 },
    { 0, 0, 0.0005 },
    { 0, 0, -1234567.891 },
  };

  assert_round_trip (NULL, 0);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    assert_round_trip (&values[i], 1);
  assert_round_trip (values, G_N_ELEMENTS (values));
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  MmLogValue values[300];

  for (int round = 0; round < 500; round++)
    {
      guint n = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (values));

      for (guint i = 0; i < n; i++)
        {
          guint64 bits = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);

          values[i].time
              = g_rand_boolean (rand) ? NOON : (gint64) bits >> g_rand_int_range (rand, 0, 64);
          values[i].series = g_rand_int (rand) >> g_rand_int_range (rand, 0, 32);
          switch (g_rand_int_range (rand, 0, 3))
            {
            case 0:
              memcpy (&values[i].value, &bits, sizeof bits);
              if (!isfinite (values[i].value))
                values[i].value = 0;
              break;
            case 1:
              values[i].value = g_rand_int_range (rand, -1000000, 1000000) / 1000.0;
              break;
            default:
              values[i].value = g_rand_double_range (rand, -1e6, 1e6);
            }
        }
      assert_round_trip (values, n);
    }
}

static void
make_push (MmLogValue *values, guint n)
{
  for (guint i = 0; i < n; i++)
    values[i] = (MmLogValue){ NOON, i, 230.1 + i };
}

static void
test_small (void)
{
  g_autoptr (GByteArray) body = NULL;
  MmLogValue values[20];

  make_push (values, G_N_ELEMENTS (values));
  body = mm_log_body_encode (values, G_N_ELEMENTS (values));
  g_assert_cmpuint (body->len, <=, 20 * 3 + 8);
}

/* A body with @length bytes of @data in a block of exactly that size, so that a byte read beyond
 * it is caught by the sanitizer; returns whether it is sound. */
static gboolean
read_all (const guint8 *data, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);
  g_autoptr (GError) error = NULL;
  MmLogReader reader;
  MmLogValue value;
  gboolean sound;

  mm_log_reader_init (&reader, copy, length);
  g_assert_cmpuint (reader.left, <=, length);
  while (mm_log_reader_next (&reader, &value))
    g_assert_true (isfinite (value.value));
  sound = mm_log_reader_finish (&reader, &error);
  g_assert_true (sound == (error == NULL));
  if (error != NULL)
    g_assert_cmpstr (mm_error_code (error), ==, "damaged-body");
  return sound;
}

static void
test_truncated (void)
{
  g_autoptr (GByteArray) body = NULL;
  MmLogValue values[20];

  make_push (values, G_N_ELEMENTS (values));
  values[7].value = 1.0 / 3;
  values[9].time += 1;
  values[11].series = 1u << 30;
  body = mm_log_body_encode (values, G_N_ELEMENTS (values));
  g_assert_true (read_all (body->data, body->len));
  for (guint length = 0; length < body->len; length++)
    g_assert_false (read_all (body->data, length));
  g_byte_array_append (body, (const guint8 *) "", 1);
  g_assert_false (read_all (body->data, body->len));
}

static void
test_damaged (void)
{
  g_assert_false (read_all ((const guint8 *) "\x02\x00", 2));                         /* version */
  g_assert_false (read_all ((const guint8 *) "\x01\xff\xff\xff\xff\x0f\x00\x00", 8)); /* count */
  g_assert_false (read_all ((const guint8 *) "\x01\x01\x03\x00", 4)); /* time kind */
  g_assert_false (read_all ((const guint8 *) "\x01\x01\x14\x00", 4)); /* value kind */
  g_assert_false (
      read_all ((const guint8 *) "\x01\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 13));
  g_assert_false (
      read_all ((const guint8 *) "\x01\x01\xe0\x80\x80\x80\x80\x10\x00", 9)); /* series 2^32 */
  g_assert_false (read_all ((const guint8 *) "\x01\x01\x10\x00\x00\x00\x00\x00\x00\xf0\x7f",
                            11)); /* infinity */
}

static void
test_any_bytes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  guint8 bytes[64];

  for (int round = 0; round < 100000; round++)
    {
      guint length = (guint) g_rand_int_range (rand, 0, sizeof bytes);

      for (guint i = 0; i < length; i++)
        bytes[i] = (guint8) g_rand_int (rand);
      bytes[0] = 1;
      bytes[1] &= 31;
      read_all (bytes, length);
    }
}

static void
test_speed (void)
{
  MmLogValue values[20];
  gint64 start = g_get_monotonic_time ();

  make_push (values, G_N_ELEMENTS (values));
  for (int i = 0; i < 100000; i++)
    g_byte_array_unref (mm_log_body_encode (values, G_N_ELEMENTS (values)));
  g_test_message ("%.2f microseconds per push of 20 values",
                  (double) (g_get_monotonic_time () - start) / 100000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-body/edges", test_edges);
  g_test_add_func ("/log-body/random", test_random);
  g_test_add_func ("/log-body/small", test_small);
  g_test_add_func ("/log-body/truncated", test_truncated);
  g_test_add_func ("/log-body/damaged", test_damaged);
  g_test_add_func ("/log-body/any-bytes", test_any_bytes);
  if (g_test_perf ())
    g_test_add_func ("/log-body/speed", test_speed);
  return g_test_run ();
}

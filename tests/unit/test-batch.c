/* core/mm-batch: interning of names and counting of refusals. */
#include "mm-batch.h"

#include <string.h>

static void
test_intern_repeats (void)
{
  g_autoptr (MmBatch) batch = mm_batch_new ();
  guint32 first, second, again;

  g_assert_true (mm_batch_intern (batch, "pv_power,", 8, &first));
  g_assert_true (mm_batch_intern (batch, "pv_powe", 7, &second));
  g_assert_true (mm_batch_intern (batch, "pv_power", 8, &again));
  g_assert_cmpuint (first, ==, again);
  g_assert_cmpuint (first, !=, second);
  g_assert_cmpstr (mm_batch_name (batch, first), ==, "pv_power");
  g_assert_cmpstr (mm_batch_name (batch, second), ==, "pv_powe");
  g_assert_cmpuint (mm_batch_n_names (batch), ==, 2);
}

static void
test_intern_many (void)
{
  g_autoptr (MmBatch) batch = mm_batch_new ();
  guint32 number;

  for (int round = 0; round < 2; round++)
    for (guint i = 0; i < MM_BATCH_MAX_NAMES; i++)
      {
        g_autofree char *name = g_strdup_printf ("string-%u/voltage", i);

        g_assert_true (mm_batch_intern (batch, name, strlen (name), &number));
        g_assert_cmpuint (number, ==, i);
        g_assert_cmpstr (mm_batch_name (batch, number), ==, name);
      }
  g_assert_false (mm_batch_intern (batch, "one more", 8, &number));
  g_assert_true (mm_batch_intern (batch, "string-7/voltage", 16, &number));
  g_assert_cmpuint (number, ==, 7);
}

static void
test_intern_refuses (void)
{
  g_autoptr (MmBatch) batch = mm_batch_new ();
  char longest[MM_NAME_MAX_BYTES + 1];
  guint32 number;

  memset (longest, 'x', sizeof longest);
  g_assert_true (mm_batch_intern (batch, longest, MM_NAME_MAX_BYTES, &number));
  g_assert_false (mm_batch_intern (batch, longest, MM_NAME_MAX_BYTES + 1, &number));
  g_assert_false (mm_batch_intern (batch, "", 0, &number));
  g_assert_false (mm_batch_intern (batch, "a\0b", 3, &number));
  g_assert_false (mm_batch_intern (batch, "a\nb", 3, &number));
  g_assert_false (mm_batch_intern (batch, "a\x7f", 2, &number));
  g_assert_false (mm_batch_intern (batch, "a\xc2\x85", 3, &number));
  g_assert_false (mm_batch_intern (batch, "\xff", 1, &number));
  g_assert_false (mm_batch_intern (batch, "\xe8\x93", 2, &number));
  g_assert_true (mm_batch_intern (batch, "蓄電池", 9, &number));
  g_assert_true (mm_batch_intern (batch, "\xc2\xa0", 2, &number));
  g_assert_cmpuint (mm_batch_n_names (batch), ==, 3);
}

static void
test_values (void)
{
  g_autoptr (MmBatch) batch = mm_batch_new ();
  MmValue value = { .time = 5, .value = 1.5, .index = 3 };

  g_assert_cmpint (batch->sent, ==, MM_TIME_NONE);
  mm_batch_add_value (batch, &value);
  g_assert_cmpuint (batch->values->len, ==, 1);
  g_assert_cmpfloat (g_array_index (batch->values, MmValue, 0).value, ==, 1.5);
}

static void
test_refusals (void)
{
  g_autoptr (MmBatch) batch = mm_batch_new ();

  for (guint i = 0; i < MM_BATCH_MAX_REFUSALS + 5; i++)
    mm_batch_refuse (batch, i, "readings[0].t", "bad-time", "No time.");
  g_assert_cmpuint (batch->n_refused, ==, MM_BATCH_MAX_REFUSALS + 5);
  g_assert_cmpuint (batch->refusals->len, ==, MM_BATCH_MAX_REFUSALS);
  g_assert_cmpuint (g_array_index (batch->refusals, MmRefusal, 4).index, ==, 4);
  g_assert_cmpstr (g_array_index (batch->refusals, MmRefusal, 4).code, ==, "bad-time");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/intern/repeats", test_intern_repeats);
  g_test_add_func ("/batch/intern/many", test_intern_many);
  g_test_add_func ("/batch/intern/refuses", test_intern_refuses);
  g_test_add_func ("/batch/values", test_values);
  g_test_add_func ("/batch/refusals", test_refusals);
  return g_test_run ();
}

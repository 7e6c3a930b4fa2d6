/* What tests/server/ does not reach with a real vmagent: messages at the edges. */
#include "mm-remote-write.h"

#include "mm-error.h"

static gboolean
know_nothing (const char *name, gsize length)
{
  return FALSE;
}

/* An unpacked body of no bytes has no address either. */
static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmBatch) batch = mm_remote_write_parse (NULL, 0, know_nothing, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (batch);
  g_assert_cmpuint (batch->values->len, ==, 0);
}

/* A message with one series, "pcs/pv_power", and one sample, 2.5 at 1,000 ms;
 * and every beginning of it. */
static void
test_every_beginning (void)
{
  static const guint8 message[] = {
    0x0a, 0x28, /* series, 40 bytes */
    0x0a, 0x18, /* label, 24 bytes */
    0x0a, 0x08, '_',  '_', 'n', 'a', 'm', 'e',  '_',  '_', 0x12, 0x0c, 'p',
    'c',  's',  '/',  'p', 'v', '_', 'p', 'o',  'w',  'e', 'r',  0x12, 0x0c, /* sample, 12 bytes */
    0x09, 0,    0,    0,   0,   0,   0,   0x04, 0x40,                        /* 2.5 */
    0x10, 0xe8, 0x07,                                                        /* 1000 */
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (MmBatch) whole
      = mm_remote_write_parse (message, sizeof message, know_nothing, NULL, &error);
  const MmValue *value;

  g_assert_no_error (error);
  g_assert_cmpuint (whole->values->len, ==, 1);
  value = &g_array_index (whole->values, MmValue, 0);
  g_assert_cmpfloat (value->value, ==, 2.5);
  g_assert_cmpint (value->time, ==, MM_SECOND);
  g_assert_cmpstr (mm_batch_name (whole, value->quantity), ==, "pv_power");

  for (gsize length = 1; length < sizeof message; length++)
    {
      /* On the heap, so that a step beyond the end is seen. */
      g_autofree guint8 *copy = g_memdup2 (message, length);
      g_autoptr (GError) cut = NULL;

      g_assert_null (mm_remote_write_parse (copy, length, know_nothing, NULL, &cut));
      g_assert_error (cut, MM_ERROR, MM_ERROR_INVALID);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/remote-write/nothing", test_nothing);
  g_test_add_func ("/remote-write/every-beginning", test_every_beginning);
  return g_test_run ();
}

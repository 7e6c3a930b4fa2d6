/* codec/mm-inflate: whole bodies come back, nothing else does. */
#include "mm-inflate.h"

#include "mm-error.h"

#include <string.h>
#include <zlib.h>

#define BOUND 100000

static GByteArray *
make_bytes (GRand *rand, guint length)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_set_size (bytes, length);
  for (guint i = 0; i < length; i++)
    bytes->data[i] = (guint8) (g_rand_int (rand) & 15);
  return bytes;
}

static void
assert_refused (const guint8 *data, gsize length, gsize bound, MmErrorKind kind, const char *code)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);
  g_autoptr (GError) error = NULL;

  g_assert_null (mm_inflate (copy, length, bound, &error));
  g_assert_error (error, MM_ERROR, (int) kind);
  g_assert_cmpstr (mm_error_code (error), ==, code);
}

static void
test_round_trip (void)
{
  static const guint sizes[] = { 0, 1, 1000, 16383, 16384, 16385, 32768, 65536, 99999, BOUND };
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GByteArray) bytes = make_bytes (rand, sizes[i]);
      g_autoptr (GByteArray) packed = mm_deflate (bytes->data, bytes->len);
      g_autoptr (GByteArray) again = NULL;
      g_autoptr (GByteArray) exactly = NULL;
      g_autoptr (GError) error = NULL;

      again = mm_inflate (packed->data, packed->len, BOUND, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (again->data, again->len, bytes->data, bytes->len);
      exactly = mm_inflate (packed->data, packed->len, sizes[i], &error);
      g_assert_no_error (error);
      g_assert_cmpuint (exactly->len, ==, sizes[i]);
      if (sizes[i] > 0)
        assert_refused (packed->data, packed->len, sizes[i] - 1, MM_ERROR_TOO_LARGE, "too-large");
    }
}

static void
test_deflate (void)
{
  guint8 packed[128];
  uLongf length = sizeof packed;
  g_autoptr (GByteArray) again = NULL;

  g_assert_cmpint (compress (packed, &length, (const Bytef *) "m v=1\n", 6), ==, Z_OK);
  again = mm_inflate (packed, length, BOUND, NULL);
  g_assert_nonnull (again);
  g_assert_cmpmem (again->data, again->len, "m v=1\n", 6);
}

static void
test_damaged (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (GByteArray) bytes = make_bytes (rand, 3000);
  g_autoptr (GByteArray) packed = mm_deflate (bytes->data, bytes->len);

  for (guint length = 0; length < packed->len; length++)
    assert_refused (packed->data, length, BOUND, MM_ERROR_INVALID, "bad-encoding");
  packed->data[packed->len - 5] ^= 1; /* the checksum */
  assert_refused (packed->data, packed->len, BOUND, MM_ERROR_INVALID, "bad-encoding");
  packed->data[packed->len - 5] ^= 1;
  g_byte_array_append (packed, (const guint8 *) "x", 1);
  assert_refused (packed->data, packed->len, BOUND, MM_ERROR_INVALID, "bad-encoding");
  assert_refused ((const guint8 *) "m v=1\n", 6, BOUND, MM_ERROR_INVALID, "bad-encoding");
}

/* Two members in a row are one too many. */
static void
test_two_members (void)
{
  g_autoptr (GByteArray) packed = mm_deflate ((const guint8 *) "a", 1);
  g_autoptr (GByteArray) other = mm_deflate ((const guint8 *) "b", 1);

  g_byte_array_append (packed, other->data, other->len);
  assert_refused (packed->data, packed->len, BOUND, MM_ERROR_INVALID, "bad-encoding");
}

static void
test_bomb (void)
{
  g_autofree guint8 *zeros = g_malloc0 (50000000);
  g_autoptr (GByteArray) packed = mm_deflate (zeros, 50000000);

  g_assert_cmpuint (packed->len, <, BOUND);
  assert_refused (packed->data, packed->len, BOUND, MM_ERROR_TOO_LARGE, "too-large");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inflate/round-trip", test_round_trip);
  g_test_add_func ("/inflate/deflate", test_deflate);
  g_test_add_func ("/inflate/damaged", test_damaged);
  g_test_add_func ("/inflate/two-members", test_two_members);
  g_test_add_func ("/inflate/bomb", test_bomb);
  return g_test_run ();
}

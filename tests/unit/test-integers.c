/* Rows of integers: whatever goes in comes out, what is regular is small, and nothing that is read
 * can do harm. `test-integers --rounds N` plays longer. */
#include "mm-integers.h"

#include <stdlib.h>
#include <string.h>

static int n_rounds = 3000;

static gint64
some_integer (GRand *random)
{
  guint64 bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random);

  return (gint64) (bits >> g_rand_int_range (random, 0, 64));
}

/* Packs and reads back; returns the length in bytes. */
static guint
check (const gint64 *numbers, guint n)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree gint64 *found = g_new (gint64, n + 1);
  const guint8 *at, *end;
  guint length;

  mm_integers_pack (bytes, numbers, n);
  length = bytes->len;
  /* What comes behind belongs to somebody else. */
  g_byte_array_append (bytes, (const guint8 *) "\xff\xff", 2);
  at = bytes->data;
  end = at + bytes->len;
  found[n] = 4711;
  g_assert_true (mm_integers_unpack (&at, end, found, n));
  g_assert_cmpint (found[n], ==, 4711);
  g_assert_cmpmem (numbers, n * sizeof *numbers, found, n * sizeof *found);
  g_assert_cmpuint ((guint) (at - bytes->data), ==, length);
  return length;
}

/* Steps, changes of steps, noise, zeros, jumps, and mixtures of them. */
static void
make (GRand *random, gint64 *numbers, guint n)
{
  gint64 value = some_integer (random), step = some_integer (random) >> 40;
  gint64 unit = g_rand_boolean (random) ? 1 : some_integer (random);
  int kind = g_rand_int_range (random, 0, 6);

  for (guint i = 0; i < n; i++)
    {
      switch (kind)
        {
        case 0:
          value = some_integer (random);
          break;
        case 1:
          value = (gint64) ((guint64) value + (guint64) step);
          break;
        case 2:
          step += g_rand_int_range (random, -2, 3);
          value = (gint64) ((guint64) value + (guint64) step);
          break;
        case 3:
          value = g_rand_int_range (random, -100, 100);
          break;
        case 4:
          if (g_rand_int_range (random, 0, 50) == 0)
            value = some_integer (random);
          break;
        default:
          if (g_rand_int_range (random, 0, 5) == 0)
            value = (gint64) ((guint64) value + 1);
          break;
        }
      numbers[i] = (gint64) ((guint64) value * (guint64) unit);
    }
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260501);
  gint64 numbers[3000];

  for (int round = 0; round < n_rounds; round++)
    {
      guint n = (guint) g_rand_int_range (random, 0, round % 10 == 0 ? 3000 : 40);

      make (random, numbers, n);
      check (numbers, n);
    }
}

static void
test_extremes (void)
{
  const gint64 numbers[] = { 0,          G_MAXINT64, G_MININT64, -1,         G_MININT64,
                             G_MAXINT64, 0,          G_MAXINT64, G_MAXINT64, G_MININT64 };
  const gint64 far[] = { G_MININT64, 0, G_MININT64, 0 };

  for (guint n = 0; n <= G_N_ELEMENTS (numbers); n++)
    check (numbers, n);
  check (far, G_N_ELEMENTS (far));
}

static void
test_regular_is_small (void)
{
  gint64 numbers[4000];

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = 5;
  g_assert_cmpuint (check (numbers, G_N_ELEMENTS (numbers)), <=, 2);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = 1777636800000000 + (gint64) i * 60000000;
  g_assert_cmpuint (check (numbers, G_N_ELEMENTS (numbers)), <=, 24);
  /* Two bits each, where one in two is one higher. */
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = 230 + (i * 2654435761u >> 16) % 2;
  g_assert_cmpuint (check (numbers, G_N_ELEMENTS (numbers)), <=, 1000);
}

/* Bytes that were changed or cut give something or nothing, but no more than was asked for. */
static void
test_damaged (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  gint64 numbers[300], found[301];

  for (int round = 0; round < n_rounds; round++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autofree guint8 *copy = NULL;
      guint n = (guint) g_rand_int_range (random, 1, 300);
      guint length;
      const guint8 *at;

      make (random, numbers, n);
      mm_integers_pack (bytes, numbers, n);
      length = (guint) g_rand_int_range (random, 0, (gint32) bytes->len + 1);
      /* A copy of its own, so that the sanitizer sees who reads beyond it. */
      copy = g_malloc (MAX (length, 1));
      memcpy (copy, bytes->data, length);
      for (int i = g_rand_int_range (random, 0, 4); i > 0 && length > 0; i--)
        copy[g_rand_int_range (random, 0, (gint32) length)] = (guint8) g_rand_int (random);
      at = copy;
      found[n] = 4711;
      if (mm_integers_unpack (&at, copy + length, found, n))
        g_assert_true (at <= copy + length);
      g_assert_cmpint (found[n], ==, 4711);
    }
}

static void
test_cut (void)
{
  const gint64 numbers[] = { 1, 5, -3, 1000000, 7 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gint64 found[G_N_ELEMENTS (numbers)];

  mm_integers_pack (bytes, numbers, G_N_ELEMENTS (numbers));
  for (guint length = 0; length < bytes->len; length++)
    {
      const guint8 *at = bytes->data;

      g_assert_false (
          mm_integers_unpack (&at, bytes->data + length, found, G_N_ELEMENTS (numbers)));
    }
}

static void
test_varint (void)
{
  const guint64 numbers[] = { 0, 1, 127, 128, 300, G_MAXUINT32, G_MAXUINT64 };
  const guint8 too_long[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2 };
  const guint8 *at = too_long;
  guint64 found;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      mm_varint_append (bytes, numbers[i]);
      at = bytes->data;
      g_assert_true (mm_varint_read (&at, bytes->data + bytes->len, &found));
      g_assert_cmpuint (found, ==, numbers[i]);
      g_assert_true (at == bytes->data + bytes->len);
      at = bytes->data;
      g_assert_false (mm_varint_read (&at, bytes->data + bytes->len - 1, &found));
    }
  at = too_long;
  g_assert_false (mm_varint_read (&at, too_long + sizeof too_long, &found));
}

int
main (int argc, char **argv)
{
  for (int i = 1; i + 1 < argc; i++)
    if (g_str_equal (argv[i], "--rounds"))
      n_rounds = atoi (argv[i + 1]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/integers/random", test_random);
  g_test_add_func ("/integers/extremes", test_extremes);
  g_test_add_func ("/integers/regular-is-small", test_regular_is_small);
  g_test_add_func ("/integers/damaged", test_damaged);
  g_test_add_func ("/integers/cut", test_cut);
  g_test_add_func ("/integers/varint", test_varint);
  return g_test_run ();
}

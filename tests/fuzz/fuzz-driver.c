/* Makes a test of a fuzz entry point: each seed, each seed cut at every byte, then two seconds of
 * mutated seeds from a fixed random seed. With file names as arguments it tries those instead, to
 * repeat what libFuzzer found. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#define SECONDS 2
#define MAX_LENGTH 4096

/* In a block of exactly the right size, so that the sanitizer sees a byte read too much. */
static void
try_input (const guint8 *data, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);

  LLVMFuzzerTestOneInput (copy, length);
}

static gsize
length_of (const FuzzSeed *seed)
{
  return seed->length > 0 ? seed->length : strlen (seed->data);
}

static void
try_seeds (void)
{
  for (const FuzzSeed *seed = fuzz_seeds; seed->data != NULL; seed++)
    for (gsize length = 0; length <= length_of (seed); length++)
      try_input ((const guint8 *) seed->data, length);
}

/* One small change to @input: a byte, a bit, a piece doubled, moved or removed, a seed put in. */
static void
mutate (GRand *rand, GByteArray *input, guint n_seeds)
{
  static const char special[] = ",= \"\\\n\r{}[]:#-.+eiut019\xff\x80\x00\x01\x1f\x8b";
  guint at = input->len > 0 ? (guint) g_rand_int_range (rand, 0, (gint32) input->len) : 0;
  guint most = (guint) g_rand_int_range (rand, 1, 32);
  guint length = MIN (input->len - at, most);
  const FuzzSeed *seed = &fuzz_seeds[g_rand_int_range (rand, 0, (gint32) n_seeds)];
  g_autofree guint8 *piece = g_memdup2 (input->data + at, length);

  if (input->len == 0)
    {
      g_byte_array_append (input, (const guint8 *) seed->data, (guint) length_of (seed));
      return;
    }
  switch (g_rand_int_range (rand, 0, 6))
    {
    case 0:
      input->data[at] = (guint8) g_rand_int (rand);
      break;
    case 1:
      input->data[at] = (guint8) special[g_rand_int_range (rand, 0, sizeof special)];
      break;
    case 2:
      input->data[at] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      break;
    case 3:
      g_byte_array_append (input, piece, length);
      break;
    case 4:
      g_byte_array_remove_range (input, at, length);
      break;
    default:
      memcpy (input->data + g_rand_int_range (rand, 0, (gint32) (input->len - length + 1)), piece,
              length);
    }
}

static void
test_seeds (void)
{
  try_seeds ();
}

static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260501);
  gint64 end = g_get_monotonic_time () + SECONDS * G_USEC_PER_SEC;
  guint n_seeds = 0;
  guint n = 0;

  while (fuzz_seeds[n_seeds].data != NULL)
    n_seeds++;
  for (; g_get_monotonic_time () < end; n++)
    {
      g_autoptr (GByteArray) input = g_byte_array_new ();

      for (int i = g_rand_int_range (rand, 1, 8); i >= 0; i--)
        mutate (rand, input, n_seeds);
      try_input (input->data, MIN (input->len, MAX_LENGTH));
    }
  g_test_message ("%u inputs", n);
}

static int
try_files (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      g_autofree char *data = NULL;
      gsize length;

      if (!g_file_get_contents (argv[i], &data, &length, NULL))
        return EXIT_FAILURE;
      try_input ((const guint8 *) data, length);
    }
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  if (argc > 1 && argv[1][0] != '-')
    return try_files (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fuzz/seeds", test_seeds);
  g_test_add_func ("/fuzz/mutations", test_mutations);
  return g_test_run ();
}

/* Compressed bodies under fire: never more than the bound comes out. */
#include "fuzz.h"

#include "mm-inflate.h"

#define BOUND 100000

const FuzzSeed fuzz_seeds[] = {
  /* "m v=1\n" as gzip, stored in one block, and the same as zlib. */
  { "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01\x06\x00\xf9\xff"
    "m v=1\n\x0c\xf5\x06\x80\x06\x00\x00\x00",
    29 },
  { "\x78\x9c\xcb\x55\x28\xb3\x35\xe4\x02\x00\x06\x2f\x01\x7c", 14 },
  { NULL, 0 },
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) out = mm_inflate (data, length, BOUND, &error);

  g_assert_true ((out == NULL) == (error != NULL));
  if (out != NULL)
    g_assert_cmpuint (out->len, <=, BOUND);
  return 0;
}

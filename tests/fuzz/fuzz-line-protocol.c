/* Line protocol under fire: whatever is kept is fit to be stored, and survives the native form. */
#include "fuzz.h"

#include "mm-line-protocol.h"
#include "mm-push-json.h"

#include <math.h>
#include <string.h>

const FuzzSeed fuzz_seeds[] = {
  { "pv,device=pcs1,zone=b power=3120,soc=74.5,n=-3i,u=7u,on=t 1777636800\n", 0 },
  { "a\\,b,c\\ d=e\\=f g\\ h=\"i\\\"j\\\\\nk\",l=1e-3 -5\r\n# comment\n\nm v=1\r", 0 },
  { "m f=T,g=FALSE,h=.5,i=1.,j=-0e9,k=18446744073709551615u\nm f=1", 0 },
  { "\xe8\x93\x84\xe9\x9b\xbb,device=\xe6\xb1\xa0 x=1 9223372036854775807\nbad\nm v=2\n", 0 },
  { NULL, 0 },
};

static gboolean
is_known (const char *name, gsize length)
{
  return length > 0 && name[0] == 's';
}

static void
check_values (const MmBatch *batch)
{
  for (guint i = 0; i < batch->values->len; i++)
    {
      const MmValue *value = &g_array_index (batch->values, MmValue, i);

      g_assert_true (isfinite (value->value));
      g_assert_cmpuint (value->device, <, mm_batch_n_names (batch));
      g_assert_cmpuint (value->quantity, <, mm_batch_n_names (batch));
    }
  for (guint i = 0; i < mm_batch_n_names (batch); i++)
    g_assert_true (g_utf8_validate (mm_batch_name (batch, i), -1, NULL));
  for (guint i = 0; i < batch->refusals->len; i++)
    g_assert_true (
        g_utf8_validate (g_array_index (batch->refusals, MmRefusal, i).detail, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (MmBatch) batch = mm_batch_new ();
  g_autoptr (MmBatch) again = NULL;
  g_autofree char *text = NULL;

  mm_line_protocol_parse (batch, (const char *) data, length, 1000, is_known);
  check_values (batch);
  text = mm_push_json_format (batch);
  again = mm_push_json_parse (text, strlen (text), NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (again->n_refused, ==, 0);
  g_assert_cmpuint (again->values->len, ==, batch->values->len);
  return 0;
}

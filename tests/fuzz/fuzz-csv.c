/* CSV under fire: a record that was read is written and read back the same. */
#include "fuzz.h"

#include "mm-csv.h"

const FuzzSeed fuzz_seeds[] = {
  { "\xef\xbb\xbftime,value\r\n2026-05-01T12:00:00Z,3120\r\n", 0 },
  { "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n,,\n\n\"\"\n", 0 },
  { "\xe9\x9b\xbb,1\r", 0 },
  { NULL, 0 },
};

static void
check_record (const GPtrArray *fields)
{
  g_autoptr (MmCsvReader) reader = mm_csv_reader_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GPtrArray *again;

  mm_csv_append_record (text, (const char *const *) fields->pdata, fields->len);
  /* At the very beginning a byte order mark would be passed over. */
  mm_csv_reader_feed (reader, "x\n", 2);
  mm_csv_reader_feed (reader, text->str, text->len);
  g_assert_true (mm_csv_reader_next (reader, &again, &error));
  g_assert_true (mm_csv_reader_next (reader, &again, &error));
  g_assert_nonnull (again);
  g_assert_cmpuint (again->len, ==, fields->len);
  for (guint i = 0; i < fields->len; i++)
    g_assert_cmpstr (again->pdata[i], ==, fields->pdata[i]);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (MmCsvReader) reader = mm_csv_reader_new ();
  GPtrArray *fields;

  mm_csv_reader_feed (reader, (const char *) data, length / 2);
  while (mm_csv_reader_next (reader, &fields, NULL) && fields != NULL)
    check_record (fields);
  mm_csv_reader_feed (reader, (const char *) data + length / 2, length - length / 2);
  mm_csv_reader_end (reader);
  while (mm_csv_reader_next (reader, &fields, NULL) && fields != NULL)
    check_record (fields);
  return 0;
}

/* The fleet on disk: what was written is read again, and nothing else is. */
#include "fleet-records.h"
#include "mm-fleet-cache.h"
#include "mm-fleet-keep.h"

#include <glib/gstdio.h>
#include <string.h>

#define OWNER "https://mimamori.example.jp\nOmuro-Ten"

static MmFleetTable *
make_table (guint n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (21);
  MmFleetTable *table = mm_fleet_table_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("GW-%u", i);

      put_one (table, random_record (rand, id));
    }
  mm_fleet_table_set_loaded (table, 1234567);
  return table;
}

static GArray *
read_records (GBytes *bytes, const char *owner, gboolean expected)
{
  GArray *records = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
  gint64 as_of = 0;

  g_assert_true (mm_fleet_cache_read (bytes, owner, records, &as_of) == expected);
  if (expected)
    g_assert_cmpint (as_of, ==, 1234567);
  else
    g_assert_cmpuint (records->len, ==, 0);
  return records;
}

static void
refuse (GBytes *bytes, const char *owner)
{
  g_autoptr (GArray) records = read_records (bytes, owner, FALSE);
}

static void
test_again (void)
{
  g_autoptr (MmFleetTable) table = make_table (50);
  g_autoptr (GBytes) bytes = mm_fleet_cache_write (table, OWNER);
  g_autoptr (GArray) records = read_records (bytes, OWNER, TRUE);

  g_assert_cmpuint (records->len, ==, 50);
  for (guint i = 0; i < records->len; i++)
    {
      MmFleetRecord *record = &g_array_index (records, MmFleetRecord, i);
      guint32 slot;
      guint n;

      g_assert_true (mm_fleet_table_find (table, mm_fleet_record_id (record), &slot));
      g_assert_true (mm_fleet_record_equal (record, mm_fleet_table_peek (table, &n) + slot));
      mm_fleet_record_clear (record);
    }
}

static void
test_not_another_s (void)
{
  g_autoptr (MmFleetTable) table = make_table (3);
  g_autoptr (GBytes) bytes = mm_fleet_cache_write (table, OWNER);
  g_autofree char *a = mm_fleet_cache_owner ("https://a", "b");
  g_autofree char *b = mm_fleet_cache_owner ("https://a", "B");
  g_autoptr (GFile) one = mm_fleet_cache_file (a);
  g_autoptr (GFile) other = mm_fleet_cache_file (b);

  refuse (bytes, "https://mimamori.example.jp\nOther-Ten");
  refuse (bytes, "https://mimamori.example.com\nOmuro-Ten");
  g_assert_false (g_file_equal (one, other));
}

static void
test_damaged (void)
{
  g_autoptr (MmFleetTable) table = make_table (3);
  g_autoptr (GBytes) bytes = mm_fleet_cache_write (table, OWNER);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) cut = g_bytes_new (data, i);
      g_autoptr (GBytes) wrong = NULL;

      copy[i] ^= 1;
      wrong = g_bytes_new (copy, size);
      refuse (wrong, OWNER);
      refuse (cut, OWNER);
    }
}

/* Damage that was signed: every reading must stay within the bytes. */
static void
test_strange_but_signed (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (22);
  g_autoptr (MmFleetTable) table = make_table (3);
  g_autoptr (GBytes) bytes = mm_fleet_cache_write (table, OWNER);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (guint game = 0; game < 3000; game++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
      g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
      g_autoptr (GBytes) wrong = NULL;
      gsize length = size - 32, sum = 32;
      gint64 as_of;

      if (game % 3 == 0)
        length = (gsize) g_rand_int_range (rand, 8, (int) length);
      for (guint i = 0; i < 3; i++)
        copy[g_rand_int_range (rand, 0, (int) length)] = (guint8) g_rand_int (rand);
      g_checksum_update (checksum, copy, (gssize) length);
      g_checksum_get_digest (checksum, copy + length, &sum);
      wrong = g_bytes_new (copy, length + 32);
      mm_fleet_cache_read (wrong, OWNER, records, &as_of);
      for (guint i = 0; i < records->len; i++)
        mm_fleet_record_clear (&g_array_index (records, MmFleetRecord, i));
    }
}

static void
test_another_version (void)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (MmFleetTable) table = make_table (1);
  g_autoptr (GBytes) bytes = mm_fleet_cache_write (table, OWNER);
  gsize size = g_bytes_get_size (bytes), sum = 32;
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
  g_autoptr (GBytes) old = NULL;

  copy[7]--;
  g_checksum_update (checksum, copy, (gssize) size - 32);
  g_checksum_get_digest (checksum, copy + size - 32, &sum);
  old = g_bytes_new (copy, size);
  refuse (old, OWNER);
}

/* Gateways come, go and change while it is written: those that stay are all in it, once, and it is
 * whole. */
static void
test_in_parts (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (24);

  for (guint game = 0; game < 50; game++)
    {
      g_autoptr (MmFleetTable) table = make_table (100);
      g_autoptr (MmFleetDraft) draft = mm_fleet_draft_new (table, OWNER);
      g_autoptr (GHashTable) touched
          = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_autoptr (GArray) records = NULL;
      g_autoptr (GBytes) bytes = NULL;
      guint n_stayed = 0;

      while (mm_fleet_draft_add (draft, (guint) g_rand_int_range (rand, 1, 20)))
        {
          char *id = g_strdup_printf ("GW-%d", g_rand_int_range (rand, 0, 200));

          if (g_rand_boolean (rand))
            put_one (table, random_record (rand, id));
          else
            remove_one (table, id);
          g_hash_table_add (touched, id);
        }
      mm_fleet_draft_close (draft);
      bytes = mm_fleet_draft_sign (draft);
      records = read_records (bytes, OWNER, TRUE);
      for (guint i = 0; i < records->len; i++)
        {
          const char *id = mm_fleet_record_id (&g_array_index (records, MmFleetRecord, i));

          if (i > 0)
            g_assert_cmpstr (mm_fleet_record_id (&g_array_index (records, MmFleetRecord, i - 1)), <,
                             id);
          if (!g_hash_table_contains (touched, id))
            n_stayed++;
        }
      for (guint i = 0; i < 100; i++)
        {
          g_autofree char *id = g_strdup_printf ("GW-%u", i);

          if (!g_hash_table_contains (touched, id))
            n_stayed--;
        }
      g_assert_cmpuint (n_stayed, ==, 0);
      for (guint i = 0; i < records->len; i++)
        mm_fleet_record_clear (&g_array_index (records, MmFleetRecord, i));
    }
}

static void
wait_loaded (MmFleetTable *table)
{
  while (!mm_fleet_table_is_loaded (table))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_keep (void)
{
  g_autoptr (MmFleetTable) table = make_table (5);
  g_autoptr (MmFleetTable) later = mm_fleet_table_new ();
  g_autoptr (MmFleetKeep) keep = mm_fleet_keep_new (table, "https://s", "Ten");
  g_autoptr (MmFleetKeep) again = NULL;
  g_autofree char *owner = mm_fleet_cache_owner ("https://s", "Ten");
  g_autoptr (GFile) file = mm_fleet_cache_file (owner);
  g_autoptr (GRand) rand = g_rand_new_with_seed (23);
  GStatBuf info;

  mm_fleet_keep_stop (keep, FALSE);
  g_assert_cmpint (g_stat (g_file_peek_path (file), &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  /* What the server told first stays. */
  put_one (later, random_record (rand, "GW-0"));
  again = mm_fleet_keep_new (later, "https://s", "Ten");
  wait_loaded (later);
  g_assert_cmpuint (mm_fleet_table_get_size (later), ==, 5);
  g_assert_cmpint (mm_fleet_table_get_as_of (later), ==, 1234567);
  mm_fleet_keep_stop (again, TRUE);
  g_assert_false (g_file_query_exists (file, NULL));
}

/* More than is taken at a time: being stopped ends it in between, a whole list, too. */
static void
test_keep_many (void)
{
  g_autoptr (MmFleetTable) table = make_table (5000);
  g_autoptr (MmFleetTable) later = mm_fleet_table_new ();
  g_autoptr (MmFleetTable) told = mm_fleet_table_new ();
  g_autoptr (MmFleetTable) stopped = mm_fleet_table_new ();
  g_autoptr (MmFleetKeep) keep = mm_fleet_keep_new (table, "https://s", "Many");
  g_autoptr (MmFleetKeep) again = NULL;
  g_autoptr (MmFleetKeep) third = NULL;
  g_autoptr (MmFleetKeep) fourth = NULL;

  mm_fleet_keep_stop (keep, FALSE);
  again = mm_fleet_keep_new (later, "https://s", "Many");
  wait_loaded (later);
  g_assert_cmpuint (mm_fleet_table_get_size (later), ==, 5000);
  mm_fleet_keep_stop (again, FALSE);
  /* Nothing goes on once it was stopped. */
  fourth = mm_fleet_keep_new (stopped, "https://s", "Many");
  while (mm_fleet_table_get_size (stopped) == 0)
    g_main_context_iteration (NULL, TRUE);
  mm_fleet_keep_stop (fourth, FALSE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (mm_fleet_table_is_loaded (stopped));
  third = mm_fleet_keep_new (told, "https://s", "Many");
  while (mm_fleet_table_get_size (told) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (mm_fleet_table_is_loaded (told));
  mm_fleet_table_set_loaded (told, 7654321);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (mm_fleet_table_get_size (told), <, 5000);
  g_assert_cmpint (mm_fleet_table_get_as_of (told), ==, 7654321);
  mm_fleet_keep_stop (third, TRUE);
}

/* A cache directory of our own; GLib's G_TEST_OPTION_ISOLATE_DIRS loses memory. */
static int
run_isolated (void)
{
  g_autofree char *folder = g_dir_make_tmp ("mm-fleet-cache-XXXXXX", NULL);
  g_autofree char *inner = g_build_filename (folder, "mimamori", NULL);
  int status;

  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  status = g_test_run ();
  g_rmdir (inner);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  return status;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fleet-cache/again", test_again);
  g_test_add_func ("/fleet-cache/not-another-s", test_not_another_s);
  g_test_add_func ("/fleet-cache/damaged", test_damaged);
  g_test_add_func ("/fleet-cache/strange-but-signed", test_strange_but_signed);
  g_test_add_func ("/fleet-cache/another-version", test_another_version);
  g_test_add_func ("/fleet-cache/in-parts", test_in_parts);
  g_test_add_func ("/fleet-cache/keep", test_keep);
  g_test_add_func ("/fleet-cache/keep-many", test_keep_many);
  return run_isolated ();
}

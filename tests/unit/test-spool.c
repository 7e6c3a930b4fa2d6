/* The spool, also after it was cut at every byte or damaged. */
#include "mm-spool.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define LIMIT MM_SPOOL_MIN_LIMIT

typedef struct
{
  char *directory;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("mimamori-spool-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
}

static void
empty (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  empty (fixture->directory);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
}

static MmSpool *
open_spool (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  MmSpool *spool = mm_spool_open (fixture->directory, LIMIT, &error);

  g_assert_no_error (error);
  g_assert_nonnull (spool);
  return spool;
}

/* The batch that is number @n: its body tells, and its length differs from its neighbours'. */
static char *
body_of (guint n)
{
  g_autofree char *filling = g_strnfill (n % 17, 'x');

  return g_strdup_printf ("{\"n\":%u,\"f\":\"%s\"}", n, filling);
}

static void
append (MmSpool *spool, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *body = body_of (n);

  g_assert_true (mm_spool_append (spool, n * 10, n, n * 2, body, strlen (body), &error));
  g_assert_no_error (error);
}

/* The oldest batch is @n; takes it off if @take. */
static void
expect (MmSpool *spool, guint n, gboolean take)
{
  g_auto (MmSpoolFrame) frame = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *body = body_of (n);
  gsize length;
  const char *data;

  g_assert_true (mm_spool_peek (spool, &frame, &error));
  g_assert_no_error (error);
  data = g_bytes_get_data (frame.body, &length);
  g_assert_cmpmem (data, length, body, strlen (body));
  g_assert_cmpint (frame.position, ==, n * 10);
  g_assert_cmpuint (frame.readings, ==, n);
  g_assert_cmpuint (frame.values, ==, n * 2);
  if (take)
    g_assert_true (mm_spool_acknowledge (spool, &frame, NULL, &error));
  g_assert_no_error (error);
}

static void
expect_empty (MmSpool *spool)
{
  g_auto (MmSpoolFrame) frame = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (mm_spool_peek (spool, &frame, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (mm_spool_pending (spool), ==, 0);
}

static char *
first_segment (Fixture *fixture)
{
  return g_build_filename (fixture->directory, "0000000000000001.segment", NULL);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MmSpool) spool = open_spool (fixture);

  g_assert_cmpint (mm_spool_position (spool), ==, 0);
  g_assert_cmpuint (mm_spool_next_sequence (spool), ==, 1);
  expect_empty (spool);
  for (guint n = 1; n <= 20; n++)
    append (spool, n);
  g_assert_cmpuint (mm_spool_pending (spool), ==, 20);
  g_assert_cmpint (mm_spool_position (spool), ==, 200);
  for (guint n = 1; n <= 20; n++)
    {
      expect (spool, n, FALSE);
      expect (spool, n, TRUE);
    }
  expect_empty (spool);
  g_assert_cmpint (mm_spool_position (spool), ==, 200);
}

/* Everything is still there, and in order, whenever it is opened anew. */
static void
test_reopen (Fixture *fixture, gconstpointer data)
{
  for (guint n = 1; n <= 30; n++)
    {
      g_autoptr (MmSpool) spool = open_spool (fixture);

      g_assert_cmpuint (mm_spool_next_sequence (spool), ==, n);
      append (spool, n);
      if (n % 3 == 0)
        expect (spool, n / 3, TRUE);
    }
  {
    g_autoptr (MmSpool) spool = open_spool (fixture);

    g_assert_cmpuint (mm_spool_pending (spool), ==, 20);
    for (guint n = 11; n <= 30; n++)
      expect (spool, n, TRUE);
    expect_empty (spool);
  }
  {
    g_autoptr (MmSpool) spool = open_spool (fixture);

    expect_empty (spool);
    g_assert_cmpint (mm_spool_position (spool), ==, 300);
    g_assert_cmpuint (mm_spool_next_sequence (spool), ==, 31);
    append (spool, 31);
    expect (spool, 31, FALSE);
  }
}

static void
test_note_and_source (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmSpool) spool = open_spool (fixture);
  g_auto (MmSpoolFrame) frame = { 0 };

  g_assert_null (mm_spool_source (spool));
  g_assert_null (mm_spool_note (spool));
  g_assert_true (mm_spool_set_source (spool, "replay of \"x\"\n", &error));
  append (spool, 1);
  g_assert_true (mm_spool_peek (spool, &frame, &error));
  g_assert_true (mm_spool_acknowledge (spool, &frame, "{\"a\":\"; = \\n\"}", &error));
  g_clear_pointer (&spool, mm_spool_close);
  spool = open_spool (fixture);
  g_assert_cmpstr (mm_spool_source (spool), ==, "replay of \"x\"\n");
  g_assert_cmpstr (mm_spool_note (spool), ==, "{\"a\":\"; = \\n\"}");
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MmSpool) spool = open_spool (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_null (mm_spool_open (fixture->directory, LIMIT, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* Cuts the segment at every byte, as a power cut may: all whole frames are there, the torn one is
 * gone, and what is added next is found after another opening. */
static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = first_segment (fixture);
  g_autofree char *whole = NULL;
  gsize ends[6] = { 0 };
  gsize length;

  {
    g_autoptr (MmSpool) spool = open_spool (fixture);

    for (guint n = 1; n <= 5; n++)
      {
        append (spool, n);
        ends[n] = mm_spool_size (spool);
      }
  }
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  g_assert_cmpuint (length, ==, ends[5]);
  for (gsize cut = 0; cut <= length; cut++)
    {
      guint kept = 0;
      g_autoptr (MmSpool) spool = NULL;

      while (kept < 5 && ends[kept + 1] <= cut)
        kept++;
      g_assert_true (g_file_set_contents (path, whole, (gssize) cut, NULL));
      spool = open_spool (fixture);
      g_assert_cmpuint (mm_spool_pending (spool), ==, kept);
      g_assert_cmpint (mm_spool_position (spool), ==, kept * 10);
      append (spool, kept + 1);
      g_clear_pointer (&spool, mm_spool_close);
      spool = open_spool (fixture);
      for (guint n = 1; n <= kept + 1; n++)
        expect (spool, n, TRUE);
      expect_empty (spool);
      g_clear_pointer (&spool, mm_spool_close);
      empty (fixture->directory);
    }
}

/* Turns one bit of every byte: the damaged frame is never handed out, nor any after it. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = first_segment (fixture);
  g_autofree char *whole = NULL;
  gsize ends[4] = { 0 };
  gsize length;

  {
    g_autoptr (MmSpool) spool = open_spool (fixture);

    for (guint n = 1; n <= 3; n++)
      {
        append (spool, n);
        ends[n] = mm_spool_size (spool);
      }
  }
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  for (gsize at = 0; at < length; at++)
    {
      guint kept = 0;
      g_autoptr (MmSpool) spool = NULL;

      while (ends[kept + 1] <= at)
        kept++;
      whole[at] ^= (char) (1 << (at % 8));
      g_assert_true (g_file_set_contents (path, whole, (gssize) length, NULL));
      whole[at] ^= (char) (1 << (at % 8));
      spool = open_spool (fixture);
      g_assert_cmpuint (mm_spool_pending (spool), ==, kept);
      for (guint n = 1; n <= kept; n++)
        expect (spool, n, TRUE);
      expect_empty (spool);
      g_clear_pointer (&spool, mm_spool_close);
      empty (fixture->directory);
    }
}

/* Damage in a part that was acknowledged long ago costs nothing, now or later. */
static void
test_damaged_acknowledged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = first_segment (fixture);

  {
    g_autoptr (MmSpool) spool = open_spool (fixture);

    for (guint n = 1; n <= 4; n++)
      append (spool, n);
    for (guint n = 1; n <= 4; n++)
      expect (spool, n, TRUE);
  }
  g_assert_cmpint (truncate (path, 50), ==, 0);
  {
    g_autoptr (MmSpool) spool = open_spool (fixture);

    expect_empty (spool);
    g_assert_cmpint (mm_spool_position (spool), ==, 40);
    append (spool, 5);
    append (spool, 6);
  }
  {
    g_autoptr (MmSpool) spool = open_spool (fixture);

    expect (spool, 5, TRUE);
    expect (spool, 6, TRUE);
    expect_empty (spool);
  }
}

static guint
count_files (Fixture *fixture, const char *suffix)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->directory, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, suffix);
  return n;
}

/* Segments come and go; the disk holds no more than what waits and one segment. */
static void
test_segments (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MmSpool) spool = open_spool (fixture);
  guint taken = 0;

  for (guint n = 1; n <= 2000; n++)
    {
      append (spool, n);
      if (n > 100)
        expect (spool, ++taken, TRUE);
      if (n % 500 == 0)
        {
          g_clear_pointer (&spool, mm_spool_close);
          spool = open_spool (fixture);
        }
      g_assert_cmpuint (mm_spool_size (spool), <, LIMIT / 2);
    }
  g_assert_cmpuint (mm_spool_pending (spool), ==, 100);
  while (taken < 2000)
    expect (spool, ++taken, TRUE);
  expect_empty (spool);
  g_assert_cmpuint (count_files (fixture, ".segment"), ==, 1);
}

/* A segment in the middle is damaged: what came before is kept in order, later ones set aside. */
static void
test_damaged_middle (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = first_segment (fixture);
  g_autoptr (MmSpool) spool = open_spool (fixture);
  guint n = 0;

  while (count_files (fixture, ".segment") < 3)
    append (spool, ++n);
  g_clear_pointer (&spool, mm_spool_close);
  g_assert_cmpint (truncate (path, 100), ==, 0);
  spool = open_spool (fixture);
  g_assert_cmpuint (count_files (fixture, ".damaged"), ==, 2);
  expect (spool, 1, TRUE);
  g_assert_cmpuint (mm_spool_pending (spool), <, 3);
  g_assert_cmpint (mm_spool_position (spool), <, 40);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MmSpool) spool = open_spool (fixture);
  g_auto (MmSpoolFrame) frame = { 0 };
  g_autoptr (GError) error = NULL;
  guint n = 0;

  while (mm_spool_has_room (spool, 40))
    append (spool, ++n);
  g_assert_cmpuint (mm_spool_pending (spool), ==, n);
  expect (spool, 1, FALSE);
  g_assert_true (mm_spool_peek (spool, &frame, &error));

  /* The oldest go, the newest stay, in order. */
  for (guint i = 0; i < 1000; i++)
    append (spool, ++n);
  g_assert_cmpuint (mm_spool_size (spool), <=, LIMIT);
  g_assert_cmpuint (mm_spool_pending (spool), <, n);
  g_assert_cmpuint (mm_spool_pending (spool), >, 500);

  /* An answer for a batch that was dropped in the meantime takes nothing else away. */
  g_assert_true (mm_spool_acknowledge (spool, &frame, NULL, &error));
  g_clear_pointer (&spool, mm_spool_close);
  spool = open_spool (fixture);
  for (guint i = n - (guint) mm_spool_pending (spool) + 1; i <= n; i++)
    expect (spool, i, TRUE);
  expect_empty (spool);
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MmSpool) spool = open_spool (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *body = g_strnfill (LIMIT / 2, 'x');

  g_assert_false (mm_spool_append (spool, 1, 1, 1, body, LIMIT / 2, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_false (mm_spool_append (spool, 1, 1, 1, body, 0, &error));
  g_assert_nonnull (error);
  expect_empty (spool);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Damage and loss are warned of, here on purpose. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  add ("/spool/order", test_order);
  add ("/spool/reopen", test_reopen);
  add ("/spool/note-and-source", test_note_and_source);
  add ("/spool/locked", test_locked);
  add ("/spool/truncated", test_truncated);
  add ("/spool/damaged", test_damaged);
  add ("/spool/damaged-acknowledged", test_damaged_acknowledged);
  add ("/spool/damaged-middle", test_damaged_middle);
  add ("/spool/segments", test_segments);
  add ("/spool/full", test_full);
  add ("/spool/too-large", test_too_large);
  return g_test_run ();
}

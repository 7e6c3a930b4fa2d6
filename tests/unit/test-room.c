/* Room on the disk, on a small file system that only this process sees. */
#define _GNU_SOURCE /* unshare() */

#include "mm-room.h"

#include "mm-error.h"
#include "test-warnings.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#define MB G_GUINT64_CONSTANT (1048576)

typedef struct
{
  char *folder;
  char *filler;
  char *ballast;
} Disk;

/* FALSE and the test is skipped where nothing can be mounted. */
static gboolean
disk_set_up (Disk *disk)
{
  disk->folder = g_dir_make_tmp ("mm-XXXXXX", NULL);
  disk->filler = g_build_filename (disk->folder, "filler", NULL);
  disk->ballast = g_build_filename (disk->folder, MM_ROOM_BALLAST_FILE, NULL);
  if (unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
      && mount ("mimamori", disk->folder, "tmpfs", 0, "size=64m") == 0)
    return TRUE;
  g_test_skip ("nothing can be mounted here");
  return FALSE;
}

static void
disk_tear_down (Disk *disk)
{
  umount2 (disk->folder, MNT_DETACH);
  g_rmdir (disk->folder);
  g_free (disk->folder);
  g_free (disk->filler);
  g_free (disk->ballast);
}

/* Something else takes so much; 0: nothing. */
static void
fill (const Disk *disk, guint64 megabytes)
{
  int fd;

  g_unlink (disk->filler);
  if (megabytes == 0)
    return;
  fd = open (disk->filler, O_WRONLY | O_CREAT, 0600);
  g_assert_cmpint (posix_fallocate (fd, 0, (off_t) (megabytes * MB)), ==, 0);
  close (fd);
}

static void
look (MmRoom *room, gboolean is_low, gboolean has_ballast)
{
  g_autoptr (GError) error = NULL;
  MmRoomState state;

  mm_room_look (room);
  mm_room_state (room, &state);
  g_assert_cmpint (state.is_low, ==, is_low);
  g_assert_cmpint (state.has_ballast, ==, has_ballast);
  g_assert_cmpint (mm_room_check (room, &error), ==, !is_low);
  if (!is_low)
    return;
  g_assert_error (error, MM_ERROR, MM_ERROR_BUSY);
  g_assert_cmpstr (mm_error_code (error), ==, "disk-full");
  g_assert_cmpuint (mm_error_retry_after (error), >=, 30);
  g_assert_cmpuint (mm_error_retry_after (error), <=, 60);
}

static void
test_way_down_and_up (void)
{
  Disk disk;
  g_autoptr (MmRoom) room = NULL;

  if (disk_set_up (&disk))
    {
      room = mm_room_new (disk.folder, 16 * MB);
      look (room, FALSE, TRUE);
      g_assert_true (g_file_test (disk.ballast, G_FILE_TEST_EXISTS));
      /* 64, of which the ballast has 16. */
      fill (&disk, 32);
      look (room, FALSE, TRUE);
      warnings_expect (1);
      fill (&disk, 36);
      look (room, TRUE, TRUE);
      /* A little more than the mark is not enough: it would be back at once. */
      fill (&disk, 31);
      look (room, TRUE, TRUE);
      fill (&disk, 36);
      look (room, TRUE, TRUE);
      /* Nearly nothing: the ballast makes room for changes, measurements stay away. */
      fill (&disk, 42);
      look (room, TRUE, FALSE);
      g_assert_false (g_file_test (disk.ballast, G_FILE_TEST_EXISTS));
      look (room, TRUE, FALSE);
      /* It does not come back into room that is needed. */
      fill (&disk, 35);
      look (room, TRUE, FALSE);
      fill (&disk, 20);
      look (room, FALSE, TRUE);
      warnings_came ();
    }
  disk_tear_down (&disk);
}

static void
test_start_on_a_full_disk (void)
{
  Disk disk;
  g_autoptr (MmRoom) room = NULL;

  if (disk_set_up (&disk))
    {
      fill (&disk, 60);
      warnings_expect (1);
      room = mm_room_new (disk.folder, 16 * MB);
      look (room, TRUE, FALSE);
      fill (&disk, 0);
      look (room, FALSE, TRUE);
      warnings_came ();
    }
  disk_tear_down (&disk);
}

/* The usual mark is no more than a part of a small disk. */
static void
test_usual_mark (void)
{
  Disk disk;
  g_autoptr (MmRoom) room = NULL;
  MmRoomState state;

  if (disk_set_up (&disk))
    {
      room = mm_room_new (disk.folder, G_MAXUINT64);
      look (room, FALSE, TRUE);
      mm_room_state (room, &state);
      g_assert_cmpuint (state.low_water, ==, 64 * MB / 20);
      g_assert_cmpuint (state.available, >=, 47 * MB);
    }
  disk_tear_down (&disk);
}

static void
test_no_mark (void)
{
  g_autofree char *folder = g_dir_make_tmp ("mm-XXXXXX", NULL);
  g_autoptr (MmRoom) room = mm_room_new (folder, 0);

  look (room, FALSE, FALSE);
  /* Nothing was made. */
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  warnings_watch ();
  g_test_add_func ("/room/way-down-and-up", test_way_down_and_up);
  g_test_add_func ("/room/start-on-a-full-disk", test_start_on_a_full_disk);
  g_test_add_func ("/room/usual-mark", test_usual_mark);
  g_test_add_func ("/room/no-mark", test_no_mark);
  return g_test_run ();
}

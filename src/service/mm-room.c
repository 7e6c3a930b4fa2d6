#define G_LOG_DOMAIN "mm-service"

#include "mm-room.h"

#include "mm-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The ballast goes when less than this is left. */
#define NEARLY_NOTHING (MM_ROOM_BALLAST / 2)

/* Measurements come back only when there is this part of the mark more than it asks for. */
#define MARGIN 8

/* Seconds after which those who are refused come again. */
#define RETRY_S 30

struct _MmRoom
{
  char *directory;
  char *ballast;
  guint64 asked;
  gint is_low; /* atomic, for mm_room_check() */
  GMutex mutex;
  MmRoomState state; /* under the mutex */
};

static gboolean
make_ballast (const char *path)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  gboolean made = fd >= 0 && posix_fallocate (fd, 0, (off_t) MM_ROOM_BALLAST) == 0;

  if (fd >= 0)
    close (fd);
  /* Half of it is worse than none. */
  if (!made)
    g_unlink (path);
  return made;
}

/* The mark on a disk of @total bytes. */
static guint64
mark (const MmRoom *room, guint64 total)
{
  return room->asked == G_MAXUINT64 ? MIN (MM_ROOM_LOW_WATER, total / 20) : room->asked;
}

/* Whether there is enough again, and the ballast with it. */
static gboolean
has_recovered (MmRoom *room)
{
  MmRoomState *state = &room->state;
  guint64 needed = state->low_water + state->low_water / MARGIN;

  if (state->available < needed + (state->has_ballast ? 0 : MM_ROOM_BALLAST))
    return FALSE;
  if (!state->has_ballast)
    state->has_ballast = make_ballast (room->ballast);
  return state->has_ballast;
}

static void
judge (MmRoom *room)
{
  MmRoomState *state = &room->state;

  if (!state->is_low && state->available < state->low_water)
    {
      state->is_low = TRUE;
      g_warning ("the disk is nearly full (%" G_GUINT64_FORMAT
                 " bytes are left): measurements are refused",
                 state->available);
    }
  else if (state->is_low && has_recovered (room))
    {
      state->is_low = FALSE;
      g_message ("there is room on the disk again: measurements are taken");
    }
  if (state->is_low && state->has_ballast && state->available < NEARLY_NOTHING
      && g_unlink (room->ballast) == 0)
    {
      state->has_ballast = FALSE;
      g_message ("the ballast was thrown off, so that changes can still be stored");
    }
}

void
mm_room_look (MmRoom *room)
{
  struct statvfs disk;

  if (room->asked == 0)
    return;
  g_mutex_lock (&room->mutex);
  if (statvfs (room->directory, &disk) == 0)
    {
      room->state.available = (guint64) disk.f_bavail * disk.f_frsize;
      room->state.low_water = mark (room, (guint64) disk.f_blocks * disk.f_frsize);
      judge (room);
    }
  else
    g_warning ("cannot look at the disk of %s: %s", room->directory, g_strerror (errno));
  g_atomic_int_set (&room->is_low, room->state.is_low);
  g_mutex_unlock (&room->mutex);
}

MmRoom *
mm_room_new (const char *directory, guint64 low_water)
{
  MmRoom *room = g_new0 (MmRoom, 1);
  GStatBuf file;

  room->directory = g_strdup (directory);
  room->ballast = g_build_filename (directory, MM_ROOM_BALLAST_FILE, NULL);
  room->asked = low_water;
  g_mutex_init (&room->mutex);
  room->state.has_ballast
      = g_stat (room->ballast, &file) == 0 && (guint64) file.st_size >= MM_ROOM_BALLAST;
  mm_room_look (room);
  /* With room for it, it is made; without, it is when there is. */
  if (low_water != 0 && !room->state.is_low && !room->state.has_ballast
      && room->state.available >= room->state.low_water + MM_ROOM_BALLAST)
    room->state.has_ballast = make_ballast (room->ballast);
  return room;
}

void
mm_room_free (MmRoom *room)
{
  if (room == NULL)
    return;
  g_mutex_clear (&room->mutex);
  g_free (room->directory);
  g_free (room->ballast);
  g_free (room);
}

void
mm_room_state (MmRoom *room, MmRoomState *state)
{
  g_mutex_lock (&room->mutex);
  *state = room->state;
  g_mutex_unlock (&room->mutex);
}

gboolean
mm_room_check (MmRoom *room, GError **error)
{
  GError *full;

  if (!g_atomic_int_get (&room->is_low))
    return TRUE;
  full = mm_error_new (MM_ERROR_BUSY, "disk-full",
                       "The server's disk is nearly full; its operator has to make room.");
  mm_error_set_retry_after (full, (guint) g_random_int_range (RETRY_S, 2 * RETRY_S + 1));
  g_propagate_error (error, full);
  return FALSE;
}

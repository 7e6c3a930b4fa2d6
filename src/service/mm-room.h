/* Whether there is room left on the disk, and what is done when there is not.
 *
 * SQLite can do nothing on a full disk, not even delete. So measurements are refused while some
 * room is left: below a low-water mark. What people do goes on. A ballast file holds back some
 * more; it is removed when even that room is nearly used up, so that people's changes and the
 * recovery go on. When space returns the ballast is made again and measurements are taken again, by
 * itself.
 *
 * Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The mark unless the operator says otherwise: so much, but at most a twentieth of the disk. */
#define MM_ROOM_LOW_WATER (256 * G_GUINT64_CONSTANT (1048576))

/* Size of the file that is held back, and its name in the data directory. */
#define MM_ROOM_BALLAST (16 * G_GUINT64_CONSTANT (1048576))
#define MM_ROOM_BALLAST_FILE "ballast"

typedef struct _MmRoom MmRoom;

/* @available, @low_water: bytes. @ballast: whether it is there. */
typedef struct
{
  gboolean is_low;
  guint64 available;
  guint64 low_water;
  gboolean has_ballast;
} MmRoomState;

/* Looks at the disk of @directory for the first time. @low_water: bytes; 0: no mark and no ballast;
 * G_MAXUINT64: the usual one. */
MmRoom *mm_room_new (const char *directory, guint64 low_water);
void mm_room_free (MmRoom *room);

/* Looks again: once a second, and when something could not be written. */
void mm_room_look (MmRoom *room);

/* What was found at the last look. */
void mm_room_state (MmRoom *room, MmRoomState *state);

/* FALSE with %MM_ERROR_BUSY "disk-full" and Retry-After if measurements are to be refused. A few
 * nanoseconds. */
gboolean mm_room_check (MmRoom *room, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmRoom, mm_room_free)

G_END_DECLS

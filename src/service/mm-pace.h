/* How fast one gateway may push, so that a broken one cannot take the server. Any thread.
 *
 * Each gateway has a share of pushes and one of values per second, far above what it needs, and may
 * save up some seconds of it for what it kept through an outage. A push that goes beyond is refused
 * before it is read; its values are counted when they are known, so that the one after it waits.
 * Forgotten at a restart.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values that come with each push of the rate. */
#define MM_PACE_VALUES 250

/* Seconds of its share that a gateway may save up. */
#define MM_PACE_SAVED_S 10

typedef struct _MmPace MmPace;

/* @pushes: of each gateway per second, and MM_PACE_VALUES times as many values; 0: as many as it
 * likes */
MmPace *mm_pace_new (guint pushes);
void mm_pace_free (MmPace *pace);

/* Counts a push of @gateway at @now (microseconds of a steady clock). FALSE if it goes beyond the
 * gateway's share: %MM_ERROR_LIMITED "too-fast" with the seconds after which it does not; it is not
 * counted then. */
gboolean mm_pace_push (MmPace *pace, gint64 gateway, gint64 now, GError **error);

/* Counts the values of a push that was let in. */
void mm_pace_values (MmPace *pace, gint64 gateway, guint n_values, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmPace, mm_pace_free)

G_END_DECLS

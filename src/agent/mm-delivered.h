/* How far each house of a simulated fleet was delivered, on disk, so that a restart goes on there.
 *
 * One small JSON file in a directory that only one process may have open, written as a whole every
 * few seconds. What was delivered since the last time is delivered again after a crash: the same
 * house measures the same again, so the server counts duplicates and nothing changes. One thread.
 */
#pragma once

#include "mm-house.h"

G_BEGIN_DECLS

typedef struct _MmDelivered MmDelivered;

/* Opens @directory, which is made (mode 0700) if it is missing, and reads what is there. Fails if
 * another process has it open, or if the file in it is none of ours. */
MmDelivered *mm_delivered_open (const char *directory, GError **error);

/* Closes it without writing. */
void mm_delivered_close (MmDelivered *delivered);

/* When the stories began, and when the file was last written: UTC µs, MM_TIME_NONE if it is new. */
gint64 mm_delivered_began (const MmDelivered *delivered);
gint64 mm_delivered_written (const MmDelivered *delivered);

/* Lets the stories begin at @began. */
void mm_delivered_begin (MmDelivered *delivered, gint64 began);

/* Whether something of @house was delivered under its key, and up to which state. Another key is
 * another house. */
gboolean mm_delivered_find (const MmDelivered *delivered,
                            const MmHouse *house,
                            MmHouseState *state);

/* Notes that @house was delivered up to @state. */
void mm_delivered_put (MmDelivered *delivered, const MmHouse *house, const MmHouseState *state);

/* Whether there is something to write. */
gboolean mm_delivered_is_changed (const MmDelivered *delivered);

/* Writes all houses of @houses (of #MmHouse) that were put or found; others are forgotten. */
gboolean mm_delivered_write (MmDelivered *delivered,
                             const GPtrArray *houses,
                             gint64 now,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmDelivered, mm_delivered_close)

G_END_DECLS

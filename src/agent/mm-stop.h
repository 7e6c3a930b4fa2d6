/* The wish to end: SIGTERM or SIGINT, as something that can be asked and waited for. The signals
 * are blocked and read from a descriptor, so no handler runs in the middle of anything. Made by the
 * main thread before any other thread starts; used by that thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MmStop MmStop;

/* Takes over SIGTERM and SIGINT, and ignores SIGPIPE. */
MmStop *mm_stop_new (void);

/* Gives the signals back as they were. */
void mm_stop_free (MmStop *stop);

/* TRUE from the first signal on. Never blocks. */
gboolean mm_stop_wanted (MmStop *stop);

/* Waits @microseconds, less if a signal comes. Returns mm_stop_wanted(). */
gboolean mm_stop_wait (MmStop *stop, gint64 microseconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmStop, mm_stop_free)

G_END_DECLS

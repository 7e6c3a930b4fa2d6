/* The wish to end: SIGTERM or SIGINT, and if wanted the end of an input, as something that can be
 * asked and waited for. The signals are blocked and read from a descriptor, so no handler runs in
 * the middle of anything. Made by the main thread before any other thread starts; used by that
 * thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MmStop MmStop;

/* Takes over SIGTERM and SIGINT, and ignores SIGPIPE. */
MmStop *mm_stop_new (void);

/* Gives the signals back as they were. */
void mm_stop_free (MmStop *stop);

/* From now on the end of what @fd reads is a wish to end as well: whoever started this program
 * and holds the other end of the pipe is gone. What comes from it is read and forgotten. @fd is
 * borrowed. */
void mm_stop_watch_input (MmStop *stop, int fd);

#define MM_STOP_MAX_FDS 2

/* Descriptors that become readable when mm_stop_wanted() may have changed, for a loop that waits
 * for other things too. Returns how many. */
guint mm_stop_fds (const MmStop *stop, int fds[MM_STOP_MAX_FDS]);

/* TRUE from the first signal on. Never blocks. */
gboolean mm_stop_wanted (MmStop *stop);

/* Waits @microseconds, less if a signal comes. Returns mm_stop_wanted(). */
gboolean mm_stop_wait (MmStop *stop, gint64 microseconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmStop, mm_stop_free)

G_END_DECLS

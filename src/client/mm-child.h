/* A program that is kept running as our child: started again when it ends by itself, ended with us.
 *
 * Its standard input is a pipe that nobody writes to: it ends when this process does, however that
 * ends, so the program (with --die-with-stdin) never outlives us. The first line of its standard
 * output says that it works. What it says on standard error is kept, as far as it is recent, and
 * handed on to ours. Main thread; it needs a running main loop. Source: architecture.md "Child
 * server".
 *
 *              start              first line            ended
 *     STOPPED -------> STARTING -------------> RUNNING ---------> WAITING
 *        ^                ^  |                    |                 |  |
 *        |                |  +---------- ended ---|-----------------+  |
 *        |                +------------------- 1 s … 60 s -------------+
 *        +------- ended -------- STOPPING <------ stop, from any state
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  MM_CHILD_STOPPED,
  MM_CHILD_STARTING,
  MM_CHILD_RUNNING,
  MM_CHILD_WAITING, /* ended by itself; will be started again */
  MM_CHILD_STOPPING,
} MmChildState;

#define MM_CHILD_STOP_SECONDS 10 /* that it has to end cleanly */

#define MM_TYPE_CHILD (mm_child_get_type ())
G_DECLARE_FINAL_TYPE (MmChild, mm_child, MM, CHILD, GObject)

/* @argv: the program and its arguments. @greeting: what its first line begins with. Emits "changed"
 * whenever anything told below is another. */
MmChild *mm_child_new (const char *const *argv, const char *greeting);

/* From now on what it says is kept only, and not handed on to our standard error. */
void mm_child_hush (MmChild *child);

/* Starts it, at once also when it waits; nothing if it runs or starts. */
void mm_child_start (MmChild *child);

/* Asks it to end, and ends it if it does not within MM_CHILD_STOP_SECONDS. */
void mm_child_stop (MmChild *child);

/* The same, and returns when it has ended: for the end of our own process, or of @child, which must
 * not be started again. Nothing else runs meanwhile. */
void mm_child_stop_and_wait (MmChild *child);

/* As drawn above. */
MmChildState mm_child_get_state (MmChild *child);

/* What followed the greeting on the first line; NULL unless it runs. */
const char *mm_child_get_word (MmChild *child);

/* Its recent lines on standard error, oldest first, of earlier runs too; "" if there are none.
 * Free with g_free(). */
char *mm_child_dup_log (MmChild *child);

/* The last line that it said before it ended by itself, or why it could not be started; NULL if
 * nothing went wrong since mm_child_start(). */
const char *mm_child_get_why (MmChild *child);

/* How often it was started again because it had ended by itself, since mm_child_start(). */
guint mm_child_get_restarts (MmChild *child);

G_END_DECLS

/* The clock, passed in so that rules can be tried at any moment. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_SECOND G_TIME_SPAN_SECOND
#define MM_MINUTE G_TIME_SPAN_MINUTE
#define MM_HOUR G_TIME_SPAN_HOUR
#define MM_DAY G_TIME_SPAN_DAY

/* In place of a time in UTC microseconds: there is none. Earlier than any. */
#define MM_TIME_NONE G_MININT64

/* A source of time. Any thread may read it. */
typedef struct _MmClock MmClock;

/* The computer's clock. Free with mm_clock_free(). */
MmClock *mm_clock_new (void);
void mm_clock_free (MmClock *clock);

/* Microseconds since 1970-01-01 UTC. */
gint64 mm_clock_now (MmClock *clock);

/* Microseconds since some beginning, which go on evenly: not moved when somebody sets the clock,
 * nor while the computer sleeps. */
gint64 mm_clock_steady (MmClock *clock);

/* How far the clock is ahead of the steady one; that changes when the clock is set or the computer
 * slept. */
gint64 mm_clock_ahead (MmClock *clock);

/* Moves the clock forward by @microseconds for as long as @clock lives: for tests. */
void mm_clock_advance (MmClock *clock, gint64 microseconds);

/* Sets the clock forward, or back, while no time passes: for tests. */
void mm_clock_set (MmClock *clock, gint64 microseconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmClock, mm_clock_free)

G_END_DECLS

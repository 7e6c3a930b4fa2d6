/* Whether the clock of a gateway is off, told from what it sends.
 *
 * Each push shows one sample: the sender's clock when it sent, if it says so, else the newest time
 * of its readings, against the time at which it was received. One sample means little: a push is
 * held up on its way, and what was kept through an outage is old. So the middle one of the last few
 * counts, and only if most agree with it: what catches up does not. Readings that are always as old
 * may also be sent late on purpose; they count as a clock that is behind only when they are late by
 * the rules (mm_reading_is_late()). Pure, any thread; times are UTC microseconds.
 */
#pragma once

#include <glib.h>

#include "mm-clock.h"

G_BEGIN_DECLS

/* Samples kept, and those needed to say anything. */
#define MM_CLOCK_OFFSET_SAMPLES 9
#define MM_CLOCK_OFFSET_LEAST 5

/* Samples are at least so far apart, or a backlog sent in one go would look like agreement. */
#define MM_CLOCK_OFFSET_APART (20 * MM_SECOND)

/* A clock within this is right enough: no more than the delays on the way. */
#define MM_CLOCK_OFFSET_RIGHT_S 120

/* What is remembered of a gateway's clock; all zero is nothing.
 * @last: when the last sample was received
 * @samples: seconds by which the clock was ahead; @n of them, @next is overwritten next
 * @is_sent: they are of the sender's clock itself */
typedef struct
{
  gint64 last;
  gint32 samples[MM_CLOCK_OFFSET_SAMPLES];
  guint8 n;
  guint8 next;
  guint8 is_sent;
} MmClockOffset;

/* Takes a sample: the clock said @said when a push was received at @received. @is_sent: when it
 * sent it; otherwise @said is the newest time of its readings. */
void mm_clock_offset_take (MmClockOffset *clock, gint64 said, gboolean is_sent, gint64 received);

/* By how many seconds the clock is ahead (below 0: behind); FALSE if that cannot be said. Of
 * readings it can only be said of a clock that is off. @interval_s: how often the gateway reports;
 * 0 is the default. @is_off: (out): whether somebody should set it right. */
gboolean mm_clock_offset_of (const MmClockOffset *clock,
                             guint interval_s,
                             gint32 *seconds,
                             gboolean *is_off);

G_END_DECLS

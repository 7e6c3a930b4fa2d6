/* Gateways whose clocks are off, and what is done about it.
 *
 * The live state keeps what their pushes say of their clocks (core/mm-clock-offset.h). Nothing is
 * changed by itself: a clock that is off is shown, and the operator may have the data of a gateway
 * placed by the time at which it is received, until its clock is right again. Then the moment of
 * sending is the moment of receiving, and the distances between times stay as the device says. The
 * same push sent again is not known again then.
 */
#pragma once

#include "mm-batch.h"
#include "mm-context.h"
#include "mm-live.h"

G_BEGIN_DECLS

/* What is known of a gateway's clock.
 * @is_known: whether @offset_s is: seconds by which it is ahead
 * @is_off: somebody should set it right
 * @by_receipt: its data is placed by the time it is received */
typedef struct
{
  gboolean is_known;
  gint32 offset_s;
  gboolean is_off;
  gboolean by_receipt;
} MmClockState;

/* Of the gateway with row @gateway; nothing is known of one that is not there. Any thread but the
 * writer's. */
void mm_clock_sense_of (MmContext *context, gint64 gateway, MmClockState *state);

/* Places what the gateway @id pushes from now on by the time it is received (@by_receipt), or by
 * its own again. %MM_ERROR_NOT_FOUND. Any thread but the writer's. */
gboolean mm_clock_sense_set (MmContext *context,
                             const char *id,
                             gboolean by_receipt,
                             GError **error);

/* The clock that a push shows: when it was sent (@is_sent), else its newest time; MM_TIME_NONE if
 * it says none. Pure. */
gint64 mm_clock_sense_said (const MmBatch *batch, gboolean *is_sent);

/* Moves all times of a push whose clock showed @said so that this is @received. Pure. */
void mm_clock_sense_place (MmBatch *batch, gint64 said, gint64 received);

G_END_DECLS

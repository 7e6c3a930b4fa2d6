/* One simulated house as time passes: which of its readings are due, and the push that brings them.
 * Pure: the time is passed in. One thread.
 *
 * A house is lived in steps: of a minute in days long past, of at most ten seconds since shortly
 * before the start. The steps are the same whenever they are taken, so that all is measured the
 * same again if a push has to be made again. Reported is what falls on the house's interval, and of
 * what is older than an hour every fifth minute, as by a gateway whose memory is small.
 */
#pragma once

#include "mm-house.h"

G_BEGIN_DECLS

/* Before the start of the stories by more than this, steps are long. */
#define MM_LIVING_FINE (30 * G_TIME_SPAN_MINUTE)

/* @house: borrowed
 * @began: when the stories began, UTC µs; @speed: how much faster than the clock they go
 * @state: up to which the server has all */
typedef struct
{
  const MmHouse *house;
  gint64 began;
  double speed;
  MmHouseState state;
} MmLiving;

/* One push.
 * @body: JSON, NULL if there was nothing to say up to @state
 * @state: up to which the server has all when it has this
 * @whole: whether that is all there is to say now */
typedef struct
{
  char *body;
  MmHouseState state;
  gboolean whole;
} MmLivingPush;

/* A house that is new at @now: begins @backfill days before, or now if that is 0. */
void mm_living_begin (MmLiving *living, guint backfill, gint64 now);

/* Whether the house keeps silent at @now. */
gboolean mm_living_is_silent (const MmLiving *living, gint64 now);

/* When the next push is due, if the house is not silent then; UTC µs, in the past if there is
 * something to catch up with. */
gint64 mm_living_due (const MmLiving *living);

/* Makes the next push, as seen at @now.
 * @hello: the first one since the start: tells of the devices, and of this moment off the interval
 * Clear it with mm_living_push_clear(). */
void mm_living_make (const MmLiving *living, gint64 now, gboolean hello, MmLivingPush *push);

/* Frees the body. */
void mm_living_push_clear (MmLivingPush *push);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmLivingPush, mm_living_push_clear)

G_END_DECLS

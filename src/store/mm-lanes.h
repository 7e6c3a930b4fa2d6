/* What waits for the writer, and what it takes next.
 *
 * Work stands in lanes by how urgent it is, and within a lane in one queue for each source (a
 * gateway). A lane gives its sources turns, so that whoever sends much waits for itself and nobody
 * else. A higher lane goes first, but whatever waits below is owed a quarter of what is done above,
 * so that nothing starves. The lane for housekeeping is outside of this: the writer decides when
 * there is time for it.
 *
 * The order of one source is never changed. A source stands in the lane of the most urgent work
 * that it has waiting: a fault takes with it what the same gateway sent before.
 *
 * All is bounded, in pieces and in bytes, for each source and for all together; a quarter more is
 * kept free for faults, and what people do has a bound of its own. No locks, no threads: the writer
 * calls it with its mutex held.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_LANE_PEOPLE, /* what people do, and what became of mails */
  MM_LANE_FAULT,  /* pushes with events */
  MM_LANE_LIVE,   /* measurements of now */
  MM_LANE_LATE,   /* measurements of long ago: what a gateway kept through an outage */
  MM_LANE_IDLE,   /* housekeeping: when nothing else waits, or has kept it waiting for a while */
  MM_N_LANES,
} MmLane;

/* One piece of work, at the beginning of whatever else its owner keeps of it.
 * @source: whose it is, with work that keeps its order; 0: nobody's, in order within its lane
 * @cost: about how long it takes, in values to be stored
 * @bytes: of memory that it holds while it waits */
typedef struct _MmWaiting MmWaiting;
struct _MmWaiting
{
  MmWaiting *next;
  MmLane lane;
  gint64 source;
  guint cost;
  gsize bytes;
};

/* How much may wait, of all sources and of each. */
typedef struct
{
  guint jobs;
  gsize bytes;
  guint source_jobs;
  gsize source_bytes;
} MmLaneLimits;

/* What is in the way of more. */
typedef enum
{
  MM_LANES_ROOM,
  MM_LANES_FULL,        /* all together */
  MM_LANES_SOURCE_FULL, /* this source */
} MmLanesRoom;

typedef struct _MmLanes MmLanes;

/* Empty lanes with room for as much as @limits says. */
MmLanes *mm_lanes_new (const MmLaneLimits *limits);

/* Nothing may wait any more. */
void mm_lanes_free (MmLanes *lanes);

/* Whether there is room for work like @work. */
MmLanesRoom mm_lanes_room (MmLanes *lanes, const MmWaiting *work);

/* Queues @work, for which there is room, until mm_lanes_take() gives it back. */
void mm_lanes_put (MmLanes *lanes, MmWaiting *work);

/* What is next, housekeeping excepted; NULL if nothing waits. */
MmWaiting *mm_lanes_take (MmLanes *lanes);

/* The housekeeping that is next; NULL if none waits. */
MmWaiting *mm_lanes_take_idle (MmLanes *lanes);

/* How many pieces of work wait in all lanes but the one for housekeeping, or in one lane. */
guint mm_lanes_n_waiting (const MmLanes *lanes);
guint mm_lanes_n_in (const MmLanes *lanes, MmLane lane);

G_END_DECLS

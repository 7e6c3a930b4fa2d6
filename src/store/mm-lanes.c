/* Fair queueing after M. Shreedhar and G. Varghese, "Efficient fair queuing using deficit round
 * robin": a source at the head of its lane works until its turn is used up, then goes to the end; a
 * piece larger than a turn is paid for by sitting turns out. */
#include "mm-lanes.h"

/* Cost of a turn: a handful of common pushes. */
#define TURN 512

/* Turns that a source sits out at most, so that looking for the next takes no time either. */
#define MOST_TURNS 16

/* A lane below is owed one part in so many of what is done above it. */
#define SHARE 4

/* Faults may go beyond the bounds by one part in so many. */
#define RESERVE 4

typedef struct _Source Source;
struct _Source
{
  gint64 id;
  MmWaiting *first, *last;
  guint n_in[MM_N_LANES];
  guint n;
  gsize bytes;
  gint64 credit;       /* what is left of its turn; below 0 it sits out */
  MmLane lane;         /* where it stands */
  Source *next, *back; /* in the ring of that lane */
};

struct _MmLanes
{
  MmLaneLimits limits;
  GHashTable *sources;       /* &source->id → Source; only those with work */
  Source nobody[MM_N_LANES]; /* work of no source */
  Source *rings[MM_N_LANES]; /* whose turn it is; NULL: nothing waits */
  gint64 owed[MM_N_LANES];   /* cost, below 0: had before its time */
  guint n_in[MM_N_LANES];    /* pieces by their own lane */
  guint n_of_sources;
  gsize bytes;
};

MmLanes *
mm_lanes_new (const MmLaneLimits *limits)
{
  MmLanes *lanes = g_new0 (MmLanes, 1);

  lanes->limits = *limits;
  lanes->sources = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return lanes;
}

void
mm_lanes_free (MmLanes *lanes)
{
  g_assert (mm_lanes_n_waiting (lanes) == 0 && lanes->n_in[MM_LANE_IDLE] == 0);
  g_hash_table_unref (lanes->sources);
  g_free (lanes);
}

/* ---- the rings ---- */

static void
ring_add (MmLanes *lanes, Source *source)
{
  Source **ring = &lanes->rings[source->lane];

  if (*ring == NULL)
    {
      *ring = source->next = source->back = source;
      return;
    }
  source->next = *ring;
  source->back = (*ring)->back;
  source->back->next = source;
  source->next->back = source;
}

static void
ring_remove (MmLanes *lanes, Source *source)
{
  Source **ring = &lanes->rings[source->lane];

  source->next->back = source->back;
  source->back->next = source->next;
  if (*ring == source)
    *ring = source->next != source ? source->next : NULL;
  if (*ring == NULL)
    lanes->owed[source->lane] = 0;
}

/* The lane in which a source with work has to stand. */
static MmLane
lane_of (const Source *source)
{
  MmLane lane = MM_LANE_PEOPLE;

  while (source->n_in[lane] == 0)
    lane++;
  return lane;
}

static void
settle (MmLanes *lanes, Source *source)
{
  MmLane lane = lane_of (source);

  if (lane == source->lane)
    return;
  ring_remove (lanes, source);
  source->lane = lane;
  ring_add (lanes, source);
}

/* Whose turn it is among those in @lane. */
static Source *
whose_turn (MmLanes *lanes, MmLane lane)
{
  Source **ring = &lanes->rings[lane];

  while ((*ring)->credit <= 0)
    {
      (*ring)->credit += TURN;
      *ring = (*ring)->next;
    }
  return *ring;
}

/* ---- putting ---- */

static Source *
find_source (MmLanes *lanes, const MmWaiting *work)
{
  return work->source != 0 ? g_hash_table_lookup (lanes->sources, &work->source)
                           : &lanes->nobody[work->lane];
}

MmLanesRoom
mm_lanes_room (MmLanes *lanes, const MmWaiting *work)
{
  const MmLaneLimits *limits = &lanes->limits;
  const Source *source = find_source (lanes, work);
  gboolean urgent = work->lane <= MM_LANE_FAULT;
  gsize reserve = urgent ? limits->bytes / RESERVE : 0;
  guint n = work->source != 0 ? lanes->n_of_sources : source->n;

  if (n >= limits->jobs + (urgent && work->source != 0 ? limits->jobs / RESERVE : 0)
      || lanes->bytes > limits->bytes + reserve
      || work->bytes > limits->bytes + reserve - lanes->bytes)
    return MM_LANES_FULL;
  /* One is taken in any case, however large it is. */
  if (work->source == 0 || source == NULL)
    return MM_LANES_ROOM;
  if (source->n >= limits->source_jobs + (urgent ? limits->source_jobs / RESERVE : 0)
      || (!urgent && source->bytes + work->bytes > limits->source_bytes))
    return MM_LANES_SOURCE_FULL;
  return MM_LANES_ROOM;
}

void
mm_lanes_put (MmLanes *lanes, MmWaiting *work)
{
  Source *source = find_source (lanes, work);

  if (source == NULL)
    {
      source = g_new0 (Source, 1);
      source->id = work->source;
      g_hash_table_insert (lanes->sources, &source->id, source);
    }
  work->next = NULL;
  if (source->n == 0)
    {
      source->first = work;
      source->lane = work->lane;
      source->credit = TURN;
      ring_add (lanes, source);
    }
  else
    source->last->next = work;
  source->last = work;
  source->n++;
  source->n_in[work->lane]++;
  source->bytes += work->bytes;
  lanes->n_in[work->lane]++;
  lanes->n_of_sources += work->source != 0;
  lanes->bytes += work->bytes;
  settle (lanes, source);
}

/* ---- taking ---- */

/* The first piece of @source, which is forgotten if it was the last. */
static MmWaiting *
pop (MmLanes *lanes, Source *source)
{
  MmWaiting *work = source->first;

  source->first = work->next;
  source->n--;
  source->n_in[work->lane]--;
  source->bytes -= work->bytes;
  source->credit = MAX (source->credit - work->cost, -(gint64) MOST_TURNS * TURN);
  lanes->n_in[work->lane]--;
  lanes->n_of_sources -= work->source != 0;
  lanes->bytes -= work->bytes;
  if (source->n > 0)
    settle (lanes, source);
  else
    {
      ring_remove (lanes, source);
      if (source->id != 0)
        g_hash_table_remove (lanes->sources, &source->id);
    }
  work->next = NULL;
  return work;
}

/* The lane that is next: the lowest that is owed a turn, else the highest with work. MM_LANE_IDLE
 * if there is none. */
static MmLane
next_lane (const MmLanes *lanes)
{
  MmLane lane;

  for (lane = MM_LANE_LATE; lane > MM_LANE_PEOPLE; lane--)
    if (lanes->rings[lane] != NULL && lanes->owed[lane] >= TURN)
      return lane;
  while (lane < MM_LANE_IDLE && lanes->rings[lane] == NULL)
    lane++;
  return lane;
}

MmWaiting *
mm_lanes_take (MmLanes *lanes)
{
  MmLane lane = next_lane (lanes);
  gboolean waits_above = FALSE;
  gint64 owed;
  MmWaiting *work;

  if (lane == MM_LANE_IDLE)
    return NULL;
  for (MmLane above = MM_LANE_PEOPLE; above < lane; above++)
    waits_above |= lanes->rings[above] != NULL;
  owed = lanes->owed[lane];
  work = pop (lanes, whose_turn (lanes, lane));
  if (waits_above && lanes->rings[lane] != NULL)
    lanes->owed[lane] = owed - work->cost;
  for (MmLane below = lane + 1; below < MM_LANE_IDLE; below++)
    if (lanes->rings[below] != NULL)
      lanes->owed[below] = MIN (lanes->owed[below] + (gint64) work->cost / SHARE, 2 * TURN);
  return work;
}

MmWaiting *
mm_lanes_take_idle (MmLanes *lanes)
{
  return lanes->rings[MM_LANE_IDLE] != NULL ? pop (lanes, lanes->rings[MM_LANE_IDLE]) : NULL;
}

guint
mm_lanes_n_waiting (const MmLanes *lanes)
{
  guint n = 0;

  for (MmLane lane = MM_LANE_PEOPLE; lane < MM_LANE_IDLE; lane++)
    n += lanes->n_in[lane];
  return n;
}

guint
mm_lanes_n_in (const MmLanes *lanes, MmLane lane)
{
  return lanes->n_in[lane];
}

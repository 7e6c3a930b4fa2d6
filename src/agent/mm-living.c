#include "mm-living.h"

#include "mm-batch.h"
#include "mm-clock.h"
#include "mm-house-report.h"
#include "mm-noise.h"
#include "mm-push-json.h"

#define COARSE (5 * MM_MINUTE) /* between reports of the past */
#define COARSE_STEP MM_MINUTE
#define FINE_STEP_MAX_S 10
#define KEPT MM_HOUR
#define REPORTS_PER_PUSH 300

enum
{
  PHASE = 200,
  OFFSET,
};

static gint64
floor_to (gint64 time, gint64 step)
{
  return time - time % step;
}

/* The longest step, at most ten seconds, that divides the interval and five minutes. */
static gint64
fine_step (const MmHouse *house)
{
  gint64 seconds = FINE_STEP_MAX_S;

  while (house->interval_s % seconds != 0 || COARSE / MM_SECOND % seconds != 0)
    seconds--;
  return seconds * MM_SECOND;
}

static gint64
fine_from (const MmLiving *living)
{
  return floor_to (living->began - MM_LIVING_FINE, COARSE);
}

static gint64
step_end (const MmLiving *living, gint64 time)
{
  gint64 step = time < fine_from (living) ? COARSE_STEP : fine_step (living->house);

  return floor_to (time, step) + step;
}

static double
pick (const MmLiving *living, guint64 purpose)
{
  return mm_noise_pick (mm_noise_branch (living->house->seed, purpose), 0);
}

/* By how much its reports fall behind multiples of the interval: not all houses report at once. */
static gint64
phase (const MmLiving *living)
{
  gint64 step = fine_step (living->house);

  return floor_to ((gint64) (pick (living, PHASE) * living->house->interval_s * MM_SECOND), step);
}

static MmScene
scene_at (const MmLiving *living, gint64 time)
{
  const MmHouse *house = living->house;
  double since = (double) (time - living->began) * living->speed;

  return mm_story_scene (house->story, house->seed, house->region_seed, (gint64) since);
}

static gboolean
is_reported (const MmLiving *living, gint64 time, gint64 now)
{
  if (time < fine_from (living) || now - time > KEPT)
    return time % COARSE == 0;
  return (time - phase (living)) % (living->house->interval_s * MM_SECOND) == 0;
}

void
mm_living_begin (MmLiving *living, guint backfill, gint64 now)
{
  gint64 step = fine_step (living->house);
  gint64 until = now - scene_at (living, now).delay;
  gint64 from = floor_to (until, step) - step;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (until / MM_SECOND);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, living->house->zone);
  g_autoptr (GDateTime) past = g_date_time_add_days (local, -(int) backfill);
  g_autoptr (GDateTime) midnight
      = g_date_time_new (living->house->zone, g_date_time_get_year (past),
                         g_date_time_get_month (past), g_date_time_get_day_of_month (past), 0, 0,
                         0);

  if (backfill > 0)
    from = MIN (floor_to (g_date_time_to_unix (midnight) * MM_SECOND, COARSE), from);
  mm_house_begin (living->house, from, &living->state);
}

gboolean
mm_living_is_silent (const MmLiving *living, gint64 now)
{
  return scene_at (living, now).silent;
}

gint64
mm_living_due (const MmLiving *living)
{
  gint64 interval = living->house->interval_s * MM_SECOND;
  gint64 shift = phase (living);
  gint64 next = floor_to (living->state.time - shift, interval) + interval + shift;
  /* A moment later, another one for each house. */
  gint64 offset = (gint64) (pick (living, OFFSET) * (double) fine_step (living->house));

  return next + offset + scene_at (living, next).delay;
}

void
mm_living_make (const MmLiving *living, gint64 now, gboolean hello, MmLivingPush *push)
{
  const MmHouse *house = living->house;
  gint64 until = now - scene_at (living, now).delay;
  g_autoptr (MmBatch) batch = mm_batch_new ();
  gint64 to = step_end (living, living->state.time);
  guint reports = 0;

  *push = (MmLivingPush){ .state = living->state };
  for (; to <= until && reports < REPORTS_PER_PUSH; to = step_end (living, to))
    {
      MmScene scene = scene_at (living, to);
      MmHouseSample sample;

      mm_house_step (house, &scene, to, &push->state, &sample);
      mm_house_report_events (&push->state, &sample, batch);
      if (is_reported (living, to, now) || (hello && step_end (living, to) > until))
        {
          mm_house_report_reading (house, &push->state, &sample, to >= fine_from (living), batch);
          reports++;
        }
    }
  push->whole = to > until;
  if (reports == 0 && batch->events->len == 0)
    return;
  if (hello)
    mm_house_report_inventory (house, batch);
  batch->batch_id = g_strdup_printf ("s-%" G_GINT64_FORMAT, push->state.time / MM_SECOND);
  push->body = mm_push_json_format (batch);
}

void
mm_living_push_clear (MmLivingPush *push)
{
  g_clear_pointer (&push->body, g_free);
}

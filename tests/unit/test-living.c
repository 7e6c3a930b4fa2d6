/* What a simulated house says and when: its stories, the steps, the pushes that bring them. */
#include "mm-clock.h"
#include "mm-living.h"
#include "mm-push-json.h"

#include <string.h>

#define BEGAN G_GINT64_CONSTANT (1777601234567890) /* 2026-05-01T02:07:14Z, 11:07 in Japan */

static MmHouse *
house_of (MmStory story, guint interval_s)
{
  MmHouse *house = mm_house_new ("GW-7", "key");

  house->story = story;
  house->interval_s = interval_s;
  return house;
}

static MmLiving
living_of (const MmHouse *house)
{
  return (MmLiving){ .house = house, .began = BEGAN, .speed = 1 };
}

/* Makes the next push and lets the server have it. NULL if there was nothing. */
static MmBatch *
push (MmLiving *living, gint64 now, gboolean hello, gboolean *whole)
{
  g_auto (MmLivingPush) one = { 0 };
  MmBatch *batch;

  mm_living_make (living, now, hello, &one);
  living->state = one.state;
  if (whole != NULL)
    *whole = one.whole;
  if (one.body == NULL)
    return NULL;
  batch = mm_push_json_parse (one.body, strlen (one.body), NULL);
  g_assert_nonnull (batch);
  g_assert_cmpuint (batch->n_refused, ==, 0);
  return batch;
}

static double
value_of (const MmBatch *batch, const char *quantity)
{
  for (guint i = batch->values->len; i-- > 0;)
    {
      const MmValue *value = &g_array_index (batch->values, MmValue, i);

      if (strcmp (mm_batch_name (batch, value->quantity), quantity) == 0)
        return value->value;
    }
  g_error ("no %s", quantity);
}

static gint64
newest (const MmBatch *batch)
{
  return g_array_index (batch->values, MmValue, batch->values->len - 1).time;
}

static void
test_hello (void)
{
  g_autoptr (MmHouse) house = house_of (MM_STORY_NORMAL, 60);
  MmLiving living = living_of (house);
  g_autoptr (MmBatch) first = NULL;
  g_autoptr (MmBatch) second = NULL;
  gint64 due;

  mm_living_begin (&living, 0, BEGAN);
  first = push (&living, BEGAN, TRUE, NULL);
  g_assert_nonnull (first);
  /* The reading is of now, wherever the interval is. */
  g_assert_cmpint (newest (first), <=, BEGAN);
  g_assert_cmpint (newest (first), >, BEGAN - 10 * MM_SECOND);
  g_assert_cmpuint (first->devices->len, ==, house->battery_wh > 0 ? 3 : 2);
  g_assert_cmpuint (first->interval_s, ==, 60);
  g_assert_cmpfloat (value_of (first, "islanded"), ==, 0);
  due = mm_living_due (&living);
  g_assert_cmpint (due, >, BEGAN);
  g_assert_cmpint (due, <, BEGAN + 70 * MM_SECOND);
  second = push (&living, due, FALSE, NULL);
  g_assert_cmpuint (second->devices->len, ==, 0);
  g_assert_cmpint (newest (second), <=, due);
  g_assert_cmpint (newest (second), >, due - 10 * MM_SECOND);
  g_assert_cmpint (mm_living_due (&living), ==, due + 60 * MM_SECOND);
}

static void
test_backfill (void)
{
  g_autoptr (MmHouse) house = house_of (MM_STORY_FAULT, 10);
  MmLiving living = living_of (house);
  gint64 last = 0, n = 0;
  gboolean whole = FALSE;

  mm_living_begin (&living, 2, BEGAN);
  /* The beginning of the day before yesterday in Japan. */
  g_assert_cmpint (living.state.time, ==, BEGAN / MM_DAY * MM_DAY - 33 * MM_HOUR - MM_DAY);
  for (gboolean hello = TRUE; !whole; hello = FALSE)
    {
      g_autoptr (MmBatch) batch = push (&living, BEGAN, hello, &whole);

      g_assert_nonnull (batch);
      g_assert_cmpuint (batch->events->len, ==, 0);
      for (guint i = 0; i < batch->values->len; i++)
        {
          const MmValue *value = &g_array_index (batch->values, MmValue, i);

          g_assert_cmpint (value->time, >=, last);
          n += value->time > last;
          if (last != 0 && value->time > last)
            g_assert_cmpint (value->time - last, ==,
                             last < BEGAN - MM_LIVING_FINE - 5 * MM_MINUTE ? 5 * MM_MINUTE
                                                                           : 10 * MM_SECOND);
          last = value->time;
        }
    }
  g_assert_cmpint (BEGAN - last, <, 20 * MM_SECOND);
  g_assert_cmpint (n, >, 2 * 288 + 100);
  g_assert_cmpint (mm_living_due (&living), >, BEGAN - MM_SECOND);
}

/* A push that was not answered is made again, the same but for what has come since. */
static void
test_same_again (void)
{
  g_autoptr (MmHouse) house = house_of (MM_STORY_WARNING, 10);
  MmLiving living = living_of (house);
  g_auto (MmLivingPush) once = { 0 };
  g_auto (MmLivingPush) again = { 0 };

  mm_living_begin (&living, 0, BEGAN);
  mm_living_make (&living, BEGAN + 10 * MM_MINUTE, FALSE, &once);
  mm_living_make (&living, BEGAN + 10 * MM_MINUTE, FALSE, &again);
  g_assert_cmpstr (once.body, ==, again.body);
  g_assert_cmpfloat (once.state.load_wh, ==, again.state.load_wh);
}

/* What was kept for longer than an hour is reported every fifth minute; the steps stay. */
static void
test_after_a_pause (void)
{
  g_autoptr (MmHouse) house = house_of (MM_STORY_NORMAL, 10);
  MmLiving paused = living_of (house), steady;
  gint64 until = BEGAN + 6 * MM_HOUR;
  gboolean whole = FALSE;
  guint n = 0;

  mm_living_begin (&paused, 0, BEGAN);
  steady = paused;
  while (!whole)
    {
      g_autoptr (MmBatch) batch = push (&paused, until, FALSE, &whole);

      n += batch->values->len;
    }
  for (gint64 now = BEGAN; now <= until; now += 10 * MM_SECOND)
    mm_batch_free (push (&steady, now, TRUE, NULL));
  g_assert_cmpint (paused.state.time, ==, steady.state.time);
  g_assert_cmpfloat (paused.state.pv_wh, ==, steady.state.pv_wh);
  g_assert_cmpfloat (paused.state.stored_wh, ==, steady.state.stored_wh);
  g_assert_cmpuint (n, <, (360 + 5 * 12 + 2) * 25);
}

static void
test_fault (void)
{
  g_autoptr (MmHouse) house = house_of (MM_STORY_FAULT, 10);
  MmLiving living = living_of (house);
  guint raised = 0, cleared = 0;
  gint64 first = 0;

  mm_living_begin (&living, 0, BEGAN);
  for (gint64 now = BEGAN; now < BEGAN + 3 * MM_HOUR; now += 10 * MM_SECOND)
    {
      g_autoptr (MmBatch) batch = push (&living, now, FALSE, NULL);

      for (guint i = 0; batch != NULL && i < batch->events->len; i++)
        {
          const MmEvent *event = &g_array_index (batch->events, MmEvent, i);

          g_assert_nonnull (mm_story_trouble (event->code));
          raised += event->state == MM_EVENT_RAISED;
          cleared += event->state == MM_EVENT_CLEARED;
          first = first != 0 ? first : event->time;
          g_assert_cmpuint (raised, ==, event->state == MM_EVENT_RAISED ? cleared + 1 : cleared);
        }
    }
  g_assert_cmpint (first, >=, BEGAN + 20 * MM_SECOND);
  g_assert_cmpint (first, <=, BEGAN + MM_MINUTE);
  g_assert_cmpuint (raised, ==, 2);
  g_assert_cmpuint (cleared, ==, 2);
}

/* A new start of the stories clears what the last one left behind. */
static void
test_fault_of_before (void)
{
  g_autoptr (MmHouse) house = house_of (MM_STORY_FAULT, 10);
  MmLiving living = living_of (house);
  g_autoptr (MmBatch) batch = NULL;

  mm_living_begin (&living, 0, BEGAN);
  mm_batch_free (push (&living, BEGAN + 5 * MM_MINUTE, FALSE, NULL));
  g_assert_nonnull (living.state.trouble);
  living.began = BEGAN + MM_DAY;
  batch = push (&living, living.began, TRUE, NULL);
  g_assert_cmpuint (batch->events->len, ==, 1);
  g_assert_cmpint (g_array_index (batch->events, MmEvent, 0).state, ==, MM_EVENT_CLEARED);
}

static void
test_silent (void)
{
  g_autoptr (MmHouse) house = house_of (MM_STORY_SILENT, 10);
  g_autoptr (MmHouse) mute = house_of (MM_STORY_NEVER, 10);
  MmLiving living = living_of (house), never = living_of (mute);
  gint64 silent = 0;

  mm_living_begin (&living, 0, BEGAN);
  g_assert_false (mm_living_is_silent (&living, BEGAN));
  for (gint64 now = BEGAN; now < BEGAN + 40 * MM_MINUTE; now += MM_SECOND)
    {
      silent += mm_living_is_silent (&living, now);
      g_assert_true (mm_living_is_silent (&never, now));
    }
  /* Longer than the five minutes after which a house counts as lost. */
  g_assert_cmpint (silent, >, 10 * 60);
  g_assert_cmpint (silent, <, 20 * 60);
}

static void
test_old (void)
{
  g_autoptr (MmHouse) house = house_of (MM_STORY_OLD, 10);
  MmLiving living = living_of (house);
  gboolean hello = TRUE;

  mm_living_begin (&living, 0, BEGAN);
  for (gint64 now = BEGAN; now < BEGAN + 5 * MM_MINUTE; now += 10 * MM_SECOND)
    {
      g_autoptr (MmBatch) batch = push (&living, now, hello, NULL);

      hello = FALSE;
      g_assert_nonnull (batch);
      g_assert_cmpint (now - newest (batch), >=, 20 * MM_MINUTE);
      g_assert_cmpint (now - newest (batch), <, 21 * MM_MINUTE);
    }
}

static void
test_grid_loss (void)
{
  g_autoptr (MmHouse) here = house_of (MM_STORY_GRID_LOSS, 10);
  g_autoptr (MmHouse) next_door = mm_house_new ("GW-8", "key");
  g_autoptr (MmHouse) limited = house_of (MM_STORY_CURTAILED, 10);
  gint64 lost = 0;

  next_door->story = MM_STORY_GRID_LOSS;
  mm_house_move (next_door, here->region);
  for (gint64 since = -MM_HOUR; since < 2 * MM_HOUR; since += MM_SECOND)
    {
      MmScene a = mm_story_scene (here->story, here->seed, here->region_seed, since);
      MmScene b = mm_story_scene (next_door->story, next_door->seed, next_door->region_seed, since);

      g_assert_true (a.trouble == b.trouble);
      g_assert_true (a.trouble == NULL || a.trouble->islanded);
      g_assert_true (since >= MM_MINUTE || a.trouble == NULL);
      lost += a.trouble != NULL;
    }
  g_assert_cmpint (lost, >=, 10 * 60);
  g_assert_true (
      mm_story_scene (limited->story, limited->seed, 1, 10 * MM_MINUTE).trouble->curtailed);
}

static void
test_names (void)
{
  MmStory story;

  for (guint i = 0; i < MM_N_STORIES; i++)
    {
      g_assert_true (mm_story_from_name (mm_story_name ((MmStory) i), &story));
      g_assert_cmpuint (story, ==, i);
    }
  g_assert_false (mm_story_from_name ("fire", &story));
  g_assert_null (mm_story_trouble ("fire"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/living/hello", test_hello);
  g_test_add_func ("/living/backfill", test_backfill);
  g_test_add_func ("/living/same-again", test_same_again);
  g_test_add_func ("/living/after-a-pause", test_after_a_pause);
  g_test_add_func ("/living/fault", test_fault);
  g_test_add_func ("/living/fault-of-before", test_fault_of_before);
  g_test_add_func ("/living/silent", test_silent);
  g_test_add_func ("/living/old", test_old);
  g_test_add_func ("/living/grid-loss", test_grid_loss);
  g_test_add_func ("/living/names", test_names);
  return g_test_run ();
}

/* The loop around houses, pool and state file.
 *
 * Nothing that waits is kept, neither in memory nor on disk: where the server has all of a house is
 * enough, the rest is lived again (mm-house.h). So a server that is away for a day costs nothing,
 * and a start after kill -9 sends again what was delivered since the file was last written, which
 * the server counts as duplicates.
 */
#define G_LOG_DOMAIN "mm-simulate"

#include "mm-simulate.h"

#include "mm-clock.h"
#include "mm-delivered.h"
#include "mm-fleet-file.h"
#include "mm-living.h"
#include "mm-push-pool.h"
#include "mm-retry.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define CONNECTIONS 24
#define WRITE_EVERY (5 * MM_SECOND)
#define LONGEST_WAIT MM_SECOND /* the computer's clock may jump */
#define MAX_DENIALS_SHOWN 10

/* After a pause of this length the stories begin anew, so that somebody who starts the program sees
 * them. */
#define PAUSE (15 * MM_MINUTE)

/* @sending: the push under way, if @busy
 * @greeted: it has said hello since the start; @present: all up to now was delivered once */
typedef struct
{
  MmLiving living;
  MmLivingPush sending;
  MmRetry retry;
  gboolean busy;
  gboolean greeted;
  gboolean present;
  gboolean denied;
} House;

typedef struct
{
  MmStop *stop;
  MmClock *clock;
  GPtrArray *list; /* of MmHouse */
  House *houses;
  guint turn; /* whose turn it is to be looked at first */
  MmDelivered *delivered;
  MmPushPool *pool;
  gint64 next_write;
  guint n_waiting; /* houses with trouble */
  guint n_denials;
  gboolean lives; /* "living …" was printed */
} Simulation;

static void
simulation_clear (Simulation *simulation)
{
  g_clear_pointer (&simulation->pool, mm_push_pool_free);
  g_clear_pointer (&simulation->delivered, mm_delivered_close);
  for (guint i = 0; simulation->houses != NULL && i < simulation->list->len; i++)
    mm_living_push_clear (&simulation->houses[i].sending);
  g_free (simulation->houses);
  g_clear_pointer (&simulation->list, g_ptr_array_unref);
  g_clear_pointer (&simulation->clock, mm_clock_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Simulation, simulation_clear)

static void
write_state (Simulation *simulation)
{
  g_autoptr (GError) error = NULL;

  simulation->next_write = g_get_monotonic_time () + WRITE_EVERY;
  if (mm_delivered_is_changed (simulation->delivered)
      && !mm_delivered_write (simulation->delivered, simulation->list,
                              mm_clock_now (simulation->clock), &error))
    g_printerr ("%s\n", error->message);
}

/* Prints the first line once every house that speaks has spoken, or cannot. */
static void
announce (Simulation *simulation)
{
  gint64 now = mm_clock_now (simulation->clock);

  if (simulation->lives)
    return;
  for (guint i = 0; i < simulation->list->len; i++)
    {
      const House *house = &simulation->houses[i];

      if (!house->present && !house->denied && !mm_living_is_silent (&house->living, now))
        return;
    }
  simulation->lives = TRUE;
  g_print ("living %u houses\n", simulation->list->len);
  fflush (stdout);
}

static void
set_trouble (Simulation *simulation, House *house, const MmPushAnswer *answer)
{
  gboolean had = house->retry.wait_s > 0;

  if (answer == NULL)
    {
      house->retry = (MmRetry){ 0 };
      house->denied = FALSE;
      simulation->n_waiting -= had;
      if (had && simulation->n_waiting == 0)
        g_printerr ("the server takes the pushes of all houses again\n");
      return;
    }
  if (simulation->n_waiting == 0)
    g_printerr ("houses wait and try again: %s\n", answer->reason);
  simulation->n_waiting += !had;
  mm_retry_later (&house->retry, answer);
  if (answer->outcome != MM_PUSH_DENIED || house->denied)
    return;
  house->denied = TRUE;
  if (++simulation->n_denials <= MAX_DENIALS_SHOWN)
    g_printerr ("%s: %s\n", house->living.house->id, answer->reason);
  if (simulation->n_denials == MAX_DENIALS_SHOWN)
    g_printerr ("more houses that are not accepted are not shown\n");
}

/* All up to the push under way is with the server, or will never be. */
static void
take (Simulation *simulation, House *house)
{
  house->living.state = house->sending.state;
  house->present |= house->greeted && house->sending.whole;
  mm_delivered_put (simulation->delivered, house->living.house, &house->living.state);
}

static void
on_answered (const MmPushAnswer *answer, gpointer push_data, gpointer data)
{
  Simulation *simulation = data;
  House *house = push_data;

  house->busy = FALSE;
  switch (answer->outcome)
    {
    case MM_PUSH_DONE:
      for (guint i = 0; i < answer->refusals->len; i++)
        g_printerr ("%s: refused: %s\n", house->living.house->id,
                    (const char *) g_ptr_array_index (answer->refusals, i));
      set_trouble (simulation, house, NULL);
      house->greeted = TRUE;
      take (simulation, house);
      break;
    case MM_PUSH_REFUSED:
      g_printerr ("%s: left out, %s\n", house->living.house->id, answer->reason);
      set_trouble (simulation, house, NULL);
      take (simulation, house);
      break;
    case MM_PUSH_RETRY:
    case MM_PUSH_DENIED:
      set_trouble (simulation, house, answer);
      break;
    case MM_PUSH_STOPPED:
      break;
    }
  mm_living_push_clear (&house->sending);
}

static void
send_push (Simulation *simulation, House *house, gint64 now)
{
  mm_living_make (&house->living, now, !house->greeted, &house->sending);
  if (house->sending.body == NULL)
    {
      take (simulation, house);
      return;
    }
  house->busy = TRUE;
  mm_push_pool_send (simulation->pool, house->living.house->key, house->sending.body,
                     strlen (house->sending.body), now, house);
}

/* Sends what is due, one push of each house in turn, while there is room. Returns for how long (µs)
 * nothing more will be due. */
static gint64
send_due (Simulation *simulation)
{
  gint64 now = mm_clock_now (simulation->clock), steady = g_get_monotonic_time ();
  gint64 wait = LONGEST_WAIT;

  for (guint n = simulation->list->len; n > 0; n--)
    {
      House *house = &simulation->houses[simulation->turn];
      gint64 left;

      if (!mm_push_pool_has_room (simulation->pool))
        return LONGEST_WAIT; /* an answer comes before */
      simulation->turn = (simulation->turn + 1) % simulation->list->len;
      if (house->busy || mm_living_is_silent (&house->living, now))
        continue;
      left = MAX (house->greeted ? mm_living_due (&house->living) - now : 0,
                  house->retry.next_try - steady);
      if (left <= 0)
        send_push (simulation, house, now);
      else
        wait = MIN (wait, left);
    }
  return wait;
}

static void
begin_houses (Simulation *simulation, const MmSimulateOptions *options)
{
  gint64 now = mm_clock_now (simulation->clock);
  gint64 began = mm_delivered_began (simulation->delivered);
  gint64 written = mm_delivered_written (simulation->delivered);

  if (written == MM_TIME_NONE || now - written > PAUSE || began > now)
    mm_delivered_begin (simulation->delivered, began = now);
  simulation->houses = g_new0 (House, simulation->list->len);
  for (guint i = 0; i < simulation->list->len; i++)
    {
      MmHouse *house = g_ptr_array_index (simulation->list, i);
      MmLiving *living = &simulation->houses[i].living;

      if (options->interval_s > 0)
        house->interval_s = options->interval_s;
      *living = (MmLiving){ .house = house, .began = began, .speed = options->speed };
      if (mm_delivered_find (simulation->delivered, house, &living->state))
        continue;
      /* Where it began is known before anything is sent, whatever ends the program. */
      mm_living_begin (living, options->backfill, now);
      mm_delivered_put (simulation->delivered, house, &living->state);
    }
}

static gboolean
prepare (Simulation *simulation, const MmSimulateOptions *options, GError **error)
{
  g_autofree char *beside = g_strconcat (options->fleet, ".state", NULL);

  simulation->clock = mm_clock_new ();
  simulation->list = mm_fleet_file_load (options->fleet, error);
  if (simulation->list == NULL)
    return FALSE;
  simulation->delivered
      = mm_delivered_open (options->state != NULL ? options->state : beside, error);
  if (simulation->delivered == NULL)
    return FALSE;
  simulation->pool
      = mm_push_pool_new (options->server, options->ca, simulation->stop,
                          MIN (CONNECTIONS, simulation->list->len), on_answered, simulation, error);
  if (simulation->pool == NULL)
    return FALSE;
  begin_houses (simulation, options);
  write_state (simulation);
  return TRUE;
}

gboolean
mm_simulate_run (const MmSimulateOptions *options, MmStop *stop, GError **error)
{
  g_auto (Simulation) simulation = { .stop = stop };

  if (!prepare (&simulation, options, error))
    return FALSE;
  while (!mm_stop_wanted (stop))
    {
      gint64 wait = send_due (&simulation);

      mm_push_pool_run (simulation.pool, wait);
      announce (&simulation);
      if (g_get_monotonic_time () >= simulation.next_write)
        write_state (&simulation);
    }
  /* libcurl gives up by itself some seconds after a stop is wanted. */
  while (mm_push_pool_busy (simulation.pool) > 0)
    mm_push_pool_run (simulation.pool, LONGEST_WAIT);
  write_state (&simulation);
  return TRUE;
}

/* What it costs the writer's thread to judge a push of an old minute.
 *
 *   bench-late [TAIL]     (an optimised build)
 *
 * A gateway with twenty series a minute over 60 days, folded but for the last TAIL rows (256). Then
 * pushes of twenty values of minutes between the first and the last, each looked up as
 * service/mm-ingesting.c does; the time of the thread, median and p99. Beside it what all of the
 * push costs, from its queueing to its answer, the disk included, in this machine's own time; and
 * what of the processor a push of such a minute takes when it comes in time, and its share of the
 * folding later, every 256 rows. */
#include "../unit/test-engine.h"

#include "mm-folding.h"
#include "mm-points-find.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N_SERIES 20
#define DAYS 60
#define N_LOOKUPS 2000

static gint64
thread_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 p = *(const gint64 *) a, q = *(const gint64 *) b;

  return p < q ? -1 : p > q;
}

static void
add_minute (MmBatch *batch, gint64 time, guint32 salt)
{
  for (guint i = 0; i < N_SERIES; i++)
    {
      char quantity[16];

      g_snprintf (quantity, sizeof quantity, "q%u", i);
      engine_add_value (batch, "pcs1", quantity, time,
                        (double) ((guint32) (time / MM_MINUTE) * 2654435761u * (i + 1) >> 18) / 10
                            + salt);
    }
}

static void
push_minutes (Engine *engine, gint64 gateway, gint64 from, guint n, guint32 salt)
{
  MmBatch *batch = mm_batch_new ();
  g_auto (EngineAnswer) answer = { NULL };

  for (guint i = 0; i < n; i++)
    add_minute (batch, from + i * MM_MINUTE, salt);
  answer = engine_push (engine, gateway, batch, from + n * MM_MINUTE);
  g_assert_cmpstr (answer.error, ==, NULL);
}

typedef struct
{
  Engine *engine;
  gint64 gateway;
  gint64 time;
  gint64 took;
} Lookup;

static gboolean
look_up (MmDatabase *db, gpointer data, GError **error)
{
  Lookup *lookup = data;
  const MmLiveGateway *gateway = mm_live_get (lookup->engine->context->live, lookup->gateway);
  gint64 begun = thread_time ();
  g_autoptr (GHashTable) sought = mm_points_sought_new ();

  for (guint32 i = 0; i < N_SERIES; i++)
    {
      MmSoughtPoint point = { .time = lookup->time, .series = i };

      g_hash_table_add (sought, g_memdup2 (&point, sizeof point));
    }
  if (!mm_points_find (db, gateway, sought, lookup->time, error))
    return FALSE;
  lookup->took = thread_time () - begun;
  return TRUE;
}

static void
measure (Engine *engine, gint64 gateway, gint64 first, guint tail)
{
  gint64 took[N_LOOKUPS], whole[N_LOOKUPS];
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint i = 0; i < N_LOOKUPS; i++)
    {
      gint64 time = first + g_rand_int_range (random, 0, DAYS * 1440) * MM_MINUTE;
      Lookup lookup = { engine, gateway, time, 0 };

      g_assert_true (mm_writer_run (engine->context->writer, look_up, &lookup, NULL));
      took[i] = lookup.took;
    }
  for (guint i = 0; i < 200; i++)
    {
      gint64 begun = g_get_monotonic_time ();

      push_minutes (engine, gateway, first + g_rand_int_range (random, 0, DAYS * 1440) * MM_MINUTE,
                    1, 0);
      whole[i] = g_get_monotonic_time () - begun;
    }
  qsort (took, N_LOOKUPS, sizeof *took, compare);
  qsort (whole, 200, sizeof *whole, compare);
  printf ("%u rows in the tail: looked up in %.3f ms, p99 %.3f ms; a whole push %.2f ms\n", tail,
          (double) took[N_LOOKUPS / 2] / 1e6, (double) took[N_LOOKUPS * 99 / 100] / 1e6,
          (double) whole[100] / 1e3);
}

static double
processor_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* Ten days of minutes, each a push. */
static void
measure_folding (Engine *engine, gint64 gateway, gint64 from)
{
  double pushing = 0, folding = 0;
  guint n = 0;

  while (n < 10 * 1440)
    {
      double begun = processor_ms ();
      MmFoldingCounts counts;

      for (guint i = 0; i < MM_FOLDING_ROWS; i++, n++)
        push_minutes (engine, gateway, from + n * MM_MINUTE, 1, 0);
      pushing += processor_ms () - begun;
      begun = processor_ms ();
      g_assert_true (mm_folding_all (engine->context->folding, &counts, NULL));
      folding += processor_ms () - begun;
    }
  printf ("a push in time %.1f us of the processor, its folding later %.1f us\n", pushing * 1e3 / n,
          folding * 1e3 / n);
}

int
main (int argc, char **argv)
{
  guint tail = argc > 1 ? (guint) atoi (argv[1]) : MM_FOLDING_ROWS;
  gint64 first = 1777636800 * MM_SECOND;
  Engine engine = { 0 };
  MmFoldingCounts counts;
  gint64 gateway;

  engine_set_up (&engine, NULL);
  gateway = engine_add_gateway (&engine, "GW-1");
  for (guint hour = 0; hour < DAYS * 24; hour++)
    push_minutes (&engine, gateway, first + hour * MM_HOUR, 60, 0);
  g_assert_true (mm_folding_all (engine.context->folding, &counts, NULL));
  for (guint i = 0; i < tail; i++)
    push_minutes (&engine, gateway, first + DAYS * MM_DAY + i * MM_MINUTE, 1, 0);
  measure (&engine, gateway, first, tail);
  measure_folding (&engine, gateway, first + 2 * DAYS * MM_DAY);
  engine_tear_down (&engine, NULL);
  return 0;
}

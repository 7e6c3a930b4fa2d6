/* Who goes first: order, fairness, shares, bounds; and a long run of random work against the rules.
 */
#include "mm-lanes.h"

#include <string.h>

/* Work with a name, in a queue that nothing bounds unless a test says so. */
typedef struct
{
  MmWaiting waiting;
  const char *name;
  guint number; /* in the order of putting */
} Piece;

static const MmLaneLimits plenty = {
  .jobs = G_MAXINT,
  .bytes = G_MAXINT,
  .source_jobs = G_MAXINT,
  .source_bytes = G_MAXINT,
};

static void
put (MmLanes *lanes, MmLane lane, gint64 source, guint cost, const char *name)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->waiting = (MmWaiting){ .lane = lane, .source = source, .cost = cost, .bytes = 1 };
  piece->name = name;
  g_assert_cmpint (mm_lanes_room (lanes, &piece->waiting), ==, MM_LANES_ROOM);
  mm_lanes_put (lanes, &piece->waiting);
}

/* The names of the next @n in order; "." where there is nothing. */
static char *
take (MmLanes *lanes, guint n)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree Piece *piece = (Piece *) mm_lanes_take (lanes);

      g_string_append (names, piece != NULL ? piece->name : ".");
    }
  return g_string_free (names, FALSE);
}

#define assert_takes(lanes, expected)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *taken_ = take (lanes, (guint) strlen (expected));                             \
    g_assert_cmpstr (taken_, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

static void
test_urgency (void)
{
  MmLanes *lanes = mm_lanes_new (&plenty);
  MmWaiting *idle;

  put (lanes, MM_LANE_IDLE, 0, 1, "i");
  put (lanes, MM_LANE_LATE, 1, 1, "d");
  put (lanes, MM_LANE_LIVE, 2, 1, "c");
  put (lanes, MM_LANE_FAULT, 3, 1, "b");
  put (lanes, MM_LANE_PEOPLE, 0, 1, "a");
  put (lanes, MM_LANE_PEOPLE, 0, 1, "A");
  g_assert_cmpuint (mm_lanes_n_waiting (lanes), ==, 5);
  g_assert_cmpuint (mm_lanes_n_in (lanes, MM_LANE_PEOPLE), ==, 2);
  assert_takes (lanes, "aAbcd..");
  idle = mm_lanes_take_idle (lanes);
  g_assert_cmpstr (((Piece *) idle)->name, ==, "i");
  g_free (idle);
  g_assert_null (mm_lanes_take_idle (lanes));
  mm_lanes_free (lanes);
}

/* One that floods waits for itself. */
static void
test_turns (void)
{
  MmLanes *lanes = mm_lanes_new (&plenty);

  for (int i = 0; i < 6; i++)
    put (lanes, MM_LANE_LIVE, 1, 512, "F");
  put (lanes, MM_LANE_LIVE, 2, 512, "a");
  put (lanes, MM_LANE_LIVE, 2, 512, "A");
  put (lanes, MM_LANE_LIVE, 3, 512, "b");
  assert_takes (lanes, "FabFAFFFF.");
  mm_lanes_free (lanes);
}

/* Turns are of cost, not of pieces: small ones share one, a large one is paid for afterwards. */
static void
test_cost_of_turns (void)
{
  MmLanes *lanes = mm_lanes_new (&plenty);

  put (lanes, MM_LANE_LIVE, 1, 1600, "L");
  put (lanes, MM_LANE_LIVE, 1, 1600, "L");
  for (int i = 0; i < 10; i++)
    put (lanes, MM_LANE_LIVE, 2, 256, "s");
  assert_takes (lanes, "LssssssLssss.");
  /* Nobody sits out for ever: beyond a bound it is forgiven. */
  put (lanes, MM_LANE_LIVE, 1, G_MAXUINT, "L");
  put (lanes, MM_LANE_LIVE, 1, 1, "l");
  for (int i = 0; i < 30; i++)
    put (lanes, MM_LANE_LIVE, 2, 512, "s");
  assert_takes (lanes, "Lssssssssssssssssslsssssssssssss.");
  mm_lanes_free (lanes);
}

/* A fault takes with it what the same gateway sent before, and nothing that came after. */
static void
test_fault_keeps_the_order_of_its_gateway (void)
{
  MmLanes *lanes = mm_lanes_new (&plenty);

  put (lanes, MM_LANE_LIVE, 1, 1, "x");
  put (lanes, MM_LANE_LATE, 2, 1, "1");
  put (lanes, MM_LANE_LIVE, 2, 1, "2");
  put (lanes, MM_LANE_FAULT, 2, 1, "3");
  put (lanes, MM_LANE_LATE, 2, 1, "4");
  put (lanes, MM_LANE_LATE, 3, 1, "y");
  assert_takes (lanes, "123xy4.");
  mm_lanes_free (lanes);
}

/* What waits below is owed a quarter of what is done above it. */
static void
test_share_of_the_lower (void)
{
  MmLanes *lanes = mm_lanes_new (&plenty);
  guint late = 0, live = 0;

  for (gint64 source = 1; source <= 1000; source++)
    {
      put (lanes, MM_LANE_LIVE, source, 100, "v");
      put (lanes, MM_LANE_LATE, 10000 + source, 100, "t");
    }
  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *name = take (lanes, 1);

      late += *name == 't';
      live += *name == 'v';
    }
  g_assert_cmpuint (late, >=, 180);
  g_assert_cmpuint (late, <=, 210);
  g_assert_cmpuint (live, ==, 1000 - late);
  while (mm_lanes_n_waiting (lanes) > 0)
    g_free (mm_lanes_take (lanes));
  mm_lanes_free (lanes);
}

static MmLanesRoom
room (MmLanes *lanes, MmLane lane, gint64 source, gsize bytes)
{
  const MmWaiting work = { .lane = lane, .source = source, .bytes = bytes };

  return mm_lanes_room (lanes, &work);
}

static void
test_bounds (void)
{
  const MmLaneLimits limits = { .jobs = 8, .bytes = 1000, .source_jobs = 4, .source_bytes = 100 };
  MmLanes *lanes = mm_lanes_new (&limits);

  for (int i = 0; i < 4; i++)
    put (lanes, MM_LANE_LIVE, 1, 1, "x");
  g_assert_cmpint (room (lanes, MM_LANE_LIVE, 1, 1), ==, MM_LANES_SOURCE_FULL);
  g_assert_cmpint (room (lanes, MM_LANE_LATE, 1, 1), ==, MM_LANES_SOURCE_FULL);
  g_assert_cmpint (room (lanes, MM_LANE_FAULT, 1, 1), ==, MM_LANES_ROOM);
  g_assert_cmpint (room (lanes, MM_LANE_LIVE, 2, 996), ==, MM_LANES_ROOM);
  g_assert_cmpint (room (lanes, MM_LANE_LIVE, 2, 997), ==, MM_LANES_FULL);
  g_assert_cmpint (room (lanes, MM_LANE_FAULT, 2, 1246), ==, MM_LANES_ROOM);
  g_assert_cmpint (room (lanes, MM_LANE_FAULT, 2, 1247), ==, MM_LANES_FULL);
  put (lanes, MM_LANE_LIVE, 2, 1, "y");
  g_assert_cmpint (room (lanes, MM_LANE_LIVE, 2, 100), ==, MM_LANES_SOURCE_FULL);
  for (gint64 source = 3; source < 6; source++)
    put (lanes, MM_LANE_LATE, source, 1, "z");
  g_assert_cmpint (room (lanes, MM_LANE_LIVE, 6, 1), ==, MM_LANES_FULL);
  /* A quarter more for faults, */
  put (lanes, MM_LANE_FAULT, 6, 1, "f");
  put (lanes, MM_LANE_FAULT, 7, 1, "f");
  g_assert_cmpint (room (lanes, MM_LANE_FAULT, 8, 1), ==, MM_LANES_FULL);
  /* and people have a bound of their own. */
  for (int i = 0; i < 8; i++)
    put (lanes, MM_LANE_PEOPLE, 0, 1, "p");
  g_assert_cmpint (room (lanes, MM_LANE_PEOPLE, 0, 1), ==, MM_LANES_FULL);
  g_assert_cmpint (room (lanes, MM_LANE_IDLE, 0, 1), ==, MM_LANES_ROOM);
  assert_takes (lanes, "ppppppppffxxxxyzzz.");
  mm_lanes_free (lanes);
}

/* ---- at random ---- */

#define SOURCES 12
#define RUNS 200
#define STEPS 2000

/* Everything comes out once, each source in its order, and nobody waits longer than the work of
 * all others allows. */
static void
test_random (void)
{
  for (guint run = 0; run < RUNS; run++)
    {
      MmLanes *lanes = mm_lanes_new (&plenty);
      guint next[SOURCES + MM_N_LANES] = { 0 }, out[SOURCES + MM_N_LANES] = { 0 };
      guint waited[SOURCES + MM_N_LANES] = { 0 };
      guint waiting = 0;

      for (guint step = 0; step < STEPS || waiting > 0; step++)
        {
          if (step < STEPS && g_test_rand_int_range (0, 100) < 55)
            {
              MmLane lane = (MmLane) g_test_rand_int_range (0, MM_LANE_IDLE);
              guint source = (guint) g_test_rand_int_range (0, SOURCES);
              Piece *piece = g_new0 (Piece, 1);

              /* 0 is nobody; in every lane it is another queue. */
              piece->waiting = (MmWaiting){ .lane = lane,
                                            .source = source,
                                            .cost = (guint) g_test_rand_int_range (1, 2000),
                                            .bytes = 1 };
              piece->number = next[source == 0 ? SOURCES + lane : source]++;
              mm_lanes_put (lanes, &piece->waiting);
              waiting++;
            }
          else if (waiting > 0)
            {
              g_autofree Piece *piece = (Piece *) mm_lanes_take (lanes);
              guint queue = piece->waiting.source == 0 ? SOURCES + piece->waiting.lane
                                                       : (guint) piece->waiting.source;

              g_assert_cmpuint (piece->number, ==, out[queue]++);
              waiting--;
              for (guint i = 0; i < G_N_ELEMENTS (waited); i++)
                waited[i] = i == queue || next[i] == out[i] ? 0 : waited[i] + 1;
              for (guint i = 0; i < G_N_ELEMENTS (waited); i++)
                g_assert_cmpuint (waited[i], <, 2000);
            }
          g_assert_cmpuint (mm_lanes_n_waiting (lanes), ==, waiting);
        }
      g_assert_cmpmem (next, sizeof next, out, sizeof out);
      g_assert_null (mm_lanes_take (lanes));
      mm_lanes_free (lanes);
    }
}

/* However much comes above, what waits below comes to its turn. */
static void
test_no_starvation (void)
{
  MmLanes *lanes = mm_lanes_new (&plenty);
  guint took = 0;
  gboolean found[MM_N_LANES] = { FALSE };

  put (lanes, MM_LANE_LATE, 1, 1, "t");
  put (lanes, MM_LANE_LIVE, 2, 1, "v");
  put (lanes, MM_LANE_FAULT, 3, 1, "f");
  while (!found[MM_LANE_LATE] || !found[MM_LANE_LIVE] || !found[MM_LANE_FAULT])
    {
      g_autofree Piece *piece = NULL;

      put (lanes, MM_LANE_PEOPLE, 0, 100, "p");
      put (lanes, MM_LANE_PEOPLE, 0, 100, "p");
      piece = (Piece *) mm_lanes_take (lanes);
      found[piece->waiting.lane] = TRUE;
      g_assert_cmpuint (++took, <, 100);
    }
  while (mm_lanes_n_waiting (lanes) > 0)
    g_free (mm_lanes_take (lanes));
  mm_lanes_free (lanes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lanes/urgency", test_urgency);
  g_test_add_func ("/lanes/turns", test_turns);
  g_test_add_func ("/lanes/cost-of-turns", test_cost_of_turns);
  g_test_add_func ("/lanes/fault-keeps-the-order-of-its-gateway",
                   test_fault_keeps_the_order_of_its_gateway);
  g_test_add_func ("/lanes/share-of-the-lower", test_share_of_the_lower);
  g_test_add_func ("/lanes/bounds", test_bounds);
  g_test_add_func ("/lanes/random", test_random);
  g_test_add_func ("/lanes/no-starvation", test_no_starvation);
  return g_test_run ();
}

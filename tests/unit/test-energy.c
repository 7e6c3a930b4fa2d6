/* Energies from counters and powers: the ends of the span, gaps, signs, resets. */
#include "mm-energy.h"

#define FROM (1000 * MM_HOUR)
#define TO (FROM + 24 * MM_HOUR)
#define BRIDGE (15 * MM_MINUTE)

typedef struct
{
  gint64 time;
  double value;
} Point;

static MmEnergy
integrate (const Point *points, guint n)
{
  MmEnergy energy;

  mm_energy_begin (&energy, G_MININT64, 0);
  for (guint i = 0; i < n; i++)
    mm_energy_integrate (&energy, FROM, TO, BRIDGE, points[i].time, points[i].value);
  return energy;
}

static MmEnergy
count (const Point *points, guint n)
{
  MmEnergy energy;

  mm_energy_begin (&energy, G_MININT64, 0);
  for (guint i = 0; i < n; i++)
    mm_energy_count (&energy, FROM, TO, points[i].time, points[i].value);
  return energy;
}

#define INTEGRATE(...)                                                                             \
  integrate ((const Point[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const Point[]){ __VA_ARGS__ })))
#define COUNT(...)                                                                                 \
  count ((const Point[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const Point[]){ __VA_ARGS__ })))

static void
assert_energy (MmEnergy energy, double positive, double negative)
{
  g_assert_true (energy.known);
  g_assert_cmpfloat_with_epsilon (energy.positive, positive, 1e-6);
  g_assert_cmpfloat_with_epsilon (energy.negative, negative, 1e-6);
}

static void
test_straight (void)
{
  g_assert_false (INTEGRATE ({ FROM, 1000 }).known);
  assert_energy (INTEGRATE ({ FROM, 1000 }, { FROM + 6 * MM_MINUTE, 1000 }), 100, 0);
  assert_energy (INTEGRATE ({ FROM, 0 }, { FROM + 6 * MM_MINUTE, 1000 }), 50, 0);
  assert_energy (INTEGRATE ({ FROM, 0 }, { FROM + 6 * MM_MINUTE, 0 }), 0, 0);
}

static void
test_signs (void)
{
  assert_energy (INTEGRATE ({ FROM, -1000 }, { FROM + 6 * MM_MINUTE, -1000 }), 0, 100);
  /* A quarter of the time above zero, three quarters below. */
  assert_energy (INTEGRATE ({ FROM, 1000 }, { FROM + 6 * MM_MINUTE, -3000 }), 12.5, 112.5);
  assert_energy (INTEGRATE ({ FROM, -1000 }, { FROM + 6 * MM_MINUTE, 1000 }), 25, 25);
}

static void
test_gaps (void)
{
  g_assert_cmpint (mm_energy_bridge (0), ==, 15 * MM_MINUTE);
  g_assert_cmpint (mm_energy_bridge (10), ==, 15 * MM_MINUTE);
  g_assert_cmpint (mm_energy_bridge (1800), ==, 90 * MM_MINUTE);
  assert_energy (INTEGRATE ({ FROM, 1000 }, { FROM + BRIDGE, 1000 }), 250, 0);
  g_assert_false (INTEGRATE ({ FROM, 1000 }, { FROM + BRIDGE + 1, 1000 }).known);
  assert_energy (INTEGRATE ({ FROM, 1000 }, { FROM + 6 * MM_MINUTE, 1000 },
                            { FROM + MM_HOUR, 1000 }, { FROM + 66 * MM_MINUTE, 1000 }),
                 200, 0);
}

/* What lies over the end of the day is shared between the days as the straight line says. */
static void
test_ends (void)
{
  assert_energy (INTEGRATE ({ FROM - 3 * MM_MINUTE, 0 }, { FROM + 3 * MM_MINUTE, 1000 }), 37.5, 0);
  assert_energy (INTEGRATE ({ TO - 3 * MM_MINUTE, 1000 }, { TO + 3 * MM_MINUTE, 0 }), 37.5, 0);
  g_assert_false (INTEGRATE ({ FROM - 6 * MM_MINUTE, 9 }, { FROM, 9 }).known);
  g_assert_false (INTEGRATE ({ TO, 9 }, { TO + 6 * MM_MINUTE, 9 }).known);
}

static void
test_counter (void)
{
  g_assert_false (COUNT ({ FROM + MM_HOUR, 500 }).known);
  assert_energy (COUNT ({ FROM - MM_HOUR, 100 }, { FROM, 150 }, { FROM + 1, 151 }, { TO, 160 },
                        { TO + 1, 999 }),
                 10, 0);
  /* A gap is the day's in which it ends. */
  assert_energy (COUNT ({ FROM - 90 * MM_HOUR, 100 }, { FROM + MM_HOUR, 150 }), 50, 0);
  /* Began anew, then trembled. */
  assert_energy (COUNT ({ FROM, 9000 }, { FROM + 1, 25 }, { FROM + 2, 1000 }, { FROM + 3, 995 },
                        { FROM + 4, 1001 }),
                 1001, 0);
  assert_energy (COUNT ({ FROM, 7 }, { FROM + 1, 7 }), 0, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/energy/straight", test_straight);
  g_test_add_func ("/energy/signs", test_signs);
  g_test_add_func ("/energy/gaps", test_gaps);
  g_test_add_func ("/energy/ends", test_ends);
  g_test_add_func ("/energy/counter", test_counter);
  return g_test_run ();
}

#include "mm-energy.h"

#include "mm-gateway.h"

/* A counter that falls by this share or less has trembled; deeper, it began anew. */
#define TREMBLE 0.01

#define LEAST_BRIDGE (15 * MM_MINUTE)

double
mm_energy_step (double before, double after, double *reached)
{
  if (after >= before)
    {
      *reached = after;
      return after - before;
    }
  if (before - after <= before * TREMBLE)
    {
      *reached = before;
      return 0;
    }
  *reached = after;
  return after;
}

gint64
mm_energy_bridge (guint interval_s)
{
  return MAX (LEAST_BRIDGE, 3 * (interval_s != 0 ? interval_s : MM_INTERVAL_DEFAULT_S) * MM_SECOND);
}

void
mm_energy_begin (MmEnergy *energy, gint64 time, double value)
{
  *energy = (MmEnergy){ .time = time, .value = value };
}

void
mm_energy_count (MmEnergy *energy, gint64 from, gint64 to, gint64 time, double value)
{
  double step = 0, reached = value;

  if (energy->time != G_MININT64)
    {
      step = mm_energy_step (energy->value, value, &reached);
      if (time > from && time <= to)
        {
          energy->positive += step;
          energy->known = TRUE;
        }
    }
  energy->time = time;
  energy->value = reached;
}

/* Adds what lies between the powers @a and @b, @hours apart. */
static void
add_straight (MmEnergy *energy, double a, double b, double hours)
{
  double above = MAX (a, 0) + MAX (b, 0), below = MAX (-a, 0) + MAX (-b, 0);

  /* Where it crosses zero each side is a triangle, as long as its share of the height. */
  if (above > 0 && below > 0)
    {
      energy->positive += above * above / (above + below) * hours / 2;
      energy->negative += below * below / (above + below) * hours / 2;
      return;
    }
  energy->positive += above * hours / 2;
  energy->negative += below * hours / 2;
}

void
mm_energy_integrate (
    MmEnergy *energy, gint64 from, gint64 to, gint64 bridge, gint64 time, double value)
{
  gint64 begin = MAX (energy->time, from), end = MIN (time, to);

  if (energy->time != G_MININT64 && time - energy->time <= bridge && begin < end)
    {
      double slope = (value - energy->value) / (double) (time - energy->time);

      add_straight (energy, energy->value + slope * (double) (begin - energy->time),
                    energy->value + slope * (double) (end - energy->time),
                    (double) (end - begin) / (double) MM_HOUR);
      energy->known = TRUE;
    }
  energy->time = time;
  energy->value = value;
}

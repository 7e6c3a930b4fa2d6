#include "mm-rollup.h"

#include "mm-energy.h"

#include <math.h>

/* How a counter takes a value after it stood at a higher one. */
typedef enum
{
  ROSE,
  TREMBLED,
  BEGAN_ANEW,
} Turn;

static Turn
turn (double before, double after)
{
  double reached;

  if (after >= before)
    return ROSE;
  mm_energy_step (before, after, &reached);
  return reached > after ? TREMBLED : BEGAN_ANEW;
}

static double
finite_sum (double a, double b)
{
  return CLAMP (a + b, -G_MAXDOUBLE, G_MAXDOUBLE);
}

void
mm_rollup_count_on (MmRollup *rollup)
{
  rollup->was_reset = FALSE;
  rollup->reached = rollup->peak = rollup->max;
  rollup->counted = finite_sum (rollup->max, -rollup->first);
}

static void
begin (MmRollup *rollup, gint64 time, double value)
{
  *rollup = (MmRollup){
    .start = rollup->start,
    .count = 1,
    .first_time = time,
    .last_time = time,
    .first = value,
    .last = value,
    .min = value,
    .max = value,
    .sum = value,
  };
  mm_rollup_count_on (rollup);
}

void
mm_rollup_add (MmRollup *rollup, gint64 time, double value)
{
  double step, before = rollup->reached;

  if (rollup->count == 0)
    {
      begin (rollup, time, value);
      return;
    }
  rollup->count++;
  rollup->last_time = time;
  rollup->last = value;
  rollup->min = MIN (rollup->min, value);
  rollup->max = MAX (rollup->max, value);
  rollup->sum = finite_sum (rollup->sum, value);
  step = mm_energy_step (before, value, &rollup->reached);
  if (!rollup->was_reset && turn (before, value) != BEGAN_ANEW)
    {
      mm_rollup_count_on (rollup);
      return;
    }
  rollup->was_reset = TRUE;
  rollup->counted = finite_sum (rollup->counted, step);
}

/* Whether the trembling counter that stood at @before began anew in @next, which itself has it only
 * tremble. */
static gboolean
fell_on (double before, const MmRollup *next)
{
  return turn (before, next->first) == TREMBLED && !next->was_reset
         && turn (before, next->min) == BEGAN_ANEW;
}

MmRollupStep
mm_rollup_step (double before, const MmRollup *next)
{
  MmRollupStep step = { .within = next->counted, .reached = next->reached };
  double stands;

  step.to_first = mm_energy_step (before, next->first, &stands);
  if (turn (before, next->first) != TREMBLED)
    return step;
  if (fell_on (before, next))
    {
      step.reached = MAX (next->min, next->last);
      step.within = step.reached;
      return step;
    }
  /* Up to where it stood, rising is no counting. */
  step.within -= MIN (before, next->peak) - next->first;
  if (!next->was_reset)
    step.reached = MAX (before, next->reached);
  return step;
}

void
mm_rollup_merge (MmRollup *rollup, const MmRollup *next)
{
  MmRollupStep step;
  double before = rollup->reached;
  gboolean anew;

  if (rollup->count == 0)
    {
      gint64 start = rollup->start;

      *rollup = *next;
      rollup->start = start;
      return;
    }
  step = mm_rollup_step (before, next);
  anew = turn (before, next->first) == BEGAN_ANEW || fell_on (before, next);
  rollup->count += next->count;
  rollup->last_time = next->last_time;
  rollup->last = next->last;
  rollup->min = MIN (rollup->min, next->min);
  rollup->max = MAX (rollup->max, next->max);
  rollup->sum = finite_sum (rollup->sum, next->sum);
  if (!rollup->was_reset && !anew && !next->was_reset)
    {
      mm_rollup_count_on (rollup);
      return;
    }
  if (!rollup->was_reset)
    rollup->peak = anew ? before : MAX (before, next->peak);
  rollup->was_reset = TRUE;
  rollup->counted = finite_sum (rollup->counted, finite_sum (step.to_first, step.within));
  rollup->reached = step.reached;
}

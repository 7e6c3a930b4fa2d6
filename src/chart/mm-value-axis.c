#include "mm-value-axis.h"

#include <math.h>
#include <string.h>

/* Units that are shown by the thousand, and whose zero belongs into the picture. */
static gboolean
is_scaled (const char *unit)
{
  return strcmp (unit, "W") == 0 || strcmp (unit, "Wh") == 0;
}

/* 1, 2 or 5 times a power of ten, at least @step. */
static double
round_up (double step)
{
  double power = pow (10, floor (log10 (step)));
  double part = step / power;

  /* Some room for what division leaves over. */
  if (part <= 1 + 1e-9)
    return power;
  if (part <= 2 + 1e-9)
    return 2 * power;
  if (part <= 5 + 1e-9)
    return 5 * power;
  return 10 * power;
}

void
mm_value_axis_fit (
    MmValueAxis *axis, double lowest, double highest, const char *unit, guint max_ticks)
{
  double least = is_scaled (unit) ? 100 : 1;

  g_return_if_fail (max_ticks >= 3);
  if (is_scaled (unit))
    {
      lowest = fmin (lowest, 0);
      highest = fmax (highest, 0);
    }
  if (!(highest - lowest >= least))
    highest = lowest + least;
  axis->step = round_up ((highest - lowest) / (max_ticks - 1));
  /* Both ends move outward, which may make one tick too many. */
  for (;;)
    {
      axis->lowest = floor (lowest / axis->step + 1e-9) * axis->step;
      axis->highest = ceil (highest / axis->step - 1e-9) * axis->step;
      if (mm_value_axis_n_ticks (axis) <= max_ticks)
        break;
      axis->step = round_up (axis->step * 1.5);
    }
  axis->divisor
      = is_scaled (unit) && fmax (fabs (axis->lowest), fabs (axis->highest)) >= 1000 ? 1000 : 1;
  g_snprintf (axis->unit, sizeof axis->unit, "%s%s", axis->divisor > 1 ? "k" : "", unit);
  axis->directed = is_scaled (unit);
  axis->decimals = (int) CLAMP (-floor (log10 (axis->step / axis->divisor) + 1e-9), 0, 6);
}

guint
mm_value_axis_n_ticks (const MmValueAxis *axis)
{
  return (guint) lround ((axis->highest - axis->lowest) / axis->step) + 1;
}

double
mm_value_axis_tick (const MmValueAxis *axis, guint index)
{
  /* By multiples of the step, so that zero is exactly zero. */
  return (round (axis->lowest / axis->step) + index) * axis->step;
}

char *
mm_value_axis_label (const MmValueAxis *axis, guint index, const MmLanguage *language)
{
  double value = mm_value_axis_tick (axis, index) / axis->divisor;

  return mm_language_format_number (language, axis->directed ? fabs (value) : value,
                                    axis->decimals);
}

double
mm_value_axis_position (const MmValueAxis *axis, double value)
{
  return (value - axis->lowest) / (axis->highest - axis->lowest);
}

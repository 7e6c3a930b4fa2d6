#include "mm-habit.h"

#include "mm-noise.h"

#include <math.h>
#include <string.h>

#define DAY_S 86400
#define SLOT_S 720 /* in one slot at most one kettle, stove or dryer is switched on */
#define FRIDGE_S 2700
#define FRIDGE_W 95
#define COMFORT_C 21.0
#define COMFORT_BAND 3.5
#define CLIMATE_MOST 2600

enum
{
  SHIFT = 1,
  SIZE,
  SWITCHED,
  WHEN,
  WATTS,
  FRIDGE,
  FLICKER,
};

/* A time of day at which much is on.
 * @hour, @width: its middle, and how far it reaches to either side, in hours */
typedef struct
{
  double hour;
  double width;
  double watts;
  double weekend;
} Peak;

static const struct
{
  const char *name;
  double base;
  double climate; /* W for each °C outside the comfortable band */
  Peak peaks[4];
} habits[MM_N_HABITS] = {
  [MM_HABIT_FAMILY] = { "family",
                        210,
                        75,
                        { { 6.8, 0.9, 620, 0.6 },
                          { 9.5, 1.6, 150, 2.4 },
                          { 12.3, 0.9, 120, 3.0 },
                          { 19.3, 2.0, 880, 1.0 } } },
  [MM_HABIT_COUPLE] = { "couple",
                        150,
                        60,
                        { { 7.2, 0.8, 420, 0.5 },
                          { 10.5, 1.8, 60, 4.5 },
                          { 13.0, 1.0, 60, 3.0 },
                          { 20.2, 1.9, 560, 1.0 } } },
  [MM_HABIT_SINGLE] = { "single",
                        95,
                        45,
                        { { 7.6, 0.6, 300, 0.4 },
                          { 11.0, 1.5, 30, 6.0 },
                          { 15.0, 2.0, 20, 6.0 },
                          { 21.2, 1.9, 380, 1.0 } } },
  [MM_HABIT_SENIOR] = { "senior",
                        170,
                        70,
                        { { 6.0, 0.9, 380, 1.0 },
                          { 9.0, 2.2, 260, 1.0 },
                          { 12.0, 0.8, 340, 1.0 },
                          { 18.0, 1.6, 520, 1.0 } } },
  [MM_HABIT_SHOP] = { "shop",
                      380,
                      140,
                      { { 9.0, 1.2, 900, 0.9 },
                        { 12.5, 2.4, 1900, 1.1 },
                        { 16.0, 2.4, 1700, 1.1 },
                        { 19.0, 1.0, 700, 0.8 } } },
};

const char *
mm_habit_name (MmHabit habit)
{
  g_return_val_if_fail (habit < MM_N_HABITS, NULL);
  return habits[habit].name;
}

gboolean
mm_habit_from_name (const char *name, MmHabit *habit)
{
  for (guint i = 0; i < MM_N_HABITS; i++)
    if (strcmp (habits[i].name, name) == 0)
      {
        *habit = (MmHabit) i;
        return TRUE;
      }
  return FALSE;
}

/* What runs because people are up, in W. */
static double
activity (MmHabit habit, guint64 seed, gint64 day, double hour)
{
  /* 1970-01-01 was a Thursday. */
  gboolean weekend = (day + 4) % 7 == 0 || (day + 4) % 7 == 6;
  double watts = 0;

  for (guint i = 0; i < G_N_ELEMENTS (habits[habit].peaks); i++)
    {
      const Peak *peak = &habits[habit].peaks[i];
      double shift = 1.2 * (mm_noise_pick (mm_noise_branch (seed, SHIFT), i) - 0.5)
                     + 0.7 * (mm_noise_pick (mm_noise_branch (seed, SHIFT), day * 8 + i) - 0.5);
      double away = fabs (hour - peak->hour - shift);

      away = MIN (away, 24 - away) / peak->width;
      if (away < 3)
        watts += peak->watts * (weekend ? peak->weekend : 1) * exp (-away * away);
    }
  return watts;
}

/* Something strong that is on for a few minutes; more likely while people are up. */
static double
switched_on (guint64 seed, gint64 local, double up)
{
  gint64 slot = local / SLOT_S;
  double within = (double) (local % SLOT_S);
  double from;

  if (mm_noise_pick (mm_noise_branch (seed, SWITCHED), slot) > 0.03 + 0.45 * up)
    return 0;
  from = mm_noise_pick (mm_noise_branch (seed, WHEN), slot) * SLOT_S / 2;
  if (within < from || within >= from + SLOT_S / 4.0 * (1 + from / SLOT_S))
    return 0;
  return 650 + 1150 * mm_noise_pick (mm_noise_branch (seed, WATTS), slot);
}

double
mm_habit_load (MmHabit habit, guint64 seed, gint64 local, double outdoor)
{
  double size = 0.8 + 0.45 * mm_noise_pick (mm_noise_branch (seed, SIZE), 0);
  double hour = (double) (local % DAY_S) / 3600;
  double active = activity (habit, seed, local / DAY_S, hour);
  double up = MIN (active / 600, 1);
  double degrees = MAX (fabs (outdoor - COMFORT_C) - COMFORT_BAND, 0);
  double climate = MIN (habits[habit].climate * degrees, CLIMATE_MOST) * (0.25 + 0.75 * up);
  gint64 fridge = (local + (gint64) (mm_noise_pick (mm_noise_branch (seed, FRIDGE), 0) * FRIDGE_S))
                  % FRIDGE_S;
  double flicker
      = mm_noise_at (mm_noise_branch (seed, FLICKER), local * G_USEC_PER_SEC, 40 * G_USEC_PER_SEC);

  return size * (habits[habit].base + active + climate) * (0.94 + 0.12 * flicker)
         + (fridge * 5 < FRIDGE_S * 2 ? FRIDGE_W : 0) + switched_on (seed, local, up);
}

/* How people use electricity: what a house takes at a moment. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_HABIT_FAMILY,
  MM_HABIT_COUPLE,
  MM_HABIT_SINGLE,
  MM_HABIT_SENIOR,
  MM_HABIT_SHOP,
  MM_N_HABITS,
} MmHabit;

/* The name in a fleet file, and back; FALSE for a name that is none. */
const char *mm_habit_name (MmHabit habit);
gboolean mm_habit_from_name (const char *name, MmHabit *habit);

/* The load in W.
 * @seed: of the house: each cooks at its own time
 * @local: seconds since 1970 by the clock on the wall
 * @outdoor: °C */
double mm_habit_load (MmHabit habit, guint64 seed, gint64 local, double outdoor);

G_END_DECLS

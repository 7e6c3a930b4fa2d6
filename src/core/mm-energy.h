/* Energy from points: what a counter counted in a span of time, what a power came to.
 *
 * Pure functions, any thread. Times are UTC microseconds, energy is in Wh, power in W. The points
 * of a series are given in order of time; the last one before the span may be among them and
 * should be. Source: product.md §3 "energies of a day are exact in the site's own time zone".
 *
 * A counter's energy is the sum of the steps from each point to the next whose later point lies
 * after the beginning and not after the end, so that a point at midnight closes the day before it.
 * A power is taken for straight between two points (trapezoid), cut at both ends of the span; over
 * a longer gap than mm_energy_bridge() nothing is known.
 */
#pragma once

#include <glib.h>

#include "mm-clock.h"

G_BEGIN_DECLS

/* One series on its way through a span.
 * @time, @value: its last point, G_MININT64 before the first; a counter's value is where it stands
 * @positive, @negative: what lies above and below zero, neither is negative
 * @known: whether there was anything to add, be it nothing */
typedef struct
{
  gint64 time;
  double value;
  double positive;
  double negative;
  gboolean known;
} MmEnergy;

/* Begins a span after the point at @time (G_MININT64: none is known) with @value. */
void mm_energy_begin (MmEnergy *energy, gint64 time, double value);

/* Takes the next point of a counter (Wh) in the span from @from to @to. */
void mm_energy_count (MmEnergy *energy, gint64 from, gint64 to, gint64 time, double value);

/* Takes the next point of a power (W) in the span from @from to @to. @bridge: the longest gap over
 * which it counts. */
void mm_energy_integrate (
    MmEnergy *energy, gint64 from, gint64 to, gint64 bridge, gint64 time, double value);

/* The longest gap that is bridged between reports expected every @interval_s seconds (0: the
 * default): three of them, at least 15 minutes. */
gint64 mm_energy_bridge (guint interval_s);

/* How much a counter counted from @before to @after; @reached is where it stands after that, to be
 * given as the next @before. A fall by up to 1 % has only trembled, a deeper one is a reset: the
 * new count began at zero. */
double mm_energy_step (double before, double after, double *reached);

G_END_DECLS

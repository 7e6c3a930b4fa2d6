/* A simulated house: roof, battery, people; and what its meters show as time goes on.
 *
 * The same house lived from the same state over the same steps measures the same, bit by bit, so
 * what was not delivered need not be kept: it is lived again. Pure; a house may be read by any
 * thread.
 */
#pragma once

#include "mm-habit.h"
#include "mm-story.h"

G_BEGIN_DECLS

/* @region: whose weather and grid it shares
 * @pv_peak_w, @inverter_w: of the panels, and the most that the inverter lets through
 * @tilt, @azimuth: of the roof, degrees; azimuth from north over east
 * @battery_wh: 0 without a battery; @battery_w: the most it charges and discharges with
 * @reserve: percent that are kept for a power cut
 * @interval_s: between two reports
 * @seed, @region_seed: of its chance */
typedef struct
{
  char *id;
  char *key;
  char *region;
  double latitude;
  double longitude;
  GTimeZone *zone;
  double pv_peak_w;
  double inverter_w;
  double tilt;
  double azimuth;
  double battery_wh;
  double battery_w;
  double reserve;
  guint interval_s;
  MmHabit habit;
  MmStory story;
  guint64 seed;
  guint64 region_seed;
} MmHouse;

/* What a house carries from one step to the next.
 * @time: up to which it has been lived, UTC µs
 * @stored_wh: in the battery
 * @pv_wh …: the meters, which only grow
 * @trouble: what its devices have last reported as raised, or NULL */
typedef struct
{
  gint64 time;
  double stored_wh;
  double pv_wh;
  double import_wh;
  double export_wh;
  double charge_wh;
  double discharge_wh;
  double load_wh;
  const MmTrouble *trouble;
} MmHouseState;

/* What is measured in one step, besides the meters. Powers are whole W and means over the step, so
 * that pv + grid + battery = load exactly. Signs as in mm-quantity.h.
 * @before: the trouble before the step: where it differs from state.trouble, something was raised
 *   or cleared */
typedef struct
{
  double pv_w;
  double load_w;
  double grid_w;
  double battery_w;
  double soc;
  double volts;
  double hertz;
  double outdoor;
  double irradiance;
  double inverter_c;
  const MmTrouble *before;
  const MmTrouble *now;
} MmHouseSample;

/* A house of which everything is chosen by its @id: place, size, habit; story normal. The caller
 * may change what it knows better, then calls mm_house_settle(). */
MmHouse *mm_house_new (const char *id, const char *key);
void mm_house_free (MmHouse *house);

/* Gives the house to @region, and, unless the region is unknown, places it there. */
void mm_house_move (MmHouse *house, const char *region);

/* Derives what follows from the rest: the inverter's size, the battery's power. */
void mm_house_settle (MmHouse *house);

/* The state of a house that has been there for some years, at @time. */
void mm_house_begin (const MmHouse *house, gint64 time, MmHouseState *state);

/* Lives from state->time to @to (later, at most an hour) in @scene's trouble. */
void mm_house_step (const MmHouse *house,
                    const MmScene *scene,
                    gint64 to,
                    MmHouseState *state,
                    MmHouseSample *sample);

/* Percent of the battery. */
double mm_house_soc (const MmHouse *house, const MmHouseState *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmHouse, mm_house_free)

G_END_DECLS

#include "mm-house.h"

#include "mm-clock.h"
#include "mm-daylight.h"
#include "mm-gateway.h"
#include "mm-noise.h"
#include "mm-place.h"
#include "mm-roof.h"
#include "mm-weather.h"

#include <math.h>

#define SYSTEM_YIELD 0.87 /* cables, dust, inverter */
#define PER_DEGREE 0.004  /* lost for each °C of the panels above 25 */
#define PANEL_WARMTH 0.03 /* °C for each W/m² */
#define ONE_WAY_EFFICIENCY 0.96
#define ISLAND_FLOOR 5.0           /* percent below which the battery protects itself */
#define SIXTY_HERTZ_WEST_OF 138.47 /* roughly the river Fuji: Nagano and Shizuoka are west */

enum
{
  PLACE = 1,
  ROOF,
  SIZE,
  STORAGE,
  PEOPLE,
  PAST,
  VOLTS,
  HERTZ,
};

/* Capitals of the prefectures, in the order of JIS X 0401. */
static const struct
{
  float latitude;
  float longitude;
} capitals[MM_N_PREFECTURES] = {
  { 43.06f, 141.35f }, { 40.82f, 140.74f }, { 39.70f, 141.15f }, { 38.27f, 140.87f },
  { 39.72f, 140.10f }, { 38.24f, 140.36f }, { 37.75f, 140.47f }, { 36.34f, 140.45f },
  { 36.57f, 139.88f }, { 36.39f, 139.06f }, { 35.86f, 139.65f }, { 35.60f, 140.12f },
  { 35.69f, 139.69f }, { 35.45f, 139.64f }, { 37.90f, 139.02f }, { 36.70f, 137.21f },
  { 36.59f, 136.63f }, { 36.07f, 136.22f }, { 35.66f, 138.57f }, { 36.65f, 138.18f },
  { 35.39f, 136.72f }, { 34.98f, 138.38f }, { 35.18f, 136.91f }, { 34.73f, 136.51f },
  { 35.00f, 135.87f }, { 35.02f, 135.76f }, { 34.69f, 135.52f }, { 34.69f, 135.18f },
  { 34.69f, 135.83f }, { 34.23f, 135.17f }, { 35.50f, 134.24f }, { 35.47f, 133.05f },
  { 34.66f, 133.93f }, { 34.40f, 132.46f }, { 34.19f, 131.47f }, { 34.07f, 134.56f },
  { 34.34f, 134.04f }, { 33.84f, 132.77f }, { 33.56f, 133.53f }, { 33.61f, 130.42f },
  { 33.25f, 130.30f }, { 32.74f, 129.87f }, { 32.79f, 130.74f }, { 33.24f, 131.61f },
  { 31.91f, 131.42f }, { 31.56f, 130.56f }, { 26.21f, 127.68f },
};

static double
pick (const MmHouse *house, guint64 purpose, gint64 n)
{
  return mm_noise_pick (mm_noise_branch (house->seed, purpose), n);
}

MmHouse *
mm_house_new (const char *id, const char *key)
{
  MmHouse *house = g_new0 (MmHouse, 1);
  guint prefecture;

  house->id = g_strdup (id);
  house->key = g_strdup (key);
  house->seed = mm_noise_seed (id);
  prefecture = 1 + (guint) (pick (house, PLACE, 0) * MM_N_PREFECTURES);
  mm_house_move (house, mm_prefecture_name_ja (prefecture));
  house->zone = g_time_zone_new_identifier ("Asia/Tokyo");
  house->pv_peak_w = 3500 + 500 * floor (pick (house, SIZE, 0) * 10);
  house->tilt = 18 + floor (pick (house, ROOF, 0) * 14);
  house->azimuth = 150 + floor (pick (house, ROOF, 1) * 60);
  /* One house in five has no battery. */
  house->battery_wh
      = pick (house, STORAGE, 0) < 0.2 ? 0 : 5600 + 1400 * floor (pick (house, STORAGE, 1) * 6);
  house->reserve = 10 + 10 * floor (pick (house, STORAGE, 2) * 3);
  house->interval_s = MM_INTERVAL_DEFAULT_S;
  house->habit = (MmHabit) (pick (house, PEOPLE, 0) * MM_N_HABITS);
  mm_house_settle (house);
  return house;
}

void
mm_house_free (MmHouse *house)
{
  g_free (house->id);
  g_free (house->key);
  g_free (house->region);
  g_clear_pointer (&house->zone, g_time_zone_unref);
  g_free (house);
}

void
mm_house_move (MmHouse *house, const char *region)
{
  guint prefecture = mm_prefecture_find (region);
  char *name = g_strdup (prefecture > 0 ? mm_prefecture_name_ja (prefecture) : region);

  g_free (house->region);
  house->region = name;
  house->region_seed = mm_noise_seed (name);
  if (prefecture == 0)
    return;
  house->latitude
      = (double) capitals[prefecture - 1].latitude + 0.1 * (pick (house, PLACE, 1) - 0.5);
  house->longitude
      = (double) capitals[prefecture - 1].longitude + 0.1 * (pick (house, PLACE, 2) - 0.5);
}

void
mm_house_settle (MmHouse *house)
{
  /* Somewhat less than the panels, in steps of 100 W: at noon it clips. */
  house->inverter_w = MAX (100 * floor (house->pv_peak_w * 0.0088), 100);
  house->battery_w = CLAMP (house->battery_wh * 0.4, 0, 5000);
}

void
mm_house_begin (const MmHouse *house, gint64 time, MmHouseState *state)
{
  double years = 0.5 + 5 * pick (house, PAST, 0);
  double pv = house->pv_peak_w * 1150 * years;
  double load = (3.2e6 + 2.4e6 * pick (house, PAST, 1)) * years;
  double charge = house->battery_wh * 230 * years;
  double discharge = floor (charge * ONE_WAY_EFFICIENCY * ONE_WAY_EFFICIENCY);
  double export = MAX (pv + discharge - charge - load * 0.6, 0);

  *state = (MmHouseState){
    .time = time,
    .stored_wh = house->battery_wh * (house->reserve + 15) / 100,
    .pv_wh = floor (pv),
    .load_wh = floor (load),
    .charge_wh = floor (charge),
    .discharge_wh = discharge,
    .export_wh = floor (export),
  };
  /* As in every step since. */
  state->import_wh = MAX (
      state->load_wh + state->export_wh + state->charge_wh - state->pv_wh - state->discharge_wh, 0);
}

double
mm_house_soc (const MmHouse *house, const MmHouseState *state)
{
  return house->battery_wh > 0 ? CLAMP (100 * state->stored_wh / house->battery_wh, 0, 100) : 0;
}

/* What the battery gives at most for @hours, down to @floor_percent: whole W. */
static double
can_give (const MmHouse *house, const MmHouseState *state, double floor_percent, double hours)
{
  double left = state->stored_wh - house->battery_wh * floor_percent / 100;

  return floor (MAX (MIN (left * ONE_WAY_EFFICIENCY / hours, house->battery_w), 0));
}

static double
can_take (const MmHouse *house, const MmHouseState *state, double hours)
{
  double room = house->battery_wh - state->stored_wh;

  return floor (MAX (MIN (room / ONE_WAY_EFFICIENCY / hours, house->battery_w), 0));
}

/* What the panels could give, after the inverter and whatever is wrong. */
static double
panels (const MmHouse *house, const MmTrouble *trouble, const MmHouseSample *sample)
{
  double warmth = sample->outdoor + PANEL_WARMTH * sample->irradiance - 25;
  double power
      = house->pv_peak_w * sample->irradiance / 1000 * SYSTEM_YIELD * (1 - PER_DEGREE * warmth);

  power = MIN (power, house->inverter_w);
  if (trouble != NULL)
    power = MIN (power * trouble->pv_share, house->pv_peak_w * trouble->pv_limit);
  return floor (MAX (power, 0));
}

/* Surplus goes into the battery, then to the grid; a lack is covered the other way round. Without
 * the grid the panels are held down to what is used, and what cannot be covered stays dark. */
static void
share_out (const MmHouse *house,
           const MmHouseState *state,
           double hours,
           gboolean island,
           MmHouseSample *sample)
{
  double surplus = sample->pv_w - sample->load_w;

  if (surplus >= 0)
    sample->battery_w = 0 - MIN (surplus, can_take (house, state, hours)); /* never -0 */
  else
    sample->battery_w
        = MIN (-surplus, can_give (house, state, island ? ISLAND_FLOOR : house->reserve, hours));
  if (island && surplus >= 0)
    sample->pv_w = sample->load_w - sample->battery_w;
  else if (island)
    sample->load_w = sample->pv_w + sample->battery_w;
  sample->grid_w = sample->load_w - sample->pv_w - sample->battery_w;
}

static void
count (const MmHouseSample *sample, double hours, MmHouseState *state)
{
  double charged = MAX (-sample->battery_w, 0) * hours;
  double discharged = MAX (sample->battery_w, 0) * hours;

  state->pv_wh += sample->pv_w * hours;
  state->load_wh += sample->load_w * hours;
  state->import_wh += MAX (sample->grid_w, 0) * hours;
  state->export_wh += MAX (-sample->grid_w, 0) * hours;
  state->charge_wh += charged;
  state->discharge_wh += discharged;
  state->stored_wh += charged * ONE_WAY_EFFICIENCY - discharged / ONE_WAY_EFFICIENCY;
}

static gint64
local_seconds (const MmHouse *house, gint64 time)
{
  gint64 utc = time / MM_SECOND;
  int interval = g_time_zone_find_interval (house->zone, G_TIME_TYPE_UNIVERSAL, utc);

  return utc + g_time_zone_get_offset (house->zone, interval);
}

void
mm_house_step (const MmHouse *house,
               const MmScene *scene,
               gint64 to,
               MmHouseState *state,
               MmHouseSample *sample)
{
  const MmTrouble *trouble = scene->trouble;
  gboolean island = trouble != NULL && trouble->islanded;
  gint64 middle = state->time + (to - state->time) / 2;
  double hours = (double) (to - state->time) / (double) MM_HOUR;
  double cloud = mm_weather_cloud (house->region_seed, house->seed, middle);
  double sun_height, sun_azimuth;

  g_return_if_fail (to > state->time && to - state->time <= MM_HOUR);
  *sample = (MmHouseSample){ .before = state->trouble, .now = trouble };
  sample->outdoor
      = mm_weather_temperature (house->region_seed, house->latitude, house->longitude, middle);
  mm_daylight_stand (middle, house->latitude, house->longitude, &sun_height, &sun_azimuth);
  sample->irradiance
      = mm_roof_irradiance (sun_height, sun_azimuth, cloud, house->tilt, house->azimuth);
  sample->pv_w = panels (house, trouble, sample);
  sample->load_w = round (
      mm_habit_load (house->habit, house->seed, local_seconds (house, middle), sample->outdoor));
  share_out (house, state, hours, island, sample);
  count (sample, hours, state);
  state->time = to;
  state->trouble = trouble;

  sample->soc = mm_house_soc (house, state);
  sample->inverter_c = sample->outdoor + 6 + 22 * sample->pv_w / house->inverter_w;
  sample->volts
      = 100.6
        + 2.4 * mm_noise_at (mm_noise_branch (house->region_seed, VOLTS), middle, 7 * MM_MINUTE)
        - sample->grid_w * 0.0003 + (trouble != NULL ? trouble->volts : 0);
  sample->hertz = (house->longitude < SIXTY_HERTZ_WEST_OF ? 60 : 50)
                  + (island ? 0 : 0.08 * (mm_noise_at (HERTZ, middle, 25 * MM_SECOND) - 0.5));
}

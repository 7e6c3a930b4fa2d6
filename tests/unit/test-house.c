/* A simulated house keeps the books: energy in is energy out, the battery keeps its bounds, meters
 * only grow, and the same house measures the same again. */
#include "mm-clock.h"
#include "mm-house.h"
#include "mm-quantity.h"

#include <math.h>
#include <string.h>

#define START G_GINT64_CONSTANT (1777561200000000) /* 2026-05-01 in Japan */

static const MmScene calm = { NULL, FALSE, 0 };

static MmHouse *
house_of (const char *id)
{
  MmHouse *house = mm_house_new (id, "key");

  mm_house_move (house, "長野県");
  mm_house_settle (house);
  return house;
}

static void
check_sample (const MmHouse *house,
              const MmHouseState *before,
              const MmHouseState *after,
              const MmHouseSample *sample)
{
  g_assert_cmpfloat (sample->pv_w + sample->grid_w + sample->battery_w, ==, sample->load_w);
  g_assert_cmpfloat (sample->pv_w, >=, 0);
  g_assert_cmpfloat (sample->pv_w, <=, house->inverter_w);
  g_assert_cmpfloat (fabs (sample->battery_w), <=, house->battery_w);
  g_assert_false (signbit (sample->battery_w) && sample->battery_w == 0);
  g_assert_cmpfloat (sample->soc, >=, 0);
  g_assert_cmpfloat (sample->soc, <=, 100);
  g_assert_cmpfloat (after->stored_wh, >=, -0.001);
  g_assert_cmpfloat (after->stored_wh, <=, house->battery_wh + 0.001);
  g_assert_cmpfloat (after->pv_wh, >=, before->pv_wh);
  g_assert_cmpfloat (after->load_wh, >=, before->load_wh);
  g_assert_cmpfloat (after->import_wh, >=, before->import_wh);
  g_assert_cmpfloat (after->export_wh, >=, before->export_wh);
  g_assert_cmpfloat (after->charge_wh, >=, before->charge_wh);
  g_assert_cmpfloat (after->discharge_wh, >=, before->discharge_wh);
  g_assert_true (mm_quantity_plausible ("ac_voltage_l1", sample->volts));
  g_assert_cmpfloat (sample->volts, >, 95);
  g_assert_cmpfloat (sample->volts, <, 112);
}

/* Lives for @span in steps of @step and checks each of them. */
static void
live (const MmHouse *house, const MmScene *scene, gint64 span, gint64 step, MmHouseState *state)
{
  for (gint64 end = state->time + span; state->time < end;)
    {
      MmHouseState before = *state;
      MmHouseSample sample;

      mm_house_step (house, scene, state->time + step, state, &sample);
      check_sample (house, &before, state, &sample);
    }
}

static void
test_balance (void)
{
  for (int n = 0; n < 40; n++)
    {
      g_autofree char *id = g_strdup_printf ("house-%d", n);
      g_autoptr (MmHouse) house = house_of (id);
      MmHouseState first, last;
      double in, out;

      mm_house_begin (house, START, &first);
      last = first;
      live (house, &calm, 3 * MM_DAY, MM_MINUTE, &last);
      in = last.pv_wh - first.pv_wh + last.import_wh - first.import_wh + last.discharge_wh
           - first.discharge_wh;
      out = last.load_wh - first.load_wh + last.export_wh - first.export_wh + last.charge_wh
            - first.charge_wh;
      g_assert_cmpfloat_with_epsilon (in, out, 0.01);
      /* What went into the battery is in it or came out of it, but for the losses. */
      g_assert_cmpfloat (last.stored_wh - first.stored_wh, <=,
                         last.charge_wh - first.charge_wh - (last.discharge_wh - first.discharge_wh)
                             + 0.01);
      /* Three days in May: between a very small and a very large house. */
      g_assert_cmpfloat (last.pv_wh - first.pv_wh, >, house->pv_peak_w * 1.5);
      g_assert_cmpfloat (last.pv_wh - first.pv_wh, <, house->pv_peak_w * 3 * 7);
      g_assert_cmpfloat (last.load_wh - first.load_wh, >, 3 * 3000);
      g_assert_cmpfloat (last.load_wh - first.load_wh, <, 3 * 60000);
    }
}

static void
test_meters_match_powers (void)
{
  g_autoptr (MmHouse) house = house_of ("meters");
  MmHouseState state, first;
  MmHouseSample sample;
  double pv = 0, bought = 0;

  mm_house_begin (house, START, &state);
  first = state;
  for (int i = 0; i < 8640; i++)
    {
      mm_house_step (house, &calm, state.time + 10 * MM_SECOND, &state, &sample);
      pv += sample.pv_w / 360;
      bought += MAX (sample.grid_w, 0) / 360;
    }
  g_assert_cmpfloat_with_epsilon (state.pv_wh - first.pv_wh, pv, 0.01);
  g_assert_cmpfloat_with_epsilon (state.import_wh - first.import_wh, bought, 0.01);
}

static void
test_night_is_dark (void)
{
  g_autoptr (MmHouse) house = house_of ("night");
  MmHouseState state;
  MmHouseSample sample;

  mm_house_begin (house, START, &state);
  for (int minute = 1; minute <= 240; minute++)
    {
      mm_house_step (house, &calm, START + minute * MM_MINUTE, &state, &sample);
      g_assert_cmpfloat (sample.pv_w, ==, 0);
    }
}

static void
test_same_again (void)
{
  g_autoptr (MmHouse) house = house_of ("again");
  g_autoptr (MmHouse) twin = house_of ("again");
  MmHouseState once, twice, part;

  mm_house_begin (house, START, &once);
  twice = once;
  live (house, &calm, MM_DAY, MM_MINUTE, &once);
  /* In two parts, from a copy of the state, by a house made anew. */
  live (twin, &calm, MM_DAY / 2, MM_MINUTE, &twice);
  part = twice;
  live (twin, &calm, MM_DAY / 2, MM_MINUTE, &part);
  g_assert_cmpint (once.time, ==, part.time);
  g_assert_cmpfloat (once.stored_wh, ==, part.stored_wh);
  g_assert_cmpfloat (once.pv_wh, ==, part.pv_wh);
  g_assert_cmpfloat (once.load_wh, ==, part.load_wh);
  g_assert_cmpfloat (once.import_wh, ==, part.import_wh);
}

static void
test_island (void)
{
  g_autoptr (MmHouse) house = house_of ("island");
  const MmScene lost = { mm_story_trouble ("GRID_DISCONNECT"), FALSE, 0 };
  MmHouseState state, before;
  MmHouseSample sample;

  g_assert_nonnull (lost.trouble);
  house->battery_wh = 9800;
  mm_house_settle (house);
  mm_house_begin (house, START, &state);
  before = state;
  live (house, &lost, 2 * MM_DAY, MM_MINUTE, &state);
  g_assert_cmpfloat (state.import_wh, ==, before.import_wh);
  g_assert_cmpfloat (state.export_wh, ==, before.export_wh);
  g_assert_cmpfloat (mm_house_soc (house, &state), >=, 4.9);
  mm_house_step (house, &lost, state.time + MM_MINUTE, &state, &sample);
  g_assert_cmpfloat (sample.grid_w, ==, 0);
}

static void
test_trouble_takes_power (void)
{
  g_autoptr (MmHouse) house = house_of ("trouble");
  const MmScene dead = { mm_story_trouble ("HW_TEST_FAILURE"), FALSE, 0 };
  const MmScene hot = { mm_story_trouble ("OVER_TEMP"), FALSE, 0 };
  MmHouseState state, before;
  MmHouseSample sample;

  mm_house_begin (house, START, &state);
  before = state;
  live (house, &dead, MM_DAY, MM_MINUTE, &state);
  g_assert_cmpfloat (state.pv_wh, ==, before.pv_wh);
  for (int i = 0; i < 1440; i++)
    {
      mm_house_step (house, &hot, state.time + MM_MINUTE, &state, &sample);
      g_assert_cmpfloat (sample.pv_w, <=, house->pv_peak_w * hot.trouble->pv_limit);
      g_assert_true (sample.before == (i == 0 ? dead.trouble : hot.trouble));
    }
}

/* 60 Hz in the west of Japan, 50 Hz in the east. */
static void
test_hertz (void)
{
  static const struct
  {
    const char *region;
    double hertz;
  } cases[] = {
    { "長野県", 60 }, { "静岡県", 60 }, { "山梨県", 50 }, { "東京都", 50 }, { "大阪府", 60 }
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int n = 0; n < 20; n++)
      {
        g_autofree char *id = g_strdup_printf ("hertz-%d", n);
        g_autoptr (MmHouse) house = house_of (id);
        MmHouseState state;
        MmHouseSample sample;

        mm_house_move (house, cases[i].region);
        mm_house_begin (house, START, &state);
        mm_house_step (house, &calm, START + MM_MINUTE, &state, &sample);
        g_assert_cmpfloat_with_epsilon (sample.hertz, cases[i].hertz, 0.1);
      }
}

static void
test_choices (void)
{
  gboolean habits[MM_N_HABITS] = { FALSE };
  guint without = 0;

  for (int n = 0; n < 200; n++)
    {
      g_autofree char *id = g_strdup_printf ("GW-%d", n);
      g_autoptr (MmHouse) house = mm_house_new (id, "key");

      g_assert_cmpfloat (house->latitude, >, 26);
      g_assert_cmpfloat (house->latitude, <, 44);
      g_assert_cmpfloat (house->longitude, >, 127);
      g_assert_cmpfloat (house->longitude, <, 142);
      g_assert_cmpfloat (house->pv_peak_w, >=, 3500);
      g_assert_cmpfloat (house->inverter_w, <, house->pv_peak_w);
      g_assert_cmpint (house->story, ==, MM_STORY_NORMAL);
      habits[house->habit] = TRUE;
      without += house->battery_wh <= 0;
    }
  for (guint i = 0; i < MM_N_HABITS; i++)
    g_assert_true (habits[i]);
  g_assert_cmpuint (without, >, 10);
  g_assert_cmpuint (without, <, 80);
}

/* A shop is busy by day, a family in the evening. */
static void
test_habits (void)
{
  const gint64 monday = G_GINT64_CONSTANT (20576) * 86400; /* 2026-05-04 */
  double shop_noon = 0, shop_night = 0, family_noon = 0, family_evening = 0;
  MmHabit habit;

  for (guint64 seed = 1; seed < 20; seed++)
    for (int minute = 0; minute < 60; minute++)
      {
        gint64 t = monday + minute * 60;

        shop_noon += mm_habit_load (MM_HABIT_SHOP, seed, t + 12 * 3600, 18);
        shop_night += mm_habit_load (MM_HABIT_SHOP, seed, t + 2 * 3600, 18);
        family_noon += mm_habit_load (MM_HABIT_FAMILY, seed, t + 14 * 3600, 18);
        family_evening += mm_habit_load (MM_HABIT_FAMILY, seed, t + 19 * 3600, 18);
      }
  g_assert_cmpfloat (shop_noon, >, 3 * shop_night);
  g_assert_cmpfloat (family_evening, >, 2 * family_noon);
  for (guint i = 0; i < MM_N_HABITS; i++)
    {
      g_assert_true (mm_habit_from_name (mm_habit_name ((MmHabit) i), &habit));
      g_assert_cmpuint (habit, ==, i);
    }
  g_assert_false (mm_habit_from_name ("palace", &habit));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/house/balance", test_balance);
  g_test_add_func ("/house/meters-match-powers", test_meters_match_powers);
  g_test_add_func ("/house/night-is-dark", test_night_is_dark);
  g_test_add_func ("/house/same-again", test_same_again);
  g_test_add_func ("/house/island", test_island);
  g_test_add_func ("/house/trouble-takes-power", test_trouble_takes_power);
  g_test_add_func ("/house/hertz", test_hertz);
  g_test_add_func ("/house/choices", test_choices);
  g_test_add_func ("/house/habits", test_habits);
  return g_test_run ();
}

/* The energies of a day, of its page and of the list: from the log, through restarts and late
 * values, never from before the link. */
#include "mm-today.h"

#include "test-engine.h"

#define MIDDAY G_GINT64_CONSTANT (1777604400000000) /* 2026-05-01 12:00 in Tokyo */
#define MIDNIGHT (MIDDAY - 12 * MM_HOUR)

typedef struct
{
  Engine engine;
  gint64 gateway;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  engine_set_up (&f->engine, data);
  f->gateway = engine_add_gateway (&f->engine, "GW-1");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  engine_tear_down (&f->engine, data);
}

/* Pushes one value at its own time. */
static void
push_of (Fixture *f, const char *device, const char *quantity, gint64 time, double value)
{
  MmBatch *batch = mm_batch_new ();
  g_auto (EngineAnswer) answer = { 0 };

  engine_add_value (batch, device, quantity, time, value);
  answer = engine_push (&f->engine, f->gateway, batch, time);
  g_assert_null (answer.error);
}

static void
push (Fixture *f, const char *quantity, gint64 time, double value)
{
  push_of (f, "pcs1", quantity, time, value);
}

/* Six minutes of a power: a tenth of it in Wh. */
static void
push_power (Fixture *f, const char *quantity, gint64 time, double value)
{
  push (f, quantity, time, value);
  push (f, quantity, time + 6 * MM_MINUTE, value);
}

static MmToday
today_from (Fixture *f, gint64 history_from)
{
  MmAccess access = { .gateway = f->gateway, .history_from = history_from };
  g_autoptr (GError) error = NULL;
  MmToday today;

  mm_today_read (f->engine.context, &access, MIDDAY, &today, &error);
  g_assert_no_error (error);
  return today;
}

static void
assert_figure (const MmToday *today, MmTodayFigure figure, double energy)
{
  if (isnan (energy))
    g_assert_true (isnan (today->energy[figure]));
  else
    g_assert_cmpfloat_with_epsilon (today->energy[figure], energy, 1e-6);
}

static double
listed (Fixture *f, gint64 now)
{
  double produced;

  mm_live_lock (f->engine.context->live);
  produced = mm_live_day_produced (&mm_live_get (f->engine.context->live, f->gateway)->day, now);
  mm_live_unlock (f->engine.context->live);
  return produced;
}

static gboolean
renew_job (MmDatabase *db, gpointer data, GError **error)
{
  Fixture *f = data;

  return mm_live_renew_days (f->engine.context->live, db, MIDDAY, error);
}

static void
renew (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mm_writer_run (f->engine.context->writer, renew_job, f, &error));
  g_assert_no_error (error);
}

static void
restart (Fixture *f)
{
  g_clear_pointer (&f->engine.context, mm_context_free);
  engine_start (&f->engine);
}

/* ---- tests ---- */

static void
test_nothing (Fixture *f, gconstpointer data)
{
  MmToday today = today_from (f, G_MININT64);

  g_assert_cmpstr (today.date, ==, "2026-05-01");
  g_assert_cmpint (today.from, ==, MIDNIGHT);
  g_assert_cmpint (today.to, ==, MIDNIGHT + MM_DAY);
  for (guint i = 0; i < MM_N_TODAY; i++)
    assert_figure (&today, (MmTodayFigure) i, NAN);
  g_assert_true (isnan (today.self_sufficiency));
  g_assert_true (isnan (listed (f, MIDDAY)));
}

static void
test_powers (Fixture *f, gconstpointer data)
{
  MmToday today;

  push_power (f, "pv_power", MIDDAY, 3000);
  push_power (f, "battery_power", MIDDAY, -1000);
  push_power (f, "grid_power", MIDDAY, 200);
  today = today_from (f, G_MININT64);
  assert_figure (&today, MM_TODAY_PRODUCED, 300);
  assert_figure (&today, MM_TODAY_CHARGED, 100);
  assert_figure (&today, MM_TODAY_DISCHARGED, 0);
  assert_figure (&today, MM_TODAY_BOUGHT, 20);
  assert_figure (&today, MM_TODAY_SOLD, 0);
  /* The house is not measured: 300 + 20 - 100. */
  assert_figure (&today, MM_TODAY_USED, 220);
  g_assert_cmpfloat_with_epsilon (today.self_sufficiency, 200 / 220.0, 1e-6);
  push_power (f, "load_power", MIDDAY, 2500);
  today = today_from (f, G_MININT64);
  assert_figure (&today, MM_TODAY_USED, 250);
  g_assert_cmpfloat_with_epsilon (listed (f, MIDDAY), 300, 1e-6);
}

static void
test_counters (Fixture *f, gconstpointer data)
{
  static const char *const counters[MM_N_TODAY] = {
    "pv_energy_total",          "load_energy_total",           "grid_export_energy_total",
    "grid_import_energy_total", "battery_charge_energy_total", "battery_discharge_energy_total"
  };
  MmToday today;

  push_power (f, "pv_power", MIDDAY, 3000);
  for (guint i = 0; i < MM_N_TODAY; i++)
    {
      push (f, counters[i], MIDNIGHT - 10 * MM_HOUR, 5000);
      push (f, counters[i], MIDDAY, 5000 + 10 * i);
      push (f, counters[i], MIDDAY + MM_MINUTE, 4); /* began anew */
    }
  today = today_from (f, G_MININT64);
  for (guint i = 0; i < MM_N_TODAY; i++)
    assert_figure (&today, (MmTodayFigure) i, 10 * i + 4);
  renew (f);
  g_assert_cmpfloat_with_epsilon (listed (f, MIDDAY), 4, 1e-6);
}

/* Inverters add up; two meters of the same connection do not. */
static void
test_several_devices (Fixture *f, gconstpointer data)
{
  MmToday today;

  for (guint i = 0; i < 2; i++)
    {
      const char *device = i == 0 ? "pcs1" : "pcs2";

      for (guint k = 0; k <= 1 + i; k++)
        {
          push_of (f, device, "pv_power", MIDDAY + k * 6 * MM_MINUTE, 1000);
          push_of (f, device, "grid_power", MIDDAY + k * 6 * MM_MINUTE, -1000);
        }
    }
  today = today_from (f, G_MININT64);
  assert_figure (&today, MM_TODAY_PRODUCED, 300);
  assert_figure (&today, MM_TODAY_SOLD, 200);
  g_assert_cmpfloat_with_epsilon (listed (f, MIDDAY), 300, 1e-6);
}

static void
test_not_before_the_link (Fixture *f, gconstpointer data)
{
  MmToday today;

  push_power (f, "pv_power", MIDDAY - MM_HOUR, 1000);
  push_power (f, "pv_power", MIDDAY, 3000);
  push (f, "grid_import_energy_total", MIDDAY - MM_HOUR, 100);
  push (f, "grid_import_energy_total", MIDDAY, 170);
  push (f, "grid_import_energy_total", MIDDAY + MM_MINUTE, 175);
  today = today_from (f, MIDDAY);
  assert_figure (&today, MM_TODAY_PRODUCED, 300);
  assert_figure (&today, MM_TODAY_BOUGHT, 5);
  today = today_from (f, G_MININT64);
  assert_figure (&today, MM_TODAY_PRODUCED, 400);
  assert_figure (&today, MM_TODAY_BOUGHT, 75);
}

/* Late, corrected, and after a restart that replays the log or not: the list comes to what the page
 * says. */
static void
test_list_agrees (Fixture *f, gconstpointer data)
{
  MmToday today;

  push_power (f, "pv_power", MIDNIGHT - 3 * MM_MINUTE, 600);
  push_power (f, "pv_power", MIDDAY, 3000);
  push (f, "pv_power", MIDDAY + 3 * MM_MINUTE, 9000); /* late */
  push (f, "pv_power", MIDDAY, 6000);                 /* corrected */
  for (guint round = 0; round < 3; round++)
    {
      renew (f);
      today = today_from (f, G_MININT64);
      assert_figure (&today, MM_TODAY_PRODUCED, 30 + 375 + 300);
      g_assert_cmpfloat_with_epsilon (listed (f, MIDDAY), 705, 1e-6);
      if (round == 0)
        restart (f);
      else if (round == 1)
        {
          /* As kill -9 before the first save, and as a store of an earlier version. */
          g_clear_pointer (&f->engine.context, mm_context_free);
          engine_exec_offline (&f->engine, "UPDATE live SET day = x''");
          engine_start (&f->engine);
          g_assert_true (isnan (listed (f, MIDDAY)));
        }
    }
  g_clear_pointer (&f->engine.context, mm_context_free);
  engine_exec_offline (&f->engine, "DELETE FROM live; UPDATE live_mark SET log_row = 0");
  engine_start (&f->engine);
  renew (f);
  g_assert_cmpfloat_with_epsilon (listed (f, MIDDAY), 705, 1e-6);
}

#define ADD(name, func) g_test_add ("/today/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("nothing", test_nothing);
  ADD ("powers", test_powers);
  ADD ("counters", test_counters);
  ADD ("several-devices", test_several_devices);
  ADD ("not-before-the-link", test_not_before_the_link);
  ADD ("list-agrees", test_list_agrees);
  return g_test_run ();
}

#include "mm-house-report.h"

#include "mm-noise.h"

#include <math.h>
#include <string.h>

#define PCS "pcs1"
#define BATTERY "battery1"
#define METER "meter1"
#define FIRMWARE "2.3.1"
#define CELLS_VOLTS 51.2

enum
{
  MODEL = 100,
  SERIAL,
};

typedef struct
{
  MmBatch *batch;
  gint64 time;
  guint32 device;
} Reading;

static guint32
name (MmBatch *batch, const char *text)
{
  guint32 number = 0;

  if (!mm_batch_intern (batch, text, strlen (text), &number))
    g_error ("a name of a house does not fit into a batch");
  return number;
}

/* @digits behind the point are kept. */
static void
add (const Reading *reading, const char *quantity, double value, int digits)
{
  double scale = digits == 0 ? 1 : digits == 1 ? 10 : 100;
  MmValue one = {
    .time = reading->time,
    .device = reading->device,
    .quantity = name (reading->batch, quantity),
    .value = round (value * scale) / scale + 0.0, /* never -0 */
  };

  mm_batch_add_value (reading->batch, &one);
}

static void
add_device (const MmHouse *house,
            MmBatch *batch,
            const char *device,
            const char *kind,
            const char *maker,
            char *model)
{
  guint32 serial
      = (guint32) (mm_noise_pick (mm_noise_branch (house->seed, SERIAL), device[0]) * 1e8);
  MmDevice one = {
    .device = g_strdup (device),
    .kind = g_strdup (kind),
    .maker = g_strdup (maker),
    .model = model,
    .serial = g_strdup_printf ("%c%08u", g_ascii_toupper (device[0]), serial),
  };

  g_array_append_val (batch->devices, one);
}

void
mm_house_report_inventory (const MmHouse *house, MmBatch *batch)
{
  static const char *const makers[] = { "Hoshimi Kikai", "Kawasemi Denki", "Yukimori Works" };
  guint maker
      = (guint) (mm_noise_pick (mm_noise_branch (house->seed, MODEL), 0) * G_N_ELEMENTS (makers));

  batch->firmware = g_strdup (FIRMWARE);
  batch->interval_s = house->interval_s;
  add_device (house, batch, PCS, "pcs", makers[maker],
              g_strdup_printf ("HP-%02.0fS", house->inverter_w / 100));
  add_device (house, batch, METER, "meter", "Tsukushi Keisoku", g_strdup ("TM-3"));
  if (house->battery_wh <= 0)
    return;
  add_device (house, batch, BATTERY, "battery", makers[maker],
              g_strdup_printf ("HB-%03.0f", house->battery_wh / 100));
  batch->settings_json = g_strdup_printf (
      "{\"battery_mode\":{\"value\":\"green\",\"allowed\":[\"green\",\"economy\",\"standby\"]},"
      "\"soc_reserve\":{\"value\":%.0f,\"min\":0,\"max\":100}}",
      house->reserve);
}

static void
add_pcs (const MmHouse *house,
         const MmHouseState *state,
         const MmHouseSample *sample,
         gboolean whole,
         Reading *reading)
{
  const MmTrouble *trouble = state->trouble;
  /* Under load the strings' voltage sinks a little. */
  double string_volts = sample->irradiance > 1 ? 315 - 25 * sample->irradiance / 1000 : 0;

  reading->device = name (reading->batch, PCS);
  add (reading, "pv_power", sample->pv_w, 0);
  add (reading, "pv_energy_total", state->pv_wh, 0);
  if (!whole)
    return;
  add (reading, "ac_voltage_l1", sample->volts, 1);
  add (reading, "ac_voltage_l2", sample->volts - 0.3, 1);
  add (reading, "frequency", sample->hertz, 2);
  add (reading, "temperature_inverter", sample->inverter_c, 1);
  add (reading, "temperature_ambient", sample->outdoor, 1);
  add (reading, "irradiance", sample->irradiance, 0);
  add (reading, "dc_voltage_1", string_volts, 1);
  add (reading, "dc_current_1", string_volts > 0 ? sample->pv_w / string_volts : 0, 2);
  add (reading, "islanded", trouble != NULL && trouble->islanded, 0);
  add (reading, "curtailed", trouble != NULL && trouble->curtailed, 0);
}

static void
add_battery (const MmHouse *house,
             const MmHouseState *state,
             const MmHouseSample *sample,
             gboolean whole,
             Reading *reading)
{
  double volts = CELLS_VOLTS + 0.03 * (sample->soc - 50);

  reading->device = name (reading->batch, BATTERY);
  add (reading, "battery_power", sample->battery_w, 0);
  add (reading, "soc", sample->soc, 1);
  add (reading, "battery_charge_energy_total", state->charge_wh, 0);
  add (reading, "battery_discharge_energy_total", state->discharge_wh, 0);
  if (!whole)
    return;
  add (reading, "soh", 100 - state->discharge_wh / MAX (house->battery_wh, 1) / 400, 1);
  add (reading, "battery_voltage", volts, 1);
  add (reading, "battery_current", sample->battery_w / volts, 1);
  add (reading, "temperature_battery",
       0.6 * sample->outdoor + 10 + fabs (sample->battery_w) * 0.002, 1);
}

guint
mm_house_report_reading (const MmHouse *house,
                         const MmHouseState *state,
                         const MmHouseSample *sample,
                         gboolean whole,
                         MmBatch *batch)
{
  Reading reading = { batch, state->time, 0 };

  add_pcs (house, state, sample, whole, &reading);
  if (house->battery_wh > 0)
    add_battery (house, state, sample, whole, &reading);
  reading.device = name (batch, METER);
  add (&reading, "grid_power", sample->grid_w, 0);
  add (&reading, "load_power", sample->load_w, 0);
  add (&reading, "grid_import_energy_total", state->import_wh, 0);
  add (&reading, "grid_export_energy_total", state->export_wh, 0);
  add (&reading, "load_energy_total", state->load_wh, 0);
  return house->battery_wh > 0 ? 3 : 2;
}

static void
add_event (MmBatch *batch, gint64 time, const MmTrouble *trouble, MmEventState how)
{
  MmEvent event = { .time = time, .state = how };

  if (trouble == NULL || trouble->code == NULL)
    return;
  event.device = name (batch, PCS);
  event.code = g_strdup (trouble->code);
  g_array_append_val (batch->events, event);
}

void
mm_house_report_events (const MmHouseState *state, const MmHouseSample *sample, MmBatch *batch)
{
  if (sample->before == sample->now)
    return;
  add_event (batch, state->time, sample->before, MM_EVENT_CLEARED);
  add_event (batch, state->time, sample->now, MM_EVENT_RAISED);
}

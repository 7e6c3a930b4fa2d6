#include "mm-quantity.h"

#include <math.h>
#include <string.h>

#include "mm-words.h"

#define POWER -1e7, 1e7
#define PRODUCED -1e3, 1e7 /* an inverter draws a little at night */
#define COUNTED 0, 1e12
#define CELSIUS -60, 200

#define GRID_SIGN N_ ("Positive is bought, negative is sold.")
#define BATTERY_SIGN N_ ("Positive is discharging, negative is charging.")
#define LOAD_SIGN N_ ("Below zero where a meter or its sum says so.")

static const MmQuantity exact[] = {
  { "pv_power", "W", MM_QUANTITY_GAUGE, PRODUCED, NULL, N_ ("Solar power") },
  { "grid_power", "W", MM_QUANTITY_GAUGE, POWER, GRID_SIGN, N_ ("Grid power") },
  { "battery_power", "W", MM_QUANTITY_GAUGE, POWER, BATTERY_SIGN, N_ ("Battery power") },
  { "load_power", "W", MM_QUANTITY_GAUGE, POWER, LOAD_SIGN, N_ ("House power") },
  { "soc", "%", MM_QUANTITY_GAUGE, 0, 100, NULL, N_ ("Battery level") },
  /* A new battery may hold more than it is rated for. */
  { "soh", "%", MM_QUANTITY_GAUGE, 0, 120, NULL, N_ ("Battery health") },
  { "battery_voltage", "V", MM_QUANTITY_GAUGE, -100, 2e3, NULL, N_ ("Battery voltage") },
  { "battery_current", "A", MM_QUANTITY_GAUGE, -1e4, 1e4, BATTERY_SIGN, N_ ("Battery current") },
  { "pv_energy_total", "Wh", MM_QUANTITY_COUNTER, COUNTED, NULL, N_ ("Solar energy") },
  { "grid_import_energy_total", "Wh", MM_QUANTITY_COUNTER, COUNTED, NULL, N_ ("Energy bought") },
  { "grid_export_energy_total", "Wh", MM_QUANTITY_COUNTER, COUNTED, NULL, N_ ("Energy sold") },
  { "battery_charge_energy_total", "Wh", MM_QUANTITY_COUNTER, COUNTED, NULL,
    N_ ("Energy charged") },
  { "battery_discharge_energy_total", "Wh", MM_QUANTITY_COUNTER, COUNTED, NULL,
    N_ ("Energy discharged") },
  { "load_energy_total", "Wh", MM_QUANTITY_COUNTER, COUNTED, NULL, N_ ("Energy used") },
  { "ac_voltage_l1", "V", MM_QUANTITY_GAUGE, 0, 1e3, NULL, N_ ("AC voltage, phase 1") },
  { "ac_voltage_l2", "V", MM_QUANTITY_GAUGE, 0, 1e3, NULL, N_ ("AC voltage, phase 2") },
  { "ac_voltage_l3", "V", MM_QUANTITY_GAUGE, 0, 1e3, NULL, N_ ("AC voltage, phase 3") },
  { "ac_current_l1", "A", MM_QUANTITY_GAUGE, -1e4, 1e4, NULL, N_ ("AC current, phase 1") },
  { "ac_current_l2", "A", MM_QUANTITY_GAUGE, -1e4, 1e4, NULL, N_ ("AC current, phase 2") },
  { "ac_current_l3", "A", MM_QUANTITY_GAUGE, -1e4, 1e4, NULL, N_ ("AC current, phase 3") },
  { "frequency", "Hz", MM_QUANTITY_GAUGE, 0, 100, NULL, N_ ("Grid frequency") },
  { "temperature_inverter", "°C", MM_QUANTITY_GAUGE, CELSIUS, NULL, N_ ("Inverter temperature") },
  { "temperature_battery", "°C", MM_QUANTITY_GAUGE, CELSIUS, NULL, N_ ("Battery temperature") },
  { "temperature_cell_min", "°C", MM_QUANTITY_GAUGE, CELSIUS, NULL, N_ ("Coldest battery cell") },
  { "temperature_cell_max", "°C", MM_QUANTITY_GAUGE, CELSIUS, NULL, N_ ("Warmest battery cell") },
  { "temperature_module", "°C", MM_QUANTITY_GAUGE, CELSIUS, NULL, N_ ("Module temperature") },
  { "temperature_ambient", "°C", MM_QUANTITY_GAUGE, CELSIUS, NULL, N_ ("Outdoor temperature") },
  /* A pyranometer shows a little less than nothing at night. */
  { "irradiance", "W/m²", MM_QUANTITY_GAUGE, -50, 2e3, NULL, N_ ("Irradiance") },
  /* 1 while it is so; a status of its own (mm-status.h). */
  { "islanded", "", MM_QUANTITY_GAUGE, 0, 1, NULL, N_ ("Runs without the grid") },
  { "curtailed", "", MM_QUANTITY_GAUGE, 0, 1, NULL, N_ ("Output is held down") },
};

/* Families by what stands before the number. A string floats a little below zero at night. */
static const MmQuantity numbered[] = {
  { "dc_voltage_", "V", MM_QUANTITY_GAUGE, -100, 2e3, NULL, N_ ("String voltage") },
  { "dc_current_", "A", MM_QUANTITY_GAUGE, -1e3, 1e3, NULL, N_ ("String current") },
  { "dc_power_", "W", MM_QUANTITY_GAUGE, PRODUCED, NULL, N_ ("String power") },
};

static const MmQuantity any_temperature
    = { "temperature_", "°C", MM_QUANTITY_GAUGE, CELSIUS, NULL, N_ ("Temperature") };
static const MmQuantity any_energy
    = { "_energy_total", "Wh", MM_QUANTITY_COUNTER, COUNTED, NULL, N_ ("Energy") };

/* 1 to 99, without a zero in front. */
static gboolean
is_number (const char *text)
{
  gsize length = strlen (text);

  return length >= 1 && length <= 2 && text[0] >= '1' && text[0] <= '9'
         && (length == 1 || g_ascii_isdigit (text[1]));
}

static gboolean
is_longer_with_prefix (const char *name, const char *prefix)
{
  return g_str_has_prefix (name, prefix) && name[strlen (prefix)] != '\0';
}

/* Asked for every value of every push; the first letter decides nearly always. */
const MmQuantity *
mm_quantity_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (exact); i++)
    if (name[0] == exact[i].name[0] && strcmp (name, exact[i].name) == 0)
      return &exact[i];
  for (gsize i = 0; i < G_N_ELEMENTS (numbered); i++)
    if (name[0] == numbered[i].name[0] && g_str_has_prefix (name, numbered[i].name)
        && is_number (name + strlen (numbered[i].name)))
      return &numbered[i];
  if (is_longer_with_prefix (name, any_temperature.name))
    return &any_temperature;
  if (g_str_has_suffix (name, any_energy.name) && strlen (name) > strlen (any_energy.name))
    return &any_energy;
  return NULL;
}

gboolean
mm_quantity_allows (const MmQuantity *quantity, double value)
{
  return isfinite (value)
         && (quantity == NULL || (value >= quantity->lowest && value <= quantity->highest));
}

gboolean
mm_quantity_plausible (const char *name, double value)
{
  return mm_quantity_allows (mm_quantity_find (name), value);
}

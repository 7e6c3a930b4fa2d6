/* Canonical quantities and what is physically possible. */
#include "mm-quantity.h"

#include <math.h>

static void
test_known (void)
{
  static const struct
  {
    const char *name;
    const char *unit;
    MmQuantityKind kind;
  } cases[] = {
    { "pv_power", "W", MM_QUANTITY_GAUGE },
    { "grid_power", "W", MM_QUANTITY_GAUGE },
    { "battery_power", "W", MM_QUANTITY_GAUGE },
    { "load_power", "W", MM_QUANTITY_GAUGE },
    { "soc", "%", MM_QUANTITY_GAUGE },
    { "soh", "%", MM_QUANTITY_GAUGE },
    { "battery_voltage", "V", MM_QUANTITY_GAUGE },
    { "battery_current", "A", MM_QUANTITY_GAUGE },
    { "islanded", "", MM_QUANTITY_GAUGE },
    { "curtailed", "", MM_QUANTITY_GAUGE },
    { "pv_energy_total", "Wh", MM_QUANTITY_COUNTER },
    { "grid_import_energy_total", "Wh", MM_QUANTITY_COUNTER },
    { "grid_export_energy_total", "Wh", MM_QUANTITY_COUNTER },
    { "battery_charge_energy_total", "Wh", MM_QUANTITY_COUNTER },
    { "battery_discharge_energy_total", "Wh", MM_QUANTITY_COUNTER },
    { "load_energy_total", "Wh", MM_QUANTITY_COUNTER },
    { "ac_voltage_l1", "V", MM_QUANTITY_GAUGE },
    { "ac_voltage_l3", "V", MM_QUANTITY_GAUGE },
    { "ac_current_l2", "A", MM_QUANTITY_GAUGE },
    { "frequency", "Hz", MM_QUANTITY_GAUGE },
    { "temperature_inverter", "°C", MM_QUANTITY_GAUGE },
    { "temperature_battery", "°C", MM_QUANTITY_GAUGE },
    { "temperature_cell_min", "°C", MM_QUANTITY_GAUGE },
    { "temperature_cell_max", "°C", MM_QUANTITY_GAUGE },
    { "temperature_module", "°C", MM_QUANTITY_GAUGE },
    { "temperature_ambient", "°C", MM_QUANTITY_GAUGE },
    { "irradiance", "W/m²", MM_QUANTITY_GAUGE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const MmQuantity *quantity = mm_quantity_find (cases[i].name);

      g_assert_nonnull (quantity);
      g_assert_cmpstr (quantity->name, ==, cases[i].name);
      g_assert_cmpstr (quantity->unit, ==, cases[i].unit);
      g_assert_cmpint (quantity->kind, ==, cases[i].kind);
      g_assert_nonnull (quantity->label);
      g_assert_cmpfloat (quantity->lowest, <, quantity->highest);
    }
  g_assert_nonnull (mm_quantity_find ("grid_power")->sign);
  g_assert_nonnull (mm_quantity_find ("battery_power")->sign);
  g_assert_null (mm_quantity_find ("soc")->sign);
}

static void
test_families (void)
{
  g_assert_cmpstr (mm_quantity_find ("dc_voltage_1")->unit, ==, "V");
  g_assert_cmpstr (mm_quantity_find ("dc_current_12")->unit, ==, "A");
  g_assert_cmpstr (mm_quantity_find ("dc_power_99")->unit, ==, "W");
  g_assert_cmpstr (mm_quantity_find ("temperature_heatsink")->unit, ==, "°C");
  g_assert_cmpint (mm_quantity_find ("ev_energy_total")->kind, ==, MM_QUANTITY_COUNTER);

  g_assert_null (mm_quantity_find ("dc_voltage_"));
  g_assert_null (mm_quantity_find ("dc_voltage_0"));
  g_assert_null (mm_quantity_find ("dc_voltage_01"));
  g_assert_null (mm_quantity_find ("dc_voltage_100"));
  g_assert_null (mm_quantity_find ("dc_voltage_1a"));
  g_assert_null (mm_quantity_find ("temperature_"));
  g_assert_null (mm_quantity_find ("_energy_total"));
}

static void
test_unknown (void)
{
  g_assert_null (mm_quantity_find (""));
  g_assert_null (mm_quantity_find ("PV_POWER"));
  g_assert_null (mm_quantity_find ("ac_voltage_l4"));
  g_assert_null (mm_quantity_find ("humidity"));
  /* Any finite value is plausible; nothing else ever is. */
  g_assert_true (mm_quantity_plausible ("humidity", -1e300));
  g_assert_false (mm_quantity_plausible ("humidity", NAN));
  g_assert_false (mm_quantity_plausible ("humidity", INFINITY));
  g_assert_false (mm_quantity_plausible ("pv_power", NAN));
  g_assert_false (mm_quantity_plausible ("soc", -INFINITY));
}

static void
test_ranges (void)
{
  static const struct
  {
    const char *name;
    double lowest;
    double highest;
  } cases[] = {
    { "pv_power", -1e3, 1e7 },
    { "grid_power", -1e7, 1e7 },
    { "battery_power", -1e7, 1e7 },
    { "load_power", -1e7, 1e7 },
    { "soc", 0, 100 },
    { "soh", 0, 120 },
    { "battery_voltage", -100, 2000 },
    { "battery_current", -10000, 10000 },
    { "islanded", 0, 1 },
    { "curtailed", 0, 1 },
    { "pv_energy_total", 0, 1e12 },
    { "ev_energy_total", 0, 1e12 },
    { "frequency", 0, 100 },
    { "temperature_cell_max", -60, 200 },
    { "temperature_any", -60, 200 },
    { "ac_voltage_l1", 0, 1e3 },
    { "ac_current_l1", -1e4, 1e4 },
    { "dc_voltage_2", -100, 2e3 },
    { "dc_current_2", -1e3, 1e3 },
    { "dc_power_2", -1e3, 1e7 },
    { "irradiance", -50, 2e3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (mm_quantity_plausible (cases[i].name, cases[i].lowest));
      g_assert_true (mm_quantity_plausible (cases[i].name, cases[i].highest));
      g_assert_false (mm_quantity_plausible (cases[i].name, cases[i].lowest - 0.1));
      g_assert_false (mm_quantity_plausible (cases[i].name, cases[i].highest * 1.001));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quantity/known", test_known);
  g_test_add_func ("/quantity/families", test_families);
  g_test_add_func ("/quantity/unknown", test_unknown);
  g_test_add_func ("/quantity/ranges", test_ranges);
  return g_test_run ();
}

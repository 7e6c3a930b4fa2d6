/* What a mapping may say, and how it reads times and numbers. */
#include "mm-batch.h"
#include "mm-map.h"

#include <string.h>

#define HEAD "[time]\ncolumn=t\nformat=epoch\n"
#define VALUE "[value pcs1 pv_power]\ncolumn=P\n"

static MmMap *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  MmMap *map = mm_map_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return map;
}

static void
test_whole (void)
{
  g_autoptr (MmMap) map
      = parse ("[time]\ncolumn=when\nformat=rfc3339\n[gateway]\ninterval=60\n"
               "[device pcs1]\nkind=pcs\nmaker=A\nmodel=B\nserial=C\n"
               "[value pcs1 pv_power]\ncolumn=Power [W]\n[value meter grid_power]\ncolumn=G\n"
               "scale=-1000\n[value pcs1 pv_energy_total]\ncolumn=E\n");
  const MmDevice *device = &g_array_index (map->devices, MmDevice, 0);
  const MmMapValue *values = (const MmMapValue *) (gpointer) map->values->data;

  g_assert_cmpstr (map->time_column, ==, "when");
  g_assert_cmpint (map->time_format, ==, MM_MAP_TIME_RFC3339);
  g_assert_cmpuint (map->interval_s, ==, 60);
  g_assert_cmpuint (map->devices->len, ==, 1);
  g_assert_cmpstr (device->device, ==, "pcs1");
  g_assert_cmpstr (device->kind, ==, "pcs");
  g_assert_cmpstr (device->serial, ==, "C");
  /* One device's values stand side by side, otherwise in the file's order. */
  g_assert_cmpuint (map->values->len, ==, 3);
  g_assert_cmpstr (values[0].quantity, ==, "grid_power");
  g_assert_cmpfloat (values[0].scale, ==, -1000.0);
  g_assert_cmpstr (values[1].quantity, ==, "pv_power");
  g_assert_cmpstr (values[1].column, ==, "Power [W]");
  g_assert_cmpfloat (values[1].scale, ==, 1.0);
  g_assert_cmpstr (values[2].quantity, ==, "pv_energy_total");
}

static void
test_refused (void)
{
  static const char *const wrong[] = {
    "",
    "no key file",
    VALUE,
    HEAD,
    "[time]\ncolumn=t\n" VALUE,
    "[time]\nformat=epoch\n" VALUE,
    "[time]\ncolumn=t\nformat=excel\n" VALUE,
    HEAD "zone=UTC\n" VALUE,
    HEAD VALUE "[gateway]\ninterval=0\n",
    HEAD VALUE "[gateway]\ninterval=x\n",
    HEAD VALUE "[gateway]\n",
    HEAD VALUE "[surprise]\na=b\n",
    HEAD VALUE "[device a b]\nkind=pcs\n",
    HEAD VALUE "[device pcs1]\ncolour=red\n",
    HEAD "[value pcs1]\ncolumn=P\n",
    HEAD "[value pcs1 pv power]\ncolumn=P\n",
    HEAD "[value pcs1 pv/power]\ncolumn=P\n",
    HEAD "[value pcs1 pv_power]\nscale=1\n",
    HEAD VALUE "scale=0\n",
    HEAD VALUE "scale=one\n",
    HEAD VALUE "sign=-1\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      MmMap *map = mm_map_parse (wrong[i], strlen (wrong[i]), &error);

      if (map != NULL)
        g_error ("taken: %s", wrong[i]);
      g_assert_nonnull (error);
    }
}

static void
test_digest (void)
{
  g_autoptr (MmMap) one = parse (HEAD VALUE);
  g_autoptr (MmMap) same = parse (HEAD VALUE);
  g_autoptr (MmMap) other = parse (HEAD VALUE "scale=2\n");

  g_assert_cmpstr (one->digest, ==, same->digest);
  g_assert_cmpstr (one->digest, !=, other->digest);
}

static void
test_time (void)
{
  g_autoptr (MmMap) epoch = parse (HEAD VALUE);
  g_autoptr (MmMap) rfc3339 = parse ("[time]\ncolumn=t\nformat=rfc3339\n" VALUE);
  gint64 time;

  g_assert_null (mm_map_read_time (epoch, "1475690699.014683", &time));
  g_assert_cmpint (time, ==, G_GINT64_CONSTANT (1475690699014683));
  g_assert_null (mm_map_read_time (epoch, " 1475690699 ", &time));
  g_assert_cmpint (time, ==, G_GINT64_CONSTANT (1475690699000000));
  g_assert_null (mm_map_read_time (rfc3339, "2016-10-05T20:04:59.5+02:00", &time));
  g_assert_cmpint (time, ==, G_GINT64_CONSTANT (1475690699500000));
  g_assert_nonnull (mm_map_read_time (epoch, "", &time));
  g_assert_nonnull (mm_map_read_time (epoch, "soon", &time));
  g_assert_nonnull (mm_map_read_time (epoch, "0", &time));
  g_assert_nonnull (mm_map_read_time (epoch, "1475690699014", &time));
  g_assert_nonnull (mm_map_read_time (epoch, "-1e300", &time));
  g_assert_nonnull (mm_map_read_time (rfc3339, "1475690699", &time));
  g_assert_nonnull (mm_map_read_time (rfc3339, "1970-01-01T00:00:00Z", &time));
}

/* Every microsecond survives the way through a double. */
static void
test_time_exact (void)
{
  g_autoptr (MmMap) map = parse (HEAD VALUE);

  for (int i = 0; i < 1000000; i += 7)
    {
      g_autofree char *cell = g_strdup_printf ("1475690699.%06d", i);
      gint64 time;

      g_assert_null (mm_map_read_time (map, cell, &time));
      g_assert_cmpint (time, ==, G_GINT64_CONSTANT (1475690699000000) + i);
    }
}

static void
test_value (void)
{
  MmMapValue value = { .scale = -1.0 };
  double number;

  g_assert_null (mm_map_read_value (&value, "-429.19", &number));
  g_assert_cmpfloat (number, ==, 429.19);
  g_assert_null (mm_map_read_value (&value, " 1e3 ", &number));
  g_assert_cmpfloat (number, ==, -1000.0);
  /* No negative zero. */
  g_assert_null (mm_map_read_value (&value, "0", &number));
  g_assert_cmpfloat (1.0 / number, >, 0.0);
  g_assert_nonnull (mm_map_read_value (&value, "NaN", &number));
  g_assert_nonnull (mm_map_read_value (&value, "1,5", &number));
  g_assert_nonnull (mm_map_read_value (&value, "12 W", &number));
  g_assert_nonnull (mm_map_read_value (&value, "inf", &number));
  value.scale = 1e10;
  g_assert_nonnull (mm_map_read_value (&value, "1e300", &number));
}

/* The mapping that is shipped. */
static void
test_shipped (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("MIMAMORI_TOP"), "data", "maps",
                                            "fronius-symo-hybrid.map", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmMap) map = mm_map_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (map->values->len, ==, 18);
  g_assert_cmpuint (map->devices->len, ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/map/whole", test_whole);
  g_test_add_func ("/map/refused", test_refused);
  g_test_add_func ("/map/digest", test_digest);
  g_test_add_func ("/map/time", test_time);
  g_test_add_func ("/map/time-exact", test_time_exact);
  g_test_add_func ("/map/value", test_value);
  g_test_add_func ("/map/shipped", test_shipped);
  return g_test_run ();
}

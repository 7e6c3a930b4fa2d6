/* codec/mm-mapping and mm-mapper: what rules may say, which one decides, sums and spares, and the
 * files that are shipped, on names as devices really send them. */
#include "mm-mapper.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static MmMapping *
build (const char *text, const char *more)
{
  g_autoptr (MmMappingBuilder) builder = mm_mapping_builder_new ();
  g_autoptr (GPtrArray) problems = mm_mapping_problems_new ();
  const char *const texts[] = { text, more };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL
        && !mm_mapping_builder_add (builder, i == 0 ? "one" : "two", texts[i], strlen (texts[i]),
                                    problems))
      {
        const MmMappingProblem *problem = problems->pdata[0];

        g_error ("%s:%u: %s", problem->file, problem->line, problem->message);
      }
  return mm_mapping_builder_end (builder);
}

/* Reads "key=value key=value". */
static guint
read_tags (const char *text, MmMappingTag *tags)
{
  guint n = 0;

  while (text != NULL && *text != '\0')
    {
      gsize key = strcspn (text, "=");
      gsize value = strcspn (text + key + 1, " ");

      tags[n++] = (MmMappingTag){ text, key, text + key + 1, value };
      text += key + 1 + value;
      text += *text == ' ';
    }
  return n;
}

/* "device quantity scale kind", or NULL. */
static char *
find (const MmMapping *mapping, const char *protocol, const char *name, const char *tag_text)
{
  static const char *const kinds[] = { "", " sum", " spare", " fault" };
  MmMappingTag tags[8];
  MmMappingTarget target;
  guint n = read_tags (tag_text, tags);

  if (!mm_mapping_find (mm_mapping_table (mapping, protocol), 0, name, strlen (name), tags, n,
                        &target))
    return NULL;
  return g_strdup_printf ("%.*s %.*s %g%s", (int) target.device_length, target.device,
                          (int) target.quantity_length, target.quantity, target.scale,
                          kinds[target.kind]);
}

static void
assert_found (const MmMapping *mapping,
              const char *protocol,
              const char *name,
              const char *tags,
              const char *expected)
{
  g_autofree char *found = find (mapping, protocol, name, tags);

  if (g_strcmp0 (found, expected) != 0)
    g_error ("%s %s %s: %s", protocol, name, tags, found);
}

static void
test_rules (void)
{
  g_autoptr (MmMapping) mapping = build ("# A comment\n\n  [line]  # and more\r\n"
                                         "m/power -> dev pv_power scale=-1000 # kW\n"
                                         "\tm/{x} edge={n} -> edge{n} {x}\n"
                                         "\"two words/a \\\"b\\\\\" -> \"my device\" \"a b\"\n"
                                         "[venus]\nm/power -> v q fault\n*/x -> any x\n",
                                         NULL);
  MmMappingRuleText text;

  g_assert_cmpuint (mm_mapping_n_rules (mapping), ==, 5);
  mm_mapping_rule_text (mapping, 1, &text);
  g_assert_cmpstr (text.file, ==, "one");
  g_assert_cmpuint (text.line, ==, 5);
  g_assert_cmpstr (text.protocol, ==, "line");
  g_assert_cmpstr (text.text, ==, "m/{x} edge={n} -> edge{n} {x}");
  assert_found (mapping, "line", "m/power", NULL, "dev pv_power -1000");
  assert_found (mapping, "line", "m/other", NULL, NULL);
  assert_found (mapping, "line", "m/other", "edge=3", "edge3 other 1");
  assert_found (mapping, "line", "two words/a \"b\\", NULL, "my device a b 1");
  assert_found (mapping, "venus", "m/power", NULL, "v q 1 fault");
  assert_found (mapping, "venus", "m/x", NULL, "any x 1");
  assert_found (mapping, "mqtt", "m/power", NULL, NULL);
  g_assert_true (mm_mapping_may_know (mm_mapping_table (mapping, "line"), "m", 1));
  g_assert_true (mm_mapping_may_know (mm_mapping_table (mapping, "line"), "m/x", 3));
  g_assert_false (mm_mapping_may_know (mm_mapping_table (mapping, "line"), "n", 1));
  g_assert_true (mm_mapping_may_know (mm_mapping_table (mapping, "venus"), "n", 1));
  g_assert_false (mm_mapping_may_know (mm_mapping_table (mapping, "mqtt"), "m", 1));
}

static void
test_order (void)
{
  g_autoptr (MmMapping) mapping = build ("[line]\nm/a -> one a\nm/b x=1 -> one bx\nm/k -> keep\n",
                                         "[line]\n*/z -> wild z\nm/* -> two rest\nm/b -> two b\n"
                                         "m/a -> two a\nm/z -> late z\nm/k -> two k\n");

  assert_found (mapping, "line", "m/a", NULL, "one a 1");
  assert_found (mapping, "line", "m/b", "x=1", "one bx 1");
  assert_found (mapping, "line", "m/b", "x=2", "two;x=2 rest 1");
  assert_found (mapping, "line", "m/z", NULL, "wild z 1");
  assert_found (mapping, "line", "m/k", NULL, NULL);
  assert_found (mapping, "line", "n/a", NULL, NULL);
}

static void
test_tags (void)
{
  g_autoptr (MmMapping) mapping = build ("[line]\na/v host -> a v\nb/v t={x}y * -> b-{x} v\n"
                                         "c/v t=1 u -> c v\n",
                                         NULL);
  g_autofree char *longest = g_strnfill (MM_NAME_MAX_BYTES, 'x');
  g_autofree char *too_long = g_strconcat ("t=1 z=", longest, NULL);

  assert_found (mapping, "line", "a/v", NULL, "a v 1");
  assert_found (mapping, "line", "a/v", "host=h", "a v 1");
  assert_found (mapping, "line", "a/v", "host=h room=2 zone=3", "a;room=2;zone=3 v 1");
  assert_found (mapping, "line", "b/v", "host=h", NULL);
  assert_found (mapping, "line", "b/v", "host=h t=wy", "b-w v 1");
  assert_found (mapping, "line", "b/v", "t=y", NULL);
  assert_found (mapping, "line", "c/v", "t=2 u=1", NULL);
  assert_found (mapping, "line", "c/v", "t=1 u=1", "c v 1");
  assert_found (mapping, "line", "c/v", too_long, NULL);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    guint line;
    const char *says;
  } wrong[] = {
    { "a -> b c\n", 1, "before the first heading" },
    { "[lines]\n", 1, "protocol" },
    { "[line\n", 1, "heading" },
    { "[line] x\n", 1, "heading" },
    { "[line]\na b c\n", 2, "arrow" },
    { "[line]\n-> b c\n", 2, "no source" },
    { "[line]\n\na -> b\n", 3, "device and a quantity" },
    { "[line]\na ->\n", 2, "device and a quantity" },
    { "[line]\na -> b c d\n", 2, "option" },
    { "[line]\na -> b c scale=0\n", 2, "scale" },
    { "[line]\na -> b c scale=x\n", 2, "scale" },
    { "[line]\na -> b c sum spare\n", 2, "exclude" },
    { "[line]\na -> b {c}\n", 2, "does not catch" },
    { "[line]\n{a}{b} -> b c\n", 2, "side by side" },
    { "[line]\na t={x -> b c\n", 2, "braces" },
    { "[line]\na =x -> b c\n", 2, "no name" },
    { "[line]\na t=1 t=2 -> b c\n", 2, "twice" },
    { "[line]\n\"a -> b c\n", 2, "quote" },
    { "[line]\na -> b c\na -> d e\n", 3, "same as in line 2" },
    { "[line]\na -> b c\x01\n", 2, "control" },
    { "[line]\na -> b \"\"\n", 2, "1 to 128" },
    { "\xff", 0, "UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (MmMappingBuilder) builder = mm_mapping_builder_new ();
      g_autoptr (GPtrArray) problems = mm_mapping_problems_new ();
      const MmMappingProblem *problem;
      gboolean taken
          = mm_mapping_builder_add (builder, "f", wrong[i].text, strlen (wrong[i].text), problems);
      g_autoptr (MmMapping) mapping = mm_mapping_builder_end (builder);

      if (taken)
        g_error ("taken: %s", wrong[i].text);
      g_assert_cmpuint (mm_mapping_n_rules (mapping), ==, 0);
      g_assert_cmpuint (problems->len, ==, 1);
      problem = problems->pdata[0];
      g_assert_cmpstr (problem->file, ==, "f");
      g_assert_cmpuint (problem->line, ==, wrong[i].line);
      if (strstr (problem->message, wrong[i].says) == NULL)
        g_error ("%s: %s", wrong[i].text, problem->message);
    }
}

static void
test_all_problems (void)
{
  g_autoptr (MmMappingBuilder) builder = mm_mapping_builder_new ();
  g_autoptr (GPtrArray) problems = mm_mapping_problems_new ();
  g_autoptr (GString) text = g_string_new ("[line]\n");
  g_autoptr (MmMapping) mapping = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text, "a%u ->\nb%u -> c d\n", i, i);
  g_assert_true (mm_mapping_builder_add (builder, "good", "[line]\na -> b c\n", 16, problems));
  g_assert_false (mm_mapping_builder_add (builder, "bad", text->str, text->len, problems));
  g_assert_cmpuint (problems->len, ==, MM_MAPPING_MAX_PROBLEMS);
  mapping = mm_mapping_builder_end (builder);
  g_assert_cmpuint (mm_mapping_n_rules (mapping), ==, 1);
}

/* ---- the mapper ---- */

/* All values as "device quantity value@time", in order. */
static char *
show (const MmBatch *batch)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < batch->values->len; i++)
    {
      const MmValue *value = &g_array_index (batch->values, MmValue, i);

      g_string_append_printf (text, "%s%s %s %g@%d", i > 0 ? ", " : "",
                              mm_batch_name (batch, value->device),
                              mm_batch_name (batch, value->quantity), value->value,
                              (int) value->time);
    }
  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *name;
  int time;
  double value;
} Source;

static void
assert_mapped (const MmMapping *mapping, const Source *sources, guint n, const char *expected)
{
  g_autoptr (MmBatch) batch = mm_batch_new ();
  g_autofree char *shown = NULL;
  MmMapper mapper;

  mm_mapper_init (&mapper, batch, mm_mapping_table (mapping, "line"));
  for (guint i = 0; i < n; i++)
    g_assert_true (mm_mapper_add (&mapper, sources[i].name, NULL, 0, "own", sources[i].time,
                                  sources[i].value, i));
  mm_mapper_finish (&mapper);
  mm_mapper_clear (&mapper);
  shown = show (batch);
  g_assert_cmpstr (shown, ==, expected);
}

static void
test_sums (void)
{
  g_autoptr (MmMapping) mapping
      = build ("[line]\nm/plus -> b p scale=-1 sum\nm/minus -> b p sum\nm/{x} -> b {x}\n"
               "g/l1 -> g p sum\ng/l2 -> g p sum?\n",
               NULL);

  const Source both[] = { { "m/plus", 1, 100 }, { "m/minus", 1, 0 } };
  const Source apart[] = { { "m/plus", 1, 100 }, { "m/minus", 2, 7 } };
  const Source twice[] = { { "m/plus", 1, 5 }, { "m/minus", 1, 9 }, { "m/plus", 1, 2 } };
  const Source phases[]
      = { { "g/l1", 1, 3 }, { "g/l1", 2, 4 }, { "g/l2", 2, 5 }, { "g/l2", 3, 6 } };

  assert_mapped (mapping, both, 2, "b p -100@1");
  assert_mapped (mapping, apart, 2, "b plus 100@1, b minus 7@2");
  assert_mapped (mapping, twice, 3, "b p 7@1");
  assert_mapped (mapping, phases, 4, "g p 3@1, g p 9@2, g l2 6@3");
}

static void
test_spares (void)
{
  g_autoptr (MmMapping) mapping
      = build ("[line]\nm/p -> b p\ns/p -> sys p scale=2 spare\nt/p -> third p spare\n", NULL);

  const Source needed[] = { { "s/p", 1, 4 }, { "x", 1, 9 } };
  const Source not_needed[] = { { "s/p", 1, 4 }, { "m/p", 1, 3 }, { "s/p", 2, 5 } };
  const Source two[] = { { "s/p", 1, 4 }, { "t/p", 1, 3 } };

  assert_mapped (mapping, needed, 2, "own x 9@1, sys p 8@1");
  assert_mapped (mapping, not_needed, 3, "b p 3@1, s p 4@1, sys p 10@2");
  assert_mapped (mapping, two, 2, "sys p 8@1, t p 3@1");
}

static void
test_own_names (void)
{
  g_autoptr (MmMapping) mapping = build ("[line]\n", NULL);
  g_autoptr (MmBatch) batch = mm_batch_new ();
  MmMapper mapper;
  const Source plain[] = { { "a/b/c", 1, -0.0 }, { "alone", 1, 2 } };

  assert_mapped (mapping, plain, 2, "a b/c 0@1, own alone 2@1");
  mm_mapper_init (&mapper, batch, NULL);
  g_assert_false (mm_mapper_add (&mapper, "", NULL, 0, "own", 1, 1, 0));
  g_assert_false (mm_mapper_add (&mapper, "a/", NULL, 0, "own", 1, 1, 0));
  g_assert_false (mm_mapper_add (&mapper, "a/\x01", NULL, 0, "own", 1, 1, 3));
  mm_mapper_clear (&mapper);
  g_assert_cmpuint (batch->n_refused, ==, 3);
  g_assert_cmpstr (g_array_index (batch->refusals, MmRefusal, 2).code, ==, "bad-name");
}

/* ---- what is shipped ---- */

static MmMapping *
load_shipped (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("MIMAMORI_TOP"), "data", "mappings", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (MmMappingBuilder) builder = mm_mapping_builder_new ();
  g_autoptr (GPtrArray) problems = mm_mapping_problems_new ();
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gsize length;

      if (!g_str_has_suffix (name, ".mapping"))
        continue;
      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      mm_mapping_builder_add (builder, name, text, length, problems);
    }
  for (guint i = 0; i < problems->len; i++)
    {
      const MmMappingProblem *problem = problems->pdata[i];

      g_test_message ("%s:%u: %s", problem->file, problem->line, problem->message);
    }
  g_assert_cmpuint (problems->len, ==, 0);
  return mm_mapping_builder_end (builder);
}

static void
test_shipped (void)
{
  static const struct
  {
    const char *protocol, *name, *tags, *expected;
  } cases[] = {
    { "line", "SENEC/bat_power_plus", NULL, "senec battery_power -1 sum" },
    { "line", "SENEC/grid_power_plus", NULL, "senec grid_power 1 sum" },
    { "line", "SENEC/wallbox_charge_power", NULL, "senec wallbox_charge_power 1" },
    { "line", "data/_sum/GridActivePower", "edge=0", "edge0 grid_power 1" },
    { "line", "data/_sum/EssActivePower", "edge=0", "edge0 battery_power 1 spare" },
    { "line", "data/ess0/DcCharge", "edge=0", "edge0 ess0/DcCharge 1" },
    { "line", "data/_sum/GridActivePower", NULL, NULL },
    { "line", "W/value", "domain=sensor entity_id=pv_power", "home pv_power 1" },
    { "line", "kW/value", "domain=sensor entity_id=solax_pv_power source=HA",
      "solax pv_power 1000" },
    { "line", "%/value", "domain=sensor entity_id=battery_state_of_charge", "home soc 1" },
    { "line", "W/value", "domain=sensor entity_id=fridge", NULL },
    { "fronius", "Site/P_Load", NULL, "site load_power -1" },
    { "fronius", "inverter/1/Voltage_DC_String_2", NULL, "inverter1 dc_voltage_2 1" },
    { "fronius", "inverter/1/EnergyReal_WAC_Sum_Produced", NULL,
      "inverter1 EnergyReal_WAC_Sum_Produced 1" },
    { "fronius", "meter/10000001/EnergyReal_WAC_Plus_Absolute", NULL,
      "meter10000001 grid_import_energy_total 1" },
    { "venus", "battery/256/Dc/0/Power", NULL, "battery256 battery_power -1" },
    { "venus", "grid/30/Ac/Energy/Reverse", NULL, "grid30 grid_export_energy_total 1000" },
    { "venus", "battery/256/Alarms/LowSoc", NULL, "battery256 LowSoc 1 fault" },
    { "venus", "vebus/257/Alarms/L1/Ripple", NULL, "vebus257 L1/Ripple 1 fault" },
    { "venus", "vebus/257/Hub4/L1/AcPowerSetpoint", NULL, "vebus257 Hub4/L1/AcPowerSetpoint 1" },
    { "sunspec", "103/W", NULL, "inverter pv_power 1" },
    { "sunspec", "160/module/2/DCW", NULL, "inverter dc_power_2 1" },
    { "sunspec", "1/Mn", NULL, "model1 Mn 1" },
  };
  g_autoptr (MmMapping) mapping = load_shipped ();

  g_assert_cmpuint (mm_mapping_n_rules (mapping), >, 150);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_found (mapping, cases[i].protocol, cases[i].name, cases[i].tags, cases[i].expected);
}

/* ---- what is recorded ---- */

/* A folder of the recordings, or NULL. */
static char *
recordings (const char *name)
{
  const char *shared = g_getenv ("MIMAMORI_SHARED_DATA");
  g_autofree char *beside
      = g_build_filename (g_getenv ("MIMAMORI_TOP"), "..", "shared", "data", NULL);
  char *folder = g_build_filename (shared != NULL ? shared : beside, name, NULL);

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_clear_pointer (&folder, g_free);
  return folder;
}

/* Puts the initial state of a recording of Venus OS through the rules; what was no number is not
 * asked for. Returns how many values there were. */
static guint
map_recording (const MmMapping *mapping, const char *path, MmBatch *batch)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) words = NULL;
  const char *instance = "0";
  MmMapper mapper;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  words = g_strsplit (lines[0], ".", 4); /* com.victronenergy.SERVICE.… */
  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    if (g_str_has_prefix (lines[i], "/DeviceInstance\t"))
      instance = strrchr (g_strchomp (lines[i]), '\t') + 1;
  mm_mapper_init (&mapper, batch, mm_mapping_table (mapping, "venus"));
  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], "\t", 4);
      g_autofree char *name = g_strdup_printf ("%s/%s%s", words[2], instance, cells[0]);
      double value;
      char end;

      if (g_strv_length (cells) < 3 || sscanf (cells[2], "%lf%c", &value, &end) != 1)
        continue;
      n++;
      if (!mm_mapper_add (&mapper, name, NULL, 0, "venus", 1, value, i))
        g_error ("%s: %s is refused", path, name);
    }
  mm_mapper_finish (&mapper);
  mm_mapper_clear (&mapper);
  return n;
}

static double
value_of (const MmBatch *batch, const char *device, const char *quantity)
{
  for (guint i = 0; i < batch->values->len; i++)
    {
      const MmValue *value = &g_array_index (batch->values, MmValue, i);

      if (strcmp (mm_batch_name (batch, value->device), device) == 0
          && strcmp (mm_batch_name (batch, value->quantity), quantity) == 0)
        return value->value;
    }
  g_error ("no %s of %s", quantity, device);
}

/* What is like one, for machines without the recordings. */
static void
test_venus_fixture (void)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("MIMAMORI_TOP"), "tests", "fixtures", "venus-grid.csv", NULL);
  g_autoptr (MmMapping) mapping = load_shipped ();
  g_autoptr (MmBatch) batch = mm_batch_new ();

  g_assert_cmpuint (map_recording (mapping, path, batch), ==, 7);
  g_assert_cmpuint (batch->values->len, ==, 7);
  g_assert_cmpfloat (value_of (batch, "grid30", "grid_power"), ==, -2318.1);
  g_assert_cmpfloat (value_of (batch, "grid30", "ac_voltage_l1"), ==, 239.3);
  g_assert_cmpfloat (value_of (batch, "grid30", "Ac/L1/Power"), ==, -1342.1);
}

/* Every number of every recorded device has a place, each its own, with our signs. */
static void
test_venus_recordings (void)
{
  g_autofree char *folder = recordings ("victron-dbus-recordings");
  g_autoptr (MmMapping) mapping = load_shipped ();
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;
  guint n_files = 0;

  if (dir == NULL)
    {
      g_test_skip ("the shared data is not there");
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (MmBatch) batch = mm_batch_new ();
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      guint n;

      if (!g_str_has_suffix (name, ".csv"))
        continue;
      n_files++;
      n = map_recording (mapping, path, batch);
      g_assert_cmpuint (n, >, 0);
      g_assert_cmpuint (batch->values->len, ==, n);
      for (guint i = 0; i < n; i++)
        {
          const MmValue *value = &g_array_index (batch->values, MmValue, i);

          if (!g_hash_table_add (seen, g_strdup_printf ("%u %u", value->device, value->quantity)))
            g_error ("%s: two sources are one %s", name, mm_batch_name (batch, value->quantity));
        }
      if (strcmp (name, "battery.csv") == 0)
        {
          /* It charges: with 473 W above zero there, below zero here. */
          g_assert_cmpfloat (value_of (batch, "battery256", "battery_power"), <, -470);
          g_assert_cmpfloat (value_of (batch, "battery256", "battery_current"), <, -7);
          g_assert_cmpfloat (value_of (batch, "battery256", "soc"), ==, 100);
          g_assert_cmpfloat (value_of (batch, "battery256", "battery_charge_energy_total"), >,
                             791e3);
        }
      else if (strcmp (name, "pvinverter.csv") == 0)
        g_assert_cmpfloat (value_of (batch, "pvinverter32", "pv_power"), ==, 984.1923125);
      else if (strcmp (name, "grid.csv") == 0)
        {
          g_assert_cmpfloat (value_of (batch, "grid30", "grid_power"), <, -2318);
          g_assert_cmpfloat (value_of (batch, "grid30", "grid_import_energy_total"), ==, 5276400);
        }
    }
  g_assert_cmpuint (n_files, >, 20);
}

/* Whether a SunSpec model has the point @name, also in its groups. */
static gboolean
has_point (json_t *group, const char *name)
{
  json_t *point, *inner;
  gsize i;

  json_array_foreach (json_object_get (group, "points"), i, point)
    {
      if (strcmp (json_string_value (json_object_get (point, "name")), name) == 0)
        return TRUE;
    }
  json_array_foreach (json_object_get (group, "groups"), i, inner)
    {
      if (has_point (inner, name))
        return TRUE;
    }
  return FALSE;
}

/* Every rule for SunSpec names a point that its model has. */
static void
test_sunspec_models (void)
{
  g_autofree char *folder = recordings ("sunspec-models-events");
  g_autoptr (MmMapping) mapping = load_shipped ();
  guint n_checked = 0;

  if (folder == NULL)
    {
      g_test_skip ("the shared data is not there");
      return;
    }
  for (guint i = 0; i < mm_mapping_n_rules (mapping); i++)
    {
      MmMappingRuleText rule;
      g_auto (GStrv) words = NULL;
      g_autofree char *file = NULL;
      g_autofree char *path = NULL;
      const char *point;
      json_t *model;

      mm_mapping_rule_text (mapping, i, &rule);
      if (strcmp (rule.protocol, "sunspec") != 0 || rule.text[0] == '{')
        continue;
      words = g_strsplit_set (rule.text, " ", 2);
      point = strrchr (words[0], '/') + 1;
      /* 10{m}: the three-phase one has all the points of the others. */
      file
          = g_strdup_printf ("model_%.2s%c.json", words[0], words[0][2] == '{' ? '3' : words[0][2]);
      path = g_build_filename (folder, file, NULL);
      model = json_load_file (path, 0, NULL);
      g_assert_nonnull (model);
      if (!has_point (json_object_get (model, "group"), point))
        g_error ("%s: %s has no %s", rule.text, file, point);
      json_decref (model);
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >, 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mapping/rules", test_rules);
  g_test_add_func ("/mapping/order", test_order);
  g_test_add_func ("/mapping/tags", test_tags);
  g_test_add_func ("/mapping/refused", test_refused);
  g_test_add_func ("/mapping/all-problems", test_all_problems);
  g_test_add_func ("/mapping/sums", test_sums);
  g_test_add_func ("/mapping/spares", test_spares);
  g_test_add_func ("/mapping/own-names", test_own_names);
  g_test_add_func ("/mapping/shipped", test_shipped);
  g_test_add_func ("/mapping/venus-fixture", test_venus_fixture);
  g_test_add_func ("/mapping/venus-recordings", test_venus_recordings);
  g_test_add_func ("/mapping/sunspec-models", test_sunspec_models);
  return g_test_run ();
}

#define G_LOG_DOMAIN "mm-service"

#include "mm-demo-houses.h"

#include "mm-csv.h"
#include "mm-demo-resources.h"

#include <math.h>
#include <string.h>

enum
{
  PREFECTURE,
  MUNICIPALITY,
  POSTAL_CODE,
  LATITUDE,
  LONGITUDE,
  NAME,
  KANA,
  PV_KW,
  BATTERY_KWH,
  HABIT,
  STORY,
  N_COLUMNS,
};

static void
house_free (gpointer data)
{
  MmDemoHouse *house = data;

  g_free (house->id);
  g_free (house->serial);
  g_free (house->prefecture);
  g_free (house->municipality);
  g_free (house->postal_code);
  g_free (house->name);
  g_free (house->kana);
  g_free (house->mail);
  g_free (house->phone);
  g_free (house->habit);
  g_free (house->story);
  g_free (house->key);
  g_free (house->activation_code);
  g_free (house);
}

/* The rows (GStrv) of the file, without its heading. What is wrong with it is a defect of ours. */
static GPtrArray *
read_rows (void)
{
  g_autoptr (GBytes) bytes
      = g_resource_lookup_data (mm_demo_get_resource (), "/org/mimamori/demo/houses.csv",
                                G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (MmCsvReader) reader = mm_csv_reader_new ();
  g_autoptr (GError) error = NULL;
  GPtrArray *record = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  mm_csv_reader_feed (reader, text, length);
  mm_csv_reader_end (reader);
  while (mm_csv_reader_next (reader, &record, &error) && record != NULL)
    {
      GStrv row = g_new0 (char *, N_COLUMNS + 1);

      if (record->len != N_COLUMNS)
        g_error ("houses.csv: line %u has %u columns", mm_csv_reader_line (reader), record->len);
      for (guint i = 0; i < N_COLUMNS; i++)
        row[i] = g_strdup (record->pdata[i]);
      g_ptr_array_add (rows, row);
    }
  if (error != NULL)
    g_error ("houses.csv: %s", error->message);
  g_ptr_array_remove_index (rows, 0);
  return rows;
}

/* The family name of one and the given name of another, "見本 一郎". */
static char *
mix_names (const char *family, const char *given)
{
  return g_strdup_printf ("%.*s%s", (int) strcspn (family, " "), family, strchr (given, ' '));
}

/* Between -1 and 1, differently for each turn through the file and @what. */
static double
vary (guint turn, guint what)
{
  return turn == 0 ? 0 : ((turn * 37 + what * 59) % 101) / 50.0 - 1;
}

/* @value in whole steps of 1 / @steps. */
static double
to_grid (double value, double steps)
{
  return round (value * steps) / steps;
}

/* Most houses are well; of the varied ones every now and then one is not. */
static const char *
story_of (guint i, guint turn, const char *given)
{
  if (turn == 0)
    return given;
  if (i % 29 == 0)
    return "warning";
  return i % 23 == 0 ? "curtailed" : "normal";
}

static MmDemoHouse *
make (const GPtrArray *rows, guint i)
{
  guint turn = i / rows->len, at = i % rows->len;
  char **row = rows->pdata[at];
  char **family = rows->pdata[(at + turn) % rows->len];
  MmDemoHouse *house = g_new0 (MmDemoHouse, 1);

  house->id = g_strdup_printf ("DEMO-%03u", i + 1);
  house->serial = g_strdup_printf ("MIHON-%05u", i + 1);
  house->prefecture = g_strdup (row[PREFECTURE]);
  house->municipality = g_strdup (row[MUNICIPALITY]);
  house->postal_code = g_strdup (row[POSTAL_CODE]);
  house->latitude = to_grid (g_ascii_strtod (row[LATITUDE], NULL) + 0.04 * vary (turn, 1), 1e4);
  house->longitude = to_grid (g_ascii_strtod (row[LONGITUDE], NULL) + 0.04 * vary (turn, 2), 1e4);
  house->name = mix_names (family[NAME], row[NAME]);
  house->kana = mix_names (family[KANA], row[KANA]);
  house->mail = g_strdup_printf ("mihon%03u@example.jp", i + 1);
  house->phone = g_strdup_printf ("090-0000-%04u", i + 1);
  house->pv_kw = to_grid (g_ascii_strtod (row[PV_KW], NULL) + 1.2 * vary (turn, 3), 10);
  house->battery_kwh = g_ascii_strtod (row[BATTERY_KWH], NULL);
  house->habit = g_strdup (row[HABIT]);
  house->story = g_strdup (story_of (i, turn, row[STORY]));
  return house;
}

GPtrArray *
mm_demo_houses_new (guint n)
{
  g_autoptr (GPtrArray) rows = read_rows ();
  GPtrArray *houses = g_ptr_array_new_with_free_func (house_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (houses, make (rows, i));
  return houses;
}

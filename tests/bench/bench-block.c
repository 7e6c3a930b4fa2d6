/* Bytes per point and speed of blocks.
 *
 *   bench-block [FRONIUS.CSV]     (an optimised build)
 *
 * Of the recording all columns that are numbers, and those that the shipped mapping takes; and made
 * series: values every 10 seconds on the second, and every minute with a clock that trembles. One
 * block a day, or as many as 4,096 times ask for. */
#include "mm-block.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY G_TIME_SPAN_DAY
#define MAX_COLUMNS 64

static const char *const mapped[] = {
  "powerflow_P_PV",
  "powerflow_E_Total",
  "powerflow_P_Akku",
  "powerflow_P_Grid",
  "powerflow_P_Load",
  "meter_EnergyReal_WAC_Plus_Absolute",
  "meter_EnergyReal_WAC_Minus_Absolute",
  "meter_Voltage_AC_Phase_1",
  "meter_Voltage_AC_Phase_2",
  "meter_Voltage_AC_Phase_3",
  "meter_Frequency_Phase_Average",
  "battery_controller_StateOfCharge_Relative",
  "battery_controller_Temperature_Cell",
  NULL,
};

static int
by_time (gconstpointer a, gconstpointer b)
{
  const MmBlockPoint *p = a, *q = b;

  return p->time < q->time ? -1 : p->time > q->time;
}

/* Measures @columns (GArray of MmBlockPoint, ascending) in blocks of up to @n_times times of a day.
 */
static void
measure (const char *name, GPtrArray *columns)
{
  guint64 n_points = 0, n_bytes = 0, n_blocks = 0;
  gint64 encoding = 0, decoding = 0, first = G_MAXINT64, last = G_MININT64;
  g_autofree guint *at = g_new0 (guint, columns->len);
  g_autoptr (GPtrArray) blocks
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);

  for (guint i = 0; i < columns->len; i++)
    {
      GArray *points = columns->pdata[i];

      if (points->len == 0)
        continue;
      first = MIN (first, g_array_index (points, MmBlockPoint, 0).time);
      last = MAX (last, g_array_index (points, MmBlockPoint, points->len - 1).time);
      n_points += points->len;
    }
  for (gint64 from = first - first % DAY; from <= last;)
    {
      MmBlockSeries series[MAX_COLUMNS];
      guint n = 0;
      gint64 to = from - from % DAY + DAY, begin;

      for (guint i = 0; i < columns->len; i++)
        {
          GArray *points = columns->pdata[i];
          const MmBlockPoint *all = (const MmBlockPoint *) points->data;

          if (at[i] + 4000 < points->len)
            to = MIN (to, all[at[i] + 4000].time);
        }
      for (guint i = 0; i < columns->len; i++)
        {
          GArray *points = columns->pdata[i];
          const MmBlockPoint *all = (const MmBlockPoint *) points->data;
          guint end = at[i];

          while (end < points->len && all[end].time < to)
            end++;
          if (end > at[i])
            series[n++] = (MmBlockSeries){ i, end - at[i], all + at[i] };
          at[i] = end;
        }
      from = to;
      if (n == 0)
        continue;
      begin = g_get_monotonic_time ();
      g_ptr_array_add (blocks, mm_block_encode (series, n));
      encoding += g_get_monotonic_time () - begin;
      n_bytes += ((GByteArray *) blocks->pdata[blocks->len - 1])->len;
      n_blocks++;
    }
  for (guint b = 0; b < blocks->len; b++)
    {
      GByteArray *bytes = blocks->pdata[b];
      g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));
      gint64 begin = g_get_monotonic_time ();
      g_autoptr (MmBlock) block = mm_block_open (bytes->data, bytes->len, NULL);

      for (guint i = 0; i < mm_block_n_series (block); i++)
        {
          g_array_set_size (points, 0);
          if (!mm_block_read (block, i, points, NULL))
            g_error ("damaged");
        }
      decoding += g_get_monotonic_time () - begin;
    }
  printf ("%-34s %9" G_GUINT64_FORMAT " points %5.3f bytes/point, %" G_GUINT64_FORMAT
          " blocks, write %.1f M points/s (%.0f MB/s), read %.1f M points/s (%.0f MB/s)\n",
          name, n_points, (double) n_bytes / (double) n_points, n_blocks,
          (double) n_points / (double) encoding, 16.0 * (double) n_points / (double) encoding,
          (double) n_points / (double) decoding, 16.0 * (double) n_points / (double) decoding);
}

/* ---- the recording ---- */

static void
recording (const char *path)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) names = NULL;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GPtrArray) some = g_ptr_array_new ();

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("cannot read %s", path);
  lines = g_strsplit (text, "\n", -1);
  names = g_strsplit (g_strchomp (lines[0]), ",", -1);
  for (guint c = 1; names[c] != NULL; c++)
    {
      g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));

      for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
        {
          g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);
          char *end, *dot = strchr (cells[0], '.');
          MmBlockPoint point = { .value = g_ascii_strtod (cells[c], &end) };

          g_strchomp (cells[c]);
          if (end == cells[c] || *end != '\0')
            continue;
          point.time = g_ascii_strtoll (cells[0], NULL, 10) * 1000000
                       + (dot != NULL ? (gint64) (g_ascii_strtod (dot, NULL) * 1e6 + 0.5) : 0);
          g_array_append_val (points, point);
        }
      if (points->len == 0)
        continue;
      g_array_sort (points, by_time);
      if (g_strv_contains (mapped, names[c]))
        g_ptr_array_add (some, points);
      if (g_getenv ("EACH") != NULL)
        {
          g_autoptr (GPtrArray) one = g_ptr_array_new ();

          g_ptr_array_add (one, points);
          measure (names[c], one);
        }
      g_ptr_array_add (all, g_steal_pointer (&points));
    }
  measure ("recorded, all columns", all);
  measure ("recorded, mapped columns", some);
}

/* ---- made ---- */

static void
made (const char *name, gint64 step, double tremble)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint c = 0; c < 8; c++)
    {
      GArray *points = g_array_new (FALSE, FALSE, sizeof (MmBlockPoint));

      g_ptr_array_add (columns, points);
    }
  for (gint64 time = 1777636800 * G_TIME_SPAN_SECOND, end = time + 30 * DAY; time < end;
       time += step)
    {
      gint64 at = time + (gint64) (g_rand_double (random) * tremble);
      double hour = (double) (time % DAY) / 3.6e9;
      double sun
          = MAX (0, sin ((hour - 6) / 12 * G_PI)) * 4000 * (1 - 0.3 * g_rand_double (random));

      for (guint c = 0; c < 8; c++)
        {
          MmBlockPoint point = { .time = at };

          switch (c)
            {
            case 0:
              point.value = round (sun);
              break;
            case 1:
              point.value = round ((400 + 300 * g_rand_double (random)) * 10) / 10;
              break;
            case 2:
              point.value = round ((400 - sun) * 100) / 100;
              break;
            case 3:
              point.value = floor ((double) (time - 1777636800 * G_TIME_SPAN_SECOND) / 4e9);
              break;
            case 4:
              point.value = round (2300 + 20 * g_rand_double (random)) / 10;
              break;
            case 5:
              point.value = 50;
              break;
            case 6:
              point.value = floor (50 + 40 * sin (hour / 24 * 2 * G_PI));
              break;
            default:
              point.value = (double) (float) (230 + g_rand_double (random));
              break;
            }
          g_array_append_val ((GArray *) columns->pdata[c], point);
        }
    }
  measure (name, columns);
}

int
main (int argc, char **argv)
{
  if (argc > 1)
    recording (argv[1]);
  made ("made, every 10 s", 10 * G_TIME_SPAN_SECOND, 0);
  made ("made, every minute, trembling", G_TIME_SPAN_MINUTE, 900000);
  return 0;
}

#include "mm-half-hours.h"

#include "mm-csv.h"
#include "mm-error.h"
#include "mm-number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_PROBLEMS 10
/* Beyond these, another zone's clock may show a year that calendars do not have. */
#define MIN_YEAR 1970
#define MAX_YEAR 9998
#define MAX_WH 1e6 /* 2 MW: no house */
#define DATE "年月日"
#define TIME "時刻"
#define SOC "蓄電残量(SOC)[%]"

static const char *const energies[MM_N_HALF_HOUR_ENERGIES] = {
  [MM_HALF_HOUR_PV] = "発電電力量[kWh]",      [MM_HALF_HOUR_LOAD] = "消費電力量[kWh]",
  [MM_HALF_HOUR_SOLD] = "売電電力量[kWh]",    [MM_HALF_HOUR_BOUGHT] = "買電電力量[kWh]",
  [MM_HALF_HOUR_CHARGED] = "充電電力量[kWh]", [MM_HALF_HOUR_DISCHARGED] = "放電電力量[kWh]",
};

/* Where the columns are; -1: nowhere. */
typedef struct
{
  int date;
  int time;
  int soc;
  int energy[MM_N_HALF_HOUR_ENERGIES];
} Columns;

typedef struct
{
  GTimeZone *zone;
  Columns columns;
  GArray *rows;
  guint line;
  guint n_problems;
  GError **error;
} Reader;

/* ---- reading ---- */

/* Full-width letters are the same as narrow ones, and blanks around a name are none of it. */
static gboolean
is_name (const char *cell, const char *name)
{
  g_autofree char *narrow = g_utf8_normalize (cell, -1, G_NORMALIZE_ALL_COMPOSE);

  return narrow != NULL && strcmp (g_strstrip (narrow), name) == 0;
}

static int
find_column (const GPtrArray *heading, const char *name)
{
  for (guint i = 0; i < heading->len; i++)
    if (is_name (heading->pdata[i], name))
      return (int) i;
  return -1;
}

static gboolean
read_heading (Reader *reader, const GPtrArray *heading)
{
  Columns *columns = &reader->columns;
  gboolean any;

  columns->date = find_column (heading, DATE);
  columns->time = find_column (heading, TIME);
  columns->soc = find_column (heading, SOC);
  any = columns->soc >= 0;
  for (guint i = 0; i < MM_N_HALF_HOUR_ENERGIES; i++)
    {
      columns->energy[i] = find_column (heading, energies[i]);
      any |= columns->energy[i] >= 0;
    }
  return (columns->date >= 0 && columns->time >= 0 && any)
         || mm_error_set (reader->error, MM_ERROR_INVALID, "bad-heading",
                          "The first row must name the columns 年月日 and 時刻, and energies such "
                          "as 発電電力量[kWh].");
}

static gboolean
complain (Reader *reader, const char *code, const char *message)
{
  g_autofree char *field = g_strdup_printf ("line %u", reader->line);

  if (reader->n_problems++ < MAX_PROBLEMS)
    mm_error_add_field (reader->error, field, code, message);
  return FALSE;
}

static const char *
cell_of (const GPtrArray *row, int column)
{
  return column >= 0 && (guint) column < row->len ? row->pdata[column] : "";
}

/* Whether the clock shows the same @hours later (or, below zero, before). */
static gboolean
shows_the_same (GTimeZone *zone, gint64 time, int hours)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) other = g_date_time_add_hours (utc, hours);
  g_autoptr (GDateTime) a = g_date_time_to_timezone (utc, zone);
  g_autoptr (GDateTime) b = g_date_time_to_timezone (other, zone);

  return g_date_time_get_hour (a) == g_date_time_get_hour (b);
}

/* An hour that the clock shows twice comes twice in a file: the second is the later one. */
static gint64
disambiguate (const Reader *reader, gint64 time)
{
  gint64 last = reader->rows->len > 0
                    ? g_array_index (reader->rows, MmHalfHour, reader->rows->len - 1).from
                    : G_MININT64;

  if (shows_the_same (reader->zone, time, -1))
    time -= G_TIME_SPAN_HOUR;
  if (time <= last && last - time < G_TIME_SPAN_HOUR && shows_the_same (reader->zone, time, 1))
    time += G_TIME_SPAN_HOUR;
  return time;
}

static gboolean
read_time (Reader *reader, const GPtrArray *row, gint64 *time)
{
  const char *date = cell_of (row, reader->columns.date);
  const char *clock = cell_of (row, reader->columns.time);
  int year, month, day, hour, minute, end = 0, clock_end = 0;
  g_autoptr (GDateTime) local = NULL;

  if (sscanf (date, " %4d%*1[/-]%2d%*1[/-]%2d %n", &year, &month, &day, &end) != 3
      || date[end] != '\0' || end == 0
      || sscanf (clock, " %2d:%2d %n", &hour, &minute, &clock_end) != 2 || clock[clock_end] != '\0'
      || clock_end == 0)
    return complain (reader, "bad-time", "The time must be like 2026/05/01 and 12:30.");
  if (minute % 30 == 0 && year >= MIN_YEAR && year <= MAX_YEAR)
    local = g_date_time_new (reader->zone, year, month, day, hour, minute, 0);
  if (local == NULL || g_date_time_get_hour (local) != hour
      || g_date_time_get_minute (local) != minute)
    return complain (reader, "bad-time", "There is no such half hour.");
  *time = disambiguate (reader, g_date_time_to_unix (local) * G_USEC_PER_SEC);
  return TRUE;
}

/* A number from 0 to @most, or NAN for an empty cell. */
static gboolean
read_number (Reader *reader, const char *cell, double most, double *number)
{
  g_autofree char *text = g_strstrip (g_strdup (cell));

  *number = NAN;
  if (*text == '\0' || strcmp (text, "-") == 0)
    return TRUE;
  if (mm_number_parse (text, strlen (text), number) && *number >= 0 && *number <= most)
    return TRUE;
  return complain (reader, "bad-number", "A value must be a number that is not below zero.");
}

static void
read_row (Reader *reader, const GPtrArray *row)
{
  MmHalfHour half_hour;

  if (!read_time (reader, row, &half_hour.from)
      || !read_number (reader, cell_of (row, reader->columns.soc), 100, &half_hour.soc))
    return;
  for (guint i = 0; i < MM_N_HALF_HOUR_ENERGIES; i++)
    {
      if (!read_number (reader, cell_of (row, reader->columns.energy[i]), MAX_WH / 1000,
                        &half_hour.energy[i]))
        return;
      /* 0.29 kWh are 290 Wh, not a hair less. */
      half_hour.energy[i] = round (half_hour.energy[i] * 1e6) / 1e3;
    }
  if (reader->rows->len >= MM_HALF_HOURS_MAX)
    complain (reader, "too-long", "A file may hold a year at most.");
  else
    g_array_append_val (reader->rows, half_hour);
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const MmHalfHour *p = a, *q = b;

  return (p->from > q->from) - (p->from < q->from);
}

static void
drop_doubles (GArray *rows)
{
  guint kept = 0;

  g_array_sort (rows, compare_rows);
  for (guint i = 0; i < rows->len; i++)
    {
      const MmHalfHour row = g_array_index (rows, MmHalfHour, i);

      if (kept > 0 && g_array_index (rows, MmHalfHour, kept - 1).from == row.from)
        kept--;
      g_array_index (rows, MmHalfHour, kept++) = row;
    }
  g_array_set_size (rows, kept);
}

GArray *
mm_half_hours_parse (const char *text, gsize length, GTimeZone *zone, GError **error)
{
  g_autoptr (MmCsvReader) csv = mm_csv_reader_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (MmHalfHour));
  g_autoptr (GError) problem = NULL;
  Reader reader = { .zone = zone, .rows = rows, .error = &problem };
  gboolean has_heading = FALSE;
  GPtrArray *fields = NULL;

  mm_csv_reader_feed (csv, text, length);
  mm_csv_reader_end (csv);
  while (reader.n_problems < MAX_PROBLEMS && mm_csv_reader_next (csv, &fields, &problem)
         && fields != NULL)
    {
      reader.line = mm_csv_reader_line (csv);
      if (has_heading)
        read_row (&reader, fields);
      else if (!read_heading (&reader, fields))
        break;
      has_heading = TRUE;
    }
  if (problem == NULL && rows->len == 0)
    mm_error_set (&problem, MM_ERROR_INVALID, "empty", "There is no row in the table.");
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  drop_doubles (rows);
  return g_steal_pointer (&rows);
}

/* ---- writing ---- */

void
mm_half_hours_write_heading (GString *csv)
{
  g_string_append (csv, "\xef\xbb\xbf" DATE "," TIME);
  for (guint i = 0; i < MM_N_HALF_HOUR_ENERGIES; i++)
    g_string_append_printf (csv, ",%s", energies[i]);
  g_string_append (csv, "," SOC "\r\n");
}

static void
write_number (GString *csv, double number)
{
  char text[MM_NUMBER_TEXT_SIZE];

  g_string_append_c (csv, ',');
  if (isnan (number))
    return;
  mm_number_write (number, text);
  g_string_append (csv, text);
}

void
mm_half_hours_write (GString *csv, const MmHalfHour *half_hour, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (half_hour->from / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  g_string_append_printf (csv, "%04d/%02d/%02d,%02d:%02d", g_date_time_get_year (local),
                          g_date_time_get_month (local), g_date_time_get_day_of_month (local),
                          g_date_time_get_hour (local), g_date_time_get_minute (local));
  for (guint i = 0; i < MM_N_HALF_HOUR_ENERGIES; i++)
    write_number (csv, round (half_hour->energy[i] * 1e3) / 1e6);
  write_number (csv, half_hour->soc);
  g_string_append (csv, "\r\n");
}
